// Spoken sessions over a real socket: what they share, what ends them, and what only a server knows.

import { describe, expect, test } from 'vitest';
import { type Format, fromPcm } from '../../../src/audio/pcm.js';
import { handClock } from '../../support/hand-clock.js';
import { startTestApi } from '../../support/local-api.js';
import {
  anError,
  ask,
  converse,
  handshake,
  type Line,
  makeAgent,
  openSocket,
  type SocketOptions,
  types,
  userItem,
  type Wire,
} from '../support.js';
import { pcm24, silence, vad, voice } from './session.js';

const create = { type: 'response.create' };
const update = (session: Wire) => ({ type: 'session.update', session });
const resumption = { resumption: { enabled: true } };

const turn = (rate = 24_000) => Int16Array.from([...voice(800, rate), ...silence(700, rate)]);

/** Sends sound in pieces of 100 ms. */
function say(
  line: Line,
  sound = turn(),
  format: Format = pcm24,
  transport: 'json' | 'binary' = 'binary',
): void {
  const bytes = fromPcm(sound, format);
  const piece = (format.rate / 10) * (format.type === 'audio/pcm' ? 2 : 1);
  for (let at = 0; at < bytes.length; at += piece) {
    const part = bytes.subarray(at, at + piece);
    if (transport === 'binary') line.socket.send(part);
    else line.send({ type: 'input_audio_buffer.append', audio: part.toString('base64') });
  }
}

const heardWords = (events: Wire[]) => events.find(({ status }) => status === 'completed')?.transcript;
const words = (events: Wire[]) =>
  events.flatMap(({ type, transcript }) =>
    type === 'response.output_audio_transcript.done' ? transcript : [],
  );

describe('a spoken turn', () => {
  test.each(['json', 'binary'] as const)('goes in and is answered by %s', async (transport) => {
    const api = await startTestApi({ realtime: { hears: ['My name is Ada.'] } });
    const line = await converse(api);
    line.send(update({ ...vad(), audio: { input: { transport } } }));
    say(line, turn(), pcm24, transport);
    const events = await line.until('response.done');
    expect(heardWords(events)).toBe('My name is Ada.');
    expect(words(events)[0]).toContain('You said: My name is Ada.');
  });

  test('of µ-law is answered in µ-law, as raw frames', async () => {
    const api = await startTestApi();
    await ask(api, 'POST /__local/speech', { words: 'Hi' });
    const format: Format = { type: 'audio/pcmu', rate: 8000 };
    const line = await converse(api);
    const raw: Buffer[] = [];
    line.socket.removeAllListeners('message');
    const done = new Promise<Wire>((resolve) => {
      line.socket.on('message', (data: Buffer, isBinary: boolean) => {
        if (isBinary) return void raw.push(data);
        const event = JSON.parse(data.toString());
        if (event.type === 'response.done') resolve(event);
      });
    });
    const side = { format, transport: 'binary' };
    line.send(update({ ...vad(), audio: { input: side, output: side } }));
    say(line, turn(8000), format);
    const { usage } = await done;
    expect(Buffer.concat(raw).length / 8000).toBeCloseTo(usage.output_audio_seconds, 2);
  });

  test('has the words that were queued, then those of the script, then none', async () => {
    const api = await startTestApi({ script: { hears: ['Not heard', 'Scripted'] } });
    expect(await ask(api, 'POST /__local/speech', { words: ['Queued'] })).toEqual({
      status: 200,
      body: { queued: 1 },
    });
    const line = await converse(api);
    line.send(update(vad()));
    const heard: string[] = [];
    for (let at = 0; at < 3; at++) {
      say(line);
      const events = await line.until('response.done');
      heard.push(heardWords(events));
      if (at === 2) expect(words(events)).toEqual([expect.stringContaining('could not make out the words')]);
    }
    expect(heard).toEqual(['Queued', 'Scripted', '']);
  });

  test('has the words that were told for its own conversation, and leaves those of others', async () => {
    const api = await startTestApi();
    const lines = [await openSocket(api), await openSocket(api)];
    for (const [at, line] of lines.entries()) {
      const greeting = await line.until('conversation.created');
      await line.until('ping');
      const conversation_id = greeting.at(-1)?.conversation.id;
      await ask(api, 'POST /__local/speech', { words: `Line ${at}`, conversation_id });
    }
    for (const [at, line] of [...lines.entries()].reverse()) {
      line.send(update(vad()));
      say(line);
      expect(heardWords(await line.until('response.done'))).toBe(`Line ${at}`);
    }
  });

  test.each([{}, { words: 5 }, { words: ['a', null] }, { words: 'a', conversation_id: 5 }, 'no json'])(
    'takes no words of %j',
    async (body) => {
      const api = await startTestApi();
      expect((await ask(api, 'POST /__local/speech', body)).status).toBe(400);
    },
  );

  test('has no queued words any more after a reset', async () => {
    const api = await startTestApi();
    await ask(api, 'POST /__local/speech', { words: 'Hi' });
    await ask(api, 'POST /__local/reset');
    expect((await ask(api, 'POST /__local/speech', { words: 'Ho' })).body).toEqual({ queued: 1 });
  });
});

describe('words from somebody who listens', () => {
  test('come in the order of the turns', async () => {
    const waiting: (() => void)[] = [];
    let turns = 0;
    const transcriber = (audio: Int16Array, rate: number) =>
      new Promise<string>((resolve) => {
        const nth = ++turns;
        waiting.push(() => resolve(`turn ${nth} of ${Math.round((audio.length / rate) * 10) / 10} s`));
      });
    const api = await startTestApi({ realtime: { transcriber } });
    const line = await converse(api);
    line.send(update(vad({ create_response: false, prefix_padding_ms: 0 })));
    say(line);
    await line.until('input_audio_buffer.committed');
    say(line);
    await line.until('input_audio_buffer.committed');
    // The second is not asked for before the first has been told.
    expect(waiting).toHaveLength(1);
    const told: string[] = [];
    for (let at = 0; at < 2; at++) {
      while (waiting.length === 0) await new Promise(setImmediate);
      waiting.shift()?.();
      let event = await line.next();
      while (event.status !== 'completed') event = await line.next();
      told.push(event.transcript);
    }
    expect(told).toEqual(['turn 1 of 1.3 s', 'turn 2 of 1.3 s']);
  });

  test('that fail leave a session that goes on', async () => {
    const transcriber = async () => {
      throw new Error('the transcriber has gone');
    };
    const api = await startTestApi({ realtime: { transcriber } });
    const line = await converse(api);
    line.send(update(vad()));
    say(line);
    const events = await line.until('response.done');
    expect(events.filter(({ type }) => type === 'error')).toEqual([
      anError({ type: 'internal_error', code: 'internal_error', message: 'the transcriber has gone' }),
    ]);
    expect(words(events)).toEqual([expect.stringContaining('could not make out')]);
  });
});

describe('a voice', () => {
  const session = async (voiceOf: Parameters<typeof startTestApi>[0]) => {
    const line = await converse(await startTestApi(voiceOf));
    line.send(update({ audio: { output: { speed: 1.5, format: { type: 'audio/pcm', rate: 16_000 } } } }));
    const item = {
      type: 'force_message',
      content: [{ type: 'output_text', text: 'Good morning. Who is it?' }],
    };
    line.send({ type: 'conversation.item.create', item });
    return line.until('response.done');
  };

  test('is given sentence by sentence what to speak, and how', async () => {
    const asked: unknown[] = [];
    const events = await session({
      realtime: {
        voice: async (sentence, rate, speed) => {
          asked.push([sentence, rate, speed]);
          return sentence.map(() => ({ pcm: new Int16Array(rate / 10), rate }));
        },
      },
    });
    expect(asked).toEqual([
      [['Good', ' morning.'], 16_000, 1.5],
      [[' Who', ' is', ' it?'], 16_000, 1.5],
    ]);
    expect(events.at(-1)?.usage.output_audio_seconds).toBe(0.5);
  });

  test('is given whole sentences, however an answer comes', async () => {
    const asked: string[] = [];
    const say = ['One', 'moment. Let', 'me'].map((text) => ({ say: text }));
    const call = { call: { name: 'look_up', arguments: {} } };
    const api = await startTestApi({
      maker: { reply: () => [...say, call, { say: 'Now' }] },
      realtime: {
        voice: async (sentence) => {
          asked.push(sentence.join(''));
          return [];
        },
      },
    });
    const line = await converse(api);
    line.send(create);
    expect(words(await line.until('response.done'))).toEqual(['One moment. Let me', 'Now']);
    expect(asked).toEqual(['One moment.', ' Let me', 'Now']);
  });

  test('that fails fails the response', async () => {
    const events = await session({
      realtime: {
        voice: async () => {
          throw new Error('no voice');
        },
      },
    });
    expect(events.find(({ type }) => type === 'error')?.error.message).toBe('no voice');
    expect(events.at(-1)?.response.status).toBe('failed');
  });
});

describe('resuming', () => {
  const resume = (id: string): SocketOptions => ({ path: `/v1/realtime?conversation_id=${id}` });
  const idOf = async (line: Line) => (await line.until('conversation.created')).at(-1)?.conversation.id;

  /** A conversation in which something was said, and its id. */
  async function said(api: Parameters<typeof openSocket>[0], session: Wire = resumption): Promise<string> {
    const line = await openSocket(api);
    const id = await idOf(line);
    line.send(update(session), userItem('Remember me'), create);
    await line.until('response.done');
    line.socket.close();
    await line.closed;
    return id;
  }

  test('goes on with the same conversation, and tells it before session.updated', async () => {
    const api = await startTestApi();
    const id = await said(api);
    const line = await openSocket(api, resume(id));
    line.send(update(resumption));
    const events = await line.until('session.updated');
    expect(types(events)).toEqual([
      ...[
        'session.created',
        'conversation.created',
        'ping',
        'conversation.item.added',
        'conversation.item.added',
      ],
      'session.updated',
    ]);
    expect(events[1]?.conversation.id).toBe(id);
    expect(events[3]?.item).toMatchObject({ role: 'user', content: [{ type: 'text', text: 'Remember me' }] });
    line.send(userItem('Again'), create);
    await line.until('response.done');
  });

  test('is over half an hour after anything last happened', async () => {
    const clock = handClock();
    const api = await startTestApi(clock);
    const id = await said(api);
    clock.advance(30 * 60_000);
    const line = await openSocket(api, resume(id));
    expect(await idOf(line)).toBe(id);
    line.send(update(resumption));
    await line.until('session.updated');
    line.socket.close();
    await line.closed;
    clock.advance(30 * 60_000 + 1);
    expect(await idOf(await openSocket(api, resume(id)))).not.toBe(id);
  });

  test.each<[string, Wire]>([
    ['that did not opt in', {}],
    ['that opted out', { resumption: { enabled: false } }],
  ])('does not find a conversation %s', async (_what, session) => {
    const api = await startTestApi();
    const id = await said(api, session);
    expect(await idOf(await openSocket(api, resume(id)))).not.toBe(id);
  });

  test('does not find one that never was', async () => {
    const api = await startTestApi();
    expect(await idOf(await openSocket(api, resume('nobody')))).not.toBe('nobody');
  });
});

describe('a stored agent', () => {
  const spec = {
    name: 'Order Support',
    instructions: 'You look up orders.',
    voice: { voice_id: 'leo', vad_threshold: 1, vad_silence_duration_ms: 700, language_hint: 'en' },
    tools: [{ type: 'web_search' }],
    collection_ids: ['collection_a'],
  };

  test('configures its session without being asked to', async () => {
    const api = await startTestApi();
    const { agent_id } = await makeAgent(api, spec);
    const line = await openSocket(api, { path: `/v1/realtime?agent_id=${agent_id}` });
    const events = await line.until('session.updated');
    expect(types(events)).toEqual(['session.created', 'conversation.created', 'ping', 'session.updated']);
    expect(events.at(-1)?.session).toMatchObject({
      instructions: 'You look up orders.',
      voice: 'leo',
      turn_detection: { type: 'server_vad', threshold: 0.9, silence_duration_ms: 700 },
      tools: [{ type: 'web_search' }, { type: 'file_search', vector_store_ids: ['collection_a'] }],
      input_audio_transcription: { model: 'grok-transcribe', language_hint: 'en' },
    });
    line.send(update({ audio: { output: { transport: 'json' } } }), userItem('Hi'), create);
    expect((await line.until('session.updated')).at(-1)?.session.instructions).toBe('You look up orders.');
    expect(words(await line.until('response.done'))[0]).toContain('this is Order Support');
  });

  test('that nobody stored is refused', async () => {
    const api = await startTestApi();
    expect(await handshake(api, { path: '/v1/realtime?agent_id=agent_none' })).toEqual({
      status: 404,
      body: { code: 'Some requested entity was not found', error: 'Agent agent_none not found' },
    });
  });
});

describe('limits', () => {
  test('of sessions refuse the next one until another ends', async () => {
    const api = await startTestApi({ realtime: { mostSessions: 2 } });
    const lines = [await converse(api), await converse(api)];
    expect(await handshake(api)).toEqual({
      status: 429,
      body: { code: 'Some resource has been exhausted', error: expect.stringContaining('concurrent') },
    });
    lines[0]?.socket.close();
    await lines[0]?.closed;
    // The server hears of the end before it answers a later request.
    await fetch(`${api.base}/v1/models`);
    expect(await handshake(api)).toEqual({ protocol: '' });
  });

  test('of time end a session with an error and a polite close', async () => {
    const clock = handClock();
    const api = await startTestApi({ ...clock, realtime: { longestSessionMs: 15_000 } });
    const line = await converse(api);
    clock.advance(15_000);
    expect(types([await line.next()])).toEqual(['ping']);
    expect(await line.next()).toEqual(anError({ type: 'max_duration', code: 'max_duration' }));
    expect(await line.closed).toBe(1000);
    expect(clock.waiting()).toBe(0);
  });

  test('let somebody who says nothing be asked for', async () => {
    const clock = handClock();
    const api = await startTestApi(clock);
    const line = await converse(api);
    line.send(update(vad({ idle_timeout_ms: 2000 })), userItem('Hi'), create);
    await line.until('response.done');
    clock.advance(9000);
    expect(words(await line.until('response.done'))).toEqual(['Are you still there?']);
  });
});
