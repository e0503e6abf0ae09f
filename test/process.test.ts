// The built program as a process: what only a real one shows.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, temporaryFolder } from './support/agents.js';
import { startFakeCalls } from './support/fake-calls.js';
import { startServer } from './support/fake-server.js';
import { misbehaving } from './support/hostile-socket.js';
import { secret } from './webhook/support.js';

const bin = join(root, 'bin/agents.js');

interface Ended {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** Starts the program, or a shell line in which `agents` is it. */
function start(
  command: string[],
  { env = {}, cwd = temporaryFolder() }: { env?: Record<string, string>; cwd?: string } = {},
) {
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, AGENTS_LOCAL: '1', ...env },
  });
  let stdout = '';
  let stderr = '';
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const shown = (words: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if ((stdout + stderr).includes(words)) resolve();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
    });
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return { child, ended, shown };
}

const agents = (...words: string[]) => start([process.execPath, bin, ...words]);
const shell = (line: string, cwd?: string) =>
  start(
    ['bash', '-c', `set -o pipefail; agents() { "${process.execPath}" "${bin}" "$@"; }; ${line}`],
    cwd ? { cwd } : {},
  );

/** A conversation with a service that begins an answer, and from then on hears and says nothing. */
async function talkingToNobody(command: (cwd: string) => string[]) {
  const { url } = await misbehaving('reply', (socket) => {
    socket.pause();
    return false;
  });
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'a.json'), '{"name":"A"}');
  return start(command(cwd), { cwd, env: { AGENTS_LOCAL: '', AGENTS_BASE_URL: url, TERM: 'xterm' } });
}

describe('the program', () => {
  test('tells its version', async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await agents('--version').ended).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('ends with the exit code of what happened', async () => {
    expect(await agents('get', 'agent_9').ended).toMatchObject({ code: 3, stdout: '' });
    expect(await agents('lst').ended).toMatchObject({ code: 2, stdout: '' });
  });

  test('talks through a pipe', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'a.json'), '{"name":"A"}');
    const talked = await shell("printf 'Hello\\nBye\\n' | agents voice a.json", cwd).ended;
    expect(talked).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/You said: Hello\.[^\n]*\n[^\n]*You said: Bye\./),
    });
  });

  test('prints no warning of its runtime', async () => {
    expect(await agents('list').ended).toMatchObject({ code: 0, stdout: 'No agents.\n', stderr: '' });
  });

  test('ends quietly when its reader has left', async () => {
    const cwd = temporaryFolder();
    const many = Array.from({ length: 400 }, (_, n) => ({ name: `A${n}`, instructions: 'x'.repeat(2000) }));
    writeFileSync(join(cwd, 'many.json'), JSON.stringify(many));
    const piped = await shell(
      'agents create many.json > made && agents list | head -1; echo $PIPESTATUS',
      cwd,
    ).ended;
    expect(piped.stdout).toMatch(/^ID +NAME.*\n141\n$/);
    expect(piped.stderr).toBe('');
  });

  test('tells of no turn that failed because its reader has left', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'a.json'), '{"name":"A"}');
    const turns = '-m One -m Two -m Three -m Four';
    const piped = await shell(`agents voice a.json ${turns} | head -1; echo $PIPESTATUS`, cwd).ended;
    expect(piped.stdout).toMatch(/You said: One\..*\n141\n$/);
    expect(piped.stderr).not.toMatch(/failed|Four/);
  });

  test.skipIf(!existsSync('/dev/full'))('tells that the disk is full', async () => {
    const full = await shell('agents list > /dev/full').ended;
    expect(full).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('cannot write to stdout: no space left on the device'),
    });
  });

  test.skipIf(!existsSync('/dev/full')).each(['--version', '--help', 'list --help', 'completion bash'])(
    'tells it of %s too',
    async (line) => {
      const { code, stderr } = await shell(`agents ${line} > /dev/full`).ended;
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('no space left') });
    },
  );

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'passes nothing off as done when %s and a reader that leaves cut its answer short',
    async (signal) => {
      const agent = { instructions: 'x'.repeat(500) };
      const many = Array.from({ length: 3000 }, (_, at) => ({ agent_id: `a${at}`, ...agent }));
      const url = await startServer((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ agents: many }));
      });
      const child = spawn(process.execPath, [bin, '--json', 'list'], {
        env: { PATH: process.env.PATH ?? '', HOME: temporaryFolder(), AGENTS_BASE_URL: url },
      });
      await new Promise((resolve) => child.stdout.once('readable', resolve));
      child.kill(signal);
      child.stdout.destroy();
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect([141, signal === 'SIGTERM' ? 143 : 130]).toContain(code);
    },
  );

  test.skipIf(!existsSync('/dev/full'))('does not mind that nobody reads stderr', async () => {
    expect(await shell('agents create --name A 2> /dev/full').ended).toMatchObject({ code: 0 });
    expect(await shell('agents create --name A 2>&-').ended).toMatchObject({ code: 0 });
  });

  test('stops on SIGINT with 130 and on SIGTERM with 143', async () => {
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      let heard = () => {};
      const url = await startServer(() => heard());
      const { child, ended } = start([process.execPath, bin, 'list'], {
        env: { AGENTS_LOCAL: '', AGENTS_BASE_URL: url },
      });
      heard = () => child.kill(signal);
      expect(await ended).toMatchObject({ code, stdout: '', stderr: expect.stringContaining('error: ') });
    }
  });

  test('serves the local API until Ctrl+C, and lets go of its data', async () => {
    const cwd = temporaryFolder();
    const { child, ended, shown } = start([process.execPath, bin, 'dev', '--port', '0', '--data', 'd'], {
      cwd,
    });
    await shown('Ctrl+C ends it');
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 0, stderr: 'The local API has stopped.\n' });
    expect(existsSync(join(cwd, 'd', 'local.db.lock'))).toBe(false);
  });

  test('serves it until SIGTERM as well, without calling that an error', async () => {
    const { child, ended, shown } = start([process.execPath, bin, 'dev', '--port', '0', '--memory']);
    await shown('Ctrl+C ends it');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 143, stderr: 'The local API has stopped.\n' });
  });

  test.each([
    ['SIGINT', 1, 0],
    ['SIGTERM', 1, 143],
    // The first lets the call go on, the second hangs it up.
    ['SIGINT', 2, 0],
  ] as const)(
    'answers calls until %s comes %d times, and leaves no caller on the line',
    async (signal, times, code) => {
      const service = await startFakeCalls();
      const cwd = temporaryFolder();
      writeFileSync(join(cwd, 'a.json'), '{"name":"A"}');
      const { child, ended, shown } = start(
        [process.execPath, bin, 'listen', 'a.json', '--port', '0', '--greeting', 'Good morning.'],
        { cwd, env: { AGENTS_LOCAL: '', AGENTS_BASE_URL: service.url, AGENTS_WEBHOOK_SECRET: secret } },
      );
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
      });
      await shown('--secret-file');
      const url = /http:\/\/\S+/.exec(text)?.[0] ?? '';
      const isCall = times === 2 || signal === 'SIGTERM';
      if (isCall) {
        const greeted = shown('agent: Good morning.');
        expect(await service.ring(url, 'call-1', { atMs: Date.now() })).toBe(200);
        await greeted;
      }
      const waits = shown('No new calls.');
      child.kill(signal);
      if (times === 2) {
        await waits;
        child.kill(signal);
      }
      const { stdout, ...rest } = await ended;
      expect(rest.code).toBe(code);
      expect(service.asked).toEqual(isCall ? ['hangup call-1'] : []);
      expect(stdout + rest.stderr).not.toContain('MfKQ9r8');
    },
  );

  test('leaves at once on a second Ctrl+C, whatever goes on', async () => {
    let heard = () => {};
    const url = await startServer(() => heard());
    const { child, ended } = start([process.execPath, bin, 'list'], {
      env: { AGENTS_LOCAL: '', AGENTS_BASE_URL: url },
    });
    heard = () => {
      child.kill('SIGINT');
      child.kill('SIGINT');
    };
    expect((await ended).code).toBe(130);
  });

  test('leaves a conversation on a second Ctrl+C, though the service answers nothing any more', async () => {
    const { child, ended, shown } = await talkingToNobody((cwd) => [
      process.execPath,
      bin,
      'voice',
      join(cwd, 'a.json'),
      '-m',
      'Hello',
    ]);
    await shown('Half a');
    child.kill('SIGINT');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });

  test.skipIf(!existsSync('/usr/bin/script'))(
    'leaves the prompt on a second Ctrl+C, and the terminal as it was',
    async () => {
      const { child, ended, shown } = await talkingToNobody((cwd) => [
        '/usr/bin/script',
        '-qec',
        `"${process.execPath}" "${bin}" voice "${join(cwd, 'a.json')}"; echo code $?; stty -a`,
        '/dev/null',
      ]);
      await shown('> ');
      child.stdin.write('Hello\r');
      await shown('Half a');
      child.stdin.write('\u0003');
      child.stdin.write('\u0003');
      const { stdout } = await ended;
      expect(stdout).toContain('code 0');
      expect(stdout).toMatch(/ icanon[\s\S]* echo /);
    },
  );

  test('shows the tour, offline, with nothing left behind', async () => {
    const cwd = temporaryFolder();
    const toured = await start([process.execPath, bin, 'tour'], { cwd, env: { AGENTS_LOCAL: '' } }).ended;
    expect(toured.code).toBe(0);
    for (const command of ['create', 'list', 'get', 'run', 'voice']) {
      expect(toured.stdout).toMatch(new RegExp(`^\\$ agents --local ${command}`, 'm'));
    }
    expect(toured.stdout).toContain('→ lookup_order({"order_id":"ORD-42"})');
    expect(existsSync(join(cwd, '.local'))).toBe(false);
  });
});
