// The watch in a conversation that is going on.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import { Queue } from '../../src/queue.js';
import { converse, quietMs } from '../../src/session/converse.js';
import type { Notice } from '../../src/session/notice.js';
import type { Transport } from '../../src/session/transport.js';
import { watchObserver } from '../../src/session/watch/watch.js';
import { agents, temporaryFolder } from '../support/agents.js';
import { misbehaving } from '../support/hostile-socket.js';

/** A clock moved by hand. */
function handClock() {
  let nowMs = 0;
  let timers: { atMs: number; fire: () => void }[] = [];
  return {
    nowMs: () => nowMs,
    after: (ms: number, fire: () => void) => {
      const timer = { atMs: nowMs + ms, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    pass: (ms: number) => {
      nowMs += ms;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter((each) => !due.includes(each));
      for (const { fire } of due) fire();
    },
    pending: () => timers.length,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the watch in a live conversation', () => {
  test('tells once that the heartbeat has stopped, and leaves no timer behind', async () => {
    const clock = handClock();
    const frames = new Queue<string>();
    const transport: Transport = {
      send: () => {},
      frames,
      closed: new Promise(() => {}),
      close: () => frames.end(),
      bufferedBytes: () => 0,
    };
    const conversation = converse(transport, {
      setup: {},
      observers: [watchObserver()],
      timers: clock,
      answerTimeoutMs: 5000,
      runTool: async () => '',
    });
    const told: Notice[] = [];
    const reading = (async () => {
      for await (const notice of conversation.notices) told.push(notice);
    })();
    const come = async (event: object) => {
      frames.push(JSON.stringify(event));
      await settled();
    };
    await come({ type: 'session.created', session: {} });
    await come({ type: 'session.updated', session: {} });
    for (let beats = 0; beats < 5; beats++) {
      await come({ type: 'ping' });
      clock.pass(10_000);
    }
    await come({ type: 'ping' });
    expect(told.map(({ type }) => type)).toEqual(['ready']);
    clock.pass(quietMs);
    await come({ type: 'ping' });
    clock.pass(quietMs);
    await settled();
    expect(told.slice(1)).toMatchObject([
      {
        type: 'warning',
        code: 'no_frame',
        message: 'nothing has come from the service for 30 s',
        hint: expect.stringContaining('connect again'),
      },
    ]);
    conversation.hangUp();
    await reading;
    expect(clock.pending()).toBe(0);
  });

  test('knows a line that took the place of another, also where no session is announced on it', () => {
    const watch = watchObserver();
    let atMs = 0;
    const server = (event: object) => watch.received(readServerFrame(JSON.stringify(event)), atMs);
    const client = (event: Record<string, unknown>) => watch.sent(event, atMs);
    const say = { type: 'message', id: 'a', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] };
    const line = () => [
      ...server({ type: 'conversation.created', conversation: { id: 'c' } }),
      ...server({ type: 'ping' }),
      ...client({ type: 'session.update', session: {} }),
      ...server({ type: 'session.updated', session: {} }),
      ...client({ type: 'conversation.item.create', item: say }),
      ...client({ type: 'response.create' }),
      ...server({ type: 'response.created', response: { id: 'r' } }),
    ];
    const first = line();
    watch.told({ type: 'reconnecting', code: 1006, reason: '' }, atMs);
    atMs += 60_000;
    expect([...first, ...line()]).toEqual([]);
  });

  test('is told as a note with its mend, and as a notice under --json', async () => {
    const words = 'Your team has either used all available credits or reached its monthly spending limit.';
    const hostile = await misbehaving('reply', (socket) => {
      socket.send(JSON.stringify({ type: 'error', error: { code: 'rate_limit', message: words } }));
      return true;
    });
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
    const options = { cwd, env: { AGENTS_BASE_URL: hostile.url } };
    const talked = await agents('voice spec.json -m Hello', options);
    expect(talked.stderr).toContain(`note: the quota is exhausted: ${words}\n  add credits or raise`);
    const json = await agents('--json voice spec.json -m Hello', options);
    const warnings = json.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'warning');
    expect(warnings).toMatchObject([
      { code: 'quota_exhausted', message: `the quota is exhausted: ${words}`, hint: expect.any(String) },
    ]);
  });
});
