import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents, temporaryFolder } from '../support/agents.js';
import { startFakeServer } from '../support/fake-server.js';
import { fakePrograms } from '../support/programs.js';

interface Line {
  name: string;
  status: string;
  message: string;
  hint?: string;
}

async function doctor(flags: string[], env: Record<string, string> = {}, home = temporaryFolder()) {
  const { code, stdout, stderr } = await agents(['--json', ...flags, 'doctor'], {
    env: { HOME: home, PATH: '/nowhere', ...env },
  });
  const { checks } = JSON.parse(stdout) as { checks: Line[] };
  const of = (name: string) => checks.find((each) => each.name === name);
  return { code, stderr, stdout, of, names: checks.map(({ name }) => name) };
}

const key = { XAI_API_KEY: 'xai-very-secret' };

describe('doctor', () => {
  test('with the local API nothing is missing but programs for sound, which is a warning', async () => {
    const { code, names, of } = await doctor(['--local']);
    expect(code).toBe(0);
    expect(names).toEqual(['node', 'data folder', 'state folder', 'key', 'server', 'recording', 'playing']);
    expect(of('node')).toMatchObject({ status: 'ok', message: '20.19.0' });
    expect(of('server')).toMatchObject({ status: 'ok', message: 'the local API answers and takes the key' });
    expect(of('recording')).toMatchObject({ status: 'warning', hint: expect.stringContaining('sox') });
  });

  test('names the programs it found', async () => {
    const { path } = fakePrograms({ arecord: '', aplay: '' });
    const { of } = await doctor(['--local'], { PATH: path });
    expect(of('recording')).toMatchObject({ status: 'ok', message: expect.stringMatching(/^arecord \(\//) });
    expect(of('playing')).toMatchObject({ status: 'ok', message: expect.stringMatching(/^aplay \(\//) });
  });

  test('says whether the key is set and works, and never shows it', async () => {
    const server = await startFakeServer(() => ({ body: { redacted_api_key: 'xai-…cret' } }));
    const { code, of, stdout } = await doctor(['--base-url', server.url], key);
    expect(code).toBe(0);
    expect(of('key')).toEqual({ name: 'key', status: 'ok', message: 'set' });
    expect(of('server')).toMatchObject({ status: 'ok', message: `${server.url} answers and takes the key` });
    expect(server.seen).toMatchObject([{ method: 'GET', path: '/v1/api-key' }]);
    expect(stdout).not.toContain('very-secret');
  });

  test.each<[string, object, number, string]>([
    ['blocked', { api_key_blocked: true }, 200, 'the key is blocked'],
    ['of a blocked team', { team_blocked: true }, 200, 'the team is blocked'],
    ['disabled', { api_key_disabled: true }, 200, 'the key is disabled'],
    ['wrong', { code: 'x', error: 'Incorrect API key provided: xai-****.' }, 400, 'Incorrect API key'],
  ])('a key that is %s has failed, and the exit code tells', async (_, body, status, message) => {
    const server = await startFakeServer(() => ({ status, body }));
    const { code, of } = await doctor(['--base-url', server.url], key);
    expect(code).toBe(6);
    expect(of('server')).toMatchObject({ status: 'failed', message: expect.stringContaining(message) });
  });

  test('no key for the service has failed, with where to get one', async () => {
    const { code, of } = await doctor([]);
    expect(code).toBe(6);
    expect(of('key')).toMatchObject({ status: 'failed', hint: expect.stringContaining('XAI_API_KEY') });
  });

  test('a server that is not there has failed', async () => {
    const { code, of } = await doctor(['--base-url', 'http://127.0.0.1:9'], key);
    expect(code).toBe(6);
    expect(of('server')).toMatchObject({ status: 'failed', message: expect.stringContaining('127.0.0.1:9') });
    expect(of('key')).toMatchObject({ status: 'ok' });
  });

  test('a folder that cannot be written to has failed; nothing is made to find out', async () => {
    const home = temporaryFolder();
    writeFileSync(join(home, 'file'), '');
    const folders = { AGENTS_STATE_DIR: join(home, 'file/state'), AGENTS_DATA_DIR: join(home, 'a/b') };
    const { code, of } = await doctor(['--base-url', 'http://127.0.0.1:9'], folders, home);
    expect(code).toBe(6);
    expect(of('state folder')).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('is no folder'),
      hint: 'set AGENTS_STATE_DIR to another folder',
    });
    expect(of('data folder')).toMatchObject({ status: 'ok' });
    expect(() => mkdirSync(join(home, 'a'))).not.toThrow();
  });

  test('for people: a line each, and the mend below what needs one', async () => {
    const { stdout, code } = await agents('--local doctor', { env: { PATH: '/nowhere' } });
    expect(code).toBe(0);
    expect(stdout).toContain('ok        node: 20.19.0\n');
    expect(stdout).toContain(
      'warning   recording: no program for voice --mic\n          install sox or alsa-utils: for example sudo apt-get install sox\n',
    );
  });
});
