// The words of a conversation as they are kept: who said what when, what the tools were given and gave, how long it
// took. Gathered from notices, so that a transcript holds what was told and nothing else.

import { writeJson } from '../json-text.js';
import type { NoticeBody } from '../session/notice.js';

export type Spoken = {
  /** ISO time. */
  at: string;
  turn?: number;
} & (
  | { who: 'user'; text: string; spoken?: true; item_id?: string; interim?: true }
  /** Keys of the caller's phone, in the order they were pressed. */
  | { who: 'user'; text: string; keys: true }
  | { who: 'agent'; text: string }
  | { who: 'tool'; name: string; call_id: string; arguments: unknown; output?: string; answered_at?: string }
  /** What went wrong, or is worth knowing. */
  | { who: 'note'; text: string; hint?: string }
);

export interface TranscriptTurn {
  turn: number;
  status: string;
  tool_calls: number;
  first_word_ms?: number;
  first_audio_ms?: number;
  total_ms: number;
}

export interface Transcript {
  agent?: string | undefined;
  model?: string | undefined;
  conversation_id?: string | undefined;
  started_at: string;
  entries: Spoken[];
  turns: TranscriptTurn[];
}

export interface Transcriber {
  /** `atMs` is by any clock; the first time given is that of the start. */
  add(notice: NoticeBody, atMs: number): void;
  /** `agent` is the agent's name. */
  transcript(agent: string | undefined): Transcript;
  /** Whether nothing was said. */
  isEmpty(): boolean;
}

/** `startedMs` is the start by the clock of the notices, `started` in Unix milliseconds. */
export function createTranscriber(about: { started: number; startedMs: number }): Transcriber {
  const entries: Spoken[] = [];
  const turns: TranscriptTurn[] = [];
  let model: string | undefined;
  let conversationId: string | undefined;
  /** The words of the response under way, which are void when it begins again. */
  let underWay: Piece[] = [];
  const timeOf = (atMs: number) =>
    new Date(about.started + Math.max(0, atMs - about.startedMs)).toISOString();

  return {
    add: (notice, atMs) => {
      const at = timeOf(atMs);
      switch (notice.type) {
        case 'cleared':
          entries.push({ who: 'note', at, text: 'a new conversation' });
          conversationId = notice.conversation_id;
          return;
        case 'ready':
          model = notice.model ?? model;
          conversationId = notice.conversation_id ?? conversationId;
          return;
        case 'user':
          entries.push({ who: 'user', at, turn: notice.turn, text: notice.text });
          return;
        case 'user_transcript':
          return heard(entries, notice, at);
        case 'dtmf':
          return pressed(entries, notice, at);
        case 'text':
          if (underWay.at(-1)?.responseId !== notice.response_id) underWay = [];
          underWay.push(said(entries, notice, at));
          return;
        case 'answer_restarted':
          takeBack(entries, underWay.splice(0));
          return;
        case 'response_done':
          underWay = [];
          return;
        case 'tool_call': {
          const { name, call_id, turn } = notice;
          entries.push({ who: 'tool', at, turn, name, call_id, arguments: notice.arguments });
          return;
        }
        case 'tool_result': {
          const call = entries.findLast((each) => each.who === 'tool' && each.call_id === notice.call_id);
          if (call?.who === 'tool') Object.assign(call, { output: notice.output, answered_at: at });
          return;
        }
        case 'interrupted':
          entries.push({ who: 'note', at, turn: notice.turn, text: 'interrupted' });
          return;
        case 'warning':
        case 'error':
          entries.push({
            who: 'note',
            at,
            text: notice.message,
            ...('hint' in notice && notice.hint !== undefined && { hint: notice.hint }),
          });
          return;
        case 'turn_done': {
          underWay = [];
          const { turn, status, tool_calls, first_word_ms, first_audio_ms, total_ms } = notice;
          turns.push({
            turn,
            status,
            tool_calls,
            ...(first_word_ms !== undefined && { first_word_ms }),
            ...(first_audio_ms !== undefined && { first_audio_ms }),
            total_ms,
          });
          return;
        }
        default:
          return;
      }
    },
    isEmpty: () => entries.length === 0,
    transcript: (agent) => ({
      agent,
      model,
      conversation_id: conversationId,
      started_at: new Date(about.started).toISOString(),
      entries,
      turns,
    }),
  };
}

type NoticeOf<T extends NoticeBody['type']> = Extract<NoticeBody, { type: T }>;

/** What was said aloud is heard again and again until it is final: the last hearing counts. */
function heard(entries: Spoken[], { item_id, text, final }: NoticeOf<'user_transcript'>, at: string): void {
  if (text.trim() === '') return;
  const known = entries.findLastIndex(
    (each) => each.who === 'user' && 'spoken' in each && each.item_id === item_id,
  );
  const entry: Spoken = {
    who: 'user',
    at: entries[known]?.at ?? at,
    text,
    spoken: true,
    ...(item_id !== undefined && { item_id }),
    ...(!final && { interim: true as const }),
  };
  if (known >= 0) entries[known] = entry;
  else entries.push(entry);
}

/** Keys run on until something else happens. */
function pressed(entries: Spoken[], { digit }: NoticeOf<'dtmf'>, at: string): void {
  const last = entries.at(-1);
  if (last?.who === 'user' && 'keys' in last) last.text += digit;
  else entries.push({ who: 'user', at, text: digit, keys: true });
}

/** Words of the agent's, and where in their entry they begin. */
interface Piece {
  entry: Spoken & { who: 'agent' };
  from: number;
  responseId: string | undefined;
}

/** Words run on as they come; a tool call or somebody else's words begin another entry. */
function said(
  entries: Spoken[],
  { turn, text, response_id: responseId }: NoticeOf<'text'>,
  at: string,
): Piece {
  const last = entries.at(-1);
  if (last?.who === 'agent' && last.turn === turn) {
    const from = last.text.length;
    last.text += text;
    return { entry: last, from, responseId };
  }
  const entry: Piece['entry'] = { who: 'agent', at, turn, text };
  entries.push(entry);
  return { entry, from: 0, responseId };
}

/** Takes pieces out again, which are the last of their entries. */
function takeBack(entries: Spoken[], pieces: readonly Piece[]): void {
  for (const { entry, from } of pieces.toReversed()) {
    entry.text = entry.text.slice(0, from);
    if (entry.text === '') entries.splice(entries.lastIndexOf(entry), 1);
  }
}

/** As a document to read. What was said cannot break it: it is told as text, never as markup. */
export function transcriptMarkdown({
  agent,
  model,
  conversation_id,
  started_at,
  entries,
  turns,
}: Transcript): string {
  const done = new Map(turns.map((each) => [each.turn, each]));
  const about = [
    `Started ${started_at}`,
    model !== undefined && `model ${escaped(model)}`,
    conversation_id !== undefined && `conversation ${escaped(conversation_id)}`,
  ];
  const parts = [
    `# Conversation with ${oneLine(agent ?? 'an agent')}`,
    `${about.filter(Boolean).join(', ')}.`,
  ];
  for (const [at, entry] of entries.entries()) {
    parts.push(entryText(entry));
    const turn = entry.turn === undefined ? undefined : done.get(entry.turn);
    const isLast = !entries.slice(at + 1).some((later) => later.turn === entry.turn);
    if (turn !== undefined && isLast) parts.push(`*(${turnText(turn)})*`);
  }
  return `${parts.join('\n\n')}\n`;
}

function entryText(entry: Spoken): string {
  const time = entry.at.slice(11, 19);
  switch (entry.who) {
    case 'user': {
      const how = 'keys' in entry ? ', keys pressed' : spokenText(entry);
      return `**User** ${time}${how}\n\n${quoted(entry.text)}`;
    }
    case 'agent':
      return `**Agent** ${time}\n\n${quoted(entry.text)}`;
    case 'tool': {
      const given = typeof entry.arguments === 'string' ? entry.arguments : writeJson(entry.arguments, 2);
      const result = entry.output === undefined ? 'No result.' : `Result:\n\n${fenced(entry.output)}`;
      return `**Tool** ${time} ${escaped(oneLineText(entry.name))}\n\n${fenced(given)}\n\n${result}`;
    }
    case 'note':
      return `**Note** ${time} ${oneLine(entry.text)}${entry.hint === undefined ? '' : ` (${oneLine(entry.hint)})`}`;
  }
}

function spokenText({ spoken, interim }: { spoken?: true; interim?: true }): string {
  return interim ? ', spoken, not understood to the end' : spoken ? ', spoken' : '';
}

function turnText({ status, tool_calls, first_word_ms, total_ms }: TranscriptTurn): string {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const parts = [
    first_word_ms !== undefined && `first word ${seconds(first_word_ms)}`,
    `total ${seconds(total_ms)}`,
    tool_calls > 0 && `${tool_calls} tool ${tool_calls === 1 ? 'call' : 'calls'}`,
    status !== 'completed' && status,
  ];
  return parts.filter(Boolean).join(', ');
}

// C0 but line break and tab, DEL, C1, and what turns the direction of text around.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const plain = (text: string) =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u2028\u2029]/g, '\n')
    .replace(controls, '');

/** A line of text, none of which means anything to a reader of Markdown or HTML: not anywhere, nor at its beginning. */
function escaped(line: string): string {
  return plain(line)
    .replace(/[\\`*_{}[\]#|~$@]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/^([-+=>]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`));
}

const oneLineText = (text: string) => plain(text).replace(/\s+/g, ' ').trim();
const oneLine = (text: string) => escaped(oneLineText(text));

/** Lines of a quotation, kept apart by two blanks; those at their beginning would make code of them. */
function quoted(text: string): string {
  const lines = plain(text).trim().split('\n');
  return lines
    .map((line) => line.trim())
    .map((line, at) => {
      if (line === '') return '>';
      return `> ${escaped(line)}${lines[at + 1]?.trim() ? '  ' : ''}`;
    })
    .join('\n');
}

/** A block of text as it is, within a fence longer than any in it. */
function fenced(text: string): string {
  const shown = plain(text);
  const longest = Math.max(2, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${shown}\n${fence}`;
}
