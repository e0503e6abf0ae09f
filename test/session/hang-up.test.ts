// After hanging up: the line takes a while to close, and what still comes over it leads to nothing.

import { expect, test } from 'vitest';
import { Queue } from '../../src/queue.js';
import { converse } from '../../src/session/converse.js';
import { call, created, done } from './support.js';

test('what still comes after hanging up runs no tool, plays no sound, is told to nobody and starts no clock', async () => {
  const frames = new Queue<string>();
  const happened: string[] = [];
  const clocks = new Set<() => void>();
  const conversation = converse(
    { frames, closed: new Promise(() => {}), bufferedBytes: () => 0, send: () => {}, close: () => {} },
    {
      setup: {},
      timers: {
        nowMs: () => 0,
        after: (_, fire) => {
          clocks.add(fire);
          return () => void clocks.delete(fire);
        },
      },
      observers: [
        {
          quiet: () => [],
          sent: ({ type }) => {
            happened.push(`sent ${type}`);
            return [];
          },
          told: (notice) => {
            happened.push(`told ${notice.type}`);
            return notice;
          },
        },
      ],
      answerTimeoutMs: 1000,
      runTool: async ({ name }) => {
        happened.push(`ran ${name}`);
        return '{}';
      },
      onAudio: () => void happened.push('sound'),
    },
  );
  const serve = async (...events: object[]) => {
    for (const event of events) frames.push(JSON.stringify(event));
    await new Promise((resolve) => setImmediate(resolve));
  };
  await serve({ type: 'session.created' }, { type: 'session.updated' });
  conversation.say('Book it');
  await serve(created());
  conversation.hangUp();
  happened.length = 0;
  const delta = { type: 'response.output_audio.delta', response_id: 'r1', item_id: 'i', delta: 'AAAA' };
  await serve(delta, call('c1'), done(), created('r2'));
  conversation.say('Are you there?');
  expect(happened).toEqual([]);
  expect(clocks.size).toBe(0);
});
