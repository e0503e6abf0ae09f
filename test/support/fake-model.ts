// A server like Ollama's, llama.cpp's or vLLM's, that says what a test tells it to.

import type { ServerResponse } from 'node:http';
import { startServer } from './fake-server.js';

export interface FakeModel {
  url: string;
  /** Bodies of the requests so far, and what came with them. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at members by name
  asked: { body: any; path: string; authorization: string | undefined }[];
  /** How many lines to it were closed before their answer ended. */
  left(): number;
}

/** `answer` writes the reply; `count` is how many requests came before. */
export async function startFakeModel(
  answer: (response: ServerResponse, count: number) => unknown,
): Promise<FakeModel> {
  const asked: FakeModel['asked'] = [];
  let left = 0;
  const url = await startServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { authorization } = request.headers;
    asked.push({ body: JSON.parse(text), path: request.url ?? '', authorization });
    response.on('close', () => {
      if (!response.writableEnded) left++;
    });
    await answer(response, asked.length - 1);
  });
  return { url, asked, left: () => left };
}

/** A chunk with this delta. */
export const chunk = (delta: object, finish_reason: string | null = null) =>
  `data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;

export const done = 'data: [DONE]\n\n';
export const say = (content: string) => chunk({ content });

/** Streams these pieces as they stand, then ends. */
export function streaming(...pieces: string[]) {
  return (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
    response.end();
  };
}

/** A whole answer in words. */
export const saying = (text: string) => streaming(say(text), chunk({}, 'stop'), done);
