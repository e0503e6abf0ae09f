import { describe, expect, test } from 'vitest';
import { Queue } from '../../src/queue.js';
import { createRecorder } from '../../src/recording/recorder.js';
import type { Transport } from '../../src/session/transport.js';

const key = 'the-key-of-this-very-test';

function line() {
  const frames = new Queue<string>();
  const sent: string[] = [];
  let end = (_: { code: number; reason: string }) => {};
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    end = resolve;
  });
  const transport: Transport = {
    send: (frame) => sent.push(frame),
    frames,
    closed,
    close: () => {},
    bufferedBytes: () => 0,
  };
  return { transport, frames, sent, end };
}

function recording(write?: (line: string) => void) {
  const lines: string[] = [];
  const failures: unknown[] = [];
  let nowMs = 100;
  const recorder = createRecorder({
    write: (line) => (write ?? ((text) => lines.push(text)))(line()),
    nowMs: () => nowMs,
    key,
    onFailure: (error) => failures.push(error),
  });
  const values = () => lines.map((text) => JSON.parse(text) as Record<string, unknown>);
  return {
    recorder,
    lines,
    values,
    failures,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

async function readOut(transport: Transport): Promise<string[]> {
  const read = [];
  for await (const frame of transport.frames) read.push(frame);
  return read;
}

describe('a recording', () => {
  test('holds every frame both ways in order, with times, whole lines, and the end', async () => {
    const { recorder, lines, values, pass } = recording();
    const { transport, frames, sent, end } = line();
    recorder.begin({
      product: 'agents/1',
      started_at: 'now',
      url: 'ws://x/',
      model: 'm',
      agent: { name: 'A' },
    });
    expect(recorder.isEmpty()).toBe(true);
    const recorded = recorder.record(transport, 'ws://x/');
    pass(20);
    recorded.send('{"type":"session.update"}');
    frames.push('{"type":"session.updated"}');
    frames.push('not json');
    frames.push('[1]');
    frames.end();
    end({ code: 1011, reason: 'gone' });
    expect(await readOut(recorded)).toEqual(['{"type":"session.updated"}', 'not json', '[1]']);
    expect(sent).toEqual(['{"type":"session.update"}']);
    expect(values()).toEqual([
      {
        kind: 'header',
        version: 1,
        product: 'agents/1',
        started_at: 'now',
        url: 'ws://x/',
        model: 'm',
        agent: { name: 'A' },
      },
      { kind: 'message', from: 'client', at_ms: 20, event: { type: 'session.update' } },
      { kind: 'message', from: 'server', at_ms: 20, event: { type: 'session.updated' } },
      { kind: 'text', from: 'server', at_ms: 20, text: 'not json' },
      { kind: 'text', from: 'server', at_ms: 20, text: '[1]' },
      { kind: 'closed', from: 'server', at_ms: 20, code: 1011, reason: 'gone' },
    ]);
    expect(lines.every((text) => text.endsWith('\n') && !text.slice(0, -1).includes('\n'))).toBe(true);
  });

  test('makes a line when it is wanted, and tells in it of when that happened', () => {
    const made: (() => string)[] = [];
    let nowMs = 0;
    const recorder = createRecorder({
      write: (line, characters) => made.push(characters > 5 ? line : () => ''),
      nowMs: () => nowMs,
      key,
      onFailure: () => {},
    });
    const { send } = recorder.record(line().transport, 'ws://x/');
    nowMs = 20;
    send(`{"type":"${key}"}`);
    nowMs = 70;
    expect(made.map((make) => JSON.parse(make()))).toEqual([
      { kind: 'message', from: 'client', at_ms: 20, event: { type: '[hidden]' } },
    ]);
  });

  test('tells of another line after the first, and of a line closed here', () => {
    const { recorder, values } = recording();
    recorder.record(line().transport, 'ws://x/').close();
    const second = recorder.record(line().transport, `ws://x/?conversation_id=c1&key=${key}`);
    second.close();
    second.send('{"type":"late"}');
    expect(values()).toEqual([
      { kind: 'closed', from: 'client', at_ms: 0, code: 1000, reason: '' },
      { kind: 'opened', at_ms: 0, url: 'ws://x/?conversation_id=c1&key=[hidden]' },
      { kind: 'closed', from: 'client', at_ms: 0, code: 1000, reason: '' },
    ]);
  });

  test('holds no secret: not the key anywhere, not what an MCP tool logs in with, no ephemeral key', () => {
    const { recorder, lines, values } = recording();
    const tool = {
      type: 'mcp',
      server_url: 'https://tools.example',
      server_label: 'crm',
      authorization: 'opaque-1',
      headers: { 'X-Team': 'opaque-2', Cookie: 'opaque-3' },
    };
    recorder.begin({ product: 'p', started_at: 's', url: `ws://x/?k=${key}`, agent: { tools: [tool] } });
    const { send } = recorder.record(line().transport, 'ws://x/');
    const other = 'xai-realtime-client-secret-abcdefgh';
    send(JSON.stringify({ type: 'session.update', session: { tools: [tool] } }));
    send(JSON.stringify({ type: 'x', value: 'opaque-4', expires_at: 12 }));
    send(JSON.stringify({ type: 'x', [key]: 1, words: `say ${key} and Bearer abcdefgh`, token: other }));
    send(JSON.stringify({ type: 'input_audio_buffer.append', audio: `AAAA${key}` }));
    send(`no json ${key} ${other}`);
    const all = lines.join('');
    expect(all).not.toMatch(/opaque|abcdefgh/);
    expect(all).not.toContain(key);
    expect(all).toContain('https://tools.example');
    expect(values()[1]).toMatchObject({
      event: { session: { tools: [{ headers: { 'X-Team': '[hidden]', Cookie: '[hidden]' } }] } },
    });
  });

  test('keeps sound whole, and what only looks like a secret', () => {
    const { recorder, values } = recording();
    const { send } = recorder.record(line().transport, 'ws://x/');
    const events = [
      { type: 'response.output_audio.delta', delta: 'Bearer abcdefghijklmnop' },
      { type: 'input_audio_buffer.append', audio: 'c2VjcmV0c2VjcmV0' },
      { type: 'response.done', usage: { total_tokens: 5, input_token_details: { text_tokens: 7 } } },
      {
        type: 'session.update',
        session: {
          tools: [{ type: 'function', name: 'f', parameters: { properties: { token: { type: 'string' } } } }],
        },
      },
    ];
    for (const event of events) send(JSON.stringify(event));
    expect(values().map(({ event }) => event)).toEqual(events);
  });

  test('ends with the first line that cannot be written, and says so once; the conversation goes on', () => {
    let room = 2;
    const { recorder, failures } = recording(() => {
      if (room-- === 0) throw new Error('no space left on the device');
    });
    const { transport, sent } = line();
    const recorded = recorder.record(transport, 'ws://x/');
    for (let n = 0; n < 5; n++) recorded.send(`{"n":${n}}`);
    expect(failures.map(String)).toEqual(['Error: no space left on the device']);
    expect(sent).toHaveLength(5);
  });
});
