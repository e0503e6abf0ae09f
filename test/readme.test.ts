// Every block of the README is run, in order, by a user who has nothing; what it shows is what comes. So are the
// examples of every command's help.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { errorCodes, exit } from '../src/errors.js';
import { agents, root, temporaryFolder } from './support/agents.js';
import { leafCommands } from './support/leaf-commands.js';
import { startTestApi, type TestApi } from './support/local-api.js';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

interface Block {
  language: string;
  text: string;
}
const blocks: Block[] = [...readme.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', text = '']) => ({ language, text }),
);
/** Run by .ci/run, on a clean checkout: inside the tests they would run themselves. */
const installing = ['npm install && npm start\n', 'npm install && npm test\n', 'npm install -g .\n'];

/** A block's commands, each with the output shown below it; undefined where none is shown. */
function steps({ language, text }: Block): { command: string; output: string | undefined }[] {
  if (language !== 'console') return [{ command: text, output: undefined }];
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const [command = '', ...output] = step.split('\n');
      return { command, output: output.join('\n') };
    });
}

/** A home with `agents` on the PATH and these files in it. */
function userHome(files: string, as: string): string {
  const home = temporaryFolder();
  mkdirSync(join(home, 'bin'));
  symlinkSync(join(root, 'bin/agents.js'), join(home, 'bin/agents'));
  cpSync(join(root, files), join(home, as), { recursive: true });
  return home;
}

/** What a line of bash prints. Rejects when it fails. What it leaves behind ends with it: ports are for the next. */
async function shell(line: string, home: string, baseUrl: string): Promise<string> {
  const running = spawn('bash', ['-c', `exec 2>&1; set -e -o pipefail; ${line}`], {
    cwd: home,
    env: { PATH: `${join(home, 'bin')}:${process.env.PATH}`, HOME: home, AGENTS_BASE_URL: baseUrl },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const endAll = () => {
    try {
      process.kill(-(running.pid as number), 'SIGKILL');
    } catch {
      // All have ended.
    }
  };
  onTestFinished(endAll);
  running.stdin.end();
  let printed = '';
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const [code] = (await once(running, 'exit')) as [number | null];
  endAll();
  await finished(running.stdout);
  if (code !== 0) throw new Error(`ended with ${code}: ${line}\n${printed}`);
  return printed;
}

/** What differs from run to run: times, request ids; and from day to day: prices. */
const settled = (text: string) =>
  text
    .replace(/\d+\.\d\d s/g, '0.00 s')
    .replace(/\d+(\.\d)? m?s(?=, (about|first audio|total)|\)$)/gm, '0 s')
    .replace(/\$0\.\d{4}/g, '$0.0000')
    .replace(/rates of \d{4}-\d\d-\d\d/g, 'rates of 2026-08-05')
    .replace(/"request_id":"[^"]*"/g, '"request_id":"…"')
    .trimEnd();

/** The workflow that the README writes does what it says, but for what GitHub does itself. */
async function runsInCi(home: string, baseUrl: string): Promise<void> {
  const workflow = parseYaml(readFileSync(join(home, '.github/workflows/agents.yml'), 'utf8'));
  const steps: { run?: string }[] = workflow.jobs.test.steps;
  const ours = steps.flatMap(({ run = '' }) => (run.startsWith('agents ') ? [run] : []));
  expect(ours).not.toEqual([]);
  for (const line of ours) await shell(line, home, baseUrl);
  expect(readFileSync(join(home, 'report/index.html'), 'utf8')).toMatch(/^<!doctype html>/i);
}

describe('the README', () => {
  test('holds what it says, block by block', { timeout: 300_000 }, async () => {
    const api = await startTestApi();
    const home = userHome('fixtures', 'fixtures');
    // The README's ids stand for those that were made.
    const made = new Map<string, string>();
    const real = (text: string) => [...made].reduce((all, [name, id]) => all.replaceAll(name, id), text);
    const told = (text: string) => [...made].reduce((all, [name, id]) => all.replaceAll(id, name), text);
    const shown = blocks.filter(({ text }) => !installing.includes(text));
    expect(shown.length).toBeGreaterThan(10);
    for (const { command, output } of shown.flatMap(steps)) {
      const line = real(command);
      const got = await shell(command.includes('nobody') ? `(${line}) || true` : line, home, api.base);
      const name = /agent_(abc123|def456)/.exec(output ?? '')?.[0];
      const id = /agent_\w{16}/.exec(got)?.[0];
      if (name && id && !made.has(name)) made.set(name, id);
      if (output !== undefined) expect(settled(told(got))).toBe(settled(output));
    }
    await runsInCi(home, api.base);
  });

  test('leads with the two commands, which are those that CI runs', () => {
    expect(blocks.slice(0, 3).map(({ text }) => text)).toEqual(installing);
    const ci = readFileSync(join(root, '.ci/run'), 'utf8');
    for (const line of installing) expect(ci).toContain(line.replace('npm install && ', '').trim());
  });

  test('names every command and every exit code', async () => {
    for (const name of shownCommands) expect(readme).toMatch(new RegExp(`^\\| \`${name}[ \`]`, 'm'));
    const codes = [...readme.matchAll(/^\| (\d[\d, ]*) \|/gm)].flatMap(([, each = '']) =>
      each.split(', ').map(Number),
    );
    expect(codes.sort((a, b) => a - b)).toEqual(Object.values(exit).sort((a, b) => a - b));
    const help = (await agents('help exit-codes')).stdout;
    expect(codes.filter((code) => !help.includes(` ${code}  `))).toEqual([]);
    expect(Object.values(errorCodes).filter((code) => !codes.includes(code))).toEqual([]);
  });
});

const shownCommands = await leafCommands();

describe('the examples of help', () => {
  test.each(shownCommands)('of %s run', { timeout: 60_000 }, async (name) => {
    const help = (await agents(`help ${name}`)).stdout;
    const lines = help.slice(help.indexOf('Examples:')).match(/(?<=^ {2}\$ ).*$/gm) ?? [];
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) {
      const api = await startTestApi();
      for (const id of ['agent_abc123', 'agent_def456'])
        api.store.agents.insert(id, {
          agent_id: id,
          name: id === 'agent_abc123' ? 'Order Support' : 'A',
          collection_ids: ['collection_abc123'],
        });
      stockKnowledge(api);
      const number = { phone_number_id: 'p1', phone_number: '+14155550123', name: 'Support Line' };
      api.store.phoneNumbers.insert('p1', { ...number, agent_id: 'agent_abc123' });
      const home = userHome('test/support/examples', '.');
      // Where there is no terminal to type at, words come from a pipe.
      const typed = / voice \S+$/.test(line) && !line.includes('|') ? `echo Hello | ${line}` : line;
      const inPlace = line === 'npm start' ? `cd '${root}' && npm start` : typed;
      // A server runs until it is told to stop.
      const command = / (dev|listen)\b/.test(line)
        ? `timeout --signal=INT 2 ${line} || [ $? = 124 ]`
        : inPlace;
      await expect(shell(command, home, api.base), line).resolves.toBeTypeOf('string');
    }
  });
});

/** The collections that examples name, and a document. */
function stockKnowledge({ store: { knowledge } }: TestApi): void {
  for (const [collection_id, collection_name] of [
    ['collection_abc123', 'faq'],
    ['collection_def456', 'orders'],
  ])
    knowledge.addCollection(String(collection_id), { collection_id, collection_name });
  const metadata = { file_id: 'file_abc123', name: 'hours.txt' };
  knowledge.addFile(metadata.file_id, { id: metadata.file_id, filename: metadata.name }, new Uint8Array([1]));
  const body = { file_metadata: metadata, status: 'DOCUMENT_STATUS_PROCESSED' };
  const document = { collection_id: 'collection_abc123', file_id: metadata.file_id, ready_at: 0, body };
  knowledge.addDocument(document, ['We open at nine.']);
}
