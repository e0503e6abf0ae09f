// What several tests of the local API need: folders, requests, sockets, both builds of SQLite.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { openPeer, receive } from '../../src/emulator/realtime/peer.js';
import { callTool, finish, speak } from '../../src/emulator/realtime/response.js';
import type { PeerStep } from '../../src/emulator/realtime/state.js';
import { spokenWords } from '../../src/emulator/reply.js';
import { CliError } from '../../src/errors.js';
import type { TestApi } from '../support/local-api.js';

export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Node has a SQLite of its own from 22.13 on. */
export const builds = [
  { build: 'wasm', isHere: true },
  { build: 'native', isHere: isBuiltin('node:sqlite') },
] as const;

/** A folder that is gone after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'agents-emulator-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** What `work` throws, as the user would be told of it; anything but a CliError is a fault of its own. */
export async function refusal(work: () => unknown): Promise<{ code: string; message: string }> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CliError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('nothing was thrown');
}

export interface Answer {
  status: number;
  /** Parsed when it says that it is JSON, else text. */
  body: unknown;
}

type Api = Pick<TestApi, 'base'>;
type Members = Record<string, string>;

/** One request: `ask(api, 'GET /v1/agents')`. Text is sent as it stands, anything else as JSON. */
export async function ask(api: Api, line: string, body?: unknown, headers: Members = {}): Promise<Answer> {
  const reply = await send(api, line, body, headers);
  const text = await reply.text();
  const isJson = reply.headers.get('content-type')?.startsWith('application/json');
  return { status: reply.status, body: isJson ? JSON.parse(text) : text };
}

export function send(api: Api, line: string, body?: unknown, headers: Members = {}): Promise<Response> {
  const [method = 'GET', path = '/'] = line.split(' ');
  return fetch(`${api.base}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}

/** A request with headers that `fetch` would not send, such as `host`. */
export function askRaw(api: Api, line: string, headers: Members): Promise<Answer & { headers: Members }> {
  const [method = 'GET', path = '/'] = line.split(' ');
  return new Promise((resolve, reject) => {
    const asked = request(`${api.base}${path}`, { method, headers, agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = reply.headers['content-type']?.startsWith('application/json');
        resolve({
          status: reply.statusCode ?? 0,
          body: isJson ? JSON.parse(text) : text,
          headers: reply.headers as Members,
        });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Makes an agent and returns it. */
export async function makeAgent(api: Api, body: object = { name: 'Ava' }): Promise<StoredAgent> {
  const { status, body: reply } = await ask(api, 'POST /v1/agents', body);
  if (status !== 200) throw new Error(`not created: ${status} ${JSON.stringify(reply)}`);
  return (reply as { agent: StoredAgent }).agent;
}

export type StoredAgent = { agent_id: string; [member: string]: unknown };

/** An event or an item as it comes over the socket. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at members by name, whatever is there
export type Wire = Record<string, any>;

export interface Line {
  socket: WebSocket;
  /** Events as objects; text as a frame of its own. */
  send(...events: unknown[]): void;
  /** The next event; rejects when the socket closes instead. */
  next(): Promise<Wire>;
  /** The next events up to the first of this type, which is the last of them. */
  until(type: string): Promise<Wire[]>;
  /** The close code, when it has come. */
  closed: Promise<number>;
}

/** Opens the realtime socket. Rejects with the status when it is refused. */
export function openSocket(api: Api, options: SocketOptions = {}): Promise<Line> {
  const { path = '/v1/realtime?model=grok-voice-latest', protocols = [], ...others } = options;
  const socket = new WebSocket(`${api.base.replace('http', 'ws')}${path}`, [...protocols], others);
  onTestFinished(() => socket.terminate());
  const events: Wire[] = [];
  const waiting: { resolve: (event: Wire) => void; reject: (error: Error) => void }[] = [];
  socket.on('message', (data) => {
    const event = JSON.parse(data.toString());
    const first = waiting.shift();
    if (first === undefined) events.push(event);
    else first.resolve(event);
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  closed.then((code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`the socket closed with ${code}`));
  });
  const next = () =>
    new Promise<Wire>((resolve, reject) => {
      const event = events.shift();
      if (event !== undefined) resolve(event);
      else if (socket.readyState === WebSocket.CLOSED) reject(new Error('the socket is closed'));
      else waiting.push({ resolve, reject });
    });
  const line: Line = {
    socket,
    closed,
    next,
    send: (...sent) => {
      for (const event of sent) socket.send(typeof event === 'string' ? event : JSON.stringify(event));
    },
    until: async (type) => {
      const seen: Wire[] = [];
      do seen.push(await next());
      while (seen.at(-1)?.type !== type);
      return seen;
    },
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(line));
    socket.on('error', reject);
    socket.on('unexpected-response', (asked, reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => {
        reject(new RefusedSocket(reply.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')));
        asked.destroy();
      });
    });
  });
}

export interface SocketOptions extends ClientOptions {
  path?: string;
  protocols?: readonly string[];
}

export class RefusedSocket extends Error {
  readonly answer: Answer;

  constructor(status: number, text: string) {
    super(`refused with ${status}`);
    this.answer = { status, body: JSON.parse(text) };
  }
}

/** How a handshake is answered: by the subprotocol chosen, or by a refusal. */
export async function handshake(
  api: Api,
  options: SocketOptions = {},
): Promise<Answer | { protocol: string }> {
  try {
    const { socket } = await openSocket(api, options);
    return { protocol: socket.protocol };
  } catch (error) {
    if (error instanceof RefusedSocket) return error.answer;
    throw error;
  }
}

/** A socket that has been greeted: `session.created`, `conversation.created` and `ping` are behind it. */
export async function converse(api: Api, options: SocketOptions = {}): Promise<Line> {
  const line = await openSocket(api, options);
  await line.until('ping');
  return line;
}

export const types = (events: readonly Wire[]): string[] => events.map(({ type }) => type);

/** A person's typed words. */
export const userItem = (text: string): Wire => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});

/** The program as it is installed; built only where that has not been done, for others may be using it. */
export function buildOnce(): void {
  if (existsSync(join(projectRoot, 'dist/main.js'))) return;
  execFileSync(process.execPath, ['bin/build.js'], { cwd: projectRoot });
}

function start(data: string, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [join(projectRoot, 'bin/agents.js'), ...args], {
    env: { PATH: process.env.PATH, AGENTS_DATA_DIR: data, AGENTS_STATE_DIR: data, HOME: data },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs one command line over a data folder. */
export async function agents(data: string, ...args: string[]): Promise<Result> {
  const child = start(data, ...args);
  const text = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (text.stdout += chunk));
  child.stderr?.on('data', (chunk) => (text.stderr += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...text };
}

export interface Dev {
  base: string;
  child: ChildProcess;
}

/** `agents dev`, once it listens. */
export async function dev(data: string): Promise<Dev> {
  const child = start(data, '--json', 'dev', '--port', '0', '--data', data);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const [line] = (await once(lines, 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  return { base: url, child };
}

/** The service's side of a session without a socket: frames in, events out; the test speaks for the maker. */
export function pureSession(model = 'grok-voice-latest') {
  let made = 0;
  const world = { newId: () => `id-${++made}`, nowMs: () => 5000 };
  let { peer, send: greeting } = openPeer(model, world);
  const take = (step: PeerStep) => {
    peer = step.peer;
    return step;
  };
  const activeId = () => peer.active?.id ?? 'none';
  return {
    greeting: greeting as readonly Wire[],
    peer: () => peer,
    /** What one frame is answered with. */
    receive: (frame: Wire | string): Wire[] => [
      ...take(receive(peer, typeof frame === 'string' ? frame : JSON.stringify(frame), world)).send,
    ],
    /** What a maker is given to answer. */
    heard: (frame: Wire) => take(receive(peer, JSON.stringify(frame), world)).wanted,
    speak: (words: string, responseId = activeId()): Wire[] =>
      spokenWords(words).flatMap((word) => [...take(speak(peer, responseId, word, world)).send]),
    call: (name: string, args: Record<string, unknown>, responseId = activeId()): Wire[] => [
      ...take(callTool(peer, responseId, { name, arguments: args }, world)).send,
    ],
    finish: (responseId = activeId()): Wire[] => [...take(finish(peer, responseId, world)).send],
  };
}

/** An event as it must be, whatever its id. */
export const anEvent = (type: string, members: Wire = {}): Wire => ({
  type,
  event_id: expect.any(String),
  previous_item_id: null,
  ...members,
});

/** The answer to an event that is refused. */
export const anError = (members: Wire): Wire =>
  anEvent('error', {
    error: {
      type: 'invalid_request_error',
      message: expect.any(String),
      param: null,
      event_id: null,
      ...members,
    },
  });
