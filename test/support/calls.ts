// Telephones for tests: numbers of the local API, a caller, and a receiver that a webhook reaches.

import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { openSocket, type Wire } from '../emulator/support.js';
import { type SeenRequest, startServer } from './fake-server.js';
import type { TestApi } from './local-api.js';

export const secret = `whsec_${randomBytes(32).toString('base64')}`;

/** Stores a number; `webhook` is where its calls are told. */
export function addNumber(api: TestApi, number: string, members: Wire = {}): void {
  const id = `phone_number_${number.slice(1)}`;
  const { webhook, ...others } = members;
  api.store.phoneNumbers.insert(id, {
    phone_number_id: id,
    phone_number: number,
    name: 'Line',
    origin: webhook === undefined ? 'xai_provisioned' : 'byo_trunk',
    ...(webhook !== undefined && {
      webhook: { webhook_id: 'webhook_1', url: webhook, signing_secret: secret },
    }),
    ...others,
  });
}

export interface Caller {
  send(message: unknown): void;
  /** News so far. */
  news: Wire[];
  /** The first of this type that is not behind already, and `fits`; rejects when the call ends before. */
  until(type: string, fits?: (news: Wire) => boolean): Promise<Wire>;
  /** The code with which the line was closed. */
  closed: Promise<number>;
  socket: WebSocket;
}

/** Somebody who dials. */
export function call(api: { base: string }, to: string, from = '+14155550100'): Caller {
  const query = new URLSearchParams({ to, from });
  const socket = new WebSocket(`${api.base.replace('http', 'ws')}/__local/calls?${query}`);
  onTestFinished(() => socket.terminate());
  const news: Wire[] = [];
  let at = 0;
  let wake = () => {};
  let isClosed = false;
  socket.on('message', (data) => {
    news.push(JSON.parse(String(data)));
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', (code) => {
      isClosed = true;
      wake();
      resolve(code);
    });
  });
  socket.on('error', () => {});
  return {
    news,
    closed,
    socket,
    send: (message) => {
      const text = JSON.stringify(message);
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      else socket.on('open', () => socket.send(text));
    },
    async until(type, fits = () => true) {
      for (;;) {
        while (at < news.length) {
          const next = news[at++] as Wire;
          if (next.type === type && fits(next)) return next;
        }
        if (isClosed) throw new Error(`the call ended: ${JSON.stringify(news.at(-1))}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** What a webhook was posted, the body as it came. */
export interface Posted extends Pick<SeenRequest, 'headers'> {
  body: string;
  event: Wire;
}

/** A receiver that answers each post by `answer`, with 200 unless it says otherwise; it may keep silent. */
export async function receiver(
  answer: (posted: Posted, count: number) => number | 'silence' | undefined = () => undefined,
) {
  const posts: Posted[] = [];
  const url = await startServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const posted = { headers: request.headers, body, event: JSON.parse(body) };
    posts.push(posted);
    const status = answer(posted, posts.length - 1) ?? 200;
    if (status !== 'silence') response.writeHead(status).end();
  });
  return { url: `${url}/calls`, posts };
}

/** Joins a call as its agent: set up, and ready to answer. */
export async function join(
  api: { base: string },
  callId: string,
  session: Wire = { instructions: 'You are Ava.' },
) {
  const line = await openSocket(api, { path: `/v1/realtime?call_id=${callId}` });
  await line.until('ping');
  line.send({ type: 'session.update', session });
  await line.until('session.updated');
  return line;
}

/** As `GET /v1/realtime/calls/{call_id}` tells it. */
export async function callOf(api: { base: string }, id: string): Promise<Wire> {
  const reply = await fetch(`${api.base}/v1/realtime/calls/${id}`);
  return ((await reply.json()) as { call: Wire }).call;
}
