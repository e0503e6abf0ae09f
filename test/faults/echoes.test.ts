// Servers that say back what they were told. Wherever the key comes back, it goes no further.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents, temporaryFolder } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';
import { misbehaving } from '../support/hostile-socket.js';

const key = 'sk_my-"Secret".Key_12345';
const env = { XAI_API_KEY: key };
const forms = [key, JSON.stringify(key).slice(1, -1)];

async function shownBy(line: string): Promise<string> {
  const { stdout, stderr } = await agents(line, { env });
  return stdout + stderr;
}

describe.each(['', '--json ', '--verbose '])('with %s', (flag) => {
  test.each([
    ['an answer', 200, { agents: [{ agent_id: 'a1', name: `A ${key}` }] }, {}],
    ['an error', 400, { error: `bad key ${key}` }, {}],
    ['a header', 429, { error: 'slow down' }, { 'retry-after': `9999 ${key}`, 'x-request-id': `id-${key}` }],
  ])('%s that holds the key is shown without it', async (_, status, body, headers) => {
    const { url } = await startFakeServer(() => ({ status, body, headers }));
    const shown = await shownBy(`${flag}--base-url ${url} list`);
    expect(shown).toContain('[hidden]');
    for (const form of forms) expect(shown).not.toContain(form);
  });

  test('a stream that breaks with the key in its last words is told without it', async () => {
    const { url } = await startFakeServer(({ path }) =>
      path.endsWith('/a1')
        ? { body: { agent: { agent_id: 'a1', name: 'A' } } }
        : {
            headers: { 'content-type': 'text/event-stream' },
            body: `data: ${JSON.stringify({ error: `key ${key} is blocked` })}\n\n`,
          },
    );
    const shown = await shownBy(`${flag}--base-url ${url} run a1 -m Hi --stream`);
    expect(shown).toContain('[hidden]');
    for (const form of forms) expect(shown).not.toContain(form);
  });

  test.each([
    ['an error event', 'reply'],
    ['a refused set-up', 'connect'],
  ] as const)('%s on the socket is told without the key', async (_, moment) => {
    const socket = await misbehaving(moment, (each) => {
      each.send(JSON.stringify({ type: 'session.created', session: { id: 's' } }));
      each.send(JSON.stringify({ type: 'error', error: { message: `key ${key} blocked` } }));
      each.close(1008, `bad ${key}`);
      return false;
    });
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
    const line = `${flag}--base-url ${socket.url} voice spec.json -m Hi`;
    const { stdout, stderr } = await agents(line, { env, cwd });
    expect(stderr).toContain('[hidden]');
    for (const form of forms) expect(stdout + stderr).not.toContain(form);
  });
});
