// Programs and servers that speak and listen for the local API.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readWav } from '../../../src/audio/wav.js';
import { wavHeader } from '../../../src/audio/wav-header.js';
import { type Clock, systemClock } from '../../../src/clock.js';
import { createEspeak } from '../../../src/emulator/espeak.js';
import type { Voice } from '../../../src/emulator/realtime/shared.js';
import { createTranscriber } from '../../../src/emulator/stt.js';
import { startServer } from '../../support/fake-server.js';
import { handClock } from '../../support/hand-clock.js';
import { refusing } from '../../support/hostile-server.js';
import { refusal } from '../support.js';
import { voice } from './session.js';

const { after } = systemClock;

/** A program by the name of espeak-ng that does what the test says. */
async function speaking(
  body: string,
  { env = {}, ...options }: { env?: Record<string, string>; after?: Clock['after'] } = {},
): Promise<{ speak: Voice; seen(): { args: string[]; text: string; env: string[] } }> {
  const folder = mkdtempSync(join(tmpdir(), 'agents-espeak-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const seen = join(folder, 'seen');
  const program = `#!${process.execPath}
    const { readFileSync, writeFileSync } = require('node:fs');
    const args = process.argv.slice(2);
    if (args[0] === '--version') process.exit(0);
    const text = readFileSync(0, 'utf8');
    writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ args, text, env: Object.keys(process.env) }));
    const header = Buffer.from('${header.toString('hex')}', 'hex');
    ${body}`;
  writeFileSync(join(folder, 'espeak-ng'), program, { mode: 0o755 });
  const path = `${folder}${delimiter}${process.env.PATH}`;
  return {
    speak: await createEspeak({ after, env: { ...env, PATH: path }, ...options }),
    seen: () => JSON.parse(readFileSync(seen, 'utf8')),
  };
}

/** As espeak-ng writes it to a pipe: it cannot know the size. */
const header = wavHeader(22_050, 0x7fff_f000);
const oneSecond = 'process.stdout.write(Buffer.concat([header, Buffer.alloc(44100, 7)]));';
const words = ['Good', ' morning,', ' everyone.'];

describe.skipIf(process.platform === 'win32')('espeak-ng', () => {
  test('speaks a sentence, each word a part of it, at the rate of the session', async () => {
    const { speak } = await speaking(oneSecond);
    const sounds = await speak(words, 8000, 1);
    expect(sounds.map(({ rate }) => rate)).toEqual([8000, 8000, 8000]);
    const samples = sounds.map(({ pcm }) => pcm.length);
    expect(samples.reduce((sum, each) => sum + each)).toBe(8000);
    expect(samples[0]).toBeLessThan(samples[2] ?? 0);
  });

  test('gets the words on its stdin, the speed, and no key', async () => {
    const { speak, seen } = await speaking(oneSecond, { env: { XAI_API_KEY: 'xai-secret', LANG: 'C' } });
    await speak(['-f', ' /etc/passwd; $(id)'], 24_000, 1.2);
    const { args, text, env } = seen();
    expect({ args, text }).toEqual({
      args: ['--stdin', '--stdout', '-z', '-s', '210'],
      text: '-f /etc/passwd; $(id)',
    });
    expect(env).toContain('LANG');
    expect(env).not.toContain('XAI_API_KEY');
  });

  test('has nothing to say for signs alone', async () => {
    const { speak } = await speaking('process.stdout.write(header);');
    expect(await speak(['…'], 24_000, 1)).toEqual([]);
  });

  test('that fails says how', async () => {
    const { speak } = await speaking("process.stderr.write('no voice file'); process.exit(3);");
    await expect(speak(words, 24_000, 1)).rejects.toThrow('espeak-ng ended with 3: no voice file');
  });

  test('that hangs is ended', async () => {
    const clock = handClock();
    const { speak } = await speaking('setInterval(() => {}, 1000);', { after: clock.after });
    const failed = expect(speak(words, 24_000, 1)).rejects.toThrow('espeak-ng took longer than 20 s');
    clock.advance(20_000);
    await failed;
  });

  test('that is not there is told with what to install', async () => {
    const told = await refusal(() => createEspeak({ env: { PATH: tmpdir() }, after }));
    expect(told).toEqual({ code: 'usage', message: '--speech espeak-ng: espeak-ng is not on this machine' });
  });
});

describe('a server that listens', () => {
  const sound = voice(500, 16_000);

  /** A server that answers each turn, and what it was sent. */
  async function listening(status: number, body: string) {
    const seen: { path?: string | undefined; form?: FormData } = {};
    const url = await startServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      seen.path = request.url;
      const headers = { 'content-type': String(request.headers['content-type']) };
      seen.form = await new Response(Buffer.concat(chunks), { headers }).formData();
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body);
    });
    return { seen, listen: createTranscriber({ url: new URL(url), model: 'tiny', after }), url };
  }

  test('is given the turn as a WAV, and gives its words', async () => {
    const { listen, seen } = await listening(200, '{"text":" A table, please."}');
    expect(await listen(sound, 16_000)).toBe(' A table, please.');
    expect(seen.path).toBe('/v1/audio/transcriptions');
    expect(seen.form?.get('model')).toBe('tiny');
    const file = seen.form?.get('file') as File;
    expect([file.name, file.type]).toEqual(['turn.wav', 'audio/wav']);
    expect(readWav(Buffer.from(await file.arrayBuffer()), 16_000, 'turn').pcm).toEqual(sound);
  });

  test.each<[number, string, string]>([
    [500, 'out of memory', 'status 500, out of memory'],
    [400, '{"error":{"message":"no such model"}}', 'status 400, no such model'],
    [502, '<html>', 'status 502'],
    [200, '{"words":"a"}', 'its answer has no text: {"words":"a"}'],
    [200, '<html>', 'its answer has no text'],
  ])('that answers with %i and %s is told', async (status, body, message) => {
    const { listen, url } = await listening(status, body);
    await expect(listen(sound, 16_000)).rejects.toThrow(
      `the speech-to-text server ${url} failed: ${message}`,
    );
  });

  test('that is down is told with the reason', async () => {
    const { url } = await refusing();
    const listen = createTranscriber({ url: new URL(url), model: 'tiny', after });
    await expect(listen(sound, 16_000)).rejects.toThrow(
      `the speech-to-text server ${url} failed: nothing listens there`,
    );
  });

  test('that hangs is given up', async () => {
    const clock = handClock();
    let asked = () => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const url = new URL(await startServer(() => asked()));
    const listen = createTranscriber({ url, model: 'tiny', after: clock.after });
    const failed = expect(listen(sound, 16_000)).rejects.toThrow('no answer in 60 s');
    await isAsked;
    clock.advance(60_000);
    await failed;
    expect(clock.waiting()).toBe(0);
  });
});
