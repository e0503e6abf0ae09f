// A recording as the user names it: a file, or stdin.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { readChunks } from '../../files.js';
import type { Entry, Header } from '../../recording/format.js';
import { readRecording } from '../../recording/reader.js';

const largestStdinBytes = 512 * 1024 * 1024;

/** What is known of a recording once its events have been read. */
export interface Opened {
  source: string;
  /** Undefined where there is none. */
  header: Header | undefined;
  /** Whether times were kept, as far as it was read. */
  isTimed(): boolean;
  events: AsyncIterable<Entry>;
}

/** Reads the first line, and the others while it is asked for more. Throws CliError, also for a file without events. */
export async function openRecording(context: Context, named: string): Promise<Opened> {
  const source = named === '-' ? 'stdin' : named;
  const chunks =
    named === '-' ? [await context.io.readStdin(largestStdinBytes)] : readChunks(context.path(named), named);
  const lines = readRecording(chunks, source);
  const first = await lines.next();
  let timed = false;

  async function* events(): AsyncGenerator<Entry> {
    let count = 0;
    for (let read = first; read.done !== true; read = await lines.next()) {
      context.signal.throwIfAborted();
      if (read.value.kind === 'header') continue;
      if (read.value.kind === 'torn') {
        context.output.note(
          `note: line ${read.value.line} of ${source} was cut off; what comes before it is whole`,
        );
        continue;
      }
      count++;
      timed ||= read.value.at_ms !== undefined;
      yield read.value;
    }
    if (count > 0) return;
    throw new CliError('invalid_spec', `${source} holds no recording`, {
      hint: 'a recording is made by agents voice --record <file>',
    });
  }
  const header = first.done !== true && first.value.kind === 'header' ? first.value : undefined;
  return { source, header, isTimed: () => timed, events: events() };
}

/** Whether it was a phone call. */
export function isCall({ header }: Pick<Opened, 'header'>): boolean {
  return header !== undefined && URL.canParse(header.url) && new URL(header.url).searchParams.has('call_id');
}
