// Microphone and speaker by programs, and speech as it is heard, against a service that says what a test tells it.

import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { droppedPath } from '../../src/commands/voice/slash.js';
import { Interrupts } from '../../src/interrupts.js';
import { integers, voice, wavFile } from '../audio/support.js';
import { agents, keyboard, type RunOptions, temporaryFolder } from '../support/agents.js';
import { fakePrograms } from '../support/programs.js';
import { renderScreen } from '../support/screen.js';
import { answered, scriptedSocket, speech } from '../support/scripted-socket.js';

const sound = integers(voice(0.3, 24_000), 16);

interface Setting {
  flags: string[];
  path?: string;
  /** What to do when this has been shown on stderr or stdout. */
  when?: [RegExp, (interrupts: Interrupts) => void];
}

async function talk(url: string, { flags, path = '/nowhere', when }: Setting, more: RunOptions = {}) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
  writeFileSync(join(cwd, 'r.wav'), wavFile({ data: sound }));
  writeFileSync(join(cwd, 'r.wav.txt'), 'A cleaning, please\n');
  const interrupts = new Interrupts();
  let shown = '';
  let pending = when;
  const result = await agents(['voice', 'spec.json', '--timeout', '5', ...flags], {
    cwd,
    env: { AGENTS_BASE_URL: url, XAI_API_KEY: 'xai-secret', PATH: path },
    interrupts,
    onWrite: (_, text) => {
      shown += text;
      if (pending === undefined || !pending[0].test(shown)) return;
      const [, act] = pending;
      pending = undefined;
      setImmediate(() => act(interrupts));
    },
    ...more,
  });
  return { ...result, cwd };
}

/** Polls for what another process does; the test's own time limit ends it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('the speaker', () => {
  test('plays the answer whole before the command ends; the player is given no key', async () => {
    const programs = fakePrograms({ play: 'player' });
    const service = await scriptedSocket(({ type }, { send }) => {
      if (type === 'response.create') send(...answered('Hello.', { seconds: 2 }));
    });
    const talked = await talk(service.url, { flags: ['-m', 'Hi', '--speaker'], path: programs.path });
    expect(talked).toMatchObject({ code: 0, stdout: 'Hello.\n' });
    expect(programs.played()).toEqual({
      bytes: 96_000,
      log: ['start -q --buffer 1024 -t raw -r 24000 -e signed -b 16 -c 1 -L -', 'end'],
    });
  });

  test('plays one answer after the other', async () => {
    const programs = fakePrograms({ aplay: 'player' });
    let turn = 0;
    const service = await scriptedSocket(({ type }, { send }) => {
      if (type === 'response.create') send(...answered('Hello.', { id: `r${turn++}`, seconds: 1 }));
    });
    const flags = ['-m', 'Hi', '-m', 'Again', '--speaker', '--rate', '8000'];
    expect((await talk(service.url, { flags, path: programs.path })).code).toBe(0);
    const start = 'start -q -t raw -f S16_LE -r 8000 -c 1';
    expect(programs.played()).toEqual({ bytes: 96_000, log: [start, 'end', start, 'end'] });
  });

  test('a player that fails is told once, and the conversation goes on', async () => {
    const programs = fakePrograms({ play: 'console.error("no sound card");process.exit(1)' });
    let turn = 0;
    const service = await scriptedSocket(({ type }, { send }) => {
      if (type === 'response.create') send(...answered('Hello.', { id: `r${turn++}`, seconds: 1 }));
    });
    const talked = await talk(service.url, {
      flags: ['-m', 'Hi', '-m', 'Again', '--speaker'],
      path: programs.path,
    });
    expect(talked).toMatchObject({ code: 0, stdout: 'Hello.\nHello.\n' });
    expect(talked.stderr.match(/note: the answers cannot be played: play: no sound card/g)).toHaveLength(1);
  });

  test.each([
    ['--speaker', 'linux', 'play, sox, aplay, ffplay', 'apt-get install sox'],
    ['--mic', 'linux', 'rec, sox, arecord, ffmpeg', 'apt-get install sox'],
  ])('%s without a program says what to install', async (flag, _, names, hint) => {
    const service = await scriptedSocket(() => {});
    const flags = flag === '--mic' ? [flag] : ['-m', 'Hi', flag];
    const talked = await talk(service.url, { flags });
    expect(talked).toMatchObject({ code: 2, stderr: expect.stringContaining(names) });
    expect(talked.stderr).toContain(hint);
    expect(service.received).toEqual([]);
  });
});

describe('the microphone', () => {
  test('is heard by the service, whose answer is a turn; Ctrl+C ends it with every file whole', async () => {
    const programs = fakePrograms({ rec: { records: sound } });
    let pieces = 0;
    const service = await scriptedSocket(({ type }, { send }) => {
      if (type !== 'input_audio_buffer.append' || ++pieces !== 3) return;
      send(speech.started(), speech.guess('A clea'), speech.stopped(), speech.words('A cleaning'));
      send(...answered('On Monday?', { seconds: 1 }));
    });
    const talked = await talk(service.url, {
      flags: ['--mic', '--save-audio', 'kept'],
      path: programs.path,
      when: [/saved .*agent/, (interrupts) => interrupts.raise('interrupted')],
    });
    expect(talked).toMatchObject({ code: 130, stdout: 'On Monday?\n' });
    expect(talked.stderr).toContain('you said: A cleaning\n');
    expect(talked.stderr).not.toContain('A clea\n');
    const sent = service.received.filter(({ audio }) => audio !== undefined);
    expect(Buffer.concat(sent.map(({ audio = '' }) => Buffer.from(audio, 'base64')))).toEqual(sound);
    expect(readdirSync(join(talked.cwd, 'kept')).sort()).toEqual(['turn-01-agent.wav', 'turn-01-user.wav']);
    expect(service.received.map(({ type }) => type)).not.toContain('input_audio_buffer.commit');
    expect(service.received.map(({ type }) => type)).not.toContain('response.create');
    expect(service.received[0]).toMatchObject({ session: { turn_detection: { type: 'server_vad' } } });
  });

  test('speaking over the answer stops the player at once', async () => {
    const programs = fakePrograms({ rec: { records: sound }, play: 'player' });
    let pieces = 0;
    const service = await scriptedSocket(({ type }, { send }) => {
      if (type !== 'input_audio_buffer.append' || ++pieces !== 3) return;
      send(speech.started(), speech.stopped());
      send(...answered('A long story', { seconds: 30, ends: false }));
      void until(() => programs.played().log.length > 0).then(() => {
        send(speech.started('u2'));
        send({ type: 'response.done', response: { id: 'r1', status: 'cancelled' } });
      });
    });
    const talked = await talk(service.url, {
      flags: ['--mic', '--speaker'],
      path: programs.path,
      // Only once the player is gone: nothing but the speech can have ended it by then.
      when: [
        /cancelled\)/,
        (interrupts) => void until(() => !programs.isPlaying()).then(() => interrupts.raise('interrupted')),
      ],
    });
    expect(talked.code).toBe(130);
    // It never came to the end of what it was to play.
    expect(programs.played().log).toHaveLength(1);
  });

  test('ends with its time, also where nobody has spoken', async () => {
    const programs = fakePrograms({ rec: { records: sound } });
    const service = await scriptedSocket(() => {});
    const after: typeof systemClock.after = (ms, fire) => systemClock.after(ms === 300_000 ? 20 : ms, fire);
    const talked = await talk(
      service.url,
      { flags: ['--mic', '--max-minutes', '5'], path: programs.path },
      { clock: { after } },
    );
    expect(talked).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('error: --max-minutes 5 is reached'),
    });
  });

  test('that gives nothing ends the conversation with its own words', async () => {
    const programs = fakePrograms({ rec: 'console.error("rec: no default audio device");process.exit(2)' });
    const service = await scriptedSocket(() => {});
    expect(await talk(service.url, { flags: ['--mic'], path: programs.path })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the microphone gives no sound: rec: rec: no default audio device'),
    });
  });
});

describe('the words beside a file', () => {
  test('are handed to a server on this machine before the sound', async () => {
    const service = await scriptedSocket((frame, { send, posted }) => {
      if (frame.type !== 'input_audio_buffer.commit') return;
      expect(posted).toHaveLength(1);
      send(...answered('Yes.'));
    });
    expect((await talk(service.url, { flags: ['--audio', 'r.wav', '--fast'] })).code).toBe(0);
    expect(service.posted).toEqual([
      { path: '/__local/speech', body: JSON.stringify({ words: 'A cleaning, please' }) },
    ]);
  });
});

describe('at a terminal', () => {
  test('/audio sends a file; what is understood so far stands above the prompt, the line typed stays whole', async () => {
    const { stream, type } = keyboard();
    let pieces = 0;
    let screenNow = '';
    const service = await scriptedSocket((frame, { send }) => {
      if (frame.type !== 'input_audio_buffer.append' || ++pieces !== 3) return;
      type('typed mean');
      send(speech.started(), speech.guess('A cleaning'), speech.guess('A cleaning on Mon'));
    });
    let screen = '';
    let moment = 0;
    const talked = await talk(
      service.url,
      { flags: ['--fast'] },
      {
        stdin: stream,
        tty: { stdin: true, stdout: true, stderr: true },
        onWrite: (_, text) => {
          screen += text;
          if (moment === 0 && /to quit\.[\s\S]*> /.test(screen)) {
            moment = 1;
            setImmediate(() => type("/audio './r.wav'\r"));
          } else if (moment === 1 && /on Mon[\s\S]*typed mean/.test(screen)) {
            moment = 2;
            screenNow = screen;
            service.send(speech.stopped(), speech.words('A cleaning on Monday.'));
            service.send(...answered('Which Monday?'));
          } else if (moment === 2 && /total/.test(screen)) {
            moment = 3;
            setImmediate(() => type('\u0015/quit\r'));
          }
        },
      },
    );
    const rows = (await renderScreen(screenNow)).split('\n').filter((row) => row.trim() !== '');
    expect(rows.slice(-2).map((row) => row.trim())).toEqual(['you: A cleaning on Mon …', '> typed mean']);
    const whole = await renderScreen(screen);
    expect(whole).toContain('Sending ./r.wav (0.3 s).');
    expect(whole).toContain('you said: A cleaning on Monday.');
    expect(whole).not.toContain('you: A cleaning');
    expect(talked.code).toBe(0);
  });

  test('Ctrl+C stops each answer to what was spoken, one after the other, before it leaves', async () => {
    const programs = fakePrograms({ rec: { records: sound } });
    const { stream, type } = keyboard();
    let pieces = 0;
    const turn = (id: string) => [
      speech.started(`u-${id}`),
      speech.stopped(`u-${id}`),
      ...answered(`Story ${id}`, { id, ends: false }),
    ];
    const service = await scriptedSocket((frame, { send }) => {
      if (frame.type === 'input_audio_buffer.append' && ++pieces === 2) send(...turn('r1'));
      if (frame.type !== 'response.cancel') return;
      send({ type: 'response.done', response: { id: `r${turns}`, status: 'cancelled' } });
      if (turns++ === 1) send(...turn('r2'));
    });
    let turns = 1;
    let screen = '';
    let stories = 0;
    let cancelled = 0;
    const talked = await talk(
      service.url,
      { flags: ['--mic'], path: programs.path },
      {
        stdin: stream,
        tty: { stdin: true, stdout: true, stderr: true },
        onWrite: (_, text) => {
          screen += text;
          const press = () => setImmediate(() => type('\u0003'));
          if ((screen.match(/Story r\d/g) ?? []).length > stories) {
            stories++;
            press();
          }
          if ((screen.match(/cancelled\)/g) ?? []).length > cancelled && ++cancelled === 2) press();
        },
      },
    );
    expect({ code: talked.code, stories, cancelled }).toEqual({ code: 0, stories: 2, cancelled: 2 });
  });

  test('leaving ends the microphone as well, which is no failure of it', async () => {
    const programs = fakePrograms({ rec: { records: sound } });
    const { stream, type } = keyboard();
    const service = await scriptedSocket((frame, { send }) => {
      if (frame.type === 'response.create') send(...answered('Hello.'));
    });
    let moment = 0;
    const talked = await talk(
      service.url,
      { flags: ['--mic', '--transcript', 'talk.md'], path: programs.path },
      {
        stdin: stream,
        tty: { stdin: true, stdout: true, stderr: true },
        onWrite: (_, text) => {
          if (moment === 0 && /to quit\./.test(text)) {
            moment = 1;
            setImmediate(() => type('Hi\r'));
          } else if (moment === 1 && /total/.test(text)) {
            moment = 2;
            setImmediate(() => type('/quit\r'));
          }
        },
      },
    );
    expect(talked.code).toBe(0);
    expect(talked.stderr).not.toContain('microphone');
  });

  test('/audio with a file that cannot be read says so, and the conversation goes on', async () => {
    const { stream, type } = keyboard();
    const service = await scriptedSocket(() => {});
    let screen = '';
    let moment = 0;
    const talked = await talk(
      service.url,
      { flags: [] },
      {
        stdin: stream,
        tty: { stdin: true, stdout: true, stderr: true },
        onWrite: (_, text) => {
          screen += text;
          if (moment === 0 && /to quit\.[\s\S]*> /.test(screen)) {
            moment = 1;
            setImmediate(() => type('/audio\r/audio gone.wav\r'));
          } else if (moment === 1 && /no such file/.test(screen)) {
            moment = 2;
            setImmediate(() => type('/quit\r'));
          }
        },
      },
    );
    const whole = await renderScreen(screen);
    expect(whole).toContain('Which file? For example: /audio request.wav');
    expect(whole).toContain('cannot read gone.wav: no such file');
    expect(talked.code).toBe(0);
  });

  test('Ctrl+C while an answer is played stops that first, and leaves only then', async () => {
    const programs = fakePrograms({ play: 'player' });
    const { stream, type } = keyboard();
    const service = await scriptedSocket((frame, { send }) => {
      if (frame.type === 'response.create') send(...answered('A long story', { seconds: 30, ends: false }));
    });
    let screen = '';
    let moment = 0;
    const talked = await talk(
      service.url,
      { flags: ['--speaker'], path: programs.path },
      {
        stdin: stream,
        tty: { stdin: true, stdout: true, stderr: true },
        onWrite: (_, text) => {
          screen += text;
          if (moment === 0 && /to quit\.[\s\S]*> /.test(screen)) {
            moment = 1;
            setImmediate(() => type('Tell me\r'));
          } else if (moment === 1 && /long story/.test(screen)) {
            moment = 2;
            void until(() => programs.played().log.length > 0).then(() => {
              type('\u0003');
              service.send({ type: 'response.done', response: { id: 'r1', status: 'cancelled' } });
            });
          } else if (moment === 2 && /cancelled\)/.test(screen)) {
            moment = 3;
            void until(() => !programs.isPlaying()).then(() => type('\u0003'));
          }
        },
      },
    );
    expect(talked.code).toBe(0);
    expect(programs.played().log).toHaveLength(1);
  });
});

test.each([
  ["'snd/x.wav'", 'snd/x.wav'],
  ['"snd/my \\"x\\".wav"', 'snd/my "x".wav'],
  ['snd/my\\ x\\(1\\).wav', 'snd/my x(1).wav'],
  ["'it'\\''s.wav'", "it's.wav"],
  ['snd/my  x.wav', 'snd/my  x.wav'],
])('%s, dropped into a terminal, is %s', (text, path) => {
  expect(droppedPath(text)).toBe(path);
});
