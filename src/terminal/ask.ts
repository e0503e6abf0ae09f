// Questions at a terminal, by prompts. Whoever calls has made sure that somebody is there to answer.

import prompts from 'prompts';
import { CliError } from '../errors.js';
import type { Io } from './io.js';
import { cleanText } from './style.js';

export interface Choice {
  title: string;
  value: string;
  description?: string;
}

export interface Ask {
  /** Throws CliError `interrupted` on Ctrl+C, as all of these do. */
  text(message: string, options?: { required?: boolean; initial?: string }): Promise<string>;
  choose(message: string, choices: Choice[]): Promise<string>;
  confirm(message: string): Promise<boolean>;
}

export function createAsk(io: Io, signal: AbortSignal): Ask {
  async function ask(question: object): Promise<unknown> {
    // The question goes where notes go: stdout holds nothing but the answer.
    const streams = { stdin: io.stdin, stdout: io.stderr };
    // A list hides the cursor while it is open; a signal ends the run without telling it.
    const showCursor = () => io.write('stderr', '\u001b[?25h');
    signal.addEventListener('abort', showCursor, { once: true });
    try {
      const answers = await prompts({ name: 'answer', ...question, ...streams } as prompts.PromptObject, {
        onCancel: () => {
          throw new CliError('interrupted', 'interrupted');
        },
      });
      return answers.answer;
    } finally {
      signal.removeEventListener('abort', showCursor);
    }
  }
  return {
    text: async (message, { required = false, initial = '' } = {}) =>
      String(
        await ask({
          type: 'text',
          message: cleanText(message),
          initial,
          validate: (value: string) => !required || value.trim() !== '' || 'needed',
        }),
      ).trim(),
    choose: async (message, choices) =>
      String(await ask({ type: 'select', message: cleanText(message), choices })),
    confirm: async (message) =>
      (await ask({ type: 'confirm', message: cleanText(message), initial: false })) === true,
  };
}
