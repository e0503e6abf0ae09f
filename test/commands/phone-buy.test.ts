// Buying a phone number: asked for, paid for once, and never a second time by itself.

import { describe, expect, test } from 'vitest';
import { once } from '../../src/commands/phone/numbers.js';
import type { Context } from '../../src/context.js';
import { CliError } from '../../src/errors.js';
import { Interrupts } from '../../src/interrupts.js';
import { agents, keyboard, person } from '../support/agents.js';
import { startFakeServer, startServer } from '../support/fake-server.js';

const line = 'phone buy --area-code 415 --name "Support Line"';
const number = { phone_number_id: 'p1', phone_number: '+14155550123', name: 'Support Line' };
const refused =
  'Provisioning SpaceXAI phone numbers via the API is not supported. Use the console (Voice Agents) instead.';

async function shop(reply = { body: { phone_number: number } } as object) {
  const server = await startFakeServer(() => reply);
  const { run } = person({ env: { AGENTS_BASE_URL: server.url, NO_COLOR: '1' } });
  return { run, server };
}

describe('phone buy', () => {
  test('with --yes buys, once, by the documented request', async () => {
    const { run, server } = await shop();
    expect(await run(`${line} --yes`)).toEqual({
      code: 0,
      stdout: 'Bought Support Line (+14155550123)\n',
      stderr: `Let an agent answer it: agents phone assign +14155550123 <agent>\n`,
    });
    expect(server.seen).toMatchObject([
      { method: 'POST', path: '/v1/phone-numbers', body: { area_code: '415', name: 'Support Line' } },
    ]);
    expect(JSON.parse((await run(`--json ${line} --yes`)).stdout)).toEqual({ phone_number: number });
  });

  test.each(['', '--json ', '--no-input '])(
    'off a terminal with "%s" and no --yes buys nothing',
    async (flags) => {
      const { run, server } = await shop();
      const told = await run(`${flags}${line}`);
      expect(told).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('add --yes') });
      expect(server.seen).toEqual([]);
    },
  );

  test.each([
    ['y', 1],
    ['\r', 0],
  ])('at a terminal says what it costs and asks; %j buys %i', async (keys, bought) => {
    const { run, server } = await shop();
    const { stream, type } = keyboard();
    let seen = '';
    let isAnswered = false;
    const told = await run(line, {
      stdin: stream,
      tty: { stdin: true, stderr: true },
      onWrite: (target, text) => {
        if (target === 'stderr') seen += text;
        if (isAnswered || !seen.includes('Buy it?')) return;
        isAnswered = true;
        setImmediate(() => type(keys));
      },
    });
    expect(told.code).toBe(0);
    expect(seen).toContain(
      'area code 415, called Support Line. It costs money; the API does not tell how much',
    );
    if (bought === 0) expect(seen).toContain('Nothing was bought');
    expect(server.seen).toHaveLength(bought);
  });

  test('in the local API costs nothing, and says so', async () => {
    const { stream, type } = keyboard();
    let seen = '';
    let isAnswered = false;
    await agents(`--local ${line}`, {
      stdin: stream,
      tty: { stdin: true, stderr: true },
      onWrite: (_, text) => {
        seen += text;
        if (isAnswered || !seen.includes('Buy it?')) return;
        isAnswered = true;
        setImmediate(() => type('n'));
      },
    });
    expect(seen).toContain('The local API takes no money for it.');
  });

  test('with --dry-run shows the request', async () => {
    const { run, server } = await shop();
    const told = await run(`${line} --dry-run`);
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^POST http.*\/v1\/phone-numbers\n/),
    });
    expect(told.stdout).toContain('"area_code": "415"');
    expect(server.seen).toEqual([]);
  });

  test.each([
    ['--area-code 115 --name A', '--area-code must be three digits, the first 2 to 9, got 115'],
    ['--area-code +14 --name A', '--area-code must be'],
    ['--area-code 415 --name " "', '--name must be 1 to 255 characters'],
    [`--area-code 415 --name ${'x'.repeat(256)}`, '--name must be 1 to 255 characters'],
    ['--area-code 415', "required option '--name <text>' not specified"],
    ['', "required options '--area-code <n>', '--name <text>' not specified"],
    ['--name A', "required option '--area-code <n>' not specified"],
  ])('with %s asks nothing of anybody', async (flags, said) => {
    const { run, server } = await shop();
    expect(await run(`phone buy ${flags} --yes`)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(said),
    });
    expect(server.seen).toEqual([]);
  });

  test('its help tells which flags it needs', async () => {
    const { stdout } = await agents('phone buy --help');
    expect(stdout).toMatch(/--area-code <n> .*\(required\)\n.*--name <text> .*\(required\)\n/);
  });

  test.each([403, 404])('where v1 answers %i asks v2, whose refusal becomes advice', async (status) => {
    const server = await startFakeServer(({ path }) =>
      path.startsWith('/v1') ? { status, body: { error: 'no' } } : { status: 403, body: { error: refused } },
    );
    const told = await agents(`--base-url ${server.url} ${line} --yes`);
    expect(told).toMatchObject({ code: 4, stdout: '' });
    expect(told.stderr).toContain(refused);
    expect(told.stderr).toMatch(
      /buy it at https:\/\/console\.x\.ai .*phone assign; or bring .*phone register/,
    );
    expect(server.seen).toMatchObject([
      { path: '/v1/phone-numbers' },
      {
        path: '/v2/phone-numbers',
        body: { origin: 'xai_provisioned', area_code: '415', name: 'Support Line' },
      },
    ]);
  });

  test('by v2, should it ever be sold there, is a purchase like any other', async () => {
    const server = await startFakeServer(({ path }) =>
      path.startsWith('/v1')
        ? { status: 404 }
        : {
            body: { phoneNumber: { phoneNumberId: 'p1', phoneNumber: '+14155550123', name: 'Support Line' } },
          },
    );
    const told = await agents(`--json --base-url ${server.url} ${line} --yes`);
    expect(JSON.parse(told.stdout)).toEqual({ phone_number: number });
  });

  test.each([
    ['500', { status: 500, body: { error: 'boom' } }, 5],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '0' } }, 5],
    ['a reply that is none', { body: '<html>' }, 1],
    ['an empty reply', {}, 1],
  ])(
    'answered with %s says that it may have been bought, and tries no second time',
    async (_, reply, code) => {
      const { run, server } = await shop(reply);
      const told = await run(`${line} --yes`);
      expect(told).toMatchObject({ code, stdout: '' });
      expect(told.stderr).toMatch(
        /; the number may have been bought all the same\n {2}look with agents phone list before/,
      );
      expect(server.seen).toHaveLength(1);
    },
  );

  test('whose line is cut says so too, with exit code 5', async () => {
    let asked = 0;
    const url = await startServer((request) => {
      asked++;
      request.socket.destroy();
    });
    const told = await agents(`--json --base-url ${url} ${line} --yes`);
    expect({ code: told.code, asked }).toEqual({ code: 5, asked: 1 });
    expect(JSON.parse(told.stderr).error).toMatchObject({
      code: 'network',
      message: expect.stringContaining('may have been bought'),
      hint: expect.stringContaining('phone list before trying again'),
    });
  });

  test.each([
    [{ status: 429, headers: { 'retry-after': '0' } }, 5],
    [{ status: 400, body: { error: 'no such area' } }, 1],
    [{ status: 401 }, 4],
  ])('refused with %j was not bought, and is not tried again', async (reply, code) => {
    const { run, server } = await shop(reply);
    const told = await run(`${line} --yes`);
    expect(told.code).toBe(code);
    expect(told.stderr).not.toContain('may have been');
    expect(server.seen).toHaveLength(1);
  });

  test('that reached nobody was not bought', async () => {
    const told = await agents(`--base-url http://127.0.0.1:1 ${line} --yes`);
    expect(told).toMatchObject({ code: 5, stdout: '' });
    expect(told.stderr).not.toContain('may have been');
  });

  test('stopped by Ctrl+C says where to look', async () => {
    const interrupts = new Interrupts();
    const url = await startServer(() => setImmediate(() => interrupts.raise('interrupted')));
    const told = await agents(`--base-url ${url} ${line} --yes`, { interrupts });
    expect(told).toEqual({
      code: 130,
      stdout: '',
      stderr: `The number may have been bought all the same: look with agents --base-url ${url} phone list before trying again\nerror: interrupted\n`,
    });
  });

  test('refused by the local API when that is rehearsed', async () => {
    const { startTestApi } = await import('../support/local-api.js');
    const api = await startTestApi({ faults: ['no-provisioning-403'] });
    const told = await agents(`--base-url ${api.base} ${line} --yes`);
    expect(told).toMatchObject({ code: 4, stderr: expect.stringContaining(refused) });
    expect(api.store.snapshot().phone_numbers).toEqual([]);
  });
});

describe('a connection that broke off', () => {
  const failed = (syscall: string) => {
    const cause = Object.assign(new Error('x'), { code: 'ETIMEDOUT', syscall });
    return new CliError('timeout', 'no connection', { cause });
  };
  const context = { signal: new AbortController().signal } as Context;
  test.each([
    ['connect', false],
    ['read', true],
    ['write', true],
  ])('in %s: it may have been done: %s', async (syscall, mayBe) => {
    const told = await once(context, 'bought', () => Promise.reject(failed(syscall))).catch(String);
    expect(String(told).includes('may have been bought')).toBe(mayBe);
  });
});
