import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyboard, person } from '../support/agents.js';
import { echoAgents, startFakeServer } from '../support/fake-server.js';

const spec = { agent_id: 'agent_1', name: 'Keep\u001b[2J me', secret_sauce: [1, 2] };

async function deleter() {
  const server = await startFakeServer(
    echoAgents({ agent_1: spec, agent_2: { agent_id: 'agent_2', name: 'Two' } }),
  );
  const { run, home } = person({ env: { AGENTS_BASE_URL: server.url, NO_COLOR: '1' } });
  return {
    run,
    home,
    asked: () => server.seen.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`),
  };
}

/** Answers the one question with these keys. */
async function answering(keys: string, line: string) {
  const { run, asked } = await deleter();
  const { stream, type } = keyboard();
  let question = '';
  let isAnswered = false;
  const result = await run(line, {
    stdin: stream,
    tty: { stdin: true, stderr: true },
    onWrite: (target, text) => {
      if (target !== 'stderr') return;
      question += text;
      if (isAnswered || !question.includes('Delete')) return;
      isAnswered = true;
      setImmediate(() => type(keys));
    },
  });
  return { result, question, asked: asked() };
}

describe('delete', () => {
  test('off a terminal deletes what was named, having saved it where only its owner reads', async () => {
    const { run, asked } = await deleter();
    const gone = await run('--json delete agent_1');
    const { deleted } = JSON.parse(gone.stdout);
    expect(gone.code).toBe(0);
    expect(deleted).toEqual([{ agent_id: 'agent_1', name: spec.name, backup: expect.any(String) }]);
    expect(JSON.parse(readFileSync(deleted[0].backup, 'utf8'))).toEqual({ agent: spec });
    expect(asked()).toEqual(['GET agent_1', 'DELETE agent_1']);
  });

  test('--no-backup saves nothing and reads nothing', async () => {
    const { run, home, asked } = await deleter();
    expect(await run('delete agent_1 --no-backup')).toEqual({
      code: 0,
      stdout: 'Deleted agent_1\n',
      stderr: '',
    });
    expect(asked()).toEqual(['DELETE agent_1']);
    expect(existsSync(join(home, 'state'))).toBe(false);
  });

  test('what cannot be saved is not deleted', async () => {
    const { run, home, asked } = await deleter();
    writeFileSync(join(home, 'state'), 'a file where the folder should be');
    const kept = await run('delete agent_1');
    expect(kept).toMatchObject({ code: 1, stdout: '' });
    expect(kept.stderr).toMatch(
      /^error: cannot write .*: a part of its path is no folder\n {2}nothing was deleted; /,
    );
    expect(kept.stderr).toContain('--no-backup');
    expect(asked()).toEqual(['GET agent_1']);
  });

  test('tells how to bring it back from the same server', async () => {
    const { run } = person();
    const { agent } = JSON.parse((await run('--local --json create --name A')).stdout);
    const gone = await run(`--local delete ${agent.agent_id}`);
    expect(gone.stderr).toMatch(/^Saved; bring it back with: agents --local create \//);
  });

  test('has an answer of one line, whatever the name', async () => {
    const { run } = person();
    const made = await run(['--local', 'create', '--name', 'Two\nlines']);
    expect(made.stdout).toMatch(/^Created Two lines \(agent_\w+\)\n$/);
    const id = /agent_\w+/.exec(made.stdout)?.[0];
    expect((await run(`--local delete ${id}`)).stdout).toBe(`Deleted Two lines (${id})\n`);
  });

  test('--help tells of terminals, and -y is --yes', async () => {
    const { run } = await deleter();
    expect((await run('delete -h')).stdout).toContain('off a terminal what is named is deleted');
    expect(await run('delete agent_1 -y', { tty: { stdin: true, stderr: true } })).toMatchObject({ code: 0 });
  });

  test('at a terminal it asks, naming the agent; No is the answer unless Yes is given', async () => {
    const no = await answering('\r', 'delete agent_1');
    expect(no.question).toContain('Delete Keep[2J me (agent_1)?');
    expect(no.result).toMatchObject({ code: 0, stdout: '' });
    expect(no.asked).toEqual(['GET agent_1']);
    const yes = await answering('y', 'delete agent_1');
    expect(yes.asked).toEqual(['GET agent_1', 'DELETE agent_1']);
    const interrupted = await answering('\u0003', 'delete agent_1');
    expect(interrupted.result.code).toBe(130);
    expect(interrupted.asked).toEqual(['GET agent_1']);
  });

  test('--yes does not ask; --no-input without it is refused', async () => {
    const { run } = await deleter();
    const tty = { stdin: true, stderr: true };
    expect(await run('delete agent_1 --yes', { tty })).toMatchObject({ code: 0 });
    expect(await run('delete agent_2 --no-input', { tty })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('add --yes'),
    });
  });

  test('one of several that is not there does not keep the others', async () => {
    const { run, asked } = await deleter();
    const some = await run('--json delete agent_9 agent_2 agent_2');
    expect(JSON.parse(some.stdout)).toEqual({
      deleted: [{ agent_id: 'agent_2', name: 'Two', backup: expect.any(String) }],
      errors: [{ agent_id: 'agent_9', error: expect.objectContaining({ code: 'not_found', status: 404 }) }],
    });
    expect(some.code).toBe(1);
    expect(asked()).toEqual(['GET agent_9', 'GET agent_2', 'DELETE agent_2']);
  });

  test('one that is not there has the exit code of that', async () => {
    const { run } = await deleter();
    expect(await run('delete agent_9')).toMatchObject({ code: 3, stdout: '' });
  });
});
