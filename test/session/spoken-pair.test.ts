// Spoken and typed turns in any order, the client's machine against the service's: it always comes to rest, and
// nothing is answered twice.

import { expect, test } from 'vitest';
import type { ReplyMaker } from '../../src/emulator/reply.js';
import { awaiting, expectsResult, isIdle } from '../../src/session/state.js';
import { createPair, type Pair } from '../support/pair.js';

const maker: ReplyMaker = {
  *reply({ turn, results }) {
    if (turn % 3 === 0 && results.length === 0) yield { call: { name: 'lookup', arguments: {} } };
    else yield { say: 'One two three.' };
  },
};

const tools = [{ type: 'function', name: 'lookup', description: '', parameters: { type: 'object' } }];

/** The same sequence for the same seed. */
function chance(seed: number) {
  let state = seed * 7919 + 1;
  return (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

function openCalls(pair: Pair): string[] {
  return (pair.session.turn?.calls ?? [])
    .map(({ call_id }) => call_id)
    .filter((id) => expectsResult(pair.session, id));
}

function actions(pair: Pair, clip: () => number): (() => unknown)[] {
  return [
    () => pair.input({ type: 'say', text: 'Hello' }),
    () => pair.input({ type: 'speak', clip: clip() }),
    () => pair.input({ type: 'audio', audio: 'AAAAAAAA', ms: 100 }),
    () => pair.input({ type: 'audio', audio: 'AAAAAAAA', ms: 100 }),
    () => pair.session.sending && pair.session.sending.ms > 0 && pair.input({ type: 'audio_end' }),
    () => pair.input({ type: 'interrupt' }),
    () => awaiting(pair.session) === 'own_response' && pair.input({ type: 'timeout' }),
    () => pair.step(),
    () => pair.step(),
    () => {
      const [id] = openCalls(pair);
      if (id !== undefined) pair.input({ type: 'tool_result', call_id: id, output: '1' });
    },
  ];
}

/** Lets everything that is under way come to its end, as a driver with a clock would. */
function rest(pair: Pair): boolean {
  for (let rounds = 0; rounds < 200; rounds++) {
    if (isIdle(pair.session) && !pair.step()) return true;
    if (pair.session.sending !== undefined) {
      pair.input({ type: 'audio', audio: 'AAAAAAAA', ms: 100 });
      pair.input({ type: 'audio_end' });
    }
    for (const id of openCalls(pair)) pair.input({ type: 'tool_result', call_id: id, output: '1' });
    pair.settle();
    const owed = awaiting(pair.session);
    if (owed === 'own_response' || owed === 'cancellation') pair.input({ type: 'timeout' });
  }
  return false;
}

test.each(Array.from({ length: 200 }, (_, seed) => seed))('seed %i', (seed) => {
  const pair = createPair({ turn_detection: null, tools }, maker);
  const next = chance(seed);
  let clips = 0;
  const possible = actions(pair, () => clips++);
  for (let n = 0; n < 60; n++) possible[next(possible.length)]?.();
  expect(rest(pair)).toBe(true);

  const refusals = pair.served
    .filter(({ type }) => type === 'error')
    .map(({ error }) => (error as { code: string }).code);
  expect(refusals.filter((code) => code !== 'response_cancel_not_active')).toEqual([]);
  const done = pair.notices.filter(({ type }) => type === 'turn_done');
  expect(done).toHaveLength(pair.session.turns);
  expect(pair.notices.filter(({ type }) => type === 'error')).toEqual([]);
});
