// `agents voice` with tools: what is told of them, and who plays those without a handler.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { agents, keyboard, person, root, temporaryFolder } from '../support/agents.js';
import { startTestApi } from '../support/local-api.js';
import { renderScreen } from '../support/screen.js';

const orderSupport = join(root, 'fixtures/agents/order-support.json');
const orderTools = join(root, 'fixtures/tools/order-tools.mjs');

test('--json tells each call, its result, and how long that took', async () => {
  const { run } = person();
  let now = 0;
  const { stdout } = await run(
    ['--local', '--json', 'voice', orderSupport, '-m', 'Where is order ORD-42?', '--tools', orderTools],
    { clock: { nowMs: () => now++ } },
  );
  const notices = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [call, result] = notices.filter(({ type }) => type.startsWith('tool_'));
  expect(call).toMatchObject({ type: 'tool_call', name: 'lookup_order', arguments: { order_id: 'ORD-42' } });
  expect(result).toMatchObject({ type: 'tool_result', call_id: call.call_id, ms: expect.any(Number) });
  expect(result.ms).toBeGreaterThan(0);
  expect(JSON.parse(result.output)).toMatchObject({ status: 'shipped' });
});

describe('a model that does not come to an end', () => {
  const again = { call: { name: 'look', arguments: {} } };
  const script = {
    rules: [
      { when: { tool_result: 'look' }, say: 'Once more, and then once more, and once again.', ...again },
      { when: { contains: 'look' }, ...again },
    ],
  };
  async function told(...flags: string[]) {
    const api = await startTestApi({ script });
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'agent.json'), agentWith('look'));
    writeFileSync(join(folder, 'tools.json'), '{"tools":{"look":{"return":{"seen":1}}}}');
    const line = ['--base-url', api.base, '--json', 'voice', 'agent.json', '--tools', 'tools.json', ...flags];
    const { code, stdout, stderr } = await agents(line, { cwd: folder, env: { HOME: folder } });
    const notices = stdout
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each));
    const outputs = notices.filter(({ type }) => type === 'tool_result').map(({ output }) => output);
    return { code, stderr, notices, outputs };
  }
  const seen = '{"seen":1}';

  test.each([
    [[], 8],
    [['--max-tool-rounds', '2'], 2],
  ])('has its turn ended, and the next is taken: %j', async (flags, rounds) => {
    const { code, stderr, notices, outputs } = await told('-m', 'look', '-m', 'Hello', ...flags);
    expect(outputs).toEqual([
      ...Array(rounds).fill(seen),
      '{"error":"not run: too many rounds of tools in one turn"}',
    ]);
    expect(notices.find(({ type }) => type === 'error')).toMatchObject({
      code: 'tool_rounds',
      message: `the model has not answered after ${rounds} rounds of tools; it now calls look (--max-tool-rounds allows more)`,
    });
    expect(notices.filter(({ type }) => type === 'turn_done')).toMatchObject([
      { status: 'failed', tool_calls: rounds + 1 },
      { status: 'completed' },
    ]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  });

  test('cannot be allowed 0 rounds', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'agent.json'), agentWith('look'));
    expect(
      await agents('--local voice agent.json -m look --max-tool-rounds 0', { cwd: folder }),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--max-tool-rounds must be a whole number, 1 or more, got 0'),
    });
  });

  test('is stopped by a limit of cost before its tools are run once more', async () => {
    const { code, stderr, outputs } = await told('-m', 'look', '--max-cost', '0.006');
    expect(code).toBe(6);
    expect(JSON.parse(stderr).error).toMatchObject({ code: 'budget_reached' });
    expect(outputs.length).toBeLessThan(4);
    expect(outputs[0]).toBe(seen);
  });
});

const agentWith = (...names: string[]) =>
  JSON.stringify({ name: 'A', tools: names.map((name) => ({ type: 'function', function: { name } })) });

/** A terminal at which keys are pressed as soon as words are shown. */
async function atTerminal(folder: string, flags: string, moments: [RegExp, string | (() => void)][]) {
  writeFileSync(join(folder, 'agent.json'), agentWith('look', 'book'));
  const script = {
    rules: [
      { when: { tool_result: 'look' }, say: 'Look says $result' },
      { when: { tool_result: 'book' }, say: 'Book says $result' },
      { when: { contains: 'look' }, call: { name: 'look', arguments: {} } },
      { when: { tool_result: 'peek' }, say: 'Peek says $result' },
      { when: { contains: 'peek' }, call: { name: 'peek', arguments: {} } },
      { when: { contains: 'both' }, call: [{ name: 'look' }, { name: 'book' }] },
    ],
  };
  const api = await startTestApi({ script });
  const { stream, type } = keyboard();
  const waiting = [...moments];
  let shown = '';
  let all = '';
  const line = `--base-url ${api.base} voice agent.json ${flags}`;
  const result = await agents(line, {
    stdin: stream,
    tty: { stdin: true, stdout: true, stderr: true },
    env: { HOME: folder, NO_COLOR: '1', PATH: process.env.PATH ?? '' },
    cwd: folder,
    interrupts: new Interrupts(),
    onWrite: (_, text) => {
      shown += text;
      all += text;
      const next = waiting[0];
      if (next === undefined || !next[0].test(shown)) return;
      waiting.shift();
      shown = '';
      const [, act] = next;
      setImmediate(() => (typeof act === 'string' ? type(act) : act()));
    },
  });
  return {
    code: result.code,
    screen: await renderScreen(all),
    missed: waiting.map(([words]) => String(words)),
  };
}

describe('at a terminal', () => {
  test('handlers run, and the person plays the rest', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'tools.yaml'), 'tools: { look: { return: found } }');
    const { code, screen, missed } = await atTerminal(folder, '--tools tools.yaml', [
      [/> /, 'both\r'],
      [/book returns> /, 'played\r'],
      [/total .* s/, '/quit\r'],
    ]);
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
    expect(screen).toContain('nothing runs book here: you will be asked for their results');
    expect(screen).toContain('Look says found played');
  });

  test('a tool that the agent gains while it is talked to is run as well', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'tools.yaml'), 'tools: { look: { return: found }, peek: { return: seen } }');
    const { code, screen, missed } = await atTerminal(folder, '--tools tools.yaml', [
      [/> /, () => writeFileSync(join(folder, 'agent.json'), agentWith('look', 'peek'))],
      [/changed: 2 tools\n/, 'peek\r'],
      [/total [^)]*\)/, '/quit\r'],
    ]);
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
    expect(screen).toContain('Peek says seen');
  });

  test('Ctrl+C ends the tool with the turn, and the conversation goes on', async () => {
    const folder = temporaryFolder();
    const pid = join(folder, 'pid');
    const code = `require('fs').writeFileSync('pid', String(process.pid)); console.error('begun'); setInterval(() => {}, 1000)`;
    writeFileSync(
      join(folder, 'tools.json'),
      JSON.stringify({ tools: { look: { command: [process.execPath, '-e', code] }, book: { return: 1 } } }),
    );
    const talked = await atTerminal(folder, '--tools tools.json', [
      [/> /, 'look\r'],
      [/→ look/, '\u0003'],
      [/cancelled\)/, 'hello\r'],
      [/total [^)]*\)/, '/quit\r'],
    ]);
    expect(talked).toMatchObject({ code: 0, missed: [] });
    // It may have been stopped before it began.
    if (existsSync(pid)) expect(() => process.kill(Number(readFileSync(pid, 'utf8')), 0)).toThrow();
  });
});
