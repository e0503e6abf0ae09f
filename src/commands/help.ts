// `agents help`: of a command, or of a topic.

import type { Command } from 'commander';
import type { helpTopics } from '../commands.js';
import { CliError } from '../errors.js';
import { environment } from '../settings.js';
import { didYouMean } from '../spec/did-you-mean.js';
import { handlersHelp } from './handlers-help.js';
import { scenariosHelp } from './scenarios-help.js';

const exitCodes: [number, string][] = [
  [0, 'done; also help and version'],
  [1, 'failed: the service refused, the session broke, part of a batch failed'],
  [2, 'asked wrongly: a bad flag, an unreadable or invalid file; nothing was sent'],
  [3, 'not found'],
  [4, 'not allowed: the key is missing, wrong, or without access; no credits left'],
  [5, 'unavailable: network, TLS, timeout, rate limit, 5xx, dropped socket; the same command may work later'],
  [
    6,
    'the work ran and the answer is no: a scenario failed, a call not answered, a difference found, a budget reached',
  ],
  [130, 'interrupted (Ctrl+C)'],
  [141, 'the reader of stdout is gone'],
  [143, 'terminated'],
];

type Topic = (typeof helpTopics)[number];

export const topics: Record<Topic, () => string | Promise<string>> = {
  'exit-codes': () =>
    `Exit codes\n\n${exitCodes.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}\n`,
  environment: () => {
    const width = Math.max(...environment.map(({ name }) => name.length));
    const lines = environment.map(({ name, meaning }) => `  ${name.padEnd(width)}  ${meaning}`);
    return `Environment\n\nA flag comes first, then the environment, then the default.\n\n${lines.join('\n')}\n`;
  },
  handlers: () => handlersHelp,
  scenarios: () => scenariosHelp,
  faults: async () => (await import('./dev-faults.js')).faultsHelp(),
};

/** Shows a topic or the help of the command that the words call. Throws CliError `usage` when there is neither. */
export async function showHelp(
  program: Command,
  words: readonly string[],
  write: (text: string) => void,
): Promise<void> {
  const [topic, below] = words;
  if (topic === undefined) return program.outputHelp();
  const command = named(program, topic);
  if (command !== undefined && below === undefined) return command.outputHelp();
  if (command !== undefined && below !== undefined) {
    const subcommand = named(command, below);
    if (subcommand !== undefined) return subcommand.outputHelp();
    throw noHelp(`${topic} ${below}`, below, namesOf(command));
  }
  if (Object.hasOwn(topics, topic)) return write(await topics[topic as Topic]());
  throw noHelp(topic, topic, [...namesOf(program), ...Object.keys(topics)]);
}

const named = (command: Command, name: string) => command.commands.find((each) => each.name() === name);

const namesOf = (command: Command) =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((each) => each.name());

function noHelp(asked: string, word: string, names: string[]): CliError {
  const offer = names.length === 0 ? undefined : { hint: `help on: ${names.join(', ')}` };
  return new CliError('usage', `there is no help on ${asked}${didYouMean(word, names)}`, offer);
}
