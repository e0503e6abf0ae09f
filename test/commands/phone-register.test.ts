// Bringing a number of one's own: everything checked before it is sent, its secret told once.

import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { agents, person, type RunOptions, root, temporaryFolder } from '../support/agents.js';
import { type FakeReply, startFakeServer, startServer } from '../support/fake-server.js';
import { startTestApi } from '../support/local-api.js';

const own = 'phone register +14155550123 --name "Support Line"';
const hook = '--webhook https://example.com/calls';
const secret = `whsec_${'A'.repeat(43)}=`;
const phoneNumber = {
  phoneNumberId: 'p1',
  phoneNumber: '+14155550123',
  name: 'Support Line',
  origin: 'byo_trunk',
  sipHost: 'sip.voice.x.ai',
};
const registered = { phoneNumber, webhook: { dispatchSigningSecret: secret, webhookId: 'w1' } };

async function service(reply: FakeReply = { body: registered }) {
  const cwd = temporaryFolder();
  const server = await startFakeServer(({ path }) => {
    if (path.startsWith('/v1/agents/')) return { status: 404 };
    return path.startsWith('/v1/agents')
      ? { body: { agents: [{ agent_id: 'agent_1', name: 'Order Support' }] } }
      : reply;
  });
  const { run } = person({ cwd, env: { AGENTS_BASE_URL: server.url } });
  return { run, server, cwd, file: (name: string) => join(cwd, name) };
}

describe('phone register', () => {
  test.each<[string, object]>([
    [hook, { webhook: { url: 'https://example.com/calls' } }],
    [
      '--webhook http://localhost:8090 --auth-url https://example.com/auth --auth-token hush',
      {
        webhook: { url: 'http://localhost:8090', auth_url: 'https://example.com/auth', auth_token: 'hush' },
      },
    ],
    ['--agent "Order Support"', { agent_id: 'agent_1' }],
    [
      `${hook} --allow 1.2.3.0/24 --allow 2001:db8::/32`,
      {
        webhook: { url: 'https://example.com/calls' },
        sip_auth: { allowed_addresses: ['1.2.3.0/24', '2001:db8::/32'] },
      },
    ],
  ])('%s sends the documented body', async (flags, members) => {
    const { run, server } = await service();
    expect(await run(`${own} ${flags}`)).toMatchObject({ code: 0 });
    expect(server.seen.at(-1)).toMatchObject({ method: 'POST', path: '/v2/phone-numbers' });
    expect(server.seen.at(-1)?.body).toEqual({
      origin: 'byo_trunk',
      name: 'Support Line',
      phone_number: '+14155550123',
      ...members,
    });
  });

  test.each<[string, RunOptions]>([
    ['--sip-password-file pass.txt', {}],
    ['--sip-password-file -', { stdin: 'hush\n' }],
    ['', { env: { AGENTS_SIP_PASSWORD: 'hush' } }],
  ])("has the trunk's password from %j", async (flags, options) => {
    const { run, server, file } = await service();
    writeFileSync(file('pass.txt'), 'hush\n');
    const told = await run(`--verbose ${own} ${hook} --sip-user trunk ${flags}`, options);
    expect(server.seen[0]?.body).toMatchObject({
      sip_auth: { auth_username: 'trunk', auth_password: 'hush' },
    });
    expect(told.stderr).not.toContain('hush');
    expect(told.stderr).not.toContain(secret);
  });

  test('shows where the trunk calls, and the secret, once', async () => {
    const { run } = await service();
    expect(await run(`${own} ${hook}`)).toEqual({
      code: 0,
      stdout: `Registered Support Line (+14155550123)

  Answered by      nobody, as far as the API tells
  SIP trunk        sip:+14155550123@sip.voice.x.ai;transport=tls
  Phone number id  p1
  Origin           byo_trunk
  Signing secret   ${secret}
`,
      stderr: 'The signing secret is told this once: keep it where your webhook finds it\n',
    });
  });

  test('in JSON passes everything on, names in snake_case', async () => {
    const { run } = await service();
    const { stdout, stderr } = await run(`--json ${own} ${hook}`);
    expect({ ...JSON.parse(stdout), stderr }).toEqual({
      phone_number: {
        phone_number_id: 'p1',
        phone_number: '+14155550123',
        name: 'Support Line',
        origin: 'byo_trunk',
        sip_host: 'sip.voice.x.ai',
      },
      webhook: { dispatch_signing_secret: secret, webhook_id: 'w1' },
      stderr: '',
    });
  });

  test.each([
    { phoneNumber, dispatchSigningSecret: secret },
    { phoneNumber, webhook_signing_secret: secret },
    { phone_number: { phone_number_id: 'p1', phone_number: '+14155550123' }, signing_secret: secret },
    { phoneNumber, webhook: { dispatch_signing_secret: secret } },
    { phoneNumber: { ...phoneNumber, webhook: { signingSecret: secret } } },
  ])('finds the secret wherever it stands: %j', async (body) => {
    const { run, file } = await service({ body });
    const told = await run(`${own} ${hook} --secret-file s.txt`);
    expect(told).toMatchObject({ code: 0, stderr: 'The signing secret is in s.txt\n' });
    expect(told.stdout).not.toContain(secret);
    expect(readFileSync(file('s.txt'), 'utf8')).toBe(`${secret}\n`);
    expect(statSync(file('s.txt')).mode & 0o777).toBe(0o600);
  });

  test('in JSON leaves out a secret that is in the file', async () => {
    const { run } = await service();
    const told = await run(`--json ${own} ${hook} --secret-file s.txt`);
    expect(JSON.parse(told.stdout).webhook).toEqual({
      dispatch_signing_secret: '[hidden]',
      webhook_id: 'w1',
    });
  });

  test('never replaces a file, and finds that out before anything is sent', async () => {
    const { run, server, file } = await service();
    writeFileSync(file('s.txt'), 'mine');
    expect(await run(`${own} ${hook} --secret-file s.txt`)).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: s.txt is there already; a secret never replaces a file\n  name another file, or move it away\n',
    });
    writeFileSync(file('plain'), '');
    expect(await run(`${own} ${hook} --secret-file plain/s.txt`)).toMatchObject({ code: 1, stdout: '' });
    expect(server.seen).toEqual([]);
    expect(readFileSync(file('s.txt'), 'utf8')).toBe('mine');
  });

  test.skipIf(process.getuid?.() === 0)(
    'finds a folder it may not write to before anything is sent',
    async () => {
      const { run, server, file } = await service();
      mkdirSync(file('closed'));
      chmodSync(file('closed'), 0o500);
      expect(await run(`${own} ${hook} --secret-file closed/s.txt`)).toMatchObject({ code: 1, stdout: '' });
      expect(server.seen).toEqual([]);
    },
  );

  test.skipIf(process.platform === 'win32')('shows a secret that could not be written', async () => {
    const { server, file, cwd } = await service();
    const line = `ulimit -f 0; '${process.execPath}' '${join(root, 'bin/agents.js')}' ${own} ${hook} --secret-file s.txt`;
    const env = { PATH: process.env.PATH, HOME: cwd, AGENTS_BASE_URL: server.url };
    const told = await promisify(execFile)('bash', ['-c', line], { cwd, env }).catch((error) => error);
    expect(told).toMatchObject({ code: 1, stdout: expect.stringContaining(`Signing secret   ${secret}\n`) });
    expect(told.stderr).toMatch(/^error: cannot write .*s\.txt: [\s\S]*the secret is shown above/);
    expect(existsSync(file('s.txt'))).toBe(false);
  });

  test.each([
    ['refused', { status: 400, body: { error: 'no' } }, 1],
    ['answered without a secret', { body: { phoneNumber } }, 0],
  ])('when it is %s leaves no empty file behind', async (_, reply, code) => {
    const { run, file } = await service(reply);
    expect(await run(`${own} ${hook} --secret-file s.txt`)).toMatchObject({ code });
    expect(existsSync(file('s.txt'))).toBe(false);
  });

  test('stopped by Ctrl+C leaves no empty file, and says that it may be registered', async () => {
    const interrupts = new Interrupts();
    const cwd = temporaryFolder();
    const url = await startServer(() => setImmediate(() => interrupts.raise('interrupted')));
    const told = await agents(`--base-url ${url} ${own} ${hook} --secret-file s.txt`, { interrupts, cwd });
    expect(told).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringContaining('may have been registered'),
    });
    expect(existsSync(join(cwd, 's.txt'))).toBe(false);
  });

  test('of a number that is registered says how to have another secret', async () => {
    const api = await startTestApi();
    const line = `--base-url ${api.base} ${own} ${hook}`;
    expect(await agents(line)).toMatchObject({ code: 0 });
    const again = await agents(line);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(
      /already registered\n {2}agents .*phone list shows it; .* phone release \+14155550123\n$/,
    );
  });

  test.each([
    [{ status: 500 }, 5],
    [{ body: '' }, 1],
  ])(
    'whose answer %j was lost says that it may be registered, and tries no second time',
    async (reply, code) => {
      const { run, server } = await service(reply);
      const told = await run(`${own} ${hook}`);
      expect(told).toMatchObject({
        code,
        stdout: '',
        stderr: expect.stringContaining('may have been registered'),
      });
      expect(server.seen).toHaveLength(1);
    },
  );

  test('with --dry-run shows the request, without what logs in, and makes no file', async () => {
    const { run, server, file } = await service();
    const told = await run(`--json ${own} ${hook} --auth-token hush --secret-file s.txt --dry-run`);
    expect(JSON.parse(told.stdout).request).toMatchObject({
      method: 'POST',
      body: { phone_number: '+14155550123', webhook: { auth_token: '[hidden]' } },
    });
    expect(server.seen).toEqual([]);
    expect(existsSync(file('s.txt'))).toBe(false);
  });

  test.each([
    ['phone register 4155550123 --name A --agent a', 'no phone number as E.164 writes it'],
    ['phone register +0155550123 --name A --agent a', 'no phone number as E.164 writes it'],
    ['phone register +1415555 --name A', 'who is to answer its calls?'],
    ['phone register +14155550123 --agent a', "required option '--name <text>' not specified"],
    [`${own} --webhook http://example.com`, '--webhook must be an https URL, or one of this machine'],
    [`${own} --webhook https://a:b@example.com`, '--webhook must be an https URL'],
    [`${own} --webhook example.com`, '--webhook must be an https URL'],
    [`${own} ${hook} --auth-url ftp://example.com`, '--auth-url must be an https URL'],
    [`${own} ${hook} --agent a`, '--webhook and --agent contradict each other'],
    [`${own} --agent a --secret-file s`, '--secret-file goes with --webhook'],
    [`${own} --agent a --auth-token t`, '--auth-token goes with --webhook'],
    [`${own} ${hook} --allow 1.2.3.4`, '--allow must be addresses as 1.2.3.0/24, got 1.2.3.4'],
    [`${own} ${hook} --allow 1.2.3.0/33`, '--allow must be addresses'],
    [`${own} ${hook} --allow 1.2.3.0/24 --sip-user a`, 'two ways to let your trunk in'],
    [`${own} ${hook} --sip-user a`, 'the password of --sip-user is missing'],
    [`${own} ${hook} --sip-user a --sip-password-file nosuch`, 'cannot read nosuch'],
    [`${own} ${hook} --sip-password-file f`, '--sip-password-file goes with --sip-user'],
  ])('%s is asked wrongly, and nothing is sent', async (line, said) => {
    const { run, server } = await service();
    expect(await run(line)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(said) });
    expect(server.seen).toEqual([]);
  });
});
