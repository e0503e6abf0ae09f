// A recording served as an API: to our own client, and to clients that do something else.

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { Departure } from '../../../src/emulator/replay/part.js';
import { createReplay } from '../../../src/emulator/replay/serve.js';
import type { Entry, Event } from '../../../src/recording/format.js';
import { entriesOf, isWireThere, wirePath } from '../../recording/support.js';
import { person } from '../../support/agents.js';
import { startTestApi } from '../../support/local-api.js';

async function serve(entries: readonly Entry[]) {
  const departures: Departure[] = [];
  const replay = createReplay({
    entries,
    source: 'talk.jsonl',
    newId: randomUUID,
    onDeparture: (departure) => departures.push(departure),
  });
  const api = await startTestApi({ replay });
  return { base: api.base, departures };
}

type Received = Record<string, unknown> & { type: string };

/** A client that sends what it is told to, once it has got so many events. */
async function client(base: string, moves: readonly (readonly [number, object | Buffer | 'hang up'])[]) {
  const socket = new WebSocket(`${base.replace('http', 'ws')}/v1/realtime`);
  const received: Received[] = [];
  const left = [...moves];
  const move = () => {
    for (let next = left[0]; next !== undefined && next[0] <= received.length; next = left[0]) {
      left.shift();
      if (next[1] === 'hang up') socket.close(1000);
      else socket.send(Buffer.isBuffer(next[1]) ? next[1] : JSON.stringify(next[1]));
    }
  };
  return new Promise<{ received: Received[]; code: number; reason: string }>((resolve, reject) => {
    socket.on('open', move);
    socket.on('message', (data) => {
      received.push(JSON.parse(String(data)) as Received);
      move();
    });
    socket.on('error', reject);
    socket.on('close', (code, reason) => resolve({ received, code, reason: String(reason) }));
  });
}

const lines = (events: readonly Event[]): Entry[] => events.map((event, at) => ({ ...event, line: at + 1 }));
const sent = (event: Record<string, unknown>): Event => ({ kind: 'message', from: 'client', event });
const got = (type: string): Event => ({
  kind: 'message',
  from: 'server',
  event: { type, event_id: `id of ${type}` },
});
const result = (call_id: string, output: string) => ({
  type: 'conversation.item.create',
  item: { type: 'function_call_output', call_id, output },
});
const words = (text: string, more = {}) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }], ...more },
});
const ask = { type: 'response.create' };
const sound = (bytes: number) => ({
  type: 'input_audio_buffer.append',
  audio: Buffer.alloc(bytes).toString('base64'),
});
const update = { type: 'session.update', session: {} };

describe('a recording as an API', () => {
  test.skipIf(!isWireThere)('gives our own client the recorded answer to the recorded words', async () => {
    const { base, departures } = await serve(await entriesOf(wirePath('text_in_audio_out_turn.jsonl')));
    const { run, home } = person();
    writeFileSync(join(home, 'a.json'), '{"name":"A"}');
    const line = ['--base-url', base, 'voice', 'a.json', '-m', 'Say a short greeting.'];
    for (let times = 0; times < 2; times++) {
      expect(await run(line, { cwd: home })).toEqual({
        code: 0,
        stdout: 'Hello there!\n',
        stderr: expect.stringMatching(/^\(first word/),
      });
    }
    expect(departures).toEqual([]);
  });

  test.skipIf(!isWireThere)('tells our own client where it departs', async () => {
    const { base, departures } = await serve(await entriesOf(wirePath('tool_call_round.jsonl')));
    const { run, home } = person();
    writeFileSync(join(home, 'a.json'), '{"name":"A"}');
    const line = ['--base-url', base, 'voice', 'a.json', '-m', 'What is the weather in London?'];
    const talked = await run(line, { cwd: home });
    expect(talked.code).toBe(1);
    expect(talked.stdout).toContain('→ get_weather({"city":"London"})');
    // Nothing runs the tool here, so the result is another.
    expect(talked.stderr).toMatch(
      /error: this is not what was recorded in talk\.jsonl, line \d+: expected .*It is foggy.* got .*unknown tool/,
    );
    expect(departures).toEqual([expect.objectContaining({ got: expect.stringContaining('unknown tool') })]);
    const other = await run([...line.slice(0, -1), 'Hello'], { cwd: home });
    expect(other.stderr).toContain(`got conversation.item.create with the user's words`);
  });

  test('does not mind ids, how the session is set up, blanks in JSON', async () => {
    const { base, departures } = await serve(
      lines([
        got('session.created'),
        sent(update),
        got('session.updated'),
        sent(words('Hello')),
        sent(ask),
        got('response.done'),
        sent(result('k1', '{"a":1,"b":[2]}')),
        sent(ask),
        got('end'),
      ]),
    );
    const { received, code } = await client(base, [
      [1, { type: 'session.update', event_id: 'mine', session: { voice: 'leo' } }],
      [2, { ...words('Hello ', { id: 'mine' }), event_id: 'x' }],
      [2, { type: 'response.create', response: { metadata: { client_event_id: 'x' } } }],
      [3, result('k1', ' { "b": [2], "a": 1 }')],
      [3, ask],
      [4, 'hang up'],
    ]);
    expect(received.map(({ type, event_id }) => [type, event_id])).toEqual(
      ['session.created', 'session.updated', 'response.done', 'end'].map((type) => [type, `id of ${type}`]),
    );
    expect({ code, departures }).toEqual({ code: 1000, departures: [] });
  });

  test('takes results of one response in any order', async () => {
    const recorded = lines([
      got('calls'),
      sent(result('k1', 'one')),
      got('added'),
      sent(result('k2', 'two')),
      sent(ask),
      got('end'),
    ]);
    const { base, departures } = await serve(recorded);
    const { received } = await client(base, [
      [1, result('k2', 'two')],
      [1, result('k1', 'one')],
      [2, ask],
      [3, 'hang up'],
    ]);
    expect(received.map(({ type }) => type)).toEqual(['calls', 'added', 'end']);
    expect(departures).toEqual([]);
    const wrong = await client(base, [[1, result('k2', 'three')]]);
    expect(wrong.code).toBe(1008);
  });

  test('measures sound by its amount: pieces of any size, bytes as well as base64', async () => {
    const recorded = lines([
      got('session.created'),
      sent(sound(100)),
      sent(sound(100)),
      got('input_audio_buffer.speech_started'),
      sent(sound(100)),
      got('input_audio_buffer.committed'),
      got('response.done'),
      sent(sound(100)),
      got('input_audio_buffer.speech_started'),
      sent(sound(5000)),
    ]);
    const { base, departures } = await serve(recorded);
    const whole = await client(base, [
      [1, sound(150)],
      [1, sound(50)],
      [2, Buffer.alloc(1000)],
      [4, sound(100)],
      [5, 'hang up'],
    ]);
    expect(whole.received.map(({ type }) => type)).toEqual([
      'session.created',
      'input_audio_buffer.speech_started',
      'input_audio_buffer.committed',
      'response.done',
      'input_audio_buffer.speech_started',
    ]);
    expect(departures).toEqual([]);
  });

  test('goes on after less sound than was recorded, when the client goes on', async () => {
    const recorded = lines([
      got('session.created'),
      sent(sound(4000)),
      sent(sound(4000)),
      sent({ type: 'input_audio_buffer.commit' }),
      got('response.done'),
    ]);
    const { base, departures } = await serve(recorded);
    const { received } = await client(base, [
      [1, sound(10)],
      [1, { type: 'input_audio_buffer.commit' }],
      [2, 'hang up'],
    ]);
    expect(received.map(({ type }) => type)).toEqual(['session.created', 'response.done']);
    expect(departures).toEqual([]);
  });

  test.each([
    [
      'another event',
      words('Hello'),
      ask,
      'expected conversation.item.create with the user\'s words "Hello", got response.create',
    ],
    ['other words', words('Hello'), words('Bye'), `got conversation.item.create with the user's words "Bye"`],
    [
      'a result for another call',
      result('k1', 'x'),
      result('k2', 'x'),
      'got conversation.item.create with the result "x" of call "k2"',
    ],
    ['no event', ask, Buffer.from('').toString(), 'expected response.create, got "\\"\\""'],
  ])('a client that sends %s is told the line', async (_, recorded, given, says) => {
    const { base, departures } = await serve(lines([got('session.created'), sent(recorded), got('end')]));
    const { received, code, reason } = await client(base, [[1, given as object]]);
    expect(received.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'replay_departed', message: expect.stringContaining(`talk.jsonl, line 2: `) },
    });
    expect(JSON.stringify(received.at(-1))).toContain(JSON.stringify(says).slice(1, -1));
    expect({ code, reason }).toEqual({ code: 1008, reason: 'departed from the recording at line 2' });
    expect(departures).toEqual([expect.objectContaining({ line: 2 })]);
  });

  test('a client that says more than was recorded, or leaves before the end, is told as that', async () => {
    const { base, departures } = await serve(lines([got('session.created'), sent(ask), got('end')]));
    await client(base, [
      [1, ask],
      [2, ask],
    ]);
    await client(base, [[1, 'hang up']]);
    await expect
      .poll(() => departures)
      .toEqual([
        { line: 3, expected: 'nothing more', got: 'response.create' },
        { line: 2, expected: 'response.create', got: 'the end of the line' },
      ]);
  });

  test('a line that dropped drops again, and the next one goes on; then it begins anew', async () => {
    const recorded = lines([
      got('session.created'),
      sent(update),
      { kind: 'closed', from: 'server', code: 1011, reason: 'gone' },
      { kind: 'opened' },
      got('again'),
      sent(update),
      { kind: 'closed', from: 'server', code: 1006, reason: '' },
    ]);
    const { base } = await serve(recorded);
    const first = await client(base, [[1, update]]);
    const second = await client(base, [[1, update]]);
    const third = await client(base, [[1, 'hang up']]);
    expect([first.code, first.reason, first.received[0]?.type]).toEqual([1011, 'gone', 'session.created']);
    expect([second.code, second.received[0]?.type]).toEqual([1006, 'again']);
    expect(third.received[0]?.type).toBe('session.created');
  });

  test('a secret that was taken out may have been anything', async () => {
    const recorded = words('My key is xai-[hidden], keep it');
    const { base, departures } = await serve(lines([got('session.created'), sent(recorded), got('end')]));
    await client(base, [
      [1, words('My key is xai-abcdefgh, keep it')],
      [2, 'hang up'],
    ]);
    expect(departures).toEqual([]);
  });
});
