// `agents voices`: which there are, and how they sound.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readWav } from '../../src/audio/wav.js';
import { builtInVoices } from '../../src/emulator/catalogue.js';
import { agents, temporaryFolder } from '../support/agents.js';
import { type FakeReply, startFakeServer } from '../support/fake-server.js';
import { startTestApi } from '../support/local-api.js';
import { fakePrograms } from '../support/programs.js';

const eve = { voice_id: 'eve', name: 'Eve', language: 'multilingual', gender: 'female' };
const mine = (id: string) => ({ voice_id: id, name: `Mine ${id}`, created_at: '2026-09-01T00:00:00Z' });

/** A service with these replies for one's own voices, page by page; sound is "RIFF". */
function service(own: FakeReply[]) {
  let page = 0;
  return startFakeServer(({ path }) => {
    if (path === '/v1/tts/voices') return { body: { voices: [eve], version: 3 } };
    if (path === '/v1/custom-voices') return own[page++] ?? { status: 404, body: { error: 'no more' } };
    return { headers: { 'content-type': 'audio/wav' }, body: 'RIFF' };
  });
}

describe('voices', () => {
  test('are listed with what is told of them', async () => {
    const { base } = await startTestApi();
    const told = await agents(`--base-url ${base} voices`);
    expect({ code: told.code, stderr: told.stderr }).toEqual({ code: 0, stderr: '' });
    const lines = told.stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^VOICE\s+NAME\s+LANGUAGE$/);
    expect(lines.slice(1).map((line) => line.split(' ')[0])).toEqual(builtInVoices);
  });

  test('under --json come as the service sent them', async () => {
    const server = await service([{ body: { voices: [] } }]);
    const told = await agents(`--json --base-url ${server.url} voices`);
    expect({ ...told, stdout: JSON.parse(told.stdout) }).toEqual({
      code: 0,
      stdout: { voices: [eve], version: 3 },
      stderr: '',
    });
  });

  test("with one's own after them, all pages of those", async () => {
    const pages = [
      { body: { voices: [mine('abcd1234')], pagination_token: 'p2' } },
      { body: { voices: [mine('efgh5678')], pagination_token: '' } },
    ];
    const human = await agents(`--base-url ${(await service(pages)).url} voices`);
    expect(human.stdout).toMatch(/eve .*female\nabcd1234 .*your own\nefgh5678 .*your own\n$/);
    const server = await service(pages);
    const { stdout } = await agents(`--json --base-url ${server.url} voices`);
    expect(JSON.parse(stdout)).toEqual({
      voices: [eve],
      version: 3,
      custom_voices: [mine('abcd1234'), mine('efgh5678')],
    });
    expect(server.seen.map(({ query }) => query)).toEqual([
      {},
      { limit: '100' },
      { limit: '100', pagination_token: 'p2' },
    ]);
  });

  test('a token that repeats is the end', async () => {
    const page = { body: { voices: [mine('abcd1234')], pagination_token: 'p' } };
    const server = await service([page, page, page, page]);
    await agents(`--base-url ${server.url} voices`);
    expect(server.seen).toHaveLength(3);
  });

  test.each([
    [403, ''],
    [404, ''],
    [500, 'note: your own voices cannot be listed'],
  ])("one's own refused with %i keep nothing back", async (status, note) => {
    const server = await service([0, 1, 2].map(() => ({ status, body: { error: 'no' } })));
    const told = await agents(`--base-url ${server.url} voices`);
    expect({ code: told.code, out: told.stdout.includes('eve') }).toEqual({ code: 0, out: true });
    if (note === '') expect(told.stderr).toBe('');
    else expect(told.stderr).toContain(note);
  });
});

describe('voices --play', () => {
  test.each([
    ['wav', 24_000],
    ['pcm', 24_000],
    ['mulaw', 8000],
    ['alaw', 8000],
  ])('saves %s, by the ending of --out', async (codec, rate) => {
    const { base, requests } = await startTestApi();
    const cwd = temporaryFolder();
    const line = `--base-url ${base} voices --play Eve "Hello there" --out hello.${codec} --speed 0.8 --language de`;
    const told = await agents(line, { cwd });
    const bytes = readFileSync(join(cwd, `hello.${codec}`));
    expect(told).toEqual({
      code: 0,
      stdout: `Saved hello.${codec} (eve, ${bytes.length} bytes)\n`,
      stderr: '',
    });
    const sent = (await requests()).find(({ path }) => path === '/v1/tts')?.body;
    expect(sent).toEqual({
      text: 'Hello there',
      language: 'de',
      voice_id: 'eve',
      output_format: { codec },
      speed: 0.8,
    });
    const bytesPerSecond = rate * (codec === 'wav' || codec === 'pcm' ? 2 : 1);
    expect(bytes.length / bytesPerSecond).toBeGreaterThan(0.3);
    if (codec === 'wav') expect(readWav(bytes, rate, 'hello.wav').seconds).toBeGreaterThan(0.3);
  });

  test('under --json says what was saved', async () => {
    const { base } = await startTestApi();
    const told = await agents(`--json --base-url ${base} voices --play leo --out a.wav`, {
      cwd: temporaryFolder(),
    });
    expect(JSON.parse(told.stdout)).toEqual({
      file: 'a.wav',
      voice_id: 'leo',
      content_type: 'audio/wav',
      bytes: expect.any(Number),
    });
  });

  test('--out - writes WAV to stdout, and never to a terminal', async () => {
    const { base, requests } = await startTestApi();
    const pieces: Buffer[] = [];
    const line = `--base-url ${base} voices --play eve Hello --out -`;
    const told = await agents(line, { onBytes: (bytes) => void pieces.push(bytes) });
    expect(told).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(readWav(Buffer.concat(pieces), 24_000, 'stdout').seconds).toBeGreaterThan(0.1);
    const before = (await requests()).length;
    expect(await agents(line, { tty: { stdout: true } })).toMatchObject({ code: 2, stdout: '' });
    expect(await agents(`--json ${line}`)).toMatchObject({ code: 2, stdout: '' });
    expect(await requests()).toHaveLength(before);
  });

  test('plays it at a terminal, by a program of the machine that never sees the key', async () => {
    const { base } = await startTestApi();
    const programs = fakePrograms({ play: 'player' });
    const told = await agents(`--base-url ${base} voices --play eve "Hello there"`, {
      tty: { stdout: true },
      env: { PATH: programs.path, XAI_API_KEY: 'xai-test-key' },
    });
    expect(told).toMatchObject({ code: 0, stdout: '' });
    expect(programs.played()).toMatchObject({
      bytes: expect.any(Number),
      log: [expect.not.stringContaining('KEY'), 'end'],
    });
    expect(programs.played().bytes).toBeGreaterThan(20_000);
  });

  test('a program that fails is told, with exit code 1', async () => {
    const { base } = await startTestApi();
    const { path } = fakePrograms({ play: 'console.error("no sound card"); process.exit(3)' });
    const told = await agents(`--base-url ${base} voices --play eve`, {
      tty: { stderr: true },
      env: { PATH: path },
    });
    expect(told).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('no sound card') });
  });

  test('where nobody can hear it, it says how to save it, and sends nothing', async () => {
    const server = await service([]);
    const env = { PATH: '/nowhere' };
    const line = `--base-url ${server.url} voices --play eve`;
    expect(await agents(line, { env })).toMatchObject({ code: 2, stderr: expect.stringContaining('--out') });
    const silent = await agents(line, { env, tty: { stdout: true } });
    expect(silent).toMatchObject({ code: 2, stderr: expect.stringContaining('install sox') });
    expect(server.seen).toEqual([]);
  });

  test('a voice nobody has is not found, with the nearest one', async () => {
    const server = await service([{ body: { voices: [mine('abcd1234')] } }]);
    const told = await agents(`--base-url ${server.url} voices --play evee Hi --out a.wav`, {
      cwd: temporaryFolder(),
    });
    expect(told).toMatchObject({ code: 3, stdout: '' });
    expect(told.stderr).toContain('there is no voice evee (did you mean "eve"?)');
    expect(told.stderr).toContain('voices lists those there are');
    expect(server.seen.some(({ path }) => path === '/v1/tts')).toBe(false);
  });

  test("one's own is found by its name; where they cannot be listed, an id is taken as it is", async () => {
    const cwd = temporaryFolder();
    const spoken = async (own: FakeReply[], voice: string) => {
      const server = await service(own);
      const out = `${voice}.wav`;
      await agents(['--base-url', server.url, 'voices', '--play', voice, 'Hi', '--out', out], { cwd });
      return (server.seen.at(-1)?.body as { voice_id?: string } | undefined)?.voice_id;
    };
    expect(await spoken([{ body: { voices: [mine('abcd1234')] } }], 'mine ABCD1234')).toBe('abcd1234');
    expect(await spoken([{ status: 403, body: { error: 'no' } }], 'zyxw9876')).toBe('zyxw9876');
  });

  test('a text may come from stdin', async () => {
    const server = await service([]);
    await agents(`--base-url ${server.url} voices --play eve - --out a.wav`, {
      cwd: temporaryFolder(),
      stdin: 'From a pipe',
    });
    expect(server.seen.at(-1)?.body).toMatchObject({ text: 'From a pipe' });
  });

  test.each([
    ['voices Hello', '--play'],
    ['voices --out a.wav', '--out goes with --play'],
    ['voices --speed 1', '--speed goes with --play'],
    ['voices --play eve "" --out a.wav', 'the text is empty'],
    ['voices --play "" --out a.wav', 'name of a voice'],
    ['voices --play eve Hi --out a.wav --speed 2', 'from 0.7 to 1.5'],
    ['voices --play eve Hi --out a.wav --speed fast', 'from 0.7 to 1.5'],
    ['voices --play eve Hi --out a.wav --language "German, please"', 'language code'],
    ['voices --play eve Hi --out a.ogg', 'no kind of sound'],
    ['voices --play eve Hi --out folder.wav', 'it is a folder'],
    ['voices --play eve Hi --out there.wav', 'it is there already'],
    ['voices --play eve Hi --out a', 'no kind of sound'],
  ])('%s is refused before anything is sent', async (line, says) => {
    const server = await service([]);
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'folder.wav'));
    writeFileSync(join(cwd, 'there.wav'), 'mine');
    const told = await agents(`--base-url ${server.url} ${line}`, { cwd });
    expect(told).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
    expect(server.seen).toEqual([]);
  });

  test('more text than the service takes is refused before it is sent', async () => {
    const server = await service([]);
    const told = await agents([
      '--base-url',
      server.url,
      'voices',
      '--play',
      'eve',
      'a'.repeat(60_001),
      '--out',
      'a.wav',
    ]);
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('60001 characters') });
    expect(server.seen).toEqual([]);
  });

  test.each<[string, FakeReply, number, string]>([
    ['a refusal', { status: 400, body: { error: 'speed must be between 0.7 and 1.5' } }, 1, 'speed must be'],
    ['nothing', { headers: { 'content-type': 'audio/wav' } }, 1, 'the reply is empty'],
    ['words instead of sound', { body: { code: 'x', error: 'quota gone' } }, 1, 'quota gone'],
    ['a page', { headers: { 'content-type': 'text/html' }, body: '<!doctype html>' }, 1, 'not sound'],
    ['a fault of its own', { status: 503 }, 5, '503'],
  ])('%s in answer leaves no file, and is asked once', async (_, reply, code, says) => {
    const server = await startFakeServer(({ path }) =>
      path === '/v1/tts' ? reply : { body: { voices: [eve] } },
    );
    const cwd = temporaryFolder();
    const told = await agents(`--base-url ${server.url} voices --play eve Hi --out a.wav`, { cwd });
    expect(told).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(says) });
    expect(existsSync(join(cwd, 'a.wav'))).toBe(false);
    expect(server.seen).toHaveLength(2);
  });

  test('--verbose counts the sound instead of showing it', async () => {
    const { base } = await startTestApi();
    const told = await agents(`--verbose --base-url ${base} voices --play eve Hi --out a.wav`, {
      cwd: temporaryFolder(),
    });
    expect(told.stderr).toMatch(/< \(\d+ bytes of audio\/wav\)/);
  });

  test('the local API says that it makes no mp3', async () => {
    const { base } = await startTestApi();
    const told = await agents(`--base-url ${base} voices --play eve Hi --out a.mp3`, {
      cwd: temporaryFolder(),
    });
    expect(told).toMatchObject({ code: 1, stderr: expect.stringContaining('does not make mp3') });
  });
});
