import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/agents.js';
import { isAlive, openBox, script, variable } from './support.js';

const command = (code: string, more: object = {}) => ({ tools: { run: { command: script(code), ...more } } });
const readStdin = `const fs = require('fs'); const given = fs.readFileSync(0, 'utf8');`;

/** Waits until something is there; the test's own limit is the limit. */
async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
const fileWritten = (path: string) =>
  until(() => {
    try {
      return readFileSync(path, 'utf8') || undefined;
    } catch {
      return undefined;
    }
  });

describe('a command', () => {
  test('has its arguments on stdin and in AGENTS_TOOL_ARGS, and answers on stdout', async () => {
    const box = await openBox(
      command(
        `${readStdin} console.log(JSON.stringify([given, process.env.AGENTS_TOOL_ARGS, process.env.AGENTS_TOOL_NAME]))`,
      ),
    );
    const json = '{"city":"Köln"}';
    expect(await box.call('run', { city: 'Köln' })).toEqual([json, json, 'run']);
  });

  test('arguments that fit no variable are on stdin all the same', async () => {
    const box = await openBox(
      command(`${readStdin} console.log(given.length, process.env.AGENTS_TOOL_ARGS)`),
    );
    expect(await box.call('run', { text: 'x'.repeat(200_000) })).toBe('200011 undefined');
  });

  test('gives text as it is, but for the last line break', async () => {
    const box = await openBox(command(`process.stdout.write(' a\\nb\\n\\n')`));
    expect(await box.call('run')).toBe(' a\nb\n');
  });

  test.each([
    ['ends with a code', `console.error('no such order'); process.exit(3)`, 'no such order'],
    ['ends with a code and no words', 'process.exit(3)', 'the program ended with code 3'],
    ['is killed', `process.kill(process.pid, 'SIGKILL')`, 'the program was ended by SIGKILL'],
    [
      'says too much',
      `process.stdout.write('x'.repeat(300 * 1024), () => setTimeout(() => {}, 60_000))`,
      'larger than 256 kB',
    ],
  ])('that %s is a failure', async (_, code, reason) => {
    const box = await openBox(command(code));
    expect(await box.call('run')).toEqual({ error: expect.stringContaining(reason) });
  });

  test('that is not there is a failure', async () => {
    const box = await openBox({ tools: { run: { command: ['no-such-program-here'] } } });
    expect(await box.call('run')).toEqual({
      error: 'cannot start no-such-program-here: no such program or folder',
    });
  });

  test('need not read its arguments', async () => {
    const box = await openBox(command(`require('fs').closeSync(0); console.log('done')`));
    expect(await box.call('run', { text: 'x'.repeat(1_000_000) })).toBe('done');
  });

  test('no shell reads its words', async () => {
    const code = 'console.log(process.argv[1])';
    const box = await openBox({ tools: { run: { command: [...script(code), '$(id) && echo *'] } } });
    expect(await box.call('run')).toBe('$(id) && echo *');
  });

  test('lies beside the file, and runs there or where it is told', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'here.sh'), '#!/bin/sh\npwd\n', { mode: 0o755 });
    const box = await openBox(
      { tools: { here: { command: ['./here.sh'] }, there: { command: ['./here.sh'], cwd: '/' } } },
      { folder },
    );
    expect([await box.call('here'), await box.call('there')]).toEqual([folder, '/']);
  });

  test('inherits the environment but not the key, under whatever name; its own variables are filled in', async () => {
    const env = {
      PATH: process.env.PATH ?? '',
      XAI_API_KEY: 'xai-secret',
      OTHER_KEY: 'xai-secret',
      XAI_API_KEY_FILE: '/key',
      HEADER: 'Bearer xai-secret',
      TOKEN: 't',
    };
    const box = await openBox(
      command('console.log(JSON.stringify(process.env))', { env: { MY_TOKEN: `is ${variable('TOKEN')}` } }),
      { env },
    );
    const seen = (await box.call('run')) as Record<string, string>;
    expect(seen).toMatchObject({ TOKEN: 't', MY_TOKEN: 'is t' });
    expect(JSON.stringify(seen)).not.toMatch(/xai-secret|XAI_API_KEY/);
  });

  test.each([
    ['the key', variable('XAI_API_KEY'), 'tools.run: may not hold the API key (XAI_API_KEY)'],
    ['what is not set', variable('NOT_SET'), 'tools.run: names NOT_SET, which is not set in the environment'],
  ])('its variables cannot be made from %s', async (_, value, message) => {
    const opening = openBox(command('', { env: { A: value } }), { env: { XAI_API_KEY: 'xai-1' } });
    await expect(opening).rejects.toThrow(message);
  });

  test('that will not end is made to, with all it started', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'pids');
    const child = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
    const box = await openBox(
      command(
        `process.on('SIGTERM', () => {});
         const child = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);
         require('fs').writeFileSync(${JSON.stringify(file)}, process.pid + ' ' + child.pid);
         setInterval(() => {}, 1000)`,
      ),
    );
    const interrupt = new AbortController();
    const call = box.call('run', {}, interrupt.signal);
    const pids = (await fileWritten(file)).split(' ').map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);
    interrupt.abort(new Error('interrupted'));
    expect(await call).toEqual({ error: 'interrupted' });
    await until(() => pids.every((pid) => !isAlive(pid)));
  });

  test('is ended with the session, or at once', async () => {
    for (const end of ['close', 'leave'] as const) {
      const file = join(temporaryFolder(), 'pid');
      const box = await openBox(
        command(
          `require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`,
        ),
      );
      const call = box.call('run');
      const pid = Number(await fileWritten(file));
      await box[end]();
      await until(() => !isAlive(pid));
      expect(await call).toHaveProperty('error');
    }
  });

  test('does not wait for what it leaves in the background', async () => {
    const box = await openBox({
      tools: { run: { command: ['sh', '-c', 'sleep 60 & echo done'] } },
    });
    expect(await box.call('run')).toBe('done');
  });

  test('is started once more after a crash, where it is safe', async () => {
    const file = join(temporaryFolder(), 'tried');
    const code = `const fs = require('fs');
      if (fs.existsSync(${JSON.stringify(file)})) console.log('well');
      else { fs.writeFileSync(${JSON.stringify(file)}, ''); process.kill(process.pid, 'SIGKILL') }`;
    const box = await openBox(command(code, { safe: true }));
    expect(await box.call('run')).toBe('well');
  });
});
