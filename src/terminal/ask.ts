// Questions at a terminal: lists and yes or no by prompts, words by the editor of the REPL (prompts splits characters
// beyond U+FFFF, and takes the first line of a paste for all of it). Whoever calls has made sure that somebody is
// there to answer.

import prompts from 'prompts';
import { CliError } from '../errors.js';
import type { Io } from './io.js';
import { readTypedLines } from './line-reader.js';
import { cleanText, colourLevel, createStyle } from './style.js';

export interface Choice {
  title: string;
  value: string;
  description?: string;
}

export interface Ask {
  /**
   * Words, which may be pasted with their line breaks; `initial` when nothing is typed. Throws CliError `interrupted`
   * on Ctrl+C, as all of these do.
   */
  text(message: string, options?: { required?: boolean; initial?: string }): Promise<string>;
  /** One of the choices; `initial` is the value that is marked at first. */
  choose(message: string, choices: Choice[], initial?: string): Promise<string>;
  confirm(message: string): Promise<boolean>;
}

type Env = Record<string, string | undefined>;

export function createAsk(io: Io, signal: AbortSignal, env: Env): Ask {
  const { chalk } = createStyle(colourLevel(io.stderr, env), io.width.stderr);
  async function ask(question: object): Promise<unknown> {
    // The question goes where notes go: stdout holds nothing but the answer.
    const streams = { stdin: io.stdin, stdout: io.stderr };
    // A list hides the cursor while it is open; a signal ends the run without telling it.
    const showCursor = () => io.write('stderr', '\u001b[?25h');
    signal.addEventListener('abort', showCursor, { once: true });
    try {
      const answers = await prompts({ name: 'answer', ...question, ...streams } as prompts.PromptObject, {
        onCancel: () => {
          throw interrupted();
        },
      });
      return answers.answer;
    } finally {
      signal.removeEventListener('abort', showCursor);
    }
  }
  async function askForWords(message: string, initial: string, isAnswer: (text: string) => boolean) {
    const usual = initial === '' ? '' : ` ${chalk.dim(`(${cleanText(initial)})`)}`;
    const fits = (line: string) => isAnswer(answerOf(line));
    const answerOf = (line: string) => (line.trim() === '' ? initial : line.trim());
    const reader = readTypedLines(io.stderr, {
      io,
      prompt: `${chalk.cyan('?')} ${chalk.bold(cleanText(message))}${usual} ${chalk.dim('›')} `,
      history: [],
      onInterrupt: () => reader.close(),
      onHistory: () => {},
      isLast: fits,
    });
    signal.addEventListener('abort', reader.close, { once: true });
    try {
      for await (const line of reader.lines) {
        if (fits(line)) return answerOf(line);
        io.write('stderr', `${chalk.red('needed')}\n`);
      }
    } finally {
      signal.removeEventListener('abort', reader.close);
    }
    signal.throwIfAborted();
    throw interrupted();
  }
  return {
    text: (message, { required = false, initial = '' } = {}) =>
      askForWords(message, initial, (text) => !required || text !== ''),
    choose: async (message, choices, initial) =>
      String(
        await ask({
          type: 'select',
          message: cleanText(message),
          choices,
          initial: Math.max(
            0,
            choices.findIndex(({ value }) => value === initial),
          ),
        }),
      ),
    confirm: async (message) =>
      (await ask({ type: 'confirm', message: cleanText(message), initial: false })) === true,
  };
}

const interrupted = () => new CliError('interrupted', 'interrupted');
