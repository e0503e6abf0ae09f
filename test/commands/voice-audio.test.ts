// Spoken turns by the command line, against the local API.

import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { wavLayout } from '../../src/audio/wav-layout.js';
import { integers, voice, wavFile } from '../audio/support.js';
import { agents, person, type RunOptions, root, words } from '../support/agents.js';
import { startTestApi, type TestApiOptions } from '../support/local-api.js';

const request = join(root, 'fixtures/clinic/request.wav');
const orderSupport = join(root, 'fixtures/agents/order-support.json');
const typed = ['One', 'Two', 'Hi', 'Hello again'];
const maker = {
  *reply({ said }: { said: string }) {
    yield { say: typed.includes(said) ? `You typed: ${said}` : 'I heard you.' };
  },
};

async function setUp(options: TestApiOptions = {}) {
  const api = await startTestApi({ maker, ...options });
  const { run, home } = person();
  return {
    api,
    home,
    talk: (flags: string[], more: RunOptions = {}) =>
      run(['--base-url', api.base, 'voice', orderSupport, ...flags], { cwd: home, ...more }),
    json: async (flags: string[], more: RunOptions = {}) => {
      const { code, stdout, stderr } = await run(
        ['--base-url', api.base, '--json', 'voice', orderSupport, ...flags],
        { cwd: home, ...more },
      );
      return {
        code,
        stderr,
        told: stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
        stdout,
      };
    },
  };
}

const seconds = (file: string) => {
  const { bytes, frameBytes, rate } = wavLayout(readFileSync(file), file);
  return bytes / frameBytes / rate;
};

describe('turns by --audio', () => {
  test('and by -m are taken in the order they were given, each answered once', async () => {
    const { talk } = await setUp();
    const talked = await talk(['-m', 'One', '--audio', request, '-m', 'Two', '--audio', request, '--fast']);
    expect(talked).toMatchObject({
      code: 0,
      stdout: 'You typed: One\nI heard you.\nYou typed: Two\nI heard you.\n',
    });
  });

  test('--json tells seconds, never sound', async () => {
    const { json } = await setUp();
    const { code, told, stdout } = await json(['--audio', request, '--fast']);
    expect(code).toBe(0);
    expect(told).toContainEqual(
      expect.objectContaining({ type: 'user_audio', turn: 1, seconds: expect.closeTo(3.746, 2) }),
    );
    expect(told.at(-2)).toMatchObject({ type: 'turn_done', turn: 1, status: 'completed' });
    expect(stdout).not.toMatch(/[A-Za-z0-9+/]{200}/);
  });

  test('--verbose counts what is sent, and shows none of it', async () => {
    const { talk } = await setUp();
    const { stderr } = await talk(['--verbose', '--audio', request, '--fast']);
    expect(stderr).toMatch(
      /> \{.*"type":"input_audio_buffer\.append","audio":"\(6400 characters of audio\)"/,
    );
    expect(stderr).not.toMatch(/[A-Za-z0-9+/]{200}/);
  });

  test('manual turns switch the service’s own detection off, others leave it', async () => {
    const { talk } = await setUp();
    const configured = async (flags: string[]) => {
      const { stderr } = await talk(['--verbose', ...flags]);
      const frame = stderr.match(/> (\{.*"type":"session\.update".*)/)?.[1] ?? '{}';
      const { turn_detection, audio } = JSON.parse(frame).session;
      return [turn_detection?.type ?? null, audio.input.format, audio.output.format];
    };
    const format = { type: 'audio/pcm', rate: 24_000 };
    expect(await configured(['-m', 'Hi'])).toEqual(['server_vad', format, format]);
    expect(await configured(['--audio', request, '--fast'])).toEqual([null, format, format]);
    const phone = { type: 'audio/pcm', rate: 8000 };
    expect(await configured(['--audio', request, '--fast', '--rate', '8000'])).toEqual([null, phone, phone]);
  });

  test('what is wrong with a file is told before anything is sent', async () => {
    const { json, talk, home } = await setUp();
    writeFileSync(join(home, 'silent.wav'), wavFile({ data: Buffer.alloc(24_000) }));
    const loud = [...voice(0.3, 24_000)].map((sample) => sample * 20);
    writeFileSync(join(home, 'loud.wav'), wavFile({ data: integers(loud, 16) }));
    const { told, code } = await json(['--audio', 'silent.wav', '--audio', 'loud.wav', '--fast']);
    expect(code).toBe(0);
    expect(told.slice(0, 3)).toMatchObject([
      { type: 'warning', code: 'silent_audio', message: 'silent.wav is silent: nothing but zeros', seq: 0 },
      { type: 'warning', code: 'clipped_audio', message: expect.stringContaining('loud.wav is clipped') },
      { type: 'ready' },
    ]);
    expect((await talk(['--audio', 'silent.wav', '--fast'])).stderr).toContain(
      'note: silent.wav is silent: nothing but zeros',
    );
  });

  test.each([
    ['missing.wav', 'cannot read missing.wav: no such file'],
    ['song.mp3', 'song.mp3 is not a WAV file: it looks like MP3'],
    ['.', 'cannot read .: it is a folder'],
  ])('%s cannot be read: told, and nothing was connected', async (file, message) => {
    const { talk, home, api } = await setUp();
    writeFileSync(join(home, 'song.mp3'), 'ID3\u0004');
    expect(await talk(['--audio', file])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
    expect(await api.requests()).toEqual([]);
  });

  test.each([
    [['--format', 'opus'], '--format must be pcm, pcmu or pcma, got opus'],
    [['--rate', '11025'], '--rate must be one of 8000,'],
    [['--format', 'pcmu', '--rate', '16000'], '--format pcmu has 8000 samples a second, got --rate 16000'],
    [['--mic', '-m', 'Hi'], '--mic and given turns'],
    [['--mic', '--fast'], '--fast is for --audio'],
    [['--vad', '-m', 'Hi'], '--vad is about --audio, and there is none'],
    [['--vad', '--fast', '-m', 'Hi'], '--vad and --fast are about --audio, and there is none'],
    [['--voice', '', '-m', 'Hi'], '--voice must name a voice, got nothing'],
    [['--model', ' ', '-m', 'Hi'], '--model must name a model, got nothing'],
    [['--json', '--audio-out', '-', '-m', 'Hi'], '--audio-out - and --json both write to stdout'],
  ])('%j is asked wrongly', async (flags, message) => {
    const { talk, api } = await setUp();
    expect(await talk(flags)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
    expect(await api.requests()).toEqual([]);
  });
});

describe('the words beside a file', () => {
  const told = async (flags: string[], words: string | undefined) => {
    const { talk, home, api } = await setUp();
    copyFileSync(request, join(home, 'r.wav'));
    if (words !== undefined) writeFileSync(join(home, 'r.wav.txt'), words);
    expect((await talk(['--audio', 'r.wav', '--fast', ...flags])).code).toBe(0);
    return api;
  };

  test('do no harm, wherever they lead', async () => {
    await told([], 'I would like a cleaning\n');
    await told([], undefined);
    await told([], ' \n');
  });
});

describe('what is kept', () => {
  test('--save-audio keeps each turn both ways, for its owner alone, and says where', async () => {
    const { json, home } = await setUp();
    const { told, code } = await json(['-m', 'Hi', '--audio', request, '--fast', '--save-audio', 'kept']);
    expect(code).toBe(0);
    const folder = join(home, 'kept');
    const names = ['turn-01-agent.wav', 'turn-02-agent.wav', 'turn-02-user.wav'];
    expect(readdirSync(folder).sort()).toEqual(names);
    expect(told.filter(({ type }) => type === 'turn_done').map(({ saved }) => saved)).toEqual([
      [join(folder, 'turn-01-agent.wav')],
      [join(folder, 'turn-02-user.wav'), join(folder, 'turn-02-agent.wav')],
    ]);
    expect(seconds(join(folder, 'turn-02-user.wav'))).toBeCloseTo(3.746, 2);
    expect(seconds(join(folder, 'turn-02-agent.wav'))).toBeGreaterThan(0.1);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(names.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600, 0o600, 0o600]);
  });

  test('a folder that holds a conversation already is left as it is', async () => {
    const { talk, home, api } = await setUp();
    expect((await talk(['-m', 'Hi', '--save-audio', 'kept'])).code).toBe(0);
    const before = readFileSync(join(home, 'kept/turn-01-agent.wav'));
    const lines = (await api.requests()).filter(({ path }) => path === '/v1/realtime');
    expect(await talk(['-m', 'Hello again', '--save-audio', 'kept'])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('turn-01-agent.wav is there already'),
    });
    expect(readFileSync(join(home, 'kept/turn-01-agent.wav'))).toEqual(before);
    // Before anything is sent.
    expect((await api.requests()).filter(({ path }) => path === '/v1/realtime')).toEqual(lines);
  });

  test('a folder that cannot be made is told', async () => {
    const { talk, home } = await setUp();
    writeFileSync(join(home, 'file'), '');
    expect(await talk(['-m', 'Hi', '--save-audio', 'file/kept'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot write in file/kept: a part of its path is no folder'),
    });
  });

  test.each([
    ['--save-audio file', '--save-audio must name a folder; file is a file'],
    ['--audio-out .', '--audio-out must name a file; . is a folder'],
    ['--audio-out file/a.pcm', 'file/a.pcm: a part of its path is no folder'],
    ['--audio-out file', 'file is there already; sound never replaces a file'],
    ['--record .', '--record must name a file; . is a folder'],
    ['--record file/a.jsonl', 'file/a.jsonl: a part of its path is no folder'],
    ['--record ""', '--record must name a file, got an empty name'],
  ])('%s is asked wrongly where file is a file', async (flags, message) => {
    const { talk, home, api } = await setUp();
    writeFileSync(join(home, 'file'), 'precious');
    expect(await talk(['-m', 'Hi', ...words(flags)])).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
    expect(readFileSync(join(home, 'file'), 'utf8')).toBe('precious');
    expect(await api.requests()).toEqual([]);
  });

  test.runIf(process.platform !== 'win32')('--audio-out writes to a device that is there', async () => {
    const { talk } = await setUp();
    expect((await talk(['-m', 'Hi', '--audio-out', '/dev/null'])).code).toBe(0);
    expect(existsSync('/dev/null')).toBe(true);
  });

  test('--audio-out - writes 16-bit PCM and nothing else to stdout, the words to stderr', async () => {
    const { api } = await setUp();
    const chunks: Buffer[] = [];
    const { code, stderr } = await agents(
      ['--base-url', api.base, 'voice', orderSupport, '-m', 'Hi', '--audio-out', '-'],
      { onBytes: (bytes) => chunks.push(bytes) },
    );
    const sound = Buffer.concat(chunks);
    expect([code, stderr.split('\n')[0]]).toEqual([0, 'You typed: Hi']);
    expect(sound.length).toBeGreaterThan(1000);
    expect(sound.length % 2).toBe(0);
  });

  test('--audio-out to a file: raw, or WAV where the name says so', async () => {
    const { talk, home } = await setUp();
    await talk(['-m', 'Hi', '-m', 'Hi', '--audio-out', 'a.pcm']);
    await talk(['-m', 'Hi', '-m', 'Hi', '--audio-out', 'a.wav']);
    const raw = readFileSync(join(home, 'a.pcm'));
    expect(readFileSync(join(home, 'a.wav')).subarray(44)).toEqual(raw);
    expect(seconds(join(home, 'a.wav'))).toBeCloseTo(raw.length / 48_000);
    expect(existsSync(join(home, 'a.pcm'))).toBe(true);
  });
});
