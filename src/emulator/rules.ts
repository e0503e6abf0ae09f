// The built-in maker: deterministic rules, the same words for the same input.
//
//  1. Tool results are answered with a sentence that contains them.
//  2. A message that fits a function tool is answered by a short sentence and the call. It fits when a word of the
//     tool's name or description is in it and every required parameter is found in it (see parameters.ts).
//     Several tools, or several values for a tool's one parameter, give several calls.
//  3. Silence, and a voice without words, are answered by asking for words.
//  4. What the agent's knowledge has something about is answered with the sentences that fit, and their source.
//  5. Asked to speak before anybody has, it greets.
//  5. Anything else is answered by name, with the beginning of the instructions and what was said.

import type { FunctionDefinition } from '../protocol/agent.js';
import { isObject, parseJson } from '../protocol/json.js';
import { bestSentences, isQuestion } from './knowledge/words.js';
import { argumentSets } from './parameters.js';
import type { Heard, Part, ReplyMaker, ToolResult } from './reply.js';
import { contentStems } from './words.js';

type Call = { name: string; arguments: Record<string, unknown> };

/** `today` gives the date that words such as "tomorrow" are counted from. */
export function createRules(today: () => Date): ReplyMaker {
  return {
    *reply(heard: Heard): Iterable<Part> {
      if (heard.results.length > 0) {
        yield { say: heard.results.map(resultSentence).join(' ') };
        return;
      }
      if (heard.silence !== undefined) {
        yield { say: silences[heard.silence] };
        return;
      }
      const calls = fittingCalls(heard.said, heard.tools, today());
      if (calls.length === 0) {
        yield { say: knownAnswer(heard) ?? selfDescription(heard) };
        return;
      }
      yield { say: announcement(calls) };
      for (const call of calls) yield { call };
    },
  };
}

const silences = {
  idle: 'Are you still there?',
  unclear: 'I heard you, but I could not make out the words. Could you say that again?',
};

/**
 * The best tool by how many of its words are in the message, then others by the words that are left: one word
 * must not call two tools.
 */
function fittingCalls(said: string, tools: readonly FunctionDefinition[], today: Date): Call[] {
  const stems = contentStems(said);
  const left = tools.map((tool) => ({ tool, ...wordsOf(tool) }));
  const calls: Call[] = [];
  for (;;) {
    const best = left
      .map((each) => ({ ...each, score: score(each, stems) }))
      .filter(({ score: points }) => points > 0)
      .sort((a, b) => b.score - a.score)[0];
    if (best === undefined) return calls;
    left.splice(
      left.findIndex(({ tool }) => tool === best.tool),
      1,
    );
    const sets = argumentSets(best.tool, said, today);
    if (sets.length === 0) continue;
    for (const set of sets) calls.push({ name: best.tool.name, arguments: set });
    for (const stem of [...best.inName, ...best.inDescription]) stems.delete(stem);
  }
}

function wordsOf({ name, description }: FunctionDefinition): {
  inName: Set<string>;
  inDescription: Set<string>;
} {
  const spaced = name.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_.-]+/g, ' ');
  return { inName: contentStems(spaced), inDescription: contentStems(description ?? '') };
}

function score({ inName, inDescription }: ReturnType<typeof wordsOf>, stems: Set<string>): number {
  let points = 0;
  for (const stem of stems) points += inName.has(stem) ? 2 : inDescription.has(stem) ? 1 : 0;
  return points;
}

function announcement(calls: Call[]): string {
  const things = [...new Set(calls.map(({ name }) => name.replace(/[_.-]+/g, ' ')))].join(' and ');
  const values = calls.flatMap((call) => Object.values(call.arguments)).filter((value) => value !== '');
  const about = [...new Set(values.map(spoken))].join(', ');
  return `One moment, let me ${things}${about === '' ? '' : ` for ${about}`}.`;
}

function resultSentence({ name, output }: ToolResult): string {
  const value = parsed(output);
  const tool = name.replace(/[_.-]+/g, ' ');
  if (isObject(value) && typeof value.error === 'string') {
    return `I am sorry, ${tool} did not work: ${withoutStop(value.error)}.`;
  }
  const text = withoutStop(spoken(value));
  return text === ''
    ? `${tool} is done; it returned nothing.`
    : `Here is what I found with ${tool}: ${text}.`;
}

const withoutStop = (text: string) => text.trim().replace(/(?<![.!?])[.!?]+$/, '');

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

/** A value in words: `{"status":"shipped","items":[1,2]}` → "status shipped, items 1 and 2". */
export function spoken(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(spoken).join(' and ');
  if (isObject(value)) {
    return Object.entries(value)
      .map(([key, member]) => `${key.replace(/_/g, ' ')} ${spoken(member)}`)
      .join(', ');
  }
  return String(value);
}

/** Cited by the name of its file. */
function knownAnswer({ said, search }: Heard): string | undefined {
  const finding = isQuestion(said) ? search?.(said)[0] : undefined;
  return finding && `According to ${finding.source}: ${bestSentences(finding.passage, said)}`;
}

function selfDescription({ agentName, instructions, said, turn }: Heard): string {
  const name = agentName ?? nameIn(instructions);
  const who = name === undefined ? 'Hello.' : `Hello, this is ${name}.`;
  if (turn === 0) return `${who} How can I help?`;
  const heard = said.trim() === '' ? 'I could not make out what you said.' : `You said: ${said.trim()}`;
  const ended = /[.!?…]$/.test(heard) ? heard : `${heard}.`;
  const start = firstSentence(instructions);
  return `${who} ${ended} ${start === '' ? 'I have no instructions.' : `My instructions begin: ${start}`}`;
}

/** "You are Ava, …" or "Your name is Ava". */
function nameIn(instructions: string): string | undefined {
  return /\b(?:[Yy]ou are|[Yy]our name is|[Nn]amed|[Cc]alled) ([A-Z][\p{L}'-]*(?: [A-Z][\p{L}'-]*)*)/u.exec(
    instructions,
  )?.[1];
}

function firstSentence(instructions: string): string {
  const line = instructions.trim().split('\n')[0] ?? '';
  const sentence = /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
  return sentence.length > 160 ? `${sentence.slice(0, 159)}…` : sentence;
}
