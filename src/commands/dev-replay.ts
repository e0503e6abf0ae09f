// `agents dev --replay`: a recording served as an API.

import type { Context } from '../context.js';
import type { Departure, Replay } from '../emulator/local.js';
import type { Entry } from '../recording/format.js';
import { cleanText, type Style } from '../terminal/style.js';
import { openRecording } from './replay/file.js';

/** Reads the recording; departures of clients are told in the log. Throws CliError. */
export async function openReplay(context: Context, named: string): Promise<Replay> {
  const { createReplay } = await import('../emulator/local.js');
  const { source, events } = await openRecording(context, named);
  const entries: Entry[] = [];
  for await (const entry of events) entries.push(entry);
  return createReplay({
    entries,
    source,
    newId: context.newId,
    onDeparture: (departure) =>
      context.output.emit({ type: 'departed', file: source, ...departure }, departureText),
  });
}

function departureText(
  { file, line, expected, got }: Departure & { file: string },
  { chalk }: Style,
): string {
  return `${chalk.red(`${file}:${line}`)} expected ${cleanText(expected)}, got ${cleanText(got)}\n`;
}
