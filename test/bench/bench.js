// The budgets, each beside its reference in the same run. Prints a table; ends with 6 when one is missed.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPacked } from '../support/installed.js';
import { manySessions, minutesOfAudio, toolRound } from './conversations.js';
import { firstWord } from './first-word.js';
import { firstOutput, missedBudgets, pairs, row, wholeProcess } from './measure.js';
import { perSecond, send, withBareServer, withDev } from './requests.js';
import { besidePromptfoo, hundredWorkers, tenTimesAsMany, thousandTurns } from './testing.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'bin/agents.js');
const folder = mkdtempSync(join(tmpdir(), 'agents-bench-'));
const bareNode = () => wholeProcess([process.execPath, '-e', '0']);
const ms = (value) => `${value.toFixed(1)} ms`;
const times = (value) => `${value.toFixed(2)} ×`;

execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'ignore' });
process.stdout.write(`Node ${process.versions.node}; medians of runs in turn with the reference\n\n`);

try {
  await startUp();
  await listing();
  await serving();
  await pages();
  await words();
  await conversations();
  await tests();
  size();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = missedBudgets() > 0 ? 6 : 0;

async function startUp() {
  for (const flag of ['--version', '--help']) {
    const { one, other, ratio } = await pairs(
      () => wholeProcess([process.execPath, bin, flag]),
      bareNode,
      25,
    );
    row(
      `agents ${flag}`,
      times(ratio),
      '≤ 1.35 ×',
      ratio <= 1.35,
      `${ms(one)} beside node -e 0 ${ms(other)}`,
    );
  }
}

async function listing() {
  await withDev(bin, ['--data', join(folder, 'list')], async (url) => {
    await send('POST', `${url}/v1/agents`, { name: 'A', instructions: 'Be brief.' });
    const list = () => wholeProcess([process.execPath, bin, '--base-url', url, '--json', 'list']);
    const { one, other, ratio } = await pairs(list, bareNode, 25);
    row(
      'agents --json list, local API running',
      times(ratio),
      '≤ 2.20 ×',
      ratio <= 2.2,
      `${ms(one)} beside ${ms(other)}`,
    );
  });
}

async function serving() {
  const dev = () => firstOutput([process.execPath, bin, 'dev', '--port', '0', '--data', join(folder, 'dev')]);
  const start = await pairs(dev, bareNode, 15);
  row(
    'agents dev: start to listening',
    times(start.ratio),
    '≤ 3.00 ×',
    start.ratio <= 3,
    `${ms(start.one)} beside ${ms(start.other)}`,
  );
  await withDev(bin, ['--data', join(folder, 'get')], async (url) => {
    const made = await send('POST', `${url}/v1/agents`, { name: 'A', instructions: 'Be brief.' });
    await withBareServer(JSON.stringify(made), async (bare) => {
      const { one, other, ratio } = await pairs(
        () => perSecond(`${url}/v1/agents/${made.agent.agent_id}`),
        () => perSecond(bare),
        7,
      );
      row(
        'GET agent a second, beside bare node:http',
        times(ratio),
        '≥ 0.50 ×',
        ratio >= 0.5,
        `${one.toFixed(0)} beside ${other.toFixed(0)}`,
      );
    });
  });
}

/** A page of a hundred, of a store of a hundred and of one of ten thousand. */
async function pages() {
  const filled = async (count, use) =>
    withDev(bin, ['--data', join(folder, `store-${count}`)], async (url, pid) => {
      const agents = Array.from({ length: count }, (_, n) => ({
        agent_id: `agent_${n}`,
        name: `Agent ${n}`,
        instructions: 'x'.repeat(500),
      }));
      await send('PUT', `${url}/__local/snapshot`, { agents: [], phone_numbers: [] });
      for (let at = 0; at < count; at += 5000) {
        // In parts: a request is no larger than 16 MiB.
        await send('PUT', `${url}/__local/snapshot`, {
          agents: agents.slice(0, at + 5000),
          phone_numbers: [],
        });
      }
      return use(url, pid);
    });
  await filled(100, (small) =>
    filled(10_000, async (large, pid) => {
      const page = (url) => async () => 1 / (await perSecond(`${url}/v1/agents?limit=100`, 200));
      const time = await pairs(page(large), page(small), 7);
      row(
        'a page of 100 of 10,000 beside one of 100',
        times(time.ratio),
        '≤ 1.50 ×',
        time.ratio <= 1.5,
        `${ms(time.one * 1000)} beside ${ms(time.other * 1000)}`,
      );
      const before = residentMegabytes(pid);
      await perSecond(`${large}/v1/agents?limit=100`, 500);
      const grown = residentMegabytes(pid) - before;
      row('memory 500 such pages leave behind', `${grown.toFixed(1)} MB`, '≤ 60 MB', grown <= 60);
      const list = (url) => () =>
        wholeProcess([process.execPath, bin, '--base-url', url, 'list', '--limit', '100']);
      const listed = await pairs(list(large), list(small), 7);
      row(
        'agents list --limit 100 of 10,000 beside 100',
        times(listed.ratio),
        '≤ 1.20 ×',
        listed.ratio <= 1.2,
        `${ms(listed.one)} beside ${ms(listed.other)}`,
      );
    }),
  );
}

function residentMegabytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

async function words() {
  const spec = join(folder, 'spec.json');
  writeFileSync(spec, '{"name":"A","instructions":"Be brief."}');
  const { ours, bare, added } = await firstWord(bin, spec);
  row(
    'first word, added to a bare ws client',
    ms(added),
    '≤ 2.0 ms',
    added <= 2,
    `${ms(ours)} beside ${ms(bare)}`,
  );
}

async function conversations() {
  const round = await toolRound(bin, folder);
  const added = round.ours - round.bare;
  row(
    "a tool's round, added to a bare ws client",
    ms(added),
    '≤ 2.0 ms',
    added <= 2,
    `${ms(round.ours)} beside ${ms(round.bare)}`,
  );
  const many = await manySessions(folder);
  row(
    '100 sessions at once: turns a second, beside ws',
    times(many.ratio),
    '≥ 0.70 ×',
    many.ratio >= 0.7 && many.lost === 0,
    `${many.ours.toFixed(0)} beside ${many.bare.toFixed(0)}, ${many.lost} lost`,
  );
  const minutes = 10;
  const { ours, bare } = await minutesOfAudio(bin, folder, minutes);
  const used = ({ seconds, megabytes }) => `${seconds.toFixed(2)} s, ${megabytes.toFixed(0)} MB`;
  row(
    `${minutes} minutes of audio both ways: processor`,
    times(ours.seconds / bare.seconds),
    '≤ 4.00 ×',
    ours.code === 0 && ours.seconds <= 4 * bare.seconds,
    `${used(ours)} beside ${used(bare)}`,
  );
  row(
    `${minutes} minutes of audio both ways: memory`,
    times(ours.megabytes / bare.megabytes),
    '≤ 2.00 ×',
    ours.code === 0 && ours.megabytes <= 2 * bare.megabytes,
  );
}

async function tests() {
  const seconds = (value) => `${value.toFixed(2)} s`;
  const turns = await thousandTurns(bin, folder);
  row(
    'agents test: turns a second, beside a bare loop',
    times(turns.ratio),
    '≥ 0.30 ×',
    turns.ratio >= 0.3,
    `${turns.one.toFixed(0)} beside ${turns.other.toFixed(0)}`,
  );
  const memory = await hundredWorkers(bin, folder);
  row(
    'agents test: memory of 100 workers beside 1',
    times(memory.ratio),
    '≤ 2.00 ×',
    memory.ratio <= 2,
    `${memory.one.toFixed(0)} MB beside ${memory.other.toFixed(0)} MB`,
  );
  const many = await tenTimesAsMany(bin, folder);
  row(
    'agents test: a scenario of 1,000 beside one of 100',
    times(many.ratio),
    '≤ 1.00 ×',
    many.ratio <= 1,
    `${ms(many.one)} beside ${ms(many.other)}; of 10 ${ms(many.ten)}`,
  );
  const installed = process.env.AGENTS_BENCH_PROMPTFOO;
  if (!installed) return;
  const both = await besidePromptfoo(bin, folder, installed);
  row(
    'agents test: 1,000 turns beside promptfoo',
    times(both.ratio),
    '≤ 1.00 ×',
    both.ratio <= 1,
    `${seconds(both.one)} beside ${seconds(both.other)}`,
  );
}

function size() {
  const { packages, bytes } = installPacked(root, folder);
  const megabytes = bytes / 1024 / 1024;
  row('packages installed', String(packages.length), '1', packages.length === 1);
  row('installed size', `${megabytes.toFixed(2)} MB`, '≤ 5 MB', megabytes <= 5);
}
