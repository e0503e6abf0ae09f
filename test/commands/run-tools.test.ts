// `agents run` with tools: rounds of calls and results until the model answers in words.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { person } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';

const call = (id: string, given = '{"id":"1"}') => ({
  id,
  type: 'function',
  function: { name: 'look', arguments: given },
});
const message = (members: object, reason = 'stop') => ({
  body: {
    id: 'x',
    choices: [{ index: 0, message: { role: 'assistant', content: '', ...members }, finish_reason: reason }],
  },
});
const chunks = (...deltas: object[]) => ({
  headers: { 'content-type': 'text/event-stream' },
  body: `${deltas.map((delta) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`).join('')}data: [DONE]\n\n`,
});

/** An agent with the tool `look`, canned, and a server that gives these replies. */
async function against(replies: object[]) {
  const server = await startFakeServer((_, count) => replies[Math.min(count, replies.length - 1)] ?? {});
  const { run, home } = person({ env: { AGENTS_BASE_URL: server.url } });
  const look = { type: 'function', function: { name: 'look', parameters: { type: 'object' } } };
  writeFileSync(join(home, 'a.json'), JSON.stringify({ name: 'A', instructions: 'Be kind.', tools: [look] }));
  writeFileSync(join(home, 't.yaml'), "tools: { look: { return: { seen: '{{id}}' } } }");
  return {
    run: (flags: string) => run(`run a.json -m Hello --tools t.yaml ${flags}`, { cwd: home }),
    seen: server.seen as { body: { messages: unknown[] } }[],
  };
}

describe('a round', () => {
  test('tells the model of its calls and of each result, in their order', async () => {
    const { run, seen } = await against([
      chunks(
        { content: 'One moment. ' },
        {
          tool_calls: [
            { index: 0, ...call('c1') },
            { index: 1, ...call('c2', '{"id":') },
          ],
        },
      ),
      chunks({ content: 'Found it.' }),
    ]);
    const { code, stdout, stderr } = await run('');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'One moment. \n→ look({"id":"1"})\n→ look({"id":)\nFound it.\n',
    });
    // Results are told as they come.
    expect(stderr.trim().split('\n').sort()).toEqual([
      '← {"error":"the arguments are no JSON object: {\\"id\\":"} (0.00 s)',
      '← {"seen":"1"} (0.00 s)',
    ]);
    expect(seen).toHaveLength(2);
    expect(seen[1]?.body.messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'One moment. ', tool_calls: [call('c1'), call('c2', '{"id":')] },
      { role: 'tool', tool_call_id: 'c1', content: '{"seen":"1"}' },
      {
        role: 'tool',
        tool_call_id: 'c2',
        content: '{"error":"the arguments are no JSON object: {\\"id\\":"}',
      },
    ]);
  });

  test('gives a call without an id one', async () => {
    const { run, seen } = await against([
      chunks({ tool_calls: [{ index: 0, function: { name: 'look', arguments: '' } }] }),
      chunks({ content: 'Found.' }),
    ]);
    expect((await run('')).code).toBe(0);
    expect(seen[1]?.body.messages.slice(2)).toMatchObject([
      { tool_calls: [{ id: 'call_0', type: 'function' }] },
      { tool_call_id: 'call_0' },
    ]);
  });
});

describe('what is shown', () => {
  const replies = [message({ tool_calls: [call('c1')] }, 'tool_calls'), message({ content: 'Found.' })];

  test('--json is the last completion, whole, and nothing else', async () => {
    const { run, seen } = await against(replies);
    const { code, stdout, stderr } = await run('--json');
    expect({ code, stderr, answer: JSON.parse(stdout) }).toEqual({
      code: 0,
      stderr: '',
      answer: replies[1]?.body,
    });
    expect(seen).toHaveLength(2);
  });

  test('--json --stream has lines for calls and results between the chunks', async () => {
    const { run } = await against([
      chunks({ tool_calls: [{ index: 0, ...call('c1') }] }),
      chunks({ content: 'Found.' }),
    ]);
    const { stdout } = await run('--json --stream');
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual([
      { choices: [expect.anything()] },
      { type: 'tool_call', call_id: 'c1', name: 'look', arguments: { id: '1' } },
      { type: 'tool_result', call_id: 'c1', name: 'look', output: '{"seen":"1"}', ms: 0 },
      { choices: [{ index: 0, delta: { content: 'Found.' } }] },
    ]);
  });
});

describe('a model that does not come to an end', () => {
  test.each([
    ['', 8],
    ['--max-tool-rounds 2', 2],
  ])('is stopped, which is told as a failure: %j', async (flags, rounds) => {
    const { run, seen } = await against([message({ tool_calls: [call('c1')] })]);
    const { code, stdout, stderr } = await run(`--json ${flags}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'tool_rounds',
      message: `the model has not answered after ${rounds} rounds of tools; it now calls look`,
    });
    expect(seen).toHaveLength(rounds + 1);
  });

  test.each(['0', '-1', 'many', '1.5'])('cannot be allowed %s rounds', async (rounds) => {
    const { run, seen } = await against([]);
    expect(await run(`--max-tool-rounds ${rounds}`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`--max-tool-rounds must be a whole number, 1 or more, got ${rounds}`),
    });
    expect(seen).toEqual([]);
  });
});
