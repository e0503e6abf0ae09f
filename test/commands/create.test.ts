import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents, person } from '../support/agents.js';
import { echoAgents, startFakeServer } from '../support/fake-server.js';

const created = (stdout: string) => JSON.parse(stdout).agent;

/** A person whose server remembers what it was sent. */
async function sender() {
  const server = await startFakeServer(echoAgents({}));
  const { run, home } = person({ env: { AGENTS_BASE_URL: server.url } });
  return { run, home, seen: server.seen };
}

describe('create', () => {
  test('sends the documented shape, once, with the key', async () => {
    const { run, seen } = await sender();
    const made = await run(
      'create --name A --instructions I --voice eve --vad-threshold 0.6 --vad-silence-ms 400 ' +
        '--tool web_search --tool \'{"type":"function","name":"f"}\' --collection collection_1 --collection collection_2',
      { env: { XAI_API_KEY: 'xai-test' } },
    );
    expect(made.code).toBe(0);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/v1/agents',
      headers: { authorization: 'Bearer xai-test', 'content-type': 'application/json' },
      body: {
        name: 'A',
        instructions: 'I',
        tools: [{ type: 'web_search' }, { type: 'function', function: { name: 'f' } }],
        voice: { voice_id: 'eve', vad_threshold: 0.6, vad_silence_duration_ms: 400 },
        collection_ids: ['collection_1', 'collection_2'],
      },
    });
  });

  test('flags override the file, the voice member by member', async () => {
    const { run, home, seen } = await sender();
    const file = join(home, 'agent.yaml');
    writeFileSync(
      file,
      'name: File\ninstructions: From the file\nvoice: { voice_id: ara, vad_threshold: 0.3 }\n',
    );
    await run(['create', file, '--name', 'Flag', '--voice', 'leo']);
    expect(seen[0]?.body).toEqual({
      name: 'Flag',
      instructions: 'From the file',
      voice: { voice_id: 'leo', vad_threshold: 0.3 },
    });
  });

  test.each([
    ['bare', { name: 'A', voice: { voice_id: 'eve' } }],
    ['in the envelope', { agent: { name: 'A', voice: { voice_id: 'eve' } } }],
    [
      'in camelCase',
      { agent: { agentId: 'agent_1', name: 'A', voice: { voiceId: 'eve' }, createTime: 'x' } },
    ],
    [
      'with read-only members',
      { agent_id: 'a', created_at: 1, name: 'A', voice: { voice_id: 'eve' }, id: 'b' },
    ],
    ['with nulls', { name: 'A', voice: { voice_id: 'eve' }, tools: null, instructions: null }],
  ])('a spec is accepted %s', async (_, spec) => {
    const { run, seen } = await sender();
    expect(await run('--json create', { stdin: JSON.stringify(spec) })).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(seen[0]?.body).toEqual({ name: 'A', voice: { voice_id: 'eve' } });
  });

  test('instructions come from a file as they stand', async () => {
    const { run, home, seen } = await sender();
    writeFileSync(join(home, 'prompt.md'), '# Be\n\nkind.\n');
    await run('create --name A --instructions-file prompt.md', { cwd: home });
    expect(seen[0]?.body).toEqual({ name: 'A', instructions: '# Be\n\nkind.' });
  });

  test('an unknown member draws a note with the likely name, and is sent', async () => {
    const { run, seen } = await sender();
    const made = await run('create', { stdin: '{"name":"A","instrutions":"typo"}' });
    expect(made.code).toBe(0);
    expect(made.stderr).toContain(
      'note: stdin: instrutions is not a member the API documents (did you mean "instructions"?); sent as it is',
    );
    expect(seen[0]?.body).toEqual({ name: 'A', instrutions: 'typo' });
  });

  test.each([
    ['nothing at all', '{}', 'stdin: name is missing'],
    [
      'a name too long',
      JSON.stringify({ name: 'x'.repeat(256) }),
      'name must be at most 255 characters, got 256',
    ],
    [
      'a threshold out of range',
      '{"name":"A","voice":{"vad_threshold":1.5}}',
      'voice.vad_threshold must be at most 1, got 1.5',
    ],
    [
      'two faults at once',
      '{"name":"","voice":{"vad_silence_duration_ms":-1}}',
      'name must not be empty; voice.vad_silence_duration_ms must be at least 0, got -1',
    ],
    ['a number', '42', 'an agent must be an object, got a number'],
    ['broken JSON', '{"name": "A",}', 'not valid JSON: line 1, column 14'],
    ['nothing on stdin', '', 'stdin is empty'],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0xfe]), 'stdin is not UTF-8 text'],
  ])('%s is told with its place and sends nothing', async (_, stdin, message) => {
    const { run, seen } = await sender();
    const refused = await run('create', { stdin });
    expect(refused).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(seen).toEqual([]);
  });

  test('ten megabytes of stdin, or JSON nested a hundred thousand deep, end in a clear refusal', async () => {
    const { run, seen } = await sender();
    const large = await run('create', {
      stdin: JSON.stringify({ name: 'A', instructions: 'x'.repeat(10_000_000) }),
    });
    expect(large).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('at most 256000 characters, got 10000000'),
    });
    const deep = await run('create', { stdin: `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}` });
    expect(deep).toMatchObject({ code: 2, stderr: expect.stringContaining('nested deeper than') });
    expect(seen).toEqual([]);
  });

  test.each([
    [
      '--instructions and --instructions-file',
      '--name A --instructions a --instructions-file b',
      'say the same thing',
    ],
    [
      'a threshold that is no number',
      '--name A --vad-threshold loud',
      '--vad-threshold must be a number, got loud',
    ],
    ['a tool that is no JSON', `--name A --tool '{"type":'`, '--tool: not valid JSON'],
    ['a tool file that is not there', '--name A --tool tool.json', 'cannot read tool.json: no such file'],
    ['a file that is not there', 'agent.json', 'cannot read agent.json: no such file'],
    ['a template that does not exist', '--template customer-suport', '(did you mean "customer-support"?)'],
  ])('%s is refused', async (_, flags, message) => {
    const { run, seen } = await sender();
    const refused = await run(`create ${flags}`);
    expect(refused).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(seen).toEqual([]);
  });

  test('a template is a whole agent, and flags override it', async () => {
    const { run, seen } = await sender();
    await run('create --template healthcare --name "Corner Clinic"');
    expect(seen[0]?.body).toMatchObject({
      name: 'Corner Clinic',
      instructions: expect.stringContaining('no medical advice'),
      tools: expect.arrayContaining([expect.objectContaining({ type: 'function' })]),
    });
  });

  test('stdin is not read when flags describe the agent', async () => {
    const { run } = await sender();
    const { Readable } = await import('node:stream');
    // A pipe that never ends: reading it would hang.
    const endless = new Readable({ read() {} });
    expect(await run('create --name A', { stdin: endless })).toMatchObject({ code: 0 });
  });
});

describe('create with many specs', () => {
  const three = [{ name: 'A' }, { name: 'B' }, { name: 'C' }];

  test.each([
    ['an array', JSON.stringify(three)],
    ['a line each', three.map((spec) => JSON.stringify(spec)).join('\n')],
    ['YAML documents', three.map(({ name }) => `name: ${name}`).join('\n---\n')],
    ['the answer of list', JSON.stringify({ agents: three })],
  ])('%s are created in order', async (_, stdin) => {
    const { run, seen } = await sender();
    const made = await run('--json create -', { stdin });
    expect(seen.map(({ body }) => body)).toEqual(three);
    expect(JSON.parse(made.stdout)).toEqual({
      agents: three.map((spec) => ({ agent_id: 'agent_new', ...spec })),
    });
    expect(made).toMatchObject({ code: 0, stderr: '' });
  });

  test('none is sent before all are valid, and every fault is told with its place', async () => {
    const { run, seen } = await sender();
    const refused = await run('create', { stdin: '{"name":"A"}\n{"name":""}\n{"nam":"C"}' });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('stdin line 2: name must not be empty');
    expect(refused.stderr).toContain('stdin line 3: name is missing');
    expect(seen).toEqual([]);
  });

  test('one that is refused does not stop the others, and the exit code tells', async () => {
    const server = await startFakeServer(({ body }) =>
      (body as { name: string }).name === 'B'
        ? { status: 400, body: { code: 'x', error: 'B is taken' } }
        : { body: { agent: { agent_id: `agent_${(body as { name: string }).name}`, ...(body as object) } } },
    );
    const { run } = person({ env: { AGENTS_BASE_URL: server.url } });
    const human = await run('create', { stdin: JSON.stringify(three) });
    expect(human).toEqual({
      code: 1,
      stdout: 'Created A (agent_A)\nCreated C (agent_C)\n',
      stderr:
        'error: stdin[1]: POST /v1/agents: B is taken\n  --verbose shows what was sent and what came back\n' +
        'error: 1 of 3 was not created\n  those created stay; correct the others and create them again\n',
    });
    const json = await run('--json create', { stdin: JSON.stringify(three) });
    expect(JSON.parse(json.stdout)).toEqual({
      agents: [
        { agent_id: 'agent_A', name: 'A' },
        { agent_id: 'agent_C', name: 'C' },
      ],
      errors: [
        {
          index: 1,
          name: 'B',
          error: {
            code: 'refused',
            message: 'POST /v1/agents: B is taken',
            hint: expect.any(String),
            status: 400,
          },
        },
      ],
    });
    expect(JSON.parse(json.stderr).error).toMatchObject({ code: 'batch_failed' });
  });

  test('a key that is refused is refused for all: the rest is not tried', async () => {
    const server = await startFakeServer(() => ({ status: 401, body: { error: 'no' } }));
    const { run } = person({ env: { AGENTS_BASE_URL: server.url, XAI_API_KEY: 'xai-bad' } });
    const refused = await run('create', { stdin: JSON.stringify(three) });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('3 of 3 were not created') });
    expect(server.seen).toHaveLength(1);
  });
});

describe('create at a terminal', () => {
  test('without a terminal to ask at, nothing given is told and nothing waits', async () => {
    const asked = await agents('--local create --no-input', { tty: { stdin: true, stderr: true } });
    expect(asked).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('nothing describes the agent'),
    });
  });

  /** Answers each question by its keys; the agent that was made. */
  async function answering(...answers: [RegExp, string][]) {
    const { keyboard } = await import('../support/agents.js');
    const { stream, type } = keyboard();
    const { run } = person({ env: { NO_COLOR: '1' } });
    let asked = '';
    const made = await run('--local create', {
      stdin: stream,
      tty: { stdin: true, stderr: true, stdout: true },
      onWrite: (target, text) => {
        if (target !== 'stderr') return;
        asked += text;
        const next = answers[0];
        if (next === undefined || !next[0].test(asked)) return;
        answers.shift();
        asked = '';
        setImmediate(() => type(next[1]));
      },
    });
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Created .* \(agent_/) });
    return JSON.parse((await run('--local --json list')).stdout).agents[0];
  }

  test('asks for template, name, instructions and voice, and creates what was answered', async () => {
    const agent = await answering(
      [/Begin with/, '\r'],
      [/Name/, 'Typed 😀 Agent\r'],
      [/Instructions/, '\u001b[200~Be kind.\r\rBe short.\u001b[201~ Always.\r'],
      [/Voice/, '\u001b[B\r'],
    );
    expect(agent).toMatchObject({
      name: 'Typed 😀 Agent',
      instructions: 'Be kind.\n\nBe short. Always.',
      voice: { voice_id: 'ara' },
    });
  });

  test('offers a template with the name and voice it has, and keeps the rest of its voice', async () => {
    const { voice, name } = await answering(
      [/Begin with/, '\u001b[B\u001b[B\r'],
      [/Name \(/, '\r'],
      [/Voice/, '\r'],
    );
    expect({ name, voice }).toEqual({
      name: 'Restaurant Host',
      voice: { voice_id: 'leo', vad_threshold: 0.6, vad_silence_duration_ms: 350 },
    });
  });

  test('Ctrl+C at a question creates nothing', async () => {
    const { keyboard } = await import('../support/agents.js');
    const { stream, type } = keyboard();
    const made = await agents('--local create', {
      stdin: stream,
      tty: { stdin: true, stderr: true },
      onWrite: (_, text) => {
        if (text.includes('Begin with')) setImmediate(() => type('\u0003'));
      },
    });
    expect(made).toMatchObject({ code: 130, stdout: '' });
  });
});

test('the JSON answer is the agent in the API envelope', async () => {
  const { run } = await sender();
  expect(created((await run('--json create --name A')).stdout)).toEqual({ agent_id: 'agent_new', name: 'A' });
});
