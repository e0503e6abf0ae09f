// What tests of scenario files share.

import { parse } from 'yaml';
import { faultsOf } from '../../src/protocol/faults.js';
import { ScenarioFile } from '../../src/scenario/format.js';
import type { Notice, NoticeBody, NoticeOf } from '../../src/session/notice.js';

/** The value of a scenario file. Throws where the schema does not take it. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at members by name
export function readScenario(text: string): any {
  const value = parse(text, { stringKeys: true });
  const faults = faultsOf(ScenarioFile, value);
  if (faults.length > 0) throw new Error(`${JSON.stringify(faults)}\n${text}`);
  return value;
}

/** Notices in order, a hundred milliseconds apart. */
export const timed = (bodies: readonly NoticeBody[]): Notice[] =>
  bodies.map((body, seq) => ({ ...body, seq, at_ms: seq * 100 }));

/** What a turn of an agent tells. */
export const says = (turn: number, text: string, response_id = `r${turn}`): NoticeBody => ({
  type: 'text',
  turn,
  text,
  response_id,
});
export const calls = (turn: number, call_id: string, name: string, given: unknown = {}): NoticeBody => ({
  type: 'tool_call',
  turn,
  call_id,
  name,
  arguments: given,
});
export const answers = (turn: number, call_id: string, output: string): NoticeBody => ({
  type: 'tool_result',
  turn,
  call_id,
  name: '',
  output,
});
export const done = (turn: number, about: Partial<NoticeOf<'turn_done'>> = {}): NoticeBody => ({
  type: 'turn_done',
  turn,
  status: 'completed',
  text: '',
  tool_calls: 0,
  total_ms: 0,
  ...about,
});
export const typed = (turn: number, text: string): NoticeBody => ({ type: 'user', turn, text });
export const heard = (item_id: string, text: string, final = true): NoticeBody => ({
  type: 'user_transcript',
  item_id,
  text,
  final,
});
