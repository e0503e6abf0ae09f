// Reads a recording line by line: ours, and those without header and times.

import { CliError } from '../errors.js';
import { writeJson } from '../json-text.js';
import { isObject, parseJson } from '../protocol/json.js';
import { type Entry, type Header, recordingVersion } from './format.js';

export type Read =
  | Header
  | Entry
  /** The last line was cut off while it was written. */
  | { kind: 'torn'; line: number };

const longestLineBytes = 64 * 1024 * 1024;

/**
 * What a recording holds, in order; `source` is how the user names it. Throws CliError `invalid_spec` that names the
 * line. A last line that was cut off is told as `torn`.
 */
export async function* readRecording(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  source: string,
): AsyncGenerator<Read> {
  let isFirst = true;
  for await (const { number, bytes, whole } of linesOf(chunks, source)) {
    const text = decode(bytes);
    if (text?.trim() === '') continue;
    const value = text === undefined ? undefined : jsonOf(text);
    if (value === undefined && !whole) {
      yield { kind: 'torn', line: number };
      return;
    }
    const wrong = (problem: string) => fault(source, number, problem);
    if (text === undefined) throw wrong('is not UTF-8 text');
    if (value === undefined) throw wrong('is not JSON');
    yield isObject(value) && value.kind === 'header' && isFirst
      ? readHeader(value, wrong)
      : { ...readEvent(value, wrong), line: number };
    isFirst = false;
  }
}

type Wrong = (problem: string) => CliError;

function fault(source: string, line: number, problem: string): CliError {
  return new CliError('invalid_spec', `${source}, line ${line}: ${problem}`, {
    hint: 'a recording is made by agents voice --record <file>',
  });
}

function readHeader(value: Record<string, unknown>, wrong: Wrong): Header {
  if (value.version !== recordingVersion) {
    throw wrong(`is of version ${writeJson(value.version)}; this agents reads version ${recordingVersion}`);
  }
  const text = (name: string) => (typeof value[name] === 'string' ? value[name] : '');
  return {
    kind: 'header',
    version: recordingVersion,
    product: text('product'),
    started_at: text('started_at'),
    url: text('url'),
    model: text('model') || undefined,
    agent: value.agent,
  };
}

function readEvent(value: unknown, wrong: Wrong): DistributedEvent {
  if (!isObject(value)) throw wrong('must be an object');
  const time = readTime(value.at_ms, wrong);
  switch (value.kind) {
    case 'message':
      if (!isObject(value.event)) throw wrong('event must be an object');
      return { kind: 'message', from: readSide(value.from, wrong), event: value.event, ...time };
    case 'text':
      if (typeof value.text !== 'string') throw wrong('text must be a string');
      return { kind: 'text', from: readSide(value.from, wrong), text: value.text, ...time };
    case 'opened':
      return { kind: 'opened', ...(typeof value.url === 'string' && { url: value.url }), ...time };
    case 'closed':
      if (!Number.isInteger(value.code)) throw wrong('code must be a whole number');
      return {
        kind: 'closed',
        ...(value.from !== undefined && { from: readSide(value.from, wrong) }),
        code: value.code as number,
        reason: typeof value.reason === 'string' ? value.reason : '',
        ...time,
      };
    default:
      throw wrong(`kind must be message, text, opened or closed, got ${writeJson(value.kind)}`);
  }
}

type DistributedEvent = Entry extends infer E ? (E extends Entry ? Omit<E, 'line'> : never) : never;

function readSide(value: unknown, wrong: Wrong): 'client' | 'server' {
  if (value !== 'client' && value !== 'server') {
    throw wrong(`from must be client or server, got ${writeJson(value)}`);
  }
  return value;
}

function readTime(value: unknown, wrong: Wrong): { at_ms?: number } {
  if (value === undefined) return {};
  if (typeof value !== 'number' || !(value >= 0)) throw wrong('at_ms must be a number, 0 or more');
  return { at_ms: value };
}

/** Undefined for what is no JSON, or too deep to be handled. */
function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Undefined for bytes that are no text. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface Line {
  number: number;
  bytes: Uint8Array;
  /** Whether a line break ends it. */
  whole: boolean;
}

const lineBreak = 0x0a;

async function* linesOf(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  source: string,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let size = 0;
  let number = 1;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(lineBreak); at >= 0; at = chunk.indexOf(lineBreak, from)) {
      yield { number: number++, bytes: joined([...parts, chunk.subarray(from, at)]), whole: true };
      parts = [];
      size = 0;
      from = at + 1;
    }
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > longestLineBytes) {
      throw fault(source, number, `is longer than ${longestLineBytes / 1024 / 1024} MiB`);
    }
  }
  if (size > 0) yield { number, bytes: joined(parts), whole: false };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const only = parts.length === 1 ? parts[0] : undefined;
  if (only !== undefined) return only;
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
