// A conversation told again: what is told is what was told then.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRules } from '../../src/emulator/rules.js';
import type { NoticeBody } from '../../src/session/notice.js';
import { type Past, type ReplayOptions, replay } from '../../src/session/replay.js';
import { entriesOf } from '../recording/support.js';
import { root } from '../support/agents.js';
import { createPair, type Pair } from '../support/pair.js';

const rules = createRules(() => new Date('2026-07-01T12:00:00Z'));
const tools = [{ type: 'function', name: 'lookup_order', parameters: { type: 'object' } }];
const setup = { instructions: 'Be brief.', tools };

async function told(past: readonly Past[], options?: ReplayOptions) {
  const notices = [];
  for await (const notice of replay(past, options)) notices.push(notice);
  return notices;
}
const pastOf = (pair: Pair): Past[] => pair.passed.map((each) => ({ kind: 'message', ...each }));
const bodies = (notices: readonly object[]) =>
  notices.map((notice) => {
    const { seq: _seq, at_ms: _at, ...body } = notice as Record<string, unknown>;
    return body;
  });
const callIds = (pair: Pair) =>
  pair.notices.flatMap((notice) => (notice.type === 'tool_call' ? [notice.call_id] : []));

describe('a conversation told again', () => {
  test.each([
    [true, 1000, 'cancelled'],
    [true, 1011, 'failed'],
    [false, 1000, 'failed'],
  ])('phone call: %s, closed with %i in a turn: %s', async (call, code, status) => {
    const pair = createPair(setup, rules);
    pair.input({ type: 'say', text: 'Where is order ORD-42?' });
    pair.settle();
    const past: Past[] = [...pastOf(pair), { kind: 'closed', from: 'server', code, reason: '' }];
    expect(await told(past, { call })).toContainEqual(expect.objectContaining({ type: 'turn_done', status }));
  });

  test('is told as it was: turns, a tool, an interruption, words meanwhile', async () => {
    const pair = createPair(setup, rules);
    pair.input({ type: 'say', text: 'Hello' });
    pair.settle();
    pair.input({ type: 'say', text: 'Where is order ORD-42?' });
    pair.settle();
    pair.input({ type: 'tool_result', call_id: callIds(pair)[0] ?? '', output: '{"status":"shipped"}' });
    pair.settle();
    pair.input({ type: 'say', text: 'Tell me more' });
    pair.step();
    pair.input({ type: 'interrupt' });
    pair.settle();
    pair.input({ type: 'say', text: 'Hello again' });
    pair.step();
    pair.input({ type: 'say', text: 'No, wait' });
    pair.settle();
    expect(pair.notices.filter(({ type }) => type === 'turn_done')).toHaveLength(5);
    expect(bodies(await told(pastOf(pair)))).toEqual(pair.notices);
  });

  test('gives up on a turn where it was given up on: while its tool was at work', async () => {
    const pair = createPair(setup, rules);
    pair.input({ type: 'say', text: 'Where is order ORD-42?' });
    pair.settle();
    pair.input({ type: 'interrupt' });
    pair.input({ type: 'say', text: 'Hello' });
    pair.settle();
    const again = await told(pastOf(pair));
    const done = again.flatMap((notice) =>
      notice.type === 'turn_done' ? [[notice.turn, notice.status, notice.text]] : [],
    );
    const then = pair.notices.flatMap((notice) =>
      notice.type === 'turn_done' ? [[notice.turn, notice.status, notice.text]] : [],
    );
    expect(done).toEqual(then);
  });

  test('says so where the recording ends in the middle of an answer', async () => {
    const pair = createPair(setup, rules);
    pair.input({ type: 'say', text: 'Hello' });
    pair.step();
    expect((await told(pastOf(pair))).at(-1)).toMatchObject({ type: 'warning', code: 'recording_ends' });
  });

  test('is timed by the times that were kept', async () => {
    const entries = await entriesOf(join(root, 'fixtures/recordings/watch/no_response_create.clean.jsonl'));
    const notices = await told(entries);
    // Asked at 150 ms; the tool is called at 550 and answers at 800; the words come at 1300.
    expect(notices.find(({ type }) => type === 'turn_done')).toMatchObject({
      at_ms: 1400,
      first_word_ms: 1150,
      total_ms: 1250,
      tool_calls: 1,
    });
    expect(notices.find(({ type }) => type === 'tool_result')).toMatchObject({ at_ms: 800, ms: 250 });
    expect(notices.map(({ seq }) => seq)).toEqual(notices.map((_, at) => at));
  });

  test('waits for each moment where somebody wants to watch', async () => {
    const moments: number[] = [];
    const past: Past[] = [
      { kind: 'message', from: 'server', at_ms: 10, event: { type: 'ping' } },
      { kind: 'message', from: 'server', at_ms: 5, event: { type: 'ping' } },
      { kind: 'message', from: 'server', event: { type: 'ping' } },
      { kind: 'closed', from: 'client', at_ms: 30, code: 1000, reason: '' },
    ];
    await told(past, {
      until: async (atMs) => {
        moments.push(atMs);
      },
    });
    // Time never goes back.
    expect(moments).toEqual([10, 10, 30]);
  });

  test('observers see what they would have seen, and nothing that is no event; onlookers see all', async () => {
    const seen: string[] = [];
    const all: unknown[] = [];
    const past: Past[] = [
      { kind: 'message', from: 'client', at_ms: 1, event: { type: 'response.create' } },
      { kind: 'message', from: 'client', at_ms: 2, event: { type: 'conversation.item.create', item: 5 } },
      { kind: 'message', from: 'server', at_ms: 3, event: { type: 'mood.changed' } },
      { kind: 'text', from: 'server', at_ms: 4, text: '<html>' },
    ];
    const notices = await told(past, {
      observers: [
        {
          sent: (event, atMs) => {
            seen.push(`${event.type} ${atMs}`);
            return [{ type: 'warning', code: 'a', message: 'seen' }];
          },
          received: (frame, atMs) => {
            seen.push(`${frame.kind} ${atMs}`);
            return [];
          },
          told: (notice): NoticeBody =>
            notice.type === 'warning' ? { ...notice, message: `${notice.message}!` } : notice,
        },
      ],
      onlookers: [
        {
          sent: (event) => {
            all.push(event.type);
            return [];
          },
        },
      ],
    });
    expect(seen).toEqual(['response.create 1', 'unknown 3', 'not-json 4']);
    expect(all).toEqual(['response.create', 'conversation.item.create']);
    expect(bodies(notices)).toEqual([
      { type: 'warning', code: 'a', message: 'seen!' },
      { type: 'event', event: { type: 'mood.changed' } },
      expect.objectContaining({ type: 'warning', code: 'not_json' }),
      expect.objectContaining({
        type: 'warning',
        code: 'recording_ends',
        message: expect.stringMatching(/!$/),
      }),
    ]);
  });

  test('goes on after a configuration that was refused, and over another line', async () => {
    const server = (event: Record<string, unknown>): Past => ({ kind: 'message', from: 'server', event });
    const client = (event: Record<string, unknown>): Past => ({ kind: 'message', from: 'client', event });
    const text = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] };
    const turn = (id: string): Past[] => [
      client({ type: 'conversation.item.create', item: text }),
      client({ type: 'response.create' }),
      server({ type: 'response.created', response: { id } }),
      server({ type: 'response.output_audio_transcript.delta', response_id: id, item_id: id, delta: 'Hi.' }),
      server({ type: 'response.done', response: { id, status: 'completed' } }),
    ];
    const notices = await told([
      server({ type: 'session.created', session: { id: 's1' } }),
      client({ type: 'session.update', session: { tools: 5 } }),
      server({ type: 'error', error: { message: 'bad tools' } }),
      ...turn('r1'),
      { kind: 'closed', from: 'server', code: 1006, reason: '' },
      { kind: 'opened' },
      server({ type: 'session.created', session: { id: 's2' } }),
      server({ type: 'session.updated', session: {} }),
      ...turn('r2'),
      { kind: 'closed', from: 'server', code: 1011, reason: 'gone' },
    ]);
    expect(bodies(notices).filter(({ type }) => type !== 'response_done')).toEqual([
      { type: 'error', message: 'the configuration was refused: bad tools' },
      { type: 'user', turn: 1, text: 'Hello' },
      expect.objectContaining({ type: 'text', text: 'Hi.' }),
      expect.objectContaining({ type: 'turn_done', turn: 1, status: 'completed' }),
      { type: 'reconnecting', code: 1006, reason: '' },
      expect.objectContaining({ type: 'ready', session_id: 's2' }),
      { type: 'user', turn: 2, text: 'Hello' },
      expect.objectContaining({ type: 'text', text: 'Hi.' }),
      expect.objectContaining({ type: 'turn_done', turn: 2, status: 'completed' }),
      { type: 'closed', code: 1011, reason: 'gone', clean: false },
    ]);
  });
});
