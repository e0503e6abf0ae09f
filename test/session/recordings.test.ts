// The client against what the real service sent. The recordings stand beside the project and are not part of it.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ClientEvent } from '../../src/protocol/realtime-client.js';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import type { NoticeBody } from '../../src/session/notice.js';
import { advance, type Input } from '../../src/session/session.js';
import { createSession, isIdle } from '../../src/session/state.js';
import { root } from '../support/agents.js';

const folder = join(root, '../shared/wire');

interface Recorded {
  from: 'client' | 'server';
  event: Record<string, unknown> & { type: string };
}

function load(name: string): Recorded[] {
  const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Recorded);
}

/** Plays a recording: server frames go in as they came; what the person did is read off the client's frames. */
function play(recording: Recorded[]) {
  const update = recording.find(({ event }) => event.type === 'session.update')?.event.session;
  let session = createSession(update as Record<string, unknown>);
  const sent: ClientEvent[] = [];
  const notices: NoticeBody[] = [];
  const input = (given: Input) => {
    const step = advance(session, given, 0);
    session = step.session;
    sent.push(...step.send);
    notices.push(...step.notices);
  };
  for (const { from, event } of recording) {
    if (from === 'server') {
      input({ type: 'frame', frame: readServerFrame(JSON.stringify(event)) });
      continue;
    }
    const item = event.item as
      | { type?: string; content?: { text: string }[]; call_id: string; output: string }
      | undefined;
    if (item?.type === 'message') input({ type: 'say', text: item.content?.[0]?.text ?? '' });
    if (item?.type === 'function_call_output') {
      input({ type: 'tool_result', call_id: item.call_id, output: item.output });
    }
  }
  return { session, sent, notices };
}

/** The ids we give to events and items were not given then. */
function withoutId({ event_id: _id, ...event }: Record<string, unknown>) {
  const { id: _ours, ...item } = (event.item ?? {}) as { id?: string };
  return event.item === undefined ? event : { ...event, item };
}
const typesOf = (notices: NoticeBody[]) => notices.map(({ type }) => type);

describe.skipIf(!existsSync(folder))('recorded sockets', () => {
  test('a typed turn: the client sends what was sent then, and tells the words', () => {
    const recording = load('text_in_audio_out_turn.jsonl');
    const { session, sent, notices } = play(recording);
    const recorded = recording.filter(({ from }) => from === 'client').map(({ event }) => event);
    expect(sent.map(withoutId)).toEqual(recorded);
    expect(notices).toEqual([
      expect.objectContaining({ type: 'ready', model: 'grok-voice-latest' }),
      { type: 'user', turn: 1, text: 'Say a short greeting.' },
      expect.objectContaining({ type: 'text', text: 'Hello there!' }),
      expect.objectContaining({
        type: 'response_done',
        usage: expect.objectContaining({ total_tokens: 47 }),
      }),
      expect.objectContaining({ type: 'turn_done', status: 'completed', text: 'Hello there!' }),
    ]);
    expect(isIdle(session)).toBe(true);
  });

  test('a tool call: words, call, result, answer', () => {
    const recording = load('tool_call_round.jsonl');
    const { session, sent, notices } = play(recording);
    const recorded = recording.filter(({ from }) => from === 'client').map(({ event }) => event);
    expect(sent.map(withoutId)).toEqual(recorded);
    expect(typesOf(notices).filter((type) => type !== 'text')).toEqual([
      'ready',
      'user',
      'tool_call',
      'response_done',
      'tool_result',
      'response_done',
      'turn_done',
    ]);
    expect(notices.at(-1)).toMatchObject({
      status: 'completed',
      tool_calls: 1,
      text:
        "I'll check the weather for London right away. " +
        'It is foggy and 12 degrees in London. The weather is foggy and 12 degrees.',
    });
    expect(isIdle(session)).toBe(true);
  });

  test('a spoken turn: interim and final words of the person, an answer nobody asked for', () => {
    const { session, notices } = play(load('audio_in_server_vad_turn.jsonl'));
    const heard = notices.flatMap((notice) =>
      notice.type === 'user_transcript' ? [[notice.text, notice.final]] : [],
    );
    expect(heard.at(-1)).toEqual(['Hello, my name is Marcelo.', true]);
    expect(heard.slice(0, -1).every(([, final]) => final === false)).toBe(true);
    expect(notices.at(-1)).toMatchObject({
      type: 'turn_done',
      status: 'completed',
      text: 'Hello Marcelo! Nice to meet you. How can I help you today?',
    });
    expect(isIdle(session)).toBe(true);
  });
});
