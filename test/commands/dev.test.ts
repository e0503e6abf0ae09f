import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fromPcm } from '../../src/audio/pcm.js';
import { faultNames, faultTable } from '../../src/emulator/faults/table.js';
import { Interrupts } from '../../src/interrupts.js';
import { pcm24, silence, vad, voice } from '../emulator/realtime/session.js';
import { converse } from '../emulator/support.js';
import { agents, person, temporaryFolder } from '../support/agents.js';
import { saying, startFakeModel } from '../support/fake-model.js';
import { startServer } from '../support/fake-server.js';

/** Runs `dev` until `use` is done with it. */
async function dev(
  line: string,
  use: (url: string) => Promise<unknown>,
  home = temporaryFolder(),
  env: Record<string, string> = {},
) {
  const interrupts = new Interrupts();
  let used: Promise<unknown> | undefined;
  const result = await agents(line, {
    env: { HOME: home, ...env },
    cwd: home,
    interrupts,
    onWrite: (_, text) => {
      const url = /http:\/\/[^\s"]+/.exec(text)?.[0];
      if (url === undefined || used !== undefined) return;
      used = use(url).finally(() => interrupts.raise('interrupted'));
    },
  });
  await used;
  return result;
}

describe('dev', () => {
  test('says where it listens, logs each request, and ends cleanly on Ctrl+C', async () => {
    const { run } = person();
    const result = await dev('dev --port 0 --memory', async (url) => {
      await run(`--base-url ${url} create --name A`);
      await run(`--base-url ${url} get agent_9`);
    });
    expect(result).toMatchObject({ code: 0, stderr: 'The local API has stopped.\n' });
    expect(result.stdout).toMatch(/^The local API listens on http:\/\/127\.0\.0\.1:\d+\n/);
    expect(result.stdout).toMatch(/\n\d\d:\d\d:\d\d\.\d{3} 200 POST \/v1\/agents \d+ ms\n/);
    expect(result.stdout).toMatch(/ 404 GET \/v1\/agents\/agent_9 \d+ ms\n/);
  });

  test('warns where other machines reach it', async () => {
    const result = await dev('dev --port 0 --memory --host 0.0.0.0', async () => {});
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/^note: on 0\.0\.0\.0 other machines reach it too/);
  });

  test('ends quietly when it is told to stop, with the exit code of that', async () => {
    const interrupts = new Interrupts();
    const result = await agents('dev --port 0 --memory', {
      interrupts,
      onWrite: (_, text) => {
        if (text.includes('Ctrl+C ends it')) setImmediate(() => interrupts.raise('terminated'));
      },
    });
    expect(result).toMatchObject({ code: 143, stderr: 'The local API has stopped.\n' });
    expect((await agents('dev --help')).stdout).toContain('exit code 0; SIGTERM gives 143');
  });

  test('--json gives an object a line', async () => {
    const { run } = person();
    const result = await dev('--json dev --port 0 --memory', (url) => run(`--base-url ${url} list`));
    const [first, second] = result.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toEqual({ type: 'listening', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect(second).toMatchObject({ type: 'request', method: 'GET', path: '/v1/agents', status: 200 });
    expect(result.stderr).toBe('');
  });

  test('keeps its data for the next time, and shares it with --local', async () => {
    const { run, home } = person();
    await dev('dev --port 0', (url) => run(`--base-url ${url} create --name Kept`), home);
    expect(JSON.parse((await run('--local --json list')).stdout).agents).toMatchObject([{ name: 'Kept' }]);
    await dev('dev --port 0 --data elsewhere', (url) => run(`--base-url ${url} create --name Other`), home);
    expect(JSON.parse((await run('--local --json list')).stdout).agents).toHaveLength(1);
  });

  test('--script decides what is said, over REST and the socket', async () => {
    const { run, home } = person();
    writeFileSync(
      join(home, 'script.yaml'),
      'rules:\n  - when: { contains: refund }\n    say: I can help with that refund.\n',
    );
    writeFileSync(join(home, 'a.json'), '{"name":"A"}');
    await dev(
      'dev --port 0 --memory --script script.yaml',
      async (url) => {
        for (const command of ['run', 'voice']) {
          const said = await run(`--base-url ${url} ${command} a.json -m "A refund, please"`, { cwd: home });
          expect(said).toMatchObject({ code: 0, stdout: 'I can help with that refund.\n' });
        }
      },
      home,
    );
  });

  test('--fault refuses as the service does', async () => {
    const { run } = person();
    await dev('dev --port 0 --memory --fault agents-not-enabled', async (url) => {
      expect(await run(`--base-url ${url} list`)).toEqual({
        code: 4,
        stdout: '',
        stderr: expect.stringContaining('agents can still be made at https://console.x.ai'),
      });
    });
    await dev('dev --port 0 --memory --fault wrong-key', async (url) => {
      expect(await run(`--base-url ${url} list`, { env: { XAI_API_KEY: 'xai-test' } })).toMatchObject({
        code: 4,
        stderr: expect.stringContaining('Incorrect API key provided: xai-****'),
      });
    });
  });

  test.each([
    ['--port 70000', '--port must be 0 to 65535, got 70000'],
    ['--port -1', '--port must be 0 to 65535, got -1'],
    ['--data a --memory', '--data and --memory contradict each other'],
    ['--fault fire', 'there is no fault fire'],
    ['--fault eror-500', 'there is no fault eror-500 (did you mean "error-500"?)'],
    ['--fault error-500=often', '--fault error-500=often does not say how often'],
    ['--seed -1', '--seed must be a whole number from 0 on, got -1'],
    ['--model llama3.2', '--model-url and --model go together'],
    ['--model-url http://localhost:1', '--model-url and --model go together'],
    ['--model-url localhost:1 --model a', '--model-url localhost:1: not an http or https URL'],
    ['--model-url http://me:secret@localhost --model a', 'holds a user name or password'],
    ['--model-url http://localhost?x=1 --model a', 'must end with its path'],
    ['--speech festival', 'there is no speech festival'],
    ['--stt-model tiny', '--stt-model needs --stt-url'],
    ['--stt-url localhost:8080', '--stt-url localhost:8080: not an http or https URL'],
    ['--stt-url http://me:secret@host', '--stt-url http://host: holds a user name or password'],
    ['--script missing.yaml', 'cannot read missing.yaml: no such file'],
    ['--host 203.0.113.1 --port 0 --memory', 'cannot listen on 203.0.113.1:0'],
  ])('%s is refused', async (flags, message) => {
    expect(await agents(`dev ${flags}`)).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  test('--fault strikes as often as it says, and is seen in the log', async () => {
    const { run } = person();
    const codes: number[] = [];
    const result = await dev('dev --port 0 --memory --fault error-500=1/2 --seed 7', async (url) => {
      for (let count = 0; count < 4; count++)
        codes.push((await run(`--base-url ${url} create --name A`)).code);
    });
    expect(codes).toEqual([0, 5, 0, 5]);
    expect(result.stdout.match(/ 500 POST \/v1\/agents \d+ ms fault: error-500\n/g)).toHaveLength(2);
  });

  test('a fault in a session is seen in the log, with the session it struck in', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'a.json'), '{"name":"A"}');
    const { run } = person({ env: { HOME: home } });
    const use = (url: string) => run(`--base-url ${url} voice a.json -m Hello`, { cwd: home });
    const { stdout } = await dev('--json dev --port 0 --memory --fault drop-in-reply', use);
    const [, request, fault] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(fault).toEqual({
      type: 'fault',
      at: expect.any(String),
      request_id: request.request_id,
      place: 'reply',
      faults: ['drop-in-reply'],
    });
    expect((await dev('dev --port 0 --memory --fault drop-in-reply', use)).stdout).toMatch(
      /\n\d\d:\d\d:\d\d\.\d{3} fault: drop-in-reply at a reply on the socket\n/,
    );
  });

  test('--model-url lets a model speak, over REST and the socket, with the key that is for it', async () => {
    const model = await startFakeModel(saying('I am a llama.'));
    const home = temporaryFolder();
    writeFileSync(join(home, 'a.json'), '{"name":"A","instructions":"Be kind."}');
    const { run } = person({ env: { HOME: home } });
    await dev(
      `dev --port 0 --memory --model-url ${model.url}/v1 --model llama3.2`,
      async (url) => {
        for (const command of ['run', 'voice']) {
          const said = await run(`--base-url ${url} ${command} a.json -m Hello`, { cwd: home });
          expect(said).toMatchObject({ code: 0, stdout: 'I am a llama.\n' });
        }
      },
      home,
      { AGENTS_LOCAL_MODEL_KEY: 'sk-local' },
    );
    expect(model.asked.map(({ body, authorization }) => ({ ...body, authorization }))).toEqual(
      Array(2).fill({
        model: 'llama3.2',
        messages: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'Hello' },
        ],
        stream: true,
        authorization: 'Bearer sk-local',
      }),
    );
  });

  test("the model's key does not travel in the clear", async () => {
    expect(
      await agents('dev --memory --port 0 --model-url http://192.0.2.1 --model a', {
        env: { AGENTS_LOCAL_MODEL_KEY: 'sk-local' },
      }),
    ).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining('the key would travel in the clear') });
  });

  test('help on faults tells each, and that of dev their names', async () => {
    const { stdout: all } = await agents('help faults');
    const { stdout: names } = await agents('dev --help');
    for (const name of faultNames) {
      expect(all).toContain(`  ${name} `);
      expect(all).toContain(faultTable[name].does);
      expect(names).toContain(name);
    }
    expect(all.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  test('--speech names what to install where it is not', async () => {
    const env = { PATH: temporaryFolder() };
    expect(await agents('dev --port 0 --memory --speech espeak-ng', { env })).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/espeak-ng is not on this machine\n.*apt install espeak-ng/),
    });
  });

  test('--stt-url puts spoken turns into words, --script has them ready', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'script.yaml'), 'hears: [From the script]\n');
    const stt = await startServer((_, response) => response.end('{"text":"From the server"}'));
    await dev(
      `dev --port 0 --memory --script script.yaml --stt-url ${stt}`,
      async (url) => {
        const line = await converse({ base: url });
        line.send({ type: 'session.update', session: vad() });
        for (const words of ['From the script', 'From the server']) {
          line.socket.send(fromPcm(Int16Array.from([...voice(800, 24_000), ...silence(700, 24_000)]), pcm24));
          const events = await line.until('response.done');
          expect(events.find(({ status }) => status === 'completed')?.transcript).toBe(words);
        }
      },
      home,
    );
  });

  test('a port that is in use is told', async () => {
    const url = new URL(await startServer((_, response) => response.end()));
    expect(await agents(`dev --memory --port ${url.port}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`port ${url.port} on 127.0.0.1 is in use`),
    });
  });

  test('a script with faults is told with their places', async () => {
    const home = temporaryFolder();
    writeFileSync(
      join(home, 's.yaml'),
      'rules:\n  - when: { containz: x }\n    say: y\n  - when: { turn: 0 }\n    say: z\n',
    );
    expect(await agents('dev --memory --port 0 --script s.yaml', { cwd: home })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('rules[0].when.containz is not known'),
    });
  });
});
