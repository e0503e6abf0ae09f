// A recorded conversation as a scenario: the same words, and what the agent did about them. The tools answer as they
// did then. What the agent is to say is left to a person; that it used a result is seen from its words.

import { CliError } from '../errors.js';
import { pathText } from '../protocol/faults.js';
import { isObject } from '../protocol/json.js';
import { isInterrupted } from '../session/interrupted.js';
import { cannedAnswers } from './canned.js';
import { failureIn, readOutput } from './output.js';
import type { Input, RecordedCall, RecordedTalk, RecordedTurn } from './recorded.js';
import { type Remark, scenarioText } from './write.js';

export interface About {
  /** As the user names the recording. */
  source: string;
  name: string;
  /** As a scenario names it; undefined where nobody knows. */
  agent: string | undefined;
  /** What the agent is called, where that is known. */
  agentName: string | undefined;
  /** The day it was, YYYY-MM-DD; undefined where nobody knows. */
  today: string | undefined;
}

type Keys = Remark['at'];

/** The text of a scenario, in YAML. Throws CliError `invalid_spec` where the person says nothing. */
export function scenarioFromTalk(talk: RecordedTalk, about: About): string {
  const { source, name, agent, today } = about;
  const { turns, remarks } = turnsOf(talk.turns);
  if (turns.length === 0) {
    throw new CliError('invalid_spec', `${source} holds no words and no keys of a person`, {
      hint: `agents replay ${source} shows what it holds`,
    });
  }
  const calls = talk.turns.flatMap((turn) => turn.calls);
  const answers = cannedAnswers(calls);
  const value = {
    name,
    ...(agent !== undefined && { agent }),
    ...(today !== undefined && { override: { today } }),
    ...(Object.keys(answers).length > 0 && { tools: { answers } }),
    turns,
    ...endOf(talk.turns, calls),
  };
  return scenarioText(value, { head: headOf(talk, about), remarks: [...remarks, ...doubtsIn(value, [])] });
}

function headOf({ isContinued, isCleared }: RecordedTalk, { source, agent, agentName }: About): string[] {
  const whose =
    agentName === undefined ? 'Whose conversation it was is not recorded' : `It was with ${agentName}`;
  return [
    `Made of ${source}: what was said, which tools were called with what, and what they answered.`,
    'Add what the agent must say (says, not_says), and take out what may be otherwise another time.',
    ...(agent === undefined ? [`${whose}: add agent, or run this with --agent <id or file>.`] : []),
    ...(isContinued ? ['It went on from an earlier conversation, which is not here.'] : []),
    ...(isCleared ? ['Another conversation followed, which is not here.'] : []),
  ];
}

function turnsOf(recorded: readonly RecordedTurn[]) {
  const turns: Record<string, unknown>[] = [];
  const remarks: Remark[] = [];
  let aside: string[] = [];
  for (const turn of recorded) {
    const done = doneIn(turn.inputs);
    if (done.length === 0) {
      aside.push(
        `${turn.inputs.length === 0 ? '' : 'The person said what nobody made out. '}${answerText(turn)}`,
      );
      continue;
    }
    const first = turns.length;
    for (const { remark, ...each } of done) {
      if (remark !== undefined)
        remarks.push({ at: ['turns', turns.length, 'user'], text: remark, where: 'beside' });
      turns.push(each);
    }
    for (const text of aside) remarks.push({ at: ['turns', first], text, where: 'before' });
    aside = [];
    Object.assign(turns.at(-1) as object, cutOf(turn), expectOf(turn));
    const at = ['turns', turns.length - 1];
    remarks.push({ at, text: answerText(turn), where: 'after' }, ...lackOf(turn, at));
  }
  if (turns.length > 0) for (const text of aside) remarks.push({ at: ['turns'], text, where: 'after' });
  return { turns, remarks };
}

type Done = { remark?: string } & ({ user: string } | { dtmf: string });

/** What the person did, as turns: words that follow one another are one. */
function doneIn(inputs: readonly Input[]): Done[] {
  const done: Done[] = [];
  for (const input of inputs) {
    const text = input.text.trim();
    if (text === '') continue;
    const last = done.at(-1);
    if (input.kind === 'keys') done.push({ dtmf: text });
    else if (last !== undefined && 'user' in last) last.user += ` ${text}`;
    else done.push({ user: text, ...remarkOf(input) });
  }
  return done;
}

function remarkOf(input: Input): { remark?: string } {
  if (input.kind !== 'spoken') return {};
  return { remark: input.final ? 'spoken' : 'spoken, and not made out to the end' };
}

const longestAnswer = 300;

function answerText({ answer, status, calls }: RecordedTurn): string {
  const text = answer.replace(/\s+/g, ' ');
  const said = text.length > longestAnswer ? `${text.slice(0, longestAnswer - 1)}…` : text;
  if (said === '') return calls.length > 0 ? 'The agent said nothing.' : 'The agent did not answer.';
  return `The agent${status === 'completed' ? '' : ', not to the end'}: ${said}`;
}

/** When the person cut in: after the last words that nobody can take for earlier ones. */
function cutOf({ heard }: RecordedTurn): object {
  const words = heard?.split(/\s+/).filter((word) => word !== '') ?? [];
  const text = words.join(' ');
  for (let count = Math.min(3, words.length); count > 0 && count <= words.length; count++) {
    const after = words.slice(-count).join(' ');
    if (text.indexOf(after) === text.length - after.length) return { interrupt: { after } };
  }
  return {};
}

/** What cannot be said of a turn in a scenario. */
function lackOf({ heard, calls }: RecordedTurn, at: Keys): Remark[] {
  const texts = [
    ...(heard === '' ? ['The person cut in before the agent had said anything.'] : []),
    ...calls.flatMap(({ name, output }) =>
      output === undefined || isInterrupted(output) ? [`${name} had no result.`] : [],
    ),
  ];
  return texts.map((text) => ({ at, text, where: 'after' }));
}

function expectOf({ calls }: RecordedTurn): object {
  if (calls.length === 0) return {};
  const called = calls.map(callOf);
  const asked = { calls: called.length === 1 ? called[0] : called };
  const used = usedIn(calls).map((each) => ({ uses_result: each }));
  if (used.length > 1) return { expect: [asked, ...used] };
  return { expect: { ...asked, ...used[0] } };
}

function callOf({ name, arguments: given }: RecordedCall): unknown {
  const canBeAsked = isObject(given) && Object.keys(given).length > 0 && !holdsMatcher(given);
  return canBeAsked ? { tool: name, with: given } : name;
}

/** What a matcher looks like would be taken for one. */
function holdsMatcher(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsMatcher);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([name, member]) => name.startsWith('$') || holdsMatcher(member));
}

/** Of the last result of each tool: the part of it that turned up in what the agent said then. */
function usedIn(calls: readonly RecordedCall[]): unknown[] {
  const last = new Map(calls.map((call) => [call.name, call]));
  return [...last.values()].flatMap(({ name, output, saidAfter }) => {
    if (output === undefined || failureIn(output) !== undefined) return [];
    const said = saidAfter.toLowerCase();
    const used = leavesOf(readOutput(output), []).filter(({ text }) => isSaid(text.toLowerCase(), said));
    const [longest] = used.toSorted((a, b) => b.text.length - a.text.length);
    if (longest === undefined) return [];
    return [longest.path.length === 0 ? name : { tool: name, member: pathText(longest.path) }];
  });
}

interface Leaf {
  path: PropertyKey[];
  text: string;
}

/** Numbers and texts of two characters or more, where a path can name them: less turns up by chance. */
function leavesOf(value: unknown, path: PropertyKey[]): Leaf[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => leavesOf(each, [...path, at]));
  if (isObject(value)) {
    const named = Object.entries(value).filter(([name]) => /^[\w-]+$/.test(name));
    return named.flatMap(([name, member]) => leavesOf(member, [...path, name]));
  }
  const text = ['string', 'number', 'bigint'].includes(typeof value) ? String(value).trim() : '';
  return text.length < 2 ? [] : [{ path, text }];
}

/** As words of their own, not within longer ones. */
function isSaid(text: string, said: string): boolean {
  const isWord = (character: string | undefined) =>
    character !== undefined && /[\p{L}\p{N}]/u.test(character);
  for (let at = said.indexOf(text); at >= 0; at = said.indexOf(text, at + 1)) {
    if (!isWord(said[at - 1]) && !isWord(said[at + text.length])) return true;
  }
  return false;
}

function endOf(turns: readonly RecordedTurn[], calls: readonly RecordedCall[]): object {
  const ending = calls.filter(({ name }) => name === 'end_call');
  if (ending.length === 1 && calls.at(-1) === ending[0]) return { expect: { ends: { with: 'end_call' } } };
  const isProper = turns.every(({ status, heard }) => status === 'completed' || heard !== undefined);
  return isProper ? { expect: { ends: 'properly' } } : {};
}

/** Remarks beside text that is not what was there, or will not be what is here. */
function doubtsIn(value: unknown, at: Keys): Remark[] {
  if (Array.isArray(value)) return value.flatMap((each, index) => doubtsIn(each, [...at, index]));
  if (isObject(value))
    return Object.entries(value).flatMap(([name, member]) => doubtsIn(member, [...at, name]));
  if (typeof value !== 'string') return [];
  const doubt = (text: string): Remark => ({ at, text, where: 'beside' });
  return [
    ...(/•••|\[hidden\]/.test(value) ? [doubt('masked in the recording')] : []),
    ...(/\{\{.*\}\}/s.test(value) && at[0] === 'tools' ? [doubt('what stands in {{ }} is filled in')] : []),
  ];
}
