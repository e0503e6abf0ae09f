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
  /** Undefined where there is none, and before the first event. */
  header(): Header | undefined;
  /** Whether times were kept, as far as it was read. */
  isTimed(): boolean;
  events: AsyncIterable<Entry>;
}

/** Reads while it is asked for more. Throws CliError, also for a file without any event. */
export function openRecording(context: Context, named: string): Opened {
  const source = named === '-' ? 'stdin' : named;
  let header: Header | undefined;
  let timed = false;

  async function* events(): AsyncGenerator<Entry> {
    let count = 0;
    const chunks =
      named === '-'
        ? [await context.io.readStdin(largestStdinBytes)]
        : readChunks(context.path(named), named);
    for await (const read of readRecording(chunks, source)) {
      context.signal.throwIfAborted();
      if (read.kind === 'header') header = read;
      else if (read.kind === 'torn') {
        context.output.note(
          `note: line ${read.line} of ${source} was cut off; what comes before it is whole`,
        );
      } else {
        count++;
        timed ||= read.at_ms !== undefined;
        yield read;
      }
    }
    if (count > 0) return;
    throw new CliError('invalid_spec', `${source} holds no recording`, {
      hint: 'a recording is made by agents voice --record <file>',
    });
  }
  return { source, header: () => header, isTimed: () => timed, events: events() };
}
