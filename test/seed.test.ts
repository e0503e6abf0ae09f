// Every command of xAI's page on the CLI, word for word, against the local API, as a real process. Installing
// differs; nothing else does.

import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { root, temporaryFolder } from './support/agents.js';
import { startTestApi, type TestApi } from './support/local-api.js';

const page = join(root, '../shared/seeds/000_2b3593e310dbca66.txt');

/** The commands of the page, and what a user would see. */
const commands: { line: string; typed?: string; shows: RegExp; afterwards?: (api: TestApi) => void }[] = [
  {
    line: 'agents create --name "My Agent" --instructions "You are helpful"',
    shows: /^Created My Agent \(agent_/,
  },
  { line: 'agents create agent.json', shows: /^Created From File \(agent_/ },
  {
    line: `echo '{"name": "Bot", "instructions": "Be helpful"}' | agents create`,
    shows: /^Created Bot \(agent_/,
  },
  { line: 'agents list', shows: /agent_abc123 +Order Support/ },
  { line: 'agents get agent_abc123', shows: /^Order Support\nagent_abc123\n/ },
  { line: 'agents update agent_abc123 --name "New Name"', shows: /^New Name\n/ },
  {
    line: 'agents update agent_abc123 --instructions "Updated prompt"',
    shows: /Instructions\nUpdated prompt\n/,
  },
  {
    line: 'agents update agent_abc123 --clear-instructions',
    shows: /^Order Support\n/,
    afterwards: ({ store }) => expect(store.agents.get('agent_abc123')).not.toHaveProperty('instructions'),
  },
  { line: 'agents update update.json', shows: /^From Update File\n/ },
  {
    line: 'agents delete agent_abc123',
    shows: /^Deleted Order Support \(agent_abc123\)\n/,
    afterwards: ({ store }) => expect(store.agents.get('agent_abc123')).toBeUndefined(),
  },
  {
    line: `agents run agent_abc123 --message "What's the status of order ORD-42?"`,
    shows: /→ lookup_order\(\{"order_id":"ORD-42"\}\)/,
  },
  { line: 'agents run agent_abc123 --message "Hello" --model grok-3-fast', shows: /You said: Hello/ },
  // "Type a message and press Enter": off a terminal a line of a pipe is a message.
  { line: 'agents voice agent_abc123', typed: 'Hello\n', shows: /You said: Hello/ },
  { line: 'agents --json list', shows: /^\{\n {2}"agents": \[\n/ },
  { line: 'agents --json run agent_abc123 --message "Hello"', shows: /"object": "chat.completion"/ },
  { line: 'agents --json get agent_abc123', shows: /^\{\n {2}"agent": \{\n {4}"agent_id": "agent_abc123"/ },
];

const spec = JSON.parse(readFileSync(join(root, 'fixtures/agents/order-support.json'), 'utf8'));
let folder: string;
let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
  api.store.agents.insert('agent_abc123', { agent_id: 'agent_abc123', ...spec });
  folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  symlinkSync(join(root, 'bin/agents.js'), join(folder, 'bin/agents'));
  writeFileSync(join(folder, 'agent.json'), '{"name": "From File", "instructions": "You are helpful"}');
  writeFileSync(
    join(folder, 'update.json'),
    '{"agent": {"agentId": "agent_abc123", "name": "From Update File"}, "fieldMask": {"paths": ["name"]}}',
  );
});

async function type(line: string, env: Record<string, string> = {}, typed = '') {
  const path = `${join(folder, 'bin')}:${process.env.PATH}`;
  const options = {
    cwd: folder,
    env: { PATH: path, HOME: folder, XAI_API_KEY: 'xai-test', AGENTS_BASE_URL: api.base, ...env },
  };
  const run = promisify(execFile)('bash', ['-c', line], options);
  run.child.stdin?.end(typed);
  return run.catch((error) => error as { stdout: string; stderr: string });
}

describe('the commands of the page', () => {
  test.each(commands)('$line', async ({ line, typed, shows, afterwards }) => {
    const { stdout, stderr } = await type(line, {}, typed);
    expect(stderr).not.toContain('error');
    expect(stdout).toMatch(shows);
    afterwards?.(api);
  });

  test('agents --base-url http://localhost:9978 list', async () => {
    const line = 'agents --base-url http://localhost:9978 list'.replace('9978', api.url.port);
    expect(await type(line, { AGENTS_BASE_URL: '' })).toMatchObject({
      stdout: expect.stringMatching(/agent_abc123/),
    });
  });

  test.skipIf(!existsSync(page))('are all there are', () => {
    const typed = readFileSync(page, 'utf8')
      .split('\n')
      .filter((line) => /^(agents |echo .*\| agents)/.test(line));
    const tested = [...commands.map(({ line }) => line), 'agents --base-url http://localhost:9978 list'];
    expect([...new Set(typed)].sort()).toEqual([...tested].sort());
  });
});

describe('the requests of the page', () => {
  const request = (path: string, method: string, body: unknown) =>
    fetch(`${api.base}${path}`, {
      method,
      headers: { authorization: 'Bearer xai-test', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }).then((reply) => reply.json() as Promise<Record<string, Record<string, unknown>>>);

  test('an agent is created, a number bought and assigned, the voice changed alone, the instructions cleared', async () => {
    const { agent } = await request('/v1/agents', 'POST', spec);
    const { phone_number: phone } = await request('/v1/phone-numbers', 'POST', {
      area_code: '415',
      name: 'Support Line',
    });
    expect(phone?.phone_number).toMatch(/^\+1415/);
    const path = `/v1/agents/${agent?.agent_id}`;
    const assigned = await request(path, 'PATCH', {
      agent: {},
      field_mask: { paths: ['name'] },
      phone_number_id: phone?.phone_number_id,
    });
    expect(assigned.agent).toEqual({ ...agent, phone_number_id: phone?.phone_number_id });
    const voice = { voice_id: 'leo', vad_threshold: 0.7 };
    const spoken = await request(path, 'PATCH', { agent: { voice }, field_mask: { paths: ['voice'] } });
    expect(spoken.agent).toEqual({ ...assigned.agent, voice });
    const cleared = await request(path, 'PATCH', { agent: {}, field_mask: { paths: ['instructions'] } });
    expect(cleared.agent).not.toHaveProperty('instructions');
    const unassigned = await request(path, 'PATCH', {
      agent: {},
      field_mask: { paths: ['name'] },
      phone_number_id: '',
    });
    expect(unassigned.agent).not.toHaveProperty('phone_number_id');
  });
});
