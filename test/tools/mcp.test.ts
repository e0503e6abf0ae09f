import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root, temporaryFolder } from '../support/agents.js';
import { freePort, isAlive, openBox, tool, variable } from './support.js';

const file = join(root, 'test/tools/mcp-server.mjs');
const command = [process.execPath, file];
const server = { command };

async function startHttp(onRequest: (request: IncomingMessage) => number | undefined = () => undefined) {
  // Not checked by tsc: a program of its own.
  const path = './mcp-server.mjs';
  const { startHttpServer } = await import(/* @vite-ignore */ path);
  const started = (await startHttpServer(onRequest)) as { url: string; close(): void };
  onTestFinished(() => started.close());
  return started.url;
}

describe.each(['a program', 'an address'])('an MCP server that is %s', (kind) => {
  const where = async () => (kind === 'a program' ? server : { url: await startHttp() });

  test('runs its tools, by their names or by others', async () => {
    const mcp = await where();
    const box = await openBox({ tools: { echo: { mcp }, say: { mcp: { ...mcp, tool: 'echo' } } } });
    expect(await Promise.all([box.call('echo', { words: 'a' }), box.call('say', { words: 'b' })])).toEqual([
      'echo a',
      'echo b',
    ]);
  });

  test('answers in text, with what is none named', async () => {
    const mcp = await where();
    const box = await openBox({ tools: { shapes: { mcp }, structured: { mcp } } });
    expect(await box.call('shapes')).toBe('words\n[image image/png]\nof a file');
    expect(await box.call('structured')).toEqual({ a: 1 });
  });

  test('may refuse, in its own words', async () => {
    const mcp = await where();
    const box = await openBox({ tools: { refuse: { mcp }, echo: { mcp } } });
    expect(await box.call('refuse')).toEqual({ error: 'not allowed' });
    expect(await box.call('echo', { words: 5 })).toEqual({ error: expect.stringContaining('words') });
  });

  test('whose tool is not there is told at the start', async () => {
    const mcp = await where();
    await expect(openBox({ tools: { ecko: { mcp } } })).rejects.toThrow(
      'tools.yaml: tools.ecko: the MCP server has no tool ecko (did you mean "echo"?)',
    );
  });

  test('with a name offers all its tools to the agent, and may be named by handlers', async () => {
    const box = await openBox(
      { mcp: { test: await where() }, tools: { say: { mcp: { server: 'test', tool: 'echo' } } } },
      { tools: ['echo', 'say', 'other'].map((name) => tool(name)) },
    );
    expect(['echo', 'say', 'other', 'count'].map(box.has)).toEqual([true, true, false, false]);
    expect(await box.call('say', { words: 'a' })).toBe('echo a');
    expect(await box.call('echo', { words: 'b' })).toBe('echo b');
  });

  test('is not waited for longer than any tool', async () => {
    const mcp = await where();
    const box = await openBox({ tools: { hang: { mcp, timeout_ms: 50 }, echo: { mcp } } });
    expect(await box.call('hang')).toEqual({ error: 'timed out after 0.05 s' });
    expect(await box.call('echo', { words: 'still there' })).toBe('echo still there');
  });
});

describe('an MCP server that is a program', () => {
  test('is started once for all that name it, has no key, and ends with the session', async () => {
    const started = join(temporaryFolder(), 'started');
    const mcp = { ...server, env: { STARTED: started, TOKEN: variable('TOKEN') } };
    const box = await openBox(
      { tools: { count: { mcp }, again: { mcp: { ...mcp, tool: 'count' } }, environment: { mcp } } },
      { env: { PATH: process.env.PATH ?? '', XAI_API_KEY: 'xai-secret', COPY: 'xai-secret', TOKEN: 't' } },
    );
    expect([await box.call('count'), await box.call('again')]).toEqual([1, 2]);
    const seen = JSON.stringify(await box.call('environment'));
    expect(seen).toContain('"TOKEN":"t"');
    expect(seen).not.toContain('xai-secret');
    const pids = readFileSync(started, 'utf8').trim().split('\n').map(Number);
    expect(pids.map(isAlive)).toEqual([true]);
    await box.close();
    expect(pids.map(isAlive)).toEqual([false]);
  });

  test('that crashed is started again for the next call, or for the same where it is safe', async () => {
    const box = await openBox({ tools: { crash: { mcp: server }, count: { mcp: server } } });
    expect(await box.call('crash')).toEqual({ error: expect.stringContaining('the MCP server: ') });
    expect(await box.call('count')).toBe(1);
  });

  test('that breaks the protocol is ended before another is started', async () => {
    const started = join(temporaryFolder(), 'started');
    const mcp = { ...server, env: { STARTED: started } };
    const box = await openBox({ tools: { misshapen: { mcp }, count: { mcp } } });
    expect(await box.call('misshapen')).toEqual({ error: expect.stringContaining('the MCP server: ') });
    expect(await box.call('count')).toBe(1);
    const pids = readFileSync(started, 'utf8').trim().split('\n').map(Number);
    expect(pids.map(isAlive)).toEqual([false, true]);
  });

  test('may print a greeting where none belongs', async () => {
    const mcp = { command: [...command, '--chatty'] };
    const box = await openBox({ tools: { count: { mcp } } });
    expect(await box.call('count')).toBe(1);
  });

  test('that cannot be started, or says why it ends, is told at the start', async () => {
    const gone = { tools: { count: { mcp: { command: ['no-such-server'] } } } };
    await expect(openBox(gone)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'tools.yaml: tools.count: cannot start no-such-server: no such program or folder',
    });
    const broken = { mcp: { db: { command: [...command, '--broken'] } } };
    await expect(openBox(broken)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/^tools\.yaml: mcp\.db: the MCP server: .*: no database$/),
    });
  });

  test('is not started for tools that the agent does not have', async () => {
    const started = join(temporaryFolder(), 'started');
    await openBox({ tools: { count: { mcp: { ...server, env: { STARTED: started } } } } }, { tools: [] });
    expect(existsSync(started)).toBe(false);
  });
});

describe('an MCP server at an address', () => {
  test('is sent the headers of the file', async () => {
    const seen: (string | undefined)[] = [];
    const url = await startHttp((request) => void seen.push(request.headers.authorization));
    const headers = { authorization: `Bearer ${variable('TOKEN')}` };
    const box = await openBox({ tools: { count: { mcp: { url, headers } } } }, { env: { TOKEN: 't' } });
    await box.call('count');
    expect(new Set(seen)).toEqual(new Set(['Bearer t']));
  });

  test('that refuses, or is not there, is told at the start', async () => {
    const url = await startHttp(() => 503);
    await expect(openBox({ mcp: { a: { url } } })).rejects.toMatchObject({ code: 'unavailable' });
    const nobody = `http://127.0.0.1:${await freePort()}/mcp`;
    await expect(openBox({ mcp: { a: { url: nobody } } })).rejects.toMatchObject({
      message: expect.stringContaining('tools.yaml: mcp.a: the MCP server: ECONNREFUSED'),
    });
  });
});
