// The built program, killed and out of room: what only a real process shows.

import { execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { root, temporaryFolder } from '../support/agents.js';
import { startTestApi } from '../support/local-api.js';
import { readAll } from './support.js';

const bin = join(root, 'bin/agents.js');
const agent = join(root, 'fixtures/agents/order-support.json');

describe.skipIf(process.platform === 'win32')('a recording', { timeout: 60_000 }, () => {
  test('of a process that was killed can be read up to its last whole line', async () => {
    const api = await startTestApi();
    const cwd = temporaryFolder();
    const child = spawn(process.execPath, [bin, 'voice', agent, '--record', 'a.jsonl'], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, AGENTS_BASE_URL: api.base },
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // The first turn is over; the second one has begun when its words come.
    child.stderr.once('data', () => child.stdin.write('Where is order ORD-42?\n'));
    let shown = '';
    child.stdout.on('data', (text) => {
      shown += text;
      if (/One moment/.test(shown)) child.kill('SIGKILL');
    });
    child.stdin.on('error', () => {});
    child.stdin.write('Hello\n');
    await ended;
    const read = await readAll(readFileSync(join(cwd, 'a.jsonl')));
    expect(read[0]).toMatchObject({ kind: 'header' });
    const events = read.map((each) => (each.kind === 'message' ? each.event.type : each.kind));
    expect(events).toContain('response.done');
    expect(events.filter((type) => type === 'response.create')).toHaveLength(2);
  });

  test('that finds no more room is told once, and the conversation goes on', async () => {
    const api = await startTestApi();
    const cwd = temporaryFolder();
    const line = `ulimit -f 8; '${process.execPath}' '${bin}' voice '${agent}' -m Hello -m Hello --record a.jsonl`;
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, AGENTS_BASE_URL: api.base },
    });
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr.match(/note: the recording ends here: cannot write .*a\.jsonl/g)).toHaveLength(1);
    expect((await readAll(readFileSync(join(cwd, 'a.jsonl')))).length).toBeGreaterThan(2);
  });
});
