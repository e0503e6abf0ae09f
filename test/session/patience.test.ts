// What keeps a timeout away and what does not, on a clock the test moves.

import { expect, test } from 'vitest';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import { createPatience } from '../../src/session/patience.js';
import type { Input } from '../../src/session/session.js';
import { created, type Drive, done, drive, ready, word } from './support.js';

function watched(session: Drive) {
  let nowMs = 0;
  let due: { atMs: number; fire: () => void } | undefined;
  const late: string[] = [];
  const timers = {
    nowMs: () => nowMs,
    after: (ms: number, fire: () => void) => {
      const entry = { atMs: nowMs + ms, fire };
      due = entry;
      return () => {
        if (due === entry) due = undefined;
      };
    },
  };
  const patience = createPatience(timers, 1000, (owed) => late.push(owed));
  const input = (each: Input) => {
    session.input(each);
    patience.after(each, session.session);
  };
  return {
    late,
    input,
    serve: (event: object) => input({ type: 'frame', frame: readServerFrame(JSON.stringify(event)) }),
    pass(ms: number) {
      nowMs += ms;
      if (due === undefined || due.atMs > nowMs) return;
      const { fire } = due;
      due = undefined;
      fire();
    },
  };
}

test.each([
  { type: 'conversation.item.deleted', item_id: 'x' },
  { type: 'conversation.item.added', item: { id: 'x', type: 'message', role: 'user' } },
  { type: 'rate_limits.updated' },
  { type: 'ping' },
])('%j is no answer', (event) => {
  const { input, serve, pass, late } = watched(ready());
  input({ type: 'say', text: 'Hello' });
  for (let n = 0; n < 3; n++) {
    pass(300);
    serve(event);
  }
  pass(100);
  expect(late).toEqual(['answer']);
});

test.each([
  word('Hi'),
  { type: 'response.content_part.added' },
  { type: 'response.thinking.delta' },
  { type: 'mcp_list_tools.in_progress' },
])('%j shows that one is on its way', (event) => {
  const { input, serve, pass, late } = watched(ready());
  input({ type: 'say', text: 'Hello' });
  serve(created());
  for (let n = 0; n < 6; n++) {
    pass(600);
    serve(event);
  }
  expect(late).toEqual([]);
});

test('the next turn has a time of its own, and so has a result', () => {
  const { input, serve, pass, late } = watched(ready());
  input({ type: 'say', text: 'One' });
  serve(created());
  pass(900);
  input({ type: 'say', text: 'Two' });
  serve(done('r1', { status: 'cancelled' }));
  pass(900);
  expect(late).toEqual([]);
  pass(100);
  expect(late).toEqual(['answer']);
});

test('nothing is timed where nothing is owed', () => {
  const { input, serve, pass, late } = watched(ready());
  input({ type: 'say', text: 'One' });
  serve(created());
  serve(done());
  pass(10_000);
  expect(late).toEqual([]);
});

test('while it is configured, a conversation that is told again shows life', () => {
  const session = drive();
  const { serve, pass, late } = watched(session);
  serve({ type: 'session.created' });
  for (let n = 0; n < 3; n++) {
    pass(4000);
    serve({ type: 'conversation.item.added', item: { id: `x${n}`, type: 'message', role: 'user' } });
  }
  expect(late).toEqual([]);
});
