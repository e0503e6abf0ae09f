// The whole loop of telephony on one machine: a number registered by the CLI, `agents listen` as its webhook, and callers
// made up by the local API. Nothing here is a stand-in of the tests.

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../src/clock.js';
import { agents } from './support/agents.js';
import { call as dial } from './support/calls.js';
import { startListening } from './support/listening.js';
import { startTestApi } from './support/local-api.js';

const number = '+14155550123';

const tools = `
let looked = 0;
export function lookup_order({ order_id }, { log }) {
  log('looking for ' + order_id);
  return { order_id, status: 'shipped', looked: ++looked };
}
export async function hand_over({}, { phone }) {
  await phone.transfer('+1 (415) 555-0199');
  return 'done';
}
`;

/** A port that was free a moment ago: the number's webhook has to be known before anything listens there. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function onThePhone(flags: readonly string[] = []) {
  const api = await startTestApi({ realtime: { mostSessions: 100 } });
  const port = await freePort();
  const webhook = `http://127.0.0.1:${port}/`;
  const registered = await agents(
    `--json --base-url ${api.base} phone register ${number} --name Desk --webhook ${webhook}`,
  );
  const secret = /whsec_[\w+/=]+/.exec(registered.stdout)?.[0] ?? '';
  const listening = await startListening(
    api.base,
    ['--port', String(port), '--tools', 'tools.mjs', ...flags],
    {
      files: { 'tools.mjs': tools, 'secret.txt': secret },
      clock: systemClock,
    },
  );
  return { api, listening };
}

describe('a call to a number, answered by agents listen', () => {
  test('has greeting, tools, keys and words of both sides, and ends when the caller hangs up', async () => {
    const { api, listening } = await onThePhone(['--greeting', 'Acme, good evening.', '--record', 'kept']);
    const line = `--base-url ${api.base} phone simulate --to ${number}`;
    const called = await agents([...line.split(' '), '-m', 'Where is order ORD-42?', '--dtmf', '7#']);
    expect(called).toMatchObject({ code: 0 });
    expect(called.stdout).toMatch(/^agent: Acme, good evening\.\n/);
    expect(called.stdout).toContain('status shipped, looked 1');
    expect(called.stdout).toContain('caller presses: 7#');
    const ended = await listening.until('call_ended');
    expect(ended).toMatchObject({ reason: 'remote' });
    expect(listening.events('dtmf').map(({ digit }) => digit)).toEqual(['7', '#']);
    expect(listening.events('tool_result')).toHaveLength(1);
    expect(listening.events('user_transcript').some(({ text }) => /ORD-42/.test(String(text)))).toBe(true);
    const [recording = ''] = readdirSync(join(listening.home, 'kept'));
    const text = readFileSync(join(listening.home, 'kept', recording), 'utf8');
    expect(text).toContain('ORD-42');
    expect(text).not.toContain('xai-test-key');
    expect(await listening.end()).toMatchObject({ code: 0 });
  });

  test('is handed over by a tool, which ends it for the agent', async () => {
    const { api, listening } = await onThePhone();
    const line = `--base-url ${api.base} phone simulate --to ${number}`;
    const called = await agents([...line.split(' '), '-m', 'Please hand me over to a person']);
    expect(`${called.stdout}${called.stderr}`).toContain('+14155550199');
    expect(await listening.until('call_ended')).toMatchObject({ reason: 'transferred' });
    expect(await listening.end()).toMatchObject({ code: 0 });
  });

  test('fifty at once lose nothing and mix nothing up', { timeout: 120_000 }, async () => {
    const { api, listening } = await onThePhone();
    const callers = Array.from({ length: 50 }, (_, at) =>
      dial(api, number, `+141555502${String(at).padStart(2, '0')}`),
    );
    await Promise.all(
      callers.map(async (caller, at) => {
        await caller.until('answered');
        await caller.until('agent_done');
        caller.send({ say: `Where is order ORD-${100 + at}?` });
        const isAnswer = (text: string) => text.includes(`ORD-${100 + at}`) && text.includes('shipped');
        await caller.until('agent', ({ text }) => isAnswer(String(text)));
        caller.send({ hang_up: true });
        await caller.closed;
      }),
    );
    for (const { call_id } of listening.events('call_incoming')) await listening.until('call_ended', call_id);
    const results = listening
      .events('tool_result')
      .map(({ output }) => JSON.parse(String(output)) as { order_id: string });
    expect(results.map(({ order_id }) => order_id).sort()).toEqual(
      Array.from({ length: 50 }, (_, at) => `ORD-${100 + at}`).sort(),
    );
    expect(listening.events('call_ended').map(({ reason }) => reason)).toEqual(Array(50).fill('remote'));
    expect(await listening.end()).toMatchObject({ code: 0 });
  });
});
