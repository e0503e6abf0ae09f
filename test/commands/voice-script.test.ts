// Scripts and a service that speaks unasked or leaves while nobody says anything.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { agents, type RunOptions, temporaryFolder } from '../support/agents.js';
import { answered, scriptedSocket } from '../support/scripted-socket.js';

function world(url: string, more: RunOptions = {}): RunOptions {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
  return { cwd, env: { AGENTS_BASE_URL: url, XAI_API_KEY: 'xai-test', NO_COLOR: '1' }, ...more };
}

test.each([
  [1000, 'the service closed the conversation (code 1000)'],
  [1008, 'the service closed the conversation (code 1008)'],
])('a line that ends (%d) while stdin is waited for ends the script at once', async (code, says) => {
  const server = await scriptedSocket(({ type }, service) => {
    if (type !== 'response.create') return;
    service.send(...answered('Hi.'));
    service.close(code);
  });
  const stdin = new PassThrough();
  stdin.write('Hello\n');
  const told = await agents('voice spec.json', world(server.url, { stdin }));
  expect(told).toMatchObject({ code: 5, stdout: 'Hi.\n', stderr: expect.stringContaining(says) });
});

describe('a pipe without words', () => {
  test.each(['', '\n', ' \n\t\n'])('holds nothing to say: %j', async (stdin) => {
    const server = await scriptedSocket(() => {});
    expect(await agents('voice spec.json', world(server.url, { stdin }))).toEqual({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: there is nothing to say\n {2}give turns with -m, or pipe them in\n/,
      ),
    });
  });

  test('that ends late is told the same, and nothing was said', async () => {
    const stdin = new PassThrough();
    const sent: unknown[] = [];
    const server = await scriptedSocket(({ type }) => {
      sent.push(type);
      stdin.end('\n');
    });
    const told = await agents('voice spec.json', world(server.url, { stdin }));
    expect(told).toMatchObject({ code: 2, stdout: '' });
    expect(told.stderr).toMatch(/^error: there is nothing to say/);
    expect(sent).toEqual(['session.update']);
  });
});

describe('a greeting of the service’s own', () => {
  const greeting = answered('Welcome!', { id: 'greeting' });
  const isActive = (event_id: unknown) => ({
    type: 'error',
    error: { code: 'conversation_already_has_active_response', message: 'already active', event_id },
  });

  test('that crosses the question is no answer to it', async () => {
    let asked = 0;
    const server = await scriptedSocket(({ type, event_id }, service) => {
      if (type === 'conversation.item.create') service.send(...greeting.slice(0, 1));
      if (type !== 'response.create') return;
      asked++;
      if (asked === 1) service.send(isActive(event_id), ...greeting.slice(1));
      else service.send(...answered('Four.', { id: 'r2' }));
    });
    const told = await agents(['voice', 'spec.json', '-m', 'What is 2+2?'], world(server.url));
    expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Welcome!\s*Four\.\n$/) });
  });

  test.each(['completed', 'cancelled'])(
    'before the configuration, %s, does not use up the script',
    async (status) => {
      const first = greeting.slice(0, -1);
      const server = await scriptedSocket(
        ({ type }, service) => {
          if (type === 'response.create') service.send(...answered('Four.', { id: 'r2' }));
        },
        [...first, { type: 'response.done', response: { id: 'greeting', status, output: [] } }],
      );
      const told = await agents(['voice', 'spec.json', '-m', 'What is 2+2?'], world(server.url));
      expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(/Four\.\n$/) });
    },
  );
});
