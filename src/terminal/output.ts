// How a command speaks. stdout carries the answer, stderr everything else; the format changes only by `--json`.

import type { CliError } from '../errors.js';
import type { Io } from './io.js';
import { clean, cleanText, colourLevel, createStyle, jsonText, type Render, type Style } from './style.js';

/** A line of its own is for where the person may be typing already: what is typed would stand beside a spinner. */
export type Progress = 'spinner' | 'line';

export interface Output {
  /** Whether the answer is for a program. A command that branches on this is a sign of a missing verb. */
  readonly json: boolean;
  /** The answer, once: indented JSON, or its rendering for people, which may be nothing. */
  show<T>(value: T, render: Render<T>): void;
  /** One of a stream: a line of JSON, or its rendering, which may be nothing and is not ended by a line break. */
  emit<T>(value: T, render: Render<T>): void;
  /** Several of a stream in one write. */
  emitAll<T>(values: readonly T[], render: Render<T>): void;
  /** Text as a note is written, for whoever writes it himself. */
  dim(text: string): string;
  /** For people, on stderr; silent under `--json`. */
  note(text: string): void;
  /** One of a stream of notes, such as a log, rendered for stderr; silent under `--json`. */
  remark(render: (style: Style) => string): void;
  /** For people, on stderr, also under `--json`: what `--verbose` asked for. */
  trace(text: string): void;
  /** Shows that work goes on, where someone watches. */
  during<T>(label: string, work: () => Promise<T>, progress?: Progress): Promise<T>;
  /** A failure as it is told here: the commands in its hint reach the same server. */
  told(error: CliError): CliError;
  /** A failure, on stderr: for people, or as one line of JSON. */
  report(error: CliError): void;
}

/** A command that is over sooner shows no spinner: it would only flicker. */
const spinnerDelayMs = 150;

/** How commands in hints are written that talk to a server: "agents list", and with `program` "agents --local list". */
const talking =
  'create|list|get|update|delete|tools|knowledge|phone|call|listen|run|voice|token|voices|models|whoami';
const serverCommand = new RegExp(`\\bagents (?=(?:${talking})\\b(?! [a-z ]*--help))`, 'g');

/** `program` is how the next command has to begin to reach the same server. */
export function createOutput(
  io: Io,
  env: Record<string, string | undefined>,
  json: boolean,
  program: () => string = () => 'agents',
): Output {
  const style = createStyle(colourLevel(io.stdout, env), io.width.stdout);
  const noteStyle = createStyle(colourLevel(io.stderr, env), io.width.stderr);
  function emitAll<T>(values: readonly T[], render: Render<T>): void {
    const text = values
      .map((value) => (json ? `${jsonText(value)}\n` : render(clean(value), style)))
      .join('');
    if (text !== '') io.write('stdout', text);
  }
  const told = (error: CliError) =>
    error.hint === undefined
      ? error
      : error.withHint(error.hint.replace(serverCommand, () => `${program()} `));
  const noteLine = (text: string) => io.write('stderr', `${text}\n`);
  return {
    json,
    show(value, render) {
      const text = json ? jsonText(value, 2) : render(clean(value), style);
      if (text !== '') io.write('stdout', text.endsWith('\n') ? text : `${text}\n`);
    },
    emit: (value, render) => emitAll([value], render),
    emitAll,
    dim: (text) => noteStyle.chalk.dim(cleanText(text)),
    note(text) {
      if (!json) noteLine(noteStyle.chalk.dim(cleanText(text)));
    },
    remark(render) {
      const text = json ? '' : render(noteStyle);
      if (text !== '') io.write('stderr', text);
    },
    trace: (text) => noteLine(noteStyle.chalk.dim(cleanText(text))),
    async during(label, work, progress = 'spinner') {
      // A terminal that shows no colour may be one that cannot redraw a line either.
      if (json || io.stderr.isTTY !== true || noteStyle.chalk.level === 0) return work();
      const stop =
        progress === 'spinner'
          ? spinSoon(io, label)
          : tellLate(() => noteLine(noteStyle.chalk.dim(`${label}…`)));
      try {
        return await work();
      } finally {
        await stop();
      }
    },
    told,
    report(failure) {
      const error = told(failure);
      noteLine(
        json ? jsonText({ error: error.toJSON() }) : errorText(clean(error.message), error.hint, noteStyle),
      );
    },
  };
}

/** "error: …" and what to do next. */
export function errorText(message: string, hint: string | undefined, { chalk }: Style): string {
  const next = hint === undefined ? '' : `\n${chalk.dim(`  ${cleanText(hint)}`)}`;
  return `${chalk.red.bold('error:')} ${message}${next}`;
}

/** Calls `tell` unless it is over before that is worth while. */
function tellLate(tell: () => void): () => Promise<void> {
  const timer = setTimeout(tell, spinnerDelayMs);
  return async () => clearTimeout(timer);
}

function spinSoon(io: Io, label: string): () => Promise<void> {
  let stopped = false;
  let shown: Promise<{ stop(): unknown }> | undefined;
  const timer = setTimeout(() => {
    shown = import('ora').then(({ default: ora }) => {
      // ora would otherwise take the keyboard, which belongs to prompts.
      const spinner = ora({
        text: label,
        stream: io.stderr,
        discardStdin: false,
      });
      return stopped ? spinner : spinner.start();
    });
  }, spinnerDelayMs);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    (await shown)?.stop();
  };
}
