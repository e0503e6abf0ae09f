// Any OpenAI-compatible server (Ollama, llama.cpp, vLLM) as the one who answers.

import type { Clock } from '../../clock.js';
import { writeJson } from '../../json-text.js';
import { addressOf } from '../../protocol/address.js';
import { readServerSentEvents } from '../../protocol/sse.js';
import { readWireError } from '../../protocol/wire-error.js';
import { reasonOf } from '../other-server.js';
import { Refusal, unavailable } from '../refusal.js';
import type { Finding, Heard, Part, ReplyMaker } from '../reply.js';
import { createChunkReader } from './chunks.js';
import { chatMessages } from './messages.js';

export interface ModelOptions {
  /** With or without the version: http://localhost:11434 or http://localhost:11434/v1. */
  url: URL;
  /** As the server knows it. */
  name: string;
  key?: string | undefined;
  /** How long the server may be silent, in ms. */
  silenceMs: number;
  after: Clock['after'];
}

/** A maker that asks the model. What goes wrong there is thrown as the service's 503. */
export function createModel(options: ModelOptions): ReplyMaker {
  return { reply: (heard, signal) => answer(options, heard, signal) };
}

async function* answer(options: ModelOptions, heard: Heard, signal?: AbortSignal): AsyncGenerator<Part> {
  const { silenceMs, after } = options;
  const stop = new AbortController();
  const leave = () => stop.abort();
  signal?.addEventListener('abort', leave, { once: true });
  let isLate = false;
  /** Only while the server is waited for, not while what it said is being spoken. */
  async function inTime<T>(work: Promise<T>): Promise<T> {
    const done = after(silenceMs, () => {
      isLate = true;
      stop.abort();
    });
    try {
      return await work;
    } finally {
      done();
    }
  }
  try {
    signal?.throwIfAborted();
    const reply = await inTime(ask(options, heard, stop.signal));
    const isStream = reply.headers.get('content-type')?.includes('text/event-stream');
    if (!reply.ok || !isStream || reply.body === null) throw new RangeError(await inTime(saidIn(reply)));
    const reader = createChunkReader();
    for await (const data of readServerSentEvents(pieces(reply.body, inTime))) {
      if (data === '[DONE]') break;
      yield* reader.take(data);
    }
    yield* reader.end();
  } catch (error) {
    if (error instanceof Refusal || signal?.aborted) throw error;
    const reason = isLate ? `it said nothing for ${silenceMs / 1000} s` : reasonOf(error);
    throw unavailable(`The model server ${options.url.href} failed: ${reason}`);
  } finally {
    signal?.removeEventListener('abort', leave);
    stop.abort();
  }
}

function ask({ url, name, key }: ModelOptions, heard: Heard, signal: AbortSignal): Promise<Response> {
  const tools = heard.tools.map((definition) => ({ type: 'function', function: definition }));
  return fetch(addressOf(url, 'chat/completions'), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    body: writeJson({
      model: name,
      messages: chatMessages(heard, foundFor(heard)),
      stream: true,
      ...(tools.length > 0 && { tools }),
    }),
    // The key stays where it was meant to go.
    redirect: 'error',
    signal,
  });
}

/** What the agent's knowledge has about it. Results are answered by themselves. */
function foundFor({ said, results, search }: Heard): readonly Finding[] {
  return said === '' || results.length > 0 ? [] : (search?.(said) ?? []);
}

async function* pieces(
  body: ReadableStream<Uint8Array>,
  inTime: <T>(work: Promise<T>) => Promise<T>,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await inTime(reader.read());
    if (done) return;
    yield value;
  }
}

/** Why there is no stream, in the server's words. */
async function saidIn(reply: Response): Promise<string> {
  const said = readWireError(await reply.text())?.message;
  if (reply.ok) return said ?? 'it sent no stream of chunks';
  return said === undefined ? `status ${reply.status}` : `status ${reply.status}, ${said}`;
}
