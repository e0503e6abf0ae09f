// The driver and its tools: when a tool is told that nobody waits for it any more.

import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { Queue } from '../../src/queue.js';
import { converse } from '../../src/session/converse.js';
import { call, created, done } from './support.js';

/** A conversation whose service is the test, up to a tool call that hangs. */
async function hanging() {
  const frames = new Queue<string>();
  const sent: Record<string, unknown>[] = [];
  let close = (_: { code: number; reason: string }) => {};
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    close = resolve;
  });
  const end = (code: number) => {
    frames.end();
    close({ code, reason: '' });
  };
  const started = new Map<string, AbortSignal>();
  const conversation = converse(
    {
      frames,
      closed,
      bufferedBytes: () => 0,
      send: (text) => void sent.push(JSON.parse(text)),
      close: () => end(1000),
    },
    {
      setup: {},
      timers: systemClock,
      answerTimeoutMs: 10_000,
      runTool: ({ call_id }, signal) => {
        started.set(call_id, signal);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    },
  );
  const notices = conversation.notices[Symbol.asyncIterator]();
  const until = async (type: string) => {
    for (;;) if ((await notices.next()).value?.type === type) return;
  };
  const say = (event: object) => frames.push(JSON.stringify(event));
  say({ type: 'session.created', session: { id: 's' } });
  say({ type: 'session.updated', session: {} });
  await until('ready');
  conversation.say('Go');
  for (const event of [created(), call('c1'), done()]) say(event);
  await until('response_done');
  return { conversation, started, sent, end, until };
}

test('an interrupted turn ends its tools, and answers their calls once', async () => {
  const { conversation, started, sent, until } = await hanging();
  expect(started.get('c1')?.aborted).toBe(false);
  conversation.interrupt();
  await until('turn_done');
  expect(started.get('c1')?.reason).toMatchObject({ message: 'interrupted before it was done' });
  const outputs = sent.filter((event) => JSON.stringify(event).includes('function_call_output'));
  expect(outputs).toHaveLength(1);
});

test.each(['hanging up', 'a dropped line'])('%s ends the tools', async (what) => {
  const { conversation, started, end, until } = await hanging();
  if (what === 'hanging up') conversation.hangUp();
  else {
    end(1006);
    await until('closed');
  }
  expect(started.get('c1')?.aborted).toBe(true);
});
