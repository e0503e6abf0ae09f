// The console's tab "Knowledge Base: Upload documents or create text entries for the agent to search via file_search",
// from the terminal, end to end.

import { expect, test } from 'vitest';
import { knowledgeable, returnsText } from '../support/knowledge.js';

test('documents are uploaded, text entries created, and the agent answers from both', async () => {
  const { run, write } = await knowledgeable();
  write('returns.md', returnsText);
  const made = await run('--json create --name "Order Support" --instructions "You help with orders."');
  const { agent_id: id } = JSON.parse(made.stdout).agent;
  expect((await run('knowledge create support --description "What customers ask"')).code).toBe(0);
  expect((await run('knowledge add support returns.md')).code).toBe(0);
  expect(
    (await run('knowledge add support --text "We open at nine on weekdays." --name hours.txt')).code,
  ).toBe(0);
  expect(await run(`knowledge attach support ${id}`)).toMatchObject({
    code: 0,
    stderr: 'added the tool file_search, which searches its collections\n',
  });
  const turns = '-m "How long do refunds take?" -m "When do you open on weekdays?" -m "Hello"';
  const answered = await run(`voice ${id} ${turns}`);
  expect(answered.code).toBe(0);
  expect(answered.stdout.split('\n')).toEqual([
    'According to returns.md: Refunds take five working days.',
    'According to hours.txt: We open at nine on weekdays.',
    expect.stringMatching(/^Hello, this is Order Support\. You said: Hello/),
    '',
  ]);
  expect(answered.stderr).toContain('2 file_search');
  // The service may load the agent itself.
  const loaded = await run(`voice ${id} --server-side -m "How long do refunds take?"`);
  expect(loaded.stdout).toBe('According to returns.md: Refunds take five working days.\n');
  const told = await run(`--json voice ${id} -m "How long do refunds take?"`);
  const notices = told.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { meter, cost } = notices.find(({ type }) => type === 'session_done');
  expect(meter.hosted_tool_calls).toEqual({ file_search: 1 });
  expect(cost.usd_ticks).toBeGreaterThan(25_000_000);
  // Taken away again, it is not searched any more.
  expect((await run(`knowledge detach support ${id}`)).code).toBe(0);
  const without = await run(`voice ${id} -m "How long do refunds take?"`);
  expect(without.stdout).toContain('Hello, this is Order Support.');
});

test('function tools that fit come first', async () => {
  const { run } = await knowledgeable();
  const tool = JSON.stringify({
    type: 'function',
    function: { name: 'check_refund', parameters: { type: 'object', properties: {} } },
  });
  await run('knowledge create support');
  await run('knowledge add support returns.md');
  const made = await run(['--json', 'create', '--name', 'A', '--collection', 'support', '--tool', tool]);
  const { agent_id: id } = JSON.parse(made.stdout).agent;
  const answered = await run(`voice ${id} -m "Check my refund" -m "How many days for delivery?"`);
  expect(answered.stdout).toContain('check_refund');
  expect(answered.stdout).toContain(
    'According to returns.md: You may return an order within 30 days of delivery.',
  );
});
