// Ctrl+C at each moment: nothing half done passes for done, and the run ends with 130 at once.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { agents, keyboard, temporaryFolder } from '../support/agents.js';
import { startFakeServer, startServer } from '../support/fake-server.js';
import { replying, writing } from '../support/hostile-server.js';
import { misbehaving, silentHandshake } from '../support/hostile-socket.js';
import { webhookVector } from '../support/webhook-vectors.js';

/** Runs a command and stops it as soon as the server has heard of it. */
async function stopped(
  line: string,
  start: (heard: () => void) => Promise<string>,
  reason: 'interrupted' | 'terminated',
) {
  const interrupts = new Interrupts();
  const url = await start(() => setImmediate(() => interrupts.raise(reason)));
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
  writeFileSync(join(cwd, 'secret.txt'), webhookVector.secret);
  return agents(line, { cwd, interrupts, env: { AGENTS_BASE_URL: url } });
}

/** Hears a request and never answers it. */
const silence = (heard: () => void) => startServer(heard);
/** Begins a body and stops. */
const halfBody = (heard: () => void) =>
  startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('{"agents":[');
    heard();
  });

describe('Ctrl+C', () => {
  const lines = [
    'list',
    'get a',
    'create --name A',
    'update a --name A',
    'delete a',
    'tools list a',
    'tools enable a web_search',
    'knowledge list',
    'knowledge create faq',
    'knowledge add collection_1 spec.json',
    'knowledge delete collection_1 --yes',
    'run spec.json -m Hello',
    'voice a -m Hello',
    ...['token', 'voices', 'voices --play eve --out a.wav', 'models', 'whoami', 'open a'],
    'listen a --port 0 --secret-file secret.txt',
    'phone list',
    'phone get +14155550123',
    'phone assign +14155550123 a',
    'phone release +14155550123 --yes',
    'call a --to +14155550199 --yes',
    'phone simulate --to +14155550123 -m Hello',
  ];
  test.each(lines)('while %s waits for an answer ends it with 130', async (line) => {
    expect(await stopped(line, silence, 'interrupted')).toEqual({
      code: 130,
      stdout: '',
      stderr: 'error: interrupted\n',
    });
  });

  test.each(['list', 'get a'])('while %s reads an answer ends it with 130', async (line) => {
    expect(await stopped(line, halfBody, 'interrupted')).toMatchObject({ code: 130, stdout: '' });
  });

  test('under --json is told as an error of its own', async () => {
    const told = await stopped('--json list', silence, 'interrupted');
    expect(JSON.parse(told.stderr)).toEqual({ error: { code: 'interrupted', message: 'interrupted' } });
  });

  test('SIGTERM ends with 143', async () => {
    expect(await stopped('list', silence, 'terminated')).toMatchObject({ code: 143, stdout: '' });
  });

  test('while waiting to try again ends with 130', async () => {
    const hostile = await replying({ status: 503 });
    const interrupts = new Interrupts();
    const told = await agents('list', {
      interrupts,
      env: { AGENTS_BASE_URL: hostile.url },
      clock: {
        sleep: (_ms, signal) =>
          new Promise((_, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason));
            interrupts.raise('interrupted');
          }),
      },
    });
    expect(told).toMatchObject({ code: 130, stdout: '' });
  });

  test('while stdin is read ends with 130', async () => {
    const interrupts = new Interrupts();
    const { stream } = keyboard();
    setImmediate(() => interrupts.raise('interrupted'));
    expect(await agents('--local create -', { stdin: stream, interrupts })).toMatchObject({
      code: 130,
      stdout: '',
    });
  });

  test('in the middle of many creates tells which were made', async () => {
    const interrupts = new Interrupts();
    const server = await startServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      if (body.includes('"C"')) return interrupts.raise('interrupted');
      const { name } = JSON.parse(body);
      response.end(JSON.stringify({ agent: { agent_id: `agent_${name}`, name } }));
    });
    const told = await agents('create', {
      stdin: '{"name":"A"}\n{"name":"B"}\n{"name":"C"}\n{"name":"D"}',
      interrupts,
      env: { AGENTS_BASE_URL: server },
    });
    expect(told).toMatchObject({ code: 130, stdout: 'Created A (agent_A)\nCreated B (agent_B)\n' });
  });

  test('in a handshake, before the greeting and in a scripted answer ends with 130', async () => {
    const hostiles = [
      await silentHandshake(),
      await misbehaving('connect', () => false),
      await misbehaving('reply', () => false),
    ];
    for (const hostile of hostiles) {
      const interrupts = new Interrupts();
      const wait = setInterval(() => {
        if (hostile.count() > 0) interrupts.raise('interrupted');
      }, 20);
      const cwd = temporaryFolder();
      writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
      const told = await agents('voice spec.json -m Hello', {
        cwd,
        interrupts,
        env: { AGENTS_BASE_URL: hostile.url },
      });
      clearInterval(wait);
      expect(told.code).toBe(130);
    }
  });
});

describe('a reader that leaves', () => {
  test('ends the run quietly with 141', async () => {
    const interrupts = new Interrupts();
    const server = await startFakeServer(() => {
      interrupts.raise('pipe-closed');
      return { body: { agents: [] } };
    });
    expect(await agents('list', { interrupts, env: { AGENTS_BASE_URL: server.url } })).toEqual({
      code: 141,
      stdout: '',
      stderr: '',
    });
  });
});

test('a second Ctrl+C is never swallowed by a request that does not end', async () => {
  const hostile = await writing('', 'hold');
  const interrupts = new Interrupts();
  setImmediate(() => {
    interrupts.raise('interrupted');
    interrupts.raise('interrupted');
  });
  expect(await agents('list', { interrupts, env: { AGENTS_BASE_URL: hostile.url } })).toMatchObject({
    code: 130,
  });
});
