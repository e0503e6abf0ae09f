// language: which one the agent speaks, told by a small detector that is loaded when first asked. Each answer that is
// long enough must be in it: an agent that falls into another one for a sentence is what is looked for.

import type { PlayedTurn } from '../played.js';
import { failed, inTurn, type Outcome, passed, type Read, type Scope, unknown } from './demand.js';
import { hasSmallWords, mostSmallWords } from './small-words.js';
import { countWords, excerpt } from './text.js';

/** Fewer words than this tell no language. */
const fewestWords = 4;
/** So many words of one answer outweigh what the others are in. */
const enoughAlone = 6;

export const language: Read<'language'> = (value, scope) => ({
  expected: `speaks ${nameOf(value)}`,
  look: () => look(value, scope),
});

async function look(wanted: string, scope: Scope): Promise<Outcome> {
  const { detectAll, supportedLanguages, toISO2 } = await import('tinyld/light');
  if (!supportedLanguages.some((known) => toISO2(known) === wanted)) {
    return unknown(`${nameOf(wanted)} cannot be told from others yet`);
  }
  const heard = (text: string, fewest: number): string | undefined => {
    if (countWords(text) < fewest) return undefined;
    const found = likeliest(detectAll(text), text, wanted);
    const rest = withoutNames(text);
    if (found === wanted || countWords(rest) < fewestWords) return found;
    return likeliest(detectAll(rest), rest, wanted) === wanted ? wanted : found;
  };
  const answers = scope.turns.filter(({ answer }) => answer.trim() !== '');
  if (answers.length === 0) return failed('nothing was said');
  const enough = answers.length > 1 ? enoughAlone : fewestWords;
  const found: (string | undefined)[] = [];
  for (const turn of answers) {
    const own = heard(turn.answer, enough);
    if (own !== undefined && own !== wanted) return failed(otherText(own, turn, scope));
    found.push(own);
  }
  const together = () => heard(answers.map(({ answer }) => answer).join('\n'), fewestWords);
  const all = found.length === 1 ? found[0] : together();
  if (all === undefined) return failed('too few words to tell');
  return all === wanted ? passed(nameOf(wanted)) : failed(nameOf(all));
}

const otherText = (found: string, turn: PlayedTurn, scope: Scope) =>
  `${nameOf(found)}${inTurn(turn, scope)}: ${excerpt(turn.answer)}`;

interface Guess {
  lang: string;
  accuracy: number;
}

/** The likeliest language, or the wanted one where it is nearly as likely. */
function likeliest(found: readonly Guess[], text: string, wanted: string): string | undefined {
  const isGuess = (found[0]?.accuracy ?? 0) < weak;
  const likely = isGuess ? bySmallWords(found, text, wanted) : found;
  const [first] = likely;
  const own = likely.find(({ lang }) => lang === wanted);
  return own !== undefined && own.accuracy >= nearlyAs * (first?.accuracy ?? 0) ? wanted : first?.lang;
}

/** Of guesses, those that the small words of a text bear out, where it has any. */
function bySmallWords(found: readonly Guess[], text: string, wanted: string): readonly Guess[] {
  const told = hasSmallWords(wanted) ? mostSmallWords(text) : [];
  if (told.length === 0) return found;
  const guessed = found.filter(({ lang }) => told.includes(lang));
  return guessed.length > 0 ? guessed : told.map((lang) => ({ lang, accuracy: 1 }));
}

/**
 * Names are in a language of their own, and weigh much: "Thank you for calling Trattoria da Giovanni". With them German
 * loses its nouns: too little may be left.
 */
const withoutNames = (text: string) =>
  text.replace(/(?<=[\p{L}\p{N},;)'’-]\s+)\p{Lu}[\p{L}'’-]*/gu, ' ').replace(/\S*\d\S*/g, ' ');

const nearlyAs = 0.8;
/** Below this the detector guesses: sentences that it knows have from 0.09 to 1. */
const weak = 0.08;

let names: Intl.DisplayNames | undefined;
function nameOf(code: string): string {
  // To make it takes as long as to load what else a command needs.
  names ??= new Intl.DisplayNames('en', { type: 'language', fallback: 'code' });
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}
