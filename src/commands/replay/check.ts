// What the watch says of a recording, each fault with its line.

import type { Context } from '../../context.js';
import { exit } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import { readServerFrame } from '../../protocol/realtime-server.js';
import type { Entry } from '../../recording/format.js';
import { createWatch, type Finding } from '../../session/watch/watch.js';
import type { Style } from '../../terminal/style.js';
import { type Opened, openRecording } from './file.js';

interface Fault {
  line: number;
  code: string;
  message: string;
  hint: string;
}

/** Lists what is found, in the order of lines. Exit code 6 when something is. */
export async function checkRecording(context: Context, named: string): Promise<number | undefined> {
  const opened = await openRecording(context, named);
  const { source } = opened;
  const list = await findFaults(opened);
  context.output.show({ file: source, faults: list }, ({ file, faults }, style) =>
    faults.map((fault) => faultText(file, fault, style)).join(''),
  );
  if (list.length > 0) return exit.negative;
  context.output.note(`${source}: nothing wrong is known of it.`);
  return undefined;
}

async function findFaults({ events }: Opened): Promise<Fault[]> {
  const watch = createWatch();
  /** Of the events the watch saw. */
  const lines: number[] = [];
  const found: Finding[] = [];
  let lastMs: number | undefined;
  for await (const each of events) {
    lastMs = each.at_ms ?? lastMs;
    if (each.kind === 'opened') watch.opened();
    if (each.kind === 'message' || each.kind === 'text') {
      if (each.kind === 'message' || each.from === 'server') lines.push(each.line);
      found.push(...look(watch, each));
    }
  }
  found.push(...watch.ended(lastMs));
  return found
    .map(({ code, message, hint, event }) => ({ line: lines[event] ?? 0, code, message, hint }))
    .sort((a, b) => a.line - b.line);
}

function look(watch: ReturnType<typeof createWatch>, each: Entry & { kind: 'message' | 'text' }): Finding[] {
  if (each.kind === 'text') {
    return each.from === 'server' ? watch.received(readServerFrame(each.text), each.at_ms) : [];
  }
  if (each.from === 'client') return watch.sent(each.event, each.at_ms);
  return watch.received(readServerFrame(writeJson(each.event)), each.at_ms);
}

function faultText(source: string, { line, code, message, hint }: Fault, { chalk }: Style): string {
  return `${chalk.bold(`${source}:${line}`)} ${message} ${chalk.dim(`(${code})`)}\n    ${hint}\n`;
}
