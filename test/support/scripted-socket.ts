// A realtime server that does exactly what a test tells it to, event by event.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';

export interface ClientFrame {
  type: string;
  audio?: string;
  [member: string]: unknown;
}

export interface ScriptedSocket {
  url: string;
  /** Everything the client sent, oldest first. */
  received: ClientFrame[];
  /** Bodies of what was posted to it, by path. */
  posted: { path: string; body: string }[];
  send(...events: object[]): void;
  close(code: number): void;
}

/** Greets, with what is `first`, and configures by itself; everything else is up to `answer`. */
export async function scriptedSocket(
  answer: (frame: ClientFrame, service: ScriptedSocket) => void,
  first: readonly object[] = [],
): Promise<ScriptedSocket> {
  const service: ScriptedSocket = { url: '', received: [], posted: [], send: () => {}, close: () => {} };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    service.posted.push({ path: request.url ?? '', body });
    response.writeHead(404).end();
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    service.send = (...events) => {
      for (const event of events) socket.send(JSON.stringify(event));
    };
    service.close = (code) => socket.close(code);
    service.send({ type: 'session.created', session: { id: 's1', model: 'm' } }, ...first);
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ClientFrame;
      service.received.push(frame);
      if (frame.type === 'session.update') service.send({ type: 'session.updated', session: {} });
      answer(frame, service);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    server.close();
  });
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return service;
}

/** The events of speech heard and understood, as recorded. */
export const speech = {
  started: (item_id = 'u1') => ({ type: 'input_audio_buffer.speech_started', item_id }),
  stopped: (item_id = 'u1') => ({ type: 'input_audio_buffer.speech_stopped', item_id }),
  guess: (transcript: string, item_id = 'u1') => ({
    type: 'conversation.item.input_audio_transcription.updated',
    item_id,
    transcript,
  }),
  words: (transcript: string, item_id = 'u1') => ({
    type: 'conversation.item.input_audio_transcription.completed',
    item_id,
    transcript,
    status: 'completed',
  }),
};

/** The events of an answer; `seconds` of a quiet sound with it. */
export function answered(text: string, { id = 'r1', seconds = 0, ends = true } = {}): object[] {
  const within = { response_id: id, item_id: `item-${id}` };
  const audio = Buffer.alloc(seconds * 48_000, 1).toString('base64');
  return [
    { type: 'response.created', response: { id } },
    ...(seconds > 0 ? [{ type: 'response.output_audio.delta', ...within, delta: audio }] : []),
    { type: 'response.output_audio_transcript.delta', ...within, delta: text },
    ...(ends ? [{ type: 'response.done', response: { id, status: 'completed', output: [] } }] : []),
  ];
}
