// `agents help`: of a command, or of a topic.

import type { Command } from 'commander';
import { CliError } from '../errors.js';
import { environment } from '../settings.js';
import { didYouMean } from '../spec/did-you-mean.js';
import { toolsHelp } from './tools-help.js';

const exitCodes: [number, string][] = [
  [0, 'done; also help and version'],
  [1, 'failed: the service refused, the session broke, part of a batch failed'],
  [2, 'asked wrongly: a bad flag, an unreadable or invalid file; nothing was sent'],
  [3, 'not found'],
  [4, 'not allowed: the key is missing, wrong, or without access; no credits left'],
  [5, 'unavailable: network, TLS, timeout, rate limit, 5xx, dropped socket; the same command may work later'],
  [6, 'the work ran and the answer is no: a scenario failed, a difference found, a budget reached'],
  [130, 'interrupted (Ctrl+C)'],
  [141, 'the reader of stdout is gone'],
  [143, 'terminated'],
];

export const topics = {
  'exit-codes': () =>
    `Exit codes\n\n${exitCodes.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}\n`,
  environment: () => {
    const width = Math.max(...environment.map(({ name }) => name.length));
    const lines = environment.map(({ name, meaning }) => `  ${name.padEnd(width)}  ${meaning}`);
    return `Environment\n\nA flag comes first, then the environment, then the default.\n\n${lines.join('\n')}\n`;
  },
  tools: () => toolsHelp,
  faults: async () => (await import('./dev-faults.js')).faultsHelp(),
};

/** Shows a topic or a command's help. Throws CliError `usage` when there is neither. */
export async function showHelp(
  program: Command,
  topic: string | undefined,
  write: (text: string) => void,
): Promise<void> {
  const command = topic === undefined ? program : program.commands.find((each) => each.name() === topic);
  if (command !== undefined) return command.outputHelp();
  if (Object.hasOwn(topics, topic ?? '')) return write(await topics[topic as keyof typeof topics]());
  const names = [
    ...program
      .createHelp()
      .visibleCommands(program)
      .map((each) => each.name()),
    ...Object.keys(topics),
  ];
  throw new CliError('usage', `there is no help on ${topic}${didYouMean(topic ?? '', names)}`, {
    hint: `help on: ${names.join(', ')}`,
  });
}
