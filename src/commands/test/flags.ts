// The flags of `agents test`, and what they come to: checked in full before anything is read or sent.

import type { Command } from 'commander';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { Ticks } from '../../money.js';
import { collect } from '../command.js';
import { readSeed } from '../dev-faults.js';
import { readCount } from '../tool-flags.js';
import { readCost } from '../voice/money-flags.js';
import { addReporterFlag, type ReporterFlags } from './reporters.js';

export interface TestFlags extends ReporterFlags {
  agent?: string;
  filter?: string;
  tag?: string[];
  lastFailed?: boolean;
  shard?: string;
  list?: boolean;
  workers?: string;
  repeat?: string;
  bail?: boolean;
  maxFailures?: string;
  maxCost?: string;
  seed?: string;
  output: string;
  record?: boolean;
  userModel?: string;
  judgeModel?: string;
  modelUrl?: string;
  baseline?: boolean;
  updateBaseline?: boolean;
  baselineFile?: string;
  watch?: boolean;
  schema?: boolean;
}

export interface TestOptions {
  workers: number;
  repeat: number;
  bail: number | undefined;
  maxCost: Ticks | undefined;
  seed: number;
  shard: { part: number; of: number } | undefined;
}

export function addTestFlags(command: Command): Command {
  return addReporterFlag(command)
    .option('--agent <id|file>', 'another agent than the one scenarios name')
    .option('--filter <text>', 'only scenarios with this in their name or file; /…/ is a regular expression')
    .option('--tag <tag>', 'only scenarios with this tag, or with !tag those without (repeatable)', collect)
    .option('--last-failed', 'only those that did not pass the last time')
    .option('--shard <i/n>', 'only the i-th of n parts, for several machines: agents test merge joins them')
    .option('--list', 'name the scenarios, and run none')
    .option(
      '--workers <n>',
      `runs at a time, at most ${mostWorkers} (default: four for each core, at most 16)`,
    )
    .option('--repeat <n>', 'run each so many times over')
    .option('--bail', 'stop at the first scenario that does not pass')
    .option('--max-failures <n>', 'stop when so many have not passed')
    .option('--max-cost <usd>', 'stop before a turn that would pass this, by our estimate (exit code 6)')
    .option('--seed <n>', 'what chance goes by: people who are played, faults (default 1)')
    .option('--output <folder>', 'where recordings of failures are kept', 'test-results')
    .option('--record', 'keep recordings of those that pass, too')
    .option(
      '--user-model <name>',
      'the model that plays people (default: AGENTS_USER_MODEL, else by their rules)',
    )
    .option('--judge-model <name>', 'the model that judges (default: AGENTS_JUDGE_MODEL)')
    .option('--model-url <url>', 'where these models are (default: AGENTS_MODEL_URL, else the server itself)')
    .option('--baseline', 'compare latency, cost and passes with an earlier run')
    .option('--update-baseline', 'keep this run to compare later ones with')
    .option('--baseline-file <file>', 'where that is kept (default: test-baseline.json)')
    .option('--watch', 'run again when a file changes')
    .option('--schema', 'print the JSON Schema of scenarios, for editors');
}

/** What the service allows a team at a time. */
const mostWorkers = 100;
const usualMost = 16;

/** Throws CliError `usage`. */
export function readTestOptions({ host }: Context, flags: TestFlags): TestOptions {
  if (flags.bail && flags.maxFailures !== undefined) {
    throw new CliError('usage', '--bail and --max-failures contradict each other', {
      hint: '--bail is --max-failures 1',
    });
  }
  if (flags.baselineFile !== undefined && !flags.baseline && !flags.updateBaseline) {
    throw new CliError('usage', '--baseline-file names the file of --baseline and --update-baseline', {
      hint: 'add --baseline to compare with it, or --update-baseline to keep this run there',
    });
  }
  if (flags.output === '') throw new CliError('usage', '--output must name a folder, got an empty name');
  const most =
    flags.maxFailures === undefined ? undefined : readCount('--max-failures', flags.maxFailures, 1);
  return {
    workers:
      flags.workers === undefined
        ? Math.min(usualMost, 4 * host.cores)
        : readCount('--workers', flags.workers, 1, mostWorkers),
    repeat: flags.repeat === undefined ? 1 : readCount('--repeat', flags.repeat, 1),
    bail: flags.bail ? 1 : most,
    maxCost: readCost(flags.maxCost),
    seed: flags.seed === undefined ? 1 : readSeed(flags.seed),
    shard: readShard(flags.shard),
  };
}

function readShard(text: string | undefined): TestOptions['shard'] {
  if (text === undefined) return undefined;
  const [, part, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { part: Number(part), of: Number(of) };
  if (part !== undefined && shard.part >= 1 && shard.part <= shard.of) return shard;
  throw new CliError('usage', `--shard must be a part and their number, got ${text}`, {
    hint: 'for example --shard 2/4, the second of four',
  });
}
