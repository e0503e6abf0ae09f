// The watch: each fault has a recording that shows it and one that does not; nothing is said of conversations that are
// as they should be.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createRules } from '../../src/emulator/rules.js';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import { faults } from '../../src/session/watch/faults.js';
import { createWatch, type Finding } from '../../src/session/watch/watch.js';
import { entriesOf, isWireThere, wireNames, wirePath } from '../recording/support.js';
import { root } from '../support/agents.js';
import { createPair } from '../support/pair.js';
import { type Passed, watched } from './watched.js';

const folder = join(root, 'fixtures/recordings/watch');
const codes = Object.keys(faults);

const codesOf = (found: readonly Finding[]) => found.map(({ code }) => code);

describe('the watch', () => {
  test.each(codes)('names %s once, and not where it is not', async (code) => {
    expect(codesOf(watched(await entriesOf(join(folder, `${code}.jsonl`))))).toEqual([code]);
    expect(watched(await entriesOf(join(folder, `${code}.clean.jsonl`)))).toEqual([]);
  });

  test('has a recording for each fault, and no other', () => {
    const names = codes.flatMap((code) => [`${code}.clean.jsonl`, `${code}.jsonl`]);
    expect(readdirSync(folder).sort()).toEqual(names.sort());
  });

  test('names the same without times, where it can be known without them', async () => {
    const timed = ['no_frame', 'audio_rate'];
    for (const code of codes.filter((each) => !timed.includes(each))) {
      const bare = (entries: readonly Passed[]) => entries.map(({ at_ms: _, ...entry }) => entry);
      expect(codesOf(watched(bare(await entriesOf(join(folder, `${code}.jsonl`)))))).toEqual([code]);
      expect(watched(bare(await entriesOf(join(folder, `${code}.clean.jsonl`))))).toEqual([]);
    }
  });

  test.skipIf(!isWireThere).each(wireNames)('says nothing of the real service: %s', async (name) => {
    expect(watched(await entriesOf(wirePath(name)))).toEqual([]);
  });

  test('begins anew with another session: what was under way on the last line is over', () => {
    const server = (event: Record<string, unknown>): Passed => ({ from: 'server', event });
    const client = (event: Record<string, unknown>): Passed => ({ from: 'client', event });
    const opening = (id: string) => [
      server({ type: 'session.created', session: { id } }),
      client({ type: 'session.update', session: {} }),
      server({ type: 'session.updated', session: {} }),
    ];
    const begun = [
      client({ type: 'response.create' }),
      server({ type: 'response.created', response: { id: 'r' } }),
    ];
    expect(watched([...opening('s1'), ...begun, ...opening('s2'), ...begun])).toEqual([]);
    expect(watched([...opening('s1'), ...begun, ...begun])).toMatchObject([
      { code: 'response_while_active' },
    ]);
  });

  test('takes whatever a client may send', () => {
    const watch = createWatch();
    const odd: Record<string, unknown>[] = [
      {},
      { type: 5 },
      { type: 'session.update' },
      { type: 'session.update', session: { tools: 'x', audio: [], turn_detection: 1 } },
      { type: 'session.update', session: { tools: [null, 1, { function: {} }], audio: { input: 1 } } },
      { type: 'conversation.item.create' },
      { type: 'conversation.item.create', item: { type: 'function_call_output' } },
      { type: 'input_audio_buffer.append' },
      { type: 'input_audio_buffer.append', audio: { x: 1 } },
    ];
    for (const event of odd) expect(() => watch.sent(event, 0)).not.toThrow();
  });
});

describe('sound in the wrong encoding', () => {
  /** Something like a voice: harmonics with formants, louder and softer. */
  function voice(rate: number, seconds: number): number[] {
    return Array.from({ length: rate * seconds }, (_, at) => {
      const time = at / rate;
      let value = 0;
      for (let harmonic = 1; harmonic <= 20; harmonic++) {
        const hertz = 140 * harmonic;
        const formant = (centre: number, width: number) => Math.exp(-(((hertz - centre) / width) ** 2));
        const weight = formant(500, 200) + 0.7 * formant(1500, 300) + 0.4 * formant(2500, 300);
        value += weight * Math.sin(2 * Math.PI * hertz * time + harmonic ** 2);
      }
      return value * 0.12 * (0.35 + 0.3 * Math.sin(2 * Math.PI * 3 * time));
    });
  }
  function bytes(
    samples: readonly number[],
    size: number,
    write: (into: Buffer, value: number, at: number) => void,
  ) {
    const buffer = Buffer.alloc(samples.length * size);
    for (const [at, value] of samples.entries()) write(buffer, value, at * size);
    return buffer;
  }
  const integer = (value: number) => Math.round(value * 32_000);
  const written = {
    pcm: (samples: number[]) => bytes(samples, 2, (into, value, at) => into.writeInt16LE(integer(value), at)),
    swapped: (samples: number[]) =>
      bytes(samples, 2, (into, value, at) => into.writeInt16BE(integer(value), at)),
    float: (samples: number[]) => bytes(samples, 4, (into, value, at) => into.writeFloatLE(value, at)),
  };

  function heard(type: string, audio: Buffer): Finding[] {
    const watch = createWatch();
    const found = [
      ...watch.sent({ type: 'session.update', session: { audio: { input: { format: { type } } } } }, 0),
      ...watch.received(readServerFrame('{"type":"session.updated","session":{}}'), 0),
    ];
    for (let at = 0; at < audio.length; at += 3200) {
      const piece = audio.subarray(at, at + 3200).toString('base64');
      found.push(...watch.sent({ type: 'input_audio_buffer.append', audio: piece }, undefined));
    }
    return found;
  }

  test.each([
    ['swapped bytes', 'audio/pcm', written.swapped, 'PCM with its bytes swapped'],
    ['floats', 'audio/pcm', written.float, '32-bit float samples'],
    ['PCM for µ-law', 'audio/pcmu', written.pcm, 'looks like PCM, where the session takes µ-law at 8000 Hz'],
    ['PCM for A-law', 'audio/pcma', written.pcm, 'looks like PCM, where the session takes A-law at 8000 Hz'],
  ])('is named: %s', (_, type, write, says) => {
    const found = heard(type, write(voice(16_000, 2)));
    expect(found).toEqual([expect.objectContaining({ code: 'audio_encoding' })]);
    expect(found[0]?.message).toContain(says);
  });

  test.each([8000, 16_000, 24_000, 48_000])(
    'is not seen in a voice at %d Hz, in noise or in silence',
    (rate) => {
      let seed = 1;
      const noise = (level: number) =>
        voice(rate, 1).map(() => {
          seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
          return (seed / 2 ** 30 - 1) * level;
        });
      const tone = (hertz: number) =>
        voice(rate, 1).map((_, at) => 0.9 * Math.sin((2 * Math.PI * hertz * at) / rate));
      const sounds = [voice(rate, 2), voice(rate, 2).map((value) => value * 3), noise(0.9), noise(0.05)];
      for (const sound of [...sounds, noise(0.00005), tone(440), tone(3000), voice(rate, 1).map(() => 0)]) {
        expect(heard('audio/pcm', written.pcm(sound))).toEqual([]);
      }
    },
  );
});

describe('the conversations of our own client', () => {
  test('are as they should be: tools, interruptions, words meanwhile', () => {
    const tools = [{ type: 'function', name: 'lookup_order', parameters: { type: 'object' } }];
    const rules = createRules(() => new Date('2026-07-01T12:00:00Z'));
    const pair = createPair({ instructions: 'Be brief.', tools }, rules);
    pair.input({ type: 'say', text: 'Hello' });
    pair.step();
    pair.input({ type: 'say', text: 'Where is order ORD-42?' });
    pair.settle();
    const calls = pair.notices.flatMap((notice) => (notice.type === 'tool_call' ? [notice.call_id] : []));
    expect(calls).toHaveLength(1);
    pair.input({ type: 'tool_result', call_id: String(calls[0]), output: '{"status":"shipped"}' });
    pair.settle();
    pair.input({ type: 'say', text: 'Where is order ORD-43?' });
    pair.settle();
    // Given up on while its tool is at work.
    pair.input({ type: 'interrupt' });
    pair.settle();
    expect(pair.passed.filter(({ from }) => from === 'client').length).toBeGreaterThan(6);
    expect(watched(pair.passed)).toEqual([]);
  });
});
