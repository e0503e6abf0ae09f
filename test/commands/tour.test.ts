import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli.js';
import { agents, root, temporaryFolder, testHost } from '../support/agents.js';

describe('the tour', () => {
  test('--json is an object a line, the answers of its commands among them', async () => {
    const { code, stdout, stderr } = await agents('--json tour', { cwd: root });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const commands = told.filter(({ type }) => type === 'command').map(({ command }) => command);
    expect(commands.map((line) => line.split(' ')[2])).toEqual(['create', 'list', 'get', 'run', 'voice']);
    const answerTo = (command: string) =>
      told[told.findIndex((each) => each.command?.startsWith(`agents --local ${command}`)) + 1];
    expect(answerTo('create')).toMatchObject({ agent: { name: 'Order Support' } });
    expect(answerTo('list').agents).toHaveLength(1);
    expect(answerTo('run').choices[0].message.tool_calls[0].function.name).toBe('lookup_order');
    expect(answerTo('voice')).toMatchObject({ type: 'ready', seq: 0 });
    expect(told.filter(({ type }) => type === 'turn_done')).toHaveLength(2);
    expect(told.at(-1)).toMatchObject({ type: 'tour', text: expect.stringContaining('all real') });
  });

  test('ends with what comes next, in columns', async () => {
    const { stdout } = await agents('tour', { cwd: root });
    const next = stdout.slice(stdout.indexOf('To go on:')).match(/^ {2}\S.*$/gm) ?? [];
    expect(next).toHaveLength(4);
    const starts = next.map((line) => line.length - line.replace(/^.*? {3,}/, '').length);
    expect(new Set(starts).size).toBe(1);
    expect(stdout).toContain('  agents --local create fixtures/agents/order-support.json ');
    expect(stdout).toContain('Not installed yet? npm install -g . puts agents on your PATH.');
  });

  test('names the spec by where it is, seen from elsewhere', async () => {
    const { stdout } = await agents('tour');
    expect(stdout).toContain(`  agents --local create ${join(root, 'fixtures/agents/order-support.json')} `);
  });

  test('does not ask whoever has it on the PATH, or as a package, to install it', async () => {
    const bin = join(temporaryFolder(), 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'agents'), '');
    const onPath = await agents('tour', { env: { PATH: `/nowhere:${bin}` } });
    expect(onPath.stdout).not.toContain('Not installed');
    const host = testHost();
    const folder = join(temporaryFolder(), 'node_modules', 'xai-agents');
    mkdirSync(join(folder, 'fixtures', 'agents'), { recursive: true });
    const spec = join(folder, 'fixtures', 'agents', 'order-support.json');
    writeFileSync(spec, '{"name":"A","tools":[{"type":"function","function":{"name":"lookup_order"}}]}');
    expect(await run(['tour'], { ...host, root: `${folder}/` })).toBe(0);
    expect(host.stdout.text).not.toContain('Not installed');
    expect(host.stdout.text).toContain(`  agents --local create ${spec} `);
  });
});
