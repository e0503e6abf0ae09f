// `agents phone list | get | assign | unassign | update | release`, by both versions of the API.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents, keyboard, person, root } from '../support/agents.js';
import { type FakeReply, type SeenRequest, startFakeServer } from '../support/fake-server.js';

const support = {
  phoneNumberId: 'p1',
  phoneNumber: '+14155550123',
  name: 'Support Line',
  origin: 'byo_trunk',
  agentId: 'agent_1',
  teamId: 'team',
  sipHost: 'sip.voice.x.ai',
  updateTime: '2026-07-01T12:00:00Z',
  somethingNew: [1],
};
const night = {
  phoneNumberId: 'p2',
  phoneNumber: '+442079460000',
  name: 'Night',
  webhook: { url: 'https://example.com/calls' },
};
const free = {
  phoneNumberId: 'p3',
  phoneNumber: '+14155550199',
  name: 'Night',
  origin: 'xai_provisioned',
  agentId: '',
};
const snake = {
  phone_number_id: 'p1',
  phone_number: '+14155550123',
  name: 'Support Line',
  origin: 'byo_trunk',
  agent_id: 'agent_1',
  team_id: 'team',
  sip_host: 'sip.voice.x.ai',
  update_time: '2026-07-01T12:00:00Z',
  somethingNew: [1],
};
const crew = [
  { agent_id: 'agent_1', name: 'Order Support' },
  { agent_id: 'agent_2', name: 'Twin' },
  { agent_id: 'agent_3', name: 'Twin' },
  { agent_id: 'no-usual-id', name: 'Night Desk' },
];

type Numbers = Record<string, unknown>[];

/** A server with both versions, or with v1 only, whose numbers tell nobody's agent then. */
async function service({
  v2 = true,
  numbers = [support, night, free] as Numbers,
  phoneOf = {} as Record<string, string>,
} = {}) {
  const answer = ({ method, path, body }: SeenRequest): FakeReply => {
    const [, version, kind, id] = path.split('/');
    if (kind === 'agents') {
      const withNumber = crew.map((each) => ({
        ...each,
        ...(phoneOf[each.agent_id] && { phone_number_id: phoneOf[each.agent_id] }),
      }));
      const agent = withNumber.find(({ agent_id }) => agent_id === id);
      if (id === undefined) return { body: { agents: withNumber } };
      return agent ? { body: { agent } } : { status: 404, body: { error: `Agent not found: ${id}` } };
    }
    if (version === 'v2' && !v2) return { status: 404, body: { error: 'no such path' } };
    const number = numbers.find(({ phoneNumberId }) => phoneNumberId === id);
    if (method === 'DELETE') return { body: {} };
    if (method === 'PATCH') {
      const { phoneNumber } = body as { phoneNumber: object };
      return { body: { phoneNumber: { ...number, ...phoneNumber } } };
    }
    const isOld = version === 'v1';
    if (id !== undefined) {
      return isOld ? { status: 404, body: { error: 'no such path' } } : { body: { phoneNumber: number } };
    }
    if (!isOld) return { body: { phoneNumbers: numbers } };
    const old = numbers.map(({ phoneNumberId, phoneNumber, name }) => ({
      phone_number_id: phoneNumberId,
      phone_number: phoneNumber,
      name,
    }));
    return { body: { phone_numbers: old } };
  };
  const server = await startFakeServer(answer);
  const { run } = person({ env: { AGENTS_BASE_URL: server.url, NO_COLOR: '1' } });
  return {
    run,
    server,
    asked: () => server.seen.map(({ method, path }) => `${method} ${path}`),
    sent: () => server.seen.filter(({ method }) => method !== 'GET'),
  };
}

describe('phone list', () => {
  test('is a table: number, name, who answers, origin, id', async () => {
    const { run } = await service();
    expect(await run('phone list')).toEqual({
      code: 0,
      stdout: `NUMBER         NAME          ANSWERED BY                        ORIGIN           ID
+14155550123   Support Line  Order Support                      byo_trunk        p1
+442079460000  Night         webhook https://example.com/calls                   p2
+14155550199   Night                                            xai_provisioned  p3
`,
      stderr: '',
    });
  });

  test('in JSON has the objects whole, names in snake_case, and asks for no names of agents', async () => {
    const { run, asked } = await service({ numbers: [support] });
    const { stdout, stderr } = await run('--json phone list');
    expect({ ...JSON.parse(stdout), stderr }).toEqual({ phone_numbers: [snake], stderr: '' });
    expect(asked()).toEqual(['GET /v2/phone-numbers']);
  });

  test.each([
    ['404', 404],
    ['403', 403],
  ])('falls back to v1 where v2 answers %s', async (_, status) => {
    const server = await startFakeServer(({ path }) =>
      path.startsWith('/v2')
        ? { status, body: { error: 'not here' } }
        : { body: { phone_numbers: [{ phone_number_id: 'p1', phone_number: '+14155550123' }] } },
    );
    expect(await agents(`--base-url ${server.url} phone list`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('+14155550123'),
      stderr: '',
    });
  });

  test('where both are closed tells why, and does not send people in circles', async () => {
    const server = await startFakeServer(({ path }) =>
      path.startsWith('/v2')
        ? { status: 403, body: { error: 'Team is not authorized to perform this action' } }
        : { status: 404, body: { error: 'No such path' } },
    );
    const told = await agents(`--base-url ${server.url} phone list`);
    expect(told).toMatchObject({ code: 4, stdout: '' });
    expect(told.stderr).toMatch(/not authorized[\s\S]*the team, not the key/);
    const gated = await startFakeServer(({ path }) => ({
      status: 403,
      body: {
        error: path.startsWith('/v2') ? 'Team is not authorized to perform this action' : 'v1 is gated',
      },
    }));
    expect((await agents(`--base-url ${gated.url} phone list`)).stderr).toMatch(/not authorized/);
    const none = await startFakeServer(() => ({ status: 404, body: { error: 'No such phone number path' } }));
    const nowhere = await agents(`--base-url ${none.url} phone list`);
    expect(nowhere).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('is the base URL that of an xAI API?'),
    });
  });

  test('follows pages to the end, or to the limit', async () => {
    const server = await startFakeServer(({ query }) => ({
      body:
        query.pagination_token === 'two'
          ? { phoneNumbers: [night] }
          : { phoneNumbers: [support], nextPageToken: 'two' },
    }));
    const all = JSON.parse((await agents(`--json --base-url ${server.url} phone list`)).stdout);
    expect(all.phone_numbers.map((each: typeof snake) => each.phone_number_id)).toEqual(['p1', 'p2']);
    const one = JSON.parse((await agents(`--json --base-url ${server.url} phone list --limit 1`)).stdout);
    expect(one.phone_numbers).toHaveLength(1);
    expect(server.seen.map(({ query }) => query.limit)).toEqual(['100', '100', '1']);
    expect(await agents('--local phone list --limit none')).toMatchObject({ code: 2, stdout: '' });
  });

  test('shows ids where the names of agents cannot be had, and text without what steers a terminal', async () => {
    const server = await startFakeServer(({ path }) =>
      path.includes('/agents/')
        ? { status: 403, body: { error: 'agents endpoint is not enabled for this team' } }
        : {
            body: {
              phone_numbers: [{ id: 'p1', phone_number: '+1\u001b[2J', name: ['odd'], agent_id: 'agent_1' }],
            },
          },
    );
    const { stdout, stderr, code } = await agents(`--base-url ${server.url} phone list`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')[1]).toMatch(/^\+1\[2J +agent_1 +p1$/);
  });

  test('of none says so', async () => {
    expect(await agents('--local phone list')).toEqual({
      code: 0,
      stdout: 'No phone numbers.\n',
      stderr: '',
    });
  });
});

describe('a number is found', () => {
  test.each(['p1', '+14155550123', '+1 (415) 555-0123', 'Support Line'])('by %s', async (text) => {
    const { run, asked } = await service();
    const got = await run(['--json', 'phone', 'get', text]);
    expect(JSON.parse(got.stdout)).toEqual({ phone_number: snake });
    expect(asked()).toEqual(['GET /v2/phone-numbers', 'GET /v2/phone-numbers/p1']);
  });

  test('for people with all that is known of it', async () => {
    const { run } = await service();
    expect((await run('phone get p1')).stdout).toBe(
      `Support Line (+14155550123)

  Answered by      Order Support (agent_1)
  SIP trunk        sip:+14155550123@sip.voice.x.ai;transport=tls
  Phone number id  p1
  Origin           byo_trunk
  Team id          team
  Update time      2026-07-01T12:00:00.000Z
  SomethingNew     [1]
`.replace('SomethingNew   ', 'Something new  '),
    );
  });

  test('by a name of several not at all: they are named', async () => {
    const { run, sent } = await service();
    for (const line of ['phone get Night', 'phone release Night --yes', 'phone assign Night agent_1']) {
      expect(await run(line)).toEqual({
        code: 2,
        stdout: '',
        stderr:
          'error: 2 phone numbers are called Night: p2 +442079460000, p3 +14155550199\n' +
          '  name the one you mean by its id\n',
      });
    }
    expect(sent()).toEqual([]);
  });

  test.each(['p9', '+14155550000', 'night', 'Support'])('not by %s', async (text) => {
    const { run } = await service();
    const told = await run(['--json', 'phone', 'get', text]);
    expect({ ...told, stderr: JSON.parse(told.stderr).error.code }).toEqual({
      code: 3,
      stdout: '',
      stderr: 'not_found',
    });
  });

  test('where only v1 is there, which need not have its route', async () => {
    const { run } = await service({ v2: false });
    expect(JSON.parse((await run('--json phone get p1')).stdout)).toEqual({
      phone_number: { phone_number_id: 'p1', phone_number: '+14155550123', name: 'Support Line' },
    });
  });
});

describe('phone assign', () => {
  const patch = (agentId: string) => ({ phoneNumber: { agentId }, fieldMask: { paths: ['agent_id'] } });

  test.each([
    ['agent_2', 'agent_2', 'Twin'],
    ['Night Desk', 'no-usual-id', 'Night Desk'],
    ['no-usual-id', 'no-usual-id', 'Night Desk'],
  ])('finds the agent by %s', async (text, id, name) => {
    const { run, sent } = await service();
    expect(await run(['phone', 'assign', '+14155550199', text])).toEqual({
      code: 0,
      stdout: `Night (+14155550199) is answered by ${name} (${id}) now\n`,
      stderr: '',
    });
    expect(sent()).toMatchObject([{ method: 'PATCH', path: '/v2/phone-numbers/p3', body: patch(id) }]);
  });

  test('in JSON shows the number', async () => {
    const { run } = await service();
    expect(JSON.parse((await run('--json phone assign p3 agent_1')).stdout)).toEqual({
      phone_number: {
        phone_number_id: 'p3',
        phone_number: '+14155550199',
        name: 'Night',
        origin: 'xai_provisioned',
        agent_id: 'agent_1',
      },
    });
  });

  test.each([
    ['Twin', 2, '2 agents are called Twin: agent_2, agent_3'],
    ['Nobody', 3, 'there is no agent Nobody'],
    ['agent_9', 3, 'Agent not found: agent_9'],
  ])('finds no one agent by %s', async (text, code, said) => {
    const { run, sent } = await service();
    expect(await run(`phone assign p3 ${text}`)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining(said),
    });
    expect(sent()).toEqual([]);
  });

  test.each([
    ['p1', 'Order Support', 'Support Line (+14155550123)'],
    ['p2', 'webhook https://example.com/calls', 'Night (+442079460000)'],
  ])('takes %s from %s only when told so', async (id, holder, title) => {
    const { run, sent } = await service();
    expect(await run(`phone assign ${id} agent_2`)).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: taking ${title} from ${holder} has to be confirmed\n  add --yes\n`,
    });
    expect(sent()).toEqual([]);
    expect(await run(`phone assign ${id} agent_2 --yes`)).toMatchObject({ code: 0, stderr: '' });
    expect(sent()).toMatchObject([{ body: patch('agent_2') }]);
  });

  test.each([
    ['y', 1, ''],
    ['\r', 0, 'Support Line (+14155550123) stays as it is'],
  ])('at a terminal asks, and %j is taken for what it is', async (keys, patches, note) => {
    const { run, sent } = await service();
    const { stream, type } = keyboard();
    let seen = '';
    let isAnswered = false;
    const told = await run('phone assign p1 agent_2', {
      stdin: stream,
      tty: { stdin: true, stderr: true },
      onWrite: (target, text) => {
        if (target === 'stderr') seen += text;
        if (isAnswered || !seen.includes('is answered by Order Support now. Give it to Twin (agent_2)?'))
          return;
        isAnswered = true;
        setImmediate(() => type(keys));
      },
    });
    expect(told.code).toBe(0);
    expect(sent()).toHaveLength(patches);
    expect(seen).toContain(note);
  });

  test('of an agent that has it already changes nothing', async () => {
    const { run, sent } = await service();
    expect(await run('phone assign p1 "Order Support"')).toEqual({
      code: 0,
      stdout: 'Support Line (+14155550123) is with Order Support (agent_1) already\n',
      stderr: '',
    });
    expect(sent()).toEqual([]);
  });

  test('by v1 changes the agent, sending its name along, which the mask would clear', async () => {
    const { run, sent } = await service({ v2: false });
    expect(await run('phone assign "+14155550123" "Order Support"')).toMatchObject({ code: 0, stderr: '' });
    expect(sent()).toMatchObject([
      {
        method: 'PATCH',
        path: '/v1/agents/agent_1',
        body: { agent: { name: 'Order Support' }, field_mask: { paths: ['name'] }, phone_number_id: 'p1' },
      },
    ]);
  });

  test('by v1 looks among the agents for who has it', async () => {
    const { run, sent } = await service({ v2: false, phoneOf: { agent_2: 'p1' } });
    expect(await run('phone assign p1 agent_1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('from Twin has to be confirmed'),
    });
    expect(await run('phone unassign p1')).toMatchObject({
      code: 0,
      stdout: 'Support Line (+14155550123) is with no agent now\n',
    });
    expect(sent()).toMatchObject([
      {
        path: '/v1/agents/agent_2',
        body: { agent: { name: 'Twin' }, field_mask: { paths: ['name'] }, phone_number_id: '' },
      },
    ]);
  });
});

describe('phone unassign', () => {
  test('takes the number from its agent', async () => {
    const { run, sent } = await service();
    expect(await run('phone unassign "Support Line"')).toEqual({
      code: 0,
      stdout: 'Support Line (+14155550123) is with no agent now\n',
      stderr: '',
    });
    expect(sent()).toMatchObject([
      {
        path: '/v2/phone-numbers/p1',
        body: { phoneNumber: { agentId: '' }, fieldMask: { paths: ['agent_id'] } },
      },
    ]);
  });

  test('of one that nobody has changes nothing', async () => {
    const { run, sent } = await service();
    expect(await run('phone unassign p3')).toEqual({
      code: 0,
      stdout: 'Night (+14155550199) is with no agent\n',
      stderr: '',
    });
    expect(sent()).toEqual([]);
  });
});

describe('phone update', () => {
  test.each([
    ['--name New', { phoneNumber: { name: 'New' }, fieldMask: { paths: ['name'] } }],
    [
      '--webhook https://example.com/b --auth-url https://example.com/auth --auth-token t --yes',
      {
        phoneNumber: {
          webhook: { url: 'https://example.com/b', authUrl: 'https://example.com/auth', authToken: 't' },
        },
        fieldMask: { paths: ['webhook'] },
      },
    ],
    [
      '--agent "Night Desk" --name New --yes',
      { phoneNumber: { name: 'New', agentId: 'no-usual-id' }, fieldMask: { paths: ['name', 'agent_id'] } },
    ],
  ])('%s', async (flags, body) => {
    const { run, sent } = await service();
    expect(await run(`phone update p1 ${flags}`)).toMatchObject({ code: 0, stderr: '' });
    expect(sent()).toMatchObject([{ method: 'PATCH', path: '/v2/phone-numbers/p1' }]);
    expect(sent()[0]?.body).toEqual(body);
  });

  test('with --dry-run shows the request, without what logs in', async () => {
    const { run, sent } = await service();
    const told = await run(
      '--json phone update p1 --webhook https://example.com/b --auth-token hush --dry-run',
    );
    const { request } = JSON.parse(told.stdout);
    expect(request).toMatchObject({
      method: 'PATCH',
      body: { phoneNumber: { webhook: { authToken: '[hidden]' } } },
    });
    expect(sent()).toEqual([]);
  });

  test('takes it from nobody without being told so', async () => {
    const { run, sent } = await service();
    for (const flags of ['--webhook https://example.com/b', '--agent agent_2']) {
      expect(await run(`phone update p1 ${flags}`)).toMatchObject({ code: 2, stdout: '' });
    }
    expect(sent()).toEqual([]);
  });

  test('of nothing is told', async () => {
    const { run, asked } = await service();
    expect(await run('phone update p1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing to change'),
    });
    expect(asked()).toEqual([]);
  });

  test('shows the secret of a webhook that is new', async () => {
    const { run } = person();
    await run('--local phone buy --area-code 415 --name A --yes');
    const told = await run('--local phone update A --webhook https://example.com');
    expect(told.stdout).toMatch(/Signing secret {3}whsec_\S{44}\n/);
    expect(told.stderr).toContain('told this once');
    expect((await run('--local phone update A --webhook https://example.com/b')).stdout).not.toContain(
      'whsec',
    );
  });
});

describe('phone update --secret-file', () => {
  const own = '+14155550123';
  const hook = '--webhook https://example.com';

  test('without a new secret tells how to have one', async () => {
    const { run } = person();
    await run(`--local phone register ${own} --name A ${hook}`);
    const told = await run(`--local phone update A ${hook}/b --secret-file s.txt --yes`);
    expect(told).toMatchObject({ code: 0 });
    expect(told.stderr).toContain('no signing secret came, so s.txt was not written');
    expect(told.stderr).toContain(
      `agents --local phone release ${own}, then agents --local phone register ${own}`,
    );
    expect(told.stdout).not.toContain('s.txt');
  });

  test('of a number that was bought advises no release', async () => {
    const { run } = person();
    await run('--local phone buy --area-code 415 --name A --yes');
    await run(`--local phone update A ${hook}`);
    const told = await run(`--local phone update A ${hook}/b --secret-file s.txt --yes`);
    expect(told.stderr).toContain('told once, with its first webhook\n');
    expect(told.stderr).not.toContain('release');
  });

  test('that is there already asks nothing of anybody', async () => {
    const { run, asked } = await service();
    const there = join(root, 'package.json');
    expect(await run(`phone update p1 ${hook} --secret-file ${there} --yes`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is there already; a secret never replaces a file'),
    });
    expect(asked()).toEqual([]);
  });
});

describe('phone register', () => {
  test('shows who answers by name, and how the trunk is let in, in words', async () => {
    const { run } = person();
    await run('--local create --name Concierge --instructions Hi');
    const one = await run(
      '--local phone register +14155550123 --name A --agent Concierge --allow 1.2.3.0/24',
    );
    expect(one.stdout).toMatch(/Answered by +Concierge \(agent_\S+\)\n/);
    expect(one.stdout).toMatch(/SIP calls from +1\.2\.3\.0\/24\n/);
    const env = { AGENTS_SIP_PASSWORD: 'hush' };
    const two = await run('--local phone register +14155550124 --name B --agent Concierge --sip-user trunk', {
      env,
    });
    expect(two.stdout).toMatch(/SIP user +trunk\n/);
    expect(two.stdout).not.toContain('{');
  });
});

describe('phone release', () => {
  test('has a yes', async () => {
    const { run, asked, sent } = await service();
    expect(await run('phone release "Support Line"')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: a release has to be confirmed\n  add --yes\n',
    });
    expect(asked()).toEqual([]);
    expect(await run('phone release "Support Line" --yes')).toEqual({
      code: 0,
      stdout: 'Released Support Line (+14155550123)\n',
      stderr: '',
    });
    expect(sent()).toMatchObject([{ method: 'DELETE', path: '/v2/phone-numbers/p1' }]);
  });

  test('in JSON names what is gone', async () => {
    const { run } = await service();
    expect(JSON.parse((await run('--json phone release p1 --yes')).stdout)).toEqual({
      released: { phone_number_id: 'p1', phone_number: '+14155550123', name: 'Support Line' },
    });
  });

  test('at a terminal asks, naming the number and who answers it', async () => {
    const { run, sent } = await service();
    const { stream, type } = keyboard();
    let seen = '';
    let isAnswered = false;
    const told = await run('phone release p1', {
      stdin: stream,
      tty: { stdin: true, stderr: true },
      onWrite: (target, text) => {
        if (target === 'stderr') seen += text;
        if (isAnswered || !seen.includes('(+14155550123) for good? It is answered by Order Support.')) return;
        isAnswered = true;
        setImmediate(() => type('\r'));
      },
    });
    expect(told).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('(+14155550123) is kept'),
    });
    expect(sent()).toEqual([]);
  });

  test('by v1 where there is no v2', async () => {
    const { run, sent } = await service({ v2: false });
    expect(await run('phone release p1 --yes')).toMatchObject({ code: 0 });
    expect(sent()).toMatchObject([{ method: 'DELETE', path: '/v1/phone-numbers/p1' }]);
  });

  test('whose answer was lost is done when the second try finds nothing', async () => {
    const server = await startFakeServer(({ method }, count) => {
      if (method === 'GET') return { body: { phoneNumbers: [support] } };
      return { status: count === 1 ? 502 : 404 };
    });
    expect(await agents(`--base-url ${server.url} phone release p1 --yes`)).toMatchObject({
      code: 0,
      stdout: 'Released Support Line (+14155550123)\n',
    });
  });
});

describe('phone', () => {
  test('alone shows its commands; help finds each', async () => {
    expect(await agents('phone')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Usage: agents phone'),
    });
    expect((await agents('help phone assign')).stdout).toContain('Usage: agents phone assign');
    expect(await agents('phone asign a b')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('assign'),
    });
  });

  test('needs a key for the service', async () => {
    expect(await agents('phone list')).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('XAI_API_KEY'),
    });
  });
});

describe('--verbose', () => {
  test.each([
    ['', '+1415•••0123'],
    ['1', '+14155550123'],
  ])('with AGENTS_SHOW_NUMBERS=%s shows %s', async (given, shown) => {
    const { run } = await service({ numbers: [support] });
    const { stdout, stderr } = await run('--verbose phone list', { env: { AGENTS_SHOW_NUMBERS: given } });
    expect(stderr).toContain(`"phoneNumber":"${shown}"`);
    expect(stdout).toContain('+14155550123');
  });
});
