// The command line as commander sees it: global flags, commands, help. Built afresh for every run.

import { Command, Help, type Option } from 'commander';
import type { Action } from './commands/command.js';
import { commandEntries, groups, helpTopics } from './commands.js';
import { defaults } from './settings.js';

export interface ProgramOptions {
  version: string;
  /** Which commands to load in full; the others are known by name only. */
  load: readonly string[];
  action: Action;
  write(text: string): void;
  writeError(text: string): void;
  /** Columns of the terminal, for help. */
  width: number;
}

export async function buildProgram({
  version,
  load,
  action,
  write,
  writeError,
  width,
}: ProgramOptions): Promise<Command> {
  const program = new Command('agents');
  program
    .description('The terminal for xAI voice agents: define one, talk to it, test it, offline too.')
    .option('--json', 'print JSON: one document, or one object a line')
    .option('--base-url <url>', `the server to use (default ${defaults.baseUrl})`)
    .option('--local', 'use the local API, inside this command: no key, no network')
    .option('--timeout <s>', `seconds the service may be silent (default ${defaults.timeoutSeconds})`)
    .option('--no-input', 'never ask anything')
    .option('--verbose', 'show each request and reply on stderr, secrets hidden')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    // Set before any command is made: commands inherit it only then.
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: writeError,
      outputError: () => {},
      getOutHelpWidth: () => width,
      getOutHasColors: () => false,
    })
    .configureHelp({ optionDescription })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Begin here:
  $ agents tour                  see it all work, offline
  $ agents --local create        make an agent in the local API: no key, no network
  $ agents help exit-codes       also: ${helpTopics.slice(1).join(', ')}`,
    );
  const byGroup = groups.flatMap((group) => commandEntries.filter((entry) => entry.group === group));
  for (const { name, summary, group, hidden = false, load: loadCommand } of byGroup) {
    const command = program.command(name, { hidden }).description(summary).helpGroup(`${group}:`);
    if (!load.includes(name)) continue;
    (await loadCommand()).register(command, action);
    command.helpCommand(false);
    for (const each of [command, ...command.commands]) each.addHelpText('after', globalFlags);
  }
  return program;
}

const usualHelp = new Help();

function optionDescription(option: Option): string {
  return usualHelp.optionDescription(option) + (option.mandatory ? ' (required)' : '');
}

/** Flags a command cannot do without and was not given: "required options '--area-code <n>', '--name <text>'". */
export function missingOptions(command: Command): string {
  const missing = command.options.filter(
    (option) => option.mandatory && command.getOptionValue(option.attributeName()) === undefined,
  );
  const names = missing.map(({ flags }) => `'${flags}'`).join(', ');
  return `required option${missing.length === 1 ? '' : 's'} ${names}`;
}

/** The command that words call, as far as it is loaded: `phone buy` is found below `phone`. */
export function commandFor(program: Command, words: readonly string[]): Command | undefined {
  const [word, ...rest] = withoutFlags(words);
  const command = program.commands.find((each) => each.name() === word);
  return command?.commands.find((each) => each.name() === rest[0]) ?? command;
}

/** The end of every command's help. */
const globalFlags =
  '\nGlobal flags: --json --local --base-url <url> --timeout <s> --no-input --verbose (agents --help)';

const takesValue = new Set(['--base-url', '--timeout']);

/** The word that names a command: the first that is neither a flag nor a flag's value. */
export function commandWord(argv: readonly string[]): string | undefined {
  return withoutFlags(argv)[0];
}

/** Global flags and their values are left out; those of a command are not known here, so they lose only themselves. */
function withoutFlags(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const typed = end < 0 ? argv : argv.slice(0, end);
  const words = typed.filter((word, at) => !word.startsWith('-') && !takesValue.has(typed[at - 1] ?? ''));
  return [...words, ...(end < 0 ? [] : argv.slice(end + 1))];
}
