// Reading replies: tolerant of what may differ, strict about what must be there.

import { CliError, type ErrorDetails } from '../errors.js';
import { type ChatChunk, ChatChunk as ChatChunkSchema } from '../protocol/chat.js';
import { parseJson } from '../protocol/json.js';
import { isTextType } from '../protocol/route.js';
import { readServerSentEvents } from '../protocol/sse.js';
import { readErrorValue } from '../protocol/wire-error.js';
import type { HttpReply, HttpRequest } from './http.js';
import { titleOf } from './request.js';

/** Larger than any page of agents the documented limits allow. */
const largestReplyBytes = 64 * 1024 * 1024;

export const isSuccess = (status: number) => status >= 200 && status < 300;

export const isEventStream = ({ headers }: HttpReply) =>
  (headers['content-type'] ?? '').includes('text/event-stream');

/** The longest text there may be, spoken slowly at the highest rate, is smaller. */
const largestSoundBytes = 512 * 1024 * 1024;

/** The whole body. Throws CliError when it breaks off or is too large. */
export async function readText(request: HttpRequest, reply: HttpReply): Promise<string> {
  return (await readWhole(request, reply, largestReplyBytes)).toString('utf8');
}

async function readWhole(request: HttpRequest, reply: HttpReply, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of reply.chunks()) {
    size += chunk.length;
    if (size > limit) {
      const mebibytes = limit / 1024 / 1024;
      throw new CliError('invalid_reply', `${titleOf(request)}: the reply is larger than ${mebibytes} MiB`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The reply of a route that answers with bytes. `trace` is told how many. Throws CliError `invalid_reply`. */
export async function readBytesReply<T>(
  request: HttpRequest,
  reply: HttpReply,
  read: (value: unknown) => T | undefined,
  trace: ((line: string) => void) | undefined,
): Promise<T> {
  const type = (reply.headers['content-type'] ?? '').toLowerCase();
  const isText = isTextType(type);
  const bytes = await readWhole(request, reply, isText ? largestReplyBytes : largestSoundBytes);
  trace?.(`< (${bytes.length} bytes of ${type || 'an unnamed kind'})`);
  const result = read({ bytes, type });
  if (result !== undefined) return result;
  const said = isText ? readErrorValue(jsonOrUndefined(bytes.toString('utf8')))?.message : undefined;
  const what = bytes.length === 0 ? 'the reply is empty' : `the reply is ${type}, not sound`;
  throw new CliError('invalid_reply', `${titleOf(request)}: ${said ?? what}`, detailsOf(reply));
}

/** The reply of a route, read by its row. Throws CliError `invalid_reply`. */
export function readReply<T>(
  request: HttpRequest,
  reply: HttpReply,
  text: string,
  read: (value: unknown) => T | undefined,
): T {
  const value = parseReply(request, reply, text);
  const result = read(value);
  if (result !== undefined) return result;
  const isEmpty = text.trim() === '';
  const told =
    readErrorValue(value)?.message ??
    (isEmpty ? 'the reply is empty' : 'the reply lacks what such a reply must hold');
  throw new CliError('invalid_reply', `${titleOf(request)}: ${told}`, detailsOf(reply));
}

function parseReply(request: HttpRequest, reply: HttpReply, text: string): unknown {
  // Some routes answer success with nothing; whether that is enough is the row's to say.
  if (text.trim() === '') return undefined;
  try {
    return parseJson(text);
  } catch (cause) {
    // A DELETE may answer with anything: its status says it all.
    if (request.method === 'DELETE') return undefined;
    const kind = reply.headers['content-type'] ?? 'no content type';
    throw new CliError(
      'invalid_reply',
      `${titleOf(request)}: the reply is not JSON that can be read (${kind})`,
      { ...detailsOf(reply), cause },
    );
  }
}

function detailsOf(reply: HttpReply): ErrorDetails {
  return {
    status: reply.status,
    requestId: reply.headers['x-request-id'],
    hint: 'is the base URL that of an xAI API? --verbose shows the reply',
  };
}

/** The chunks of a streamed chat completion, to its `[DONE]`. Throws CliError when it ends before. */
export async function* readChunks(request: HttpRequest, reply: HttpReply): AsyncGenerator<ChatChunk> {
  for await (const data of readServerSentEvents(reply.chunks())) {
    if (data === '[DONE]') return;
    const chunk = ChatChunkSchema.safeParse(jsonOrUndefined(data));
    if (!chunk.success) throw failedStream(request, data);
    yield chunk.data;
  }
  throw new CliError('dropped', `${titleOf(request)}: the stream ended before the answer did`, {
    hint: 'the answer above is not whole; try again',
  });
}

/** What a stream says instead of a chunk: a request for one can fail as status 200 with a JSON body. */
export function failedStream(request: HttpRequest, text: string): CliError {
  const error = readErrorValue(jsonOrUndefined(text));
  if (error === undefined) {
    return new CliError('invalid_reply', `${titleOf(request)}: the reply is not a stream of answer chunks`);
  }
  const passing = /currently unavailable|overloaded/i.test(`${error.code} ${error.message}`);
  return new CliError(passing ? 'unavailable' : 'refused', `${titleOf(request)}: ${error.message}`);
}

function jsonOrUndefined(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
