// `agents test`: scenarios are found, read and played side by side; what came of them is told, kept and reported.

import type { Command } from 'commander';
import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { oneLine } from '../one-line.js';
import type { Case } from '../scenario/scenario.js';
import { examples, type Register } from './command.js';
import { choose } from './test/choose.js';
import { addTestFlags, readTestOptions, type TestFlags, type TestOptions } from './test/flags.js';
import { register as from } from './test/from.js';
import { register as init } from './test/init.js';
import { register as merge } from './test/merge.js';
import { readCases } from './test/read-cases.js';
import { type Reporter, readReporters } from './test/reporters.js';
import { tellFaults } from './test/reporting.js';
import { runTests } from './test/run-tests.js';
import { watchTests } from './test/watch.js';

/** In the order of help. */
const commands: readonly { name: string; summary: string; register: Register }[] = [
  { name: 'init', summary: 'Write a first scenario for an agent', register: init },
  { name: 'from', summary: 'Write a scenario from a recording', register: from },
  { name: 'merge', summary: 'Join the reports of shards', register: merge },
];

export const register: Register = (command, action) => {
  addTestFlags(
    command.argument('[file...]', 'scenario files, or folders of them (default: all below this folder)'),
  )
    .addHelpText(
      'after',
      `
A scenario is a file: what a person says, and what must be true of the answers. agents test init writes one;
agents help scenarios tells what it may hold.
Exit codes: 0 all passed, 6 some failed, 1 some could not run, 2 a file is wrong.
${examples(
  'agents test --local',
  'agents test booking.scenario.yaml --agent agent_abc123',
  'agents test --local --reporter terminal --reporter junit=out.xml --reporter html=report/',
  'agents test --tag booking --repeat 10 --bail',
)}`,
    )
    .action(action(test));
  for (const { name, summary, register: add } of commands) {
    const below = command.command(name).description(summary);
    add(below, action);
    below.hook('preAction', () => handFlagsDown(command, below));
  }
};

/**
 * commander takes flags that this command has for its own, also after the name of one below it: they are handed down,
 * and refused where that one has none of the name. Throws CliError `usage`.
 */
function handFlagsDown(command: Command, below: Command): void {
  const given = command.options.filter(
    (option) => command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  for (const option of given) {
    const name = option.attributeName();
    if (!below.options.some((each) => each.attributeName() === name)) {
      throw new CliError('usage', `unknown option '${option.long}'`, {
        hint: `agents test ${below.name()} --help shows its arguments and flags`,
      });
    }
    below.setOptionValueWithSource(name, command.getOptionValue(name), 'cli');
  }
}

async function test(context: Context, named: string[], flags: TestFlags): Promise<number | undefined> {
  if (flags.schema) return printSchema(context);
  const options = readTestOptions(context, flags);
  const reporters = readReporters(flags.reporter, context.output);
  if (flags.watch) return watchTests(context, { named, flags, options, reporters, once });
  return once(context, { named, flags, options, reporters });
}

export interface Asked {
  named: readonly string[];
  flags: TestFlags;
  options: TestOptions;
  reporters: readonly Reporter[];
}

type OnRead = (cases: readonly Case[]) => void;

/** Reads, chooses and plays; `onRead` is told of what was chosen before it is played. Throws CliError. */
async function once(context: Context, asked: Asked, onRead: OnRead = () => {}): Promise<number | undefined> {
  try {
    return await readAndPlay(context, asked, onRead);
  } catch (error) {
    tellFaults(context, asked.reporters, error);
    throw error;
  }
}

async function readAndPlay(context: Context, asked: Asked, onRead: OnRead): Promise<number | undefined> {
  const { named, flags, options } = asked;
  const all = await readCases(context, named);
  const { cases, plan, gone } = await choose(context, all, flags, options);
  onRead(cases);
  if (flags.list) {
    const scenarios = cases.map(({ id, tags, file, place }) => ({ id, file, line: place.line, tags }));
    context.output.show({ scenarios }, (shown, { chalk }) =>
      shown.scenarios
        .map((each) => `${oneLine(each.id)}${each.tags.map((tag) => chalk.dim(`  ${tag}`)).join('')}`)
        .join('\n'),
    );
    return undefined;
  }
  return runTests(context, cases, { ...asked, plan, gone });
}

async function printSchema({ output }: Context): Promise<undefined> {
  const { scenarioSchema } = await import('../scenario/json-schema.js');
  const schema = scenarioSchema();
  output.show(schema, (shown) => JSON.stringify(shown, null, 2));
}
