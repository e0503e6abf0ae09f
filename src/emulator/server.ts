// The local API on a port: REST by Hono, the realtime socket by ws, both over one store.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import type { CliError } from '../errors.js';
import { listenOn } from '../port.js';
import { agentHeader } from '../protocol/agent.js';
import { isForeign, refusalOfSocket, secretProtocol } from './access.js';
import { createApp } from './app.js';
import { readDialled, serveCaller } from './calls/caller-socket.js';
import { type Calls, createCalls } from './calls/calls.js';
import { callerPath, refusalOfCall } from './calls/upgrade.js';
import { modelOfSilence } from './catalogue.js';
import { createRequestLog, type LoggedRequest, type RequestLog } from './control.js';
import { createFaults, type Faults, type Rehearsal } from './faults/plan.js';
import { handshakeFaults, type StruckFaults, withFaults } from './faults/socket.js';
import type { Local } from './handler.js';
import type { Opening } from './realtime/peer.js';
import { createRealtime, type RealtimeSettings } from './realtime/shared.js';
import { serveSocket } from './realtime/socket.js';
import { configOf } from './realtime/stored-agent.js';
import { exhausted, failed, forbidden, notFound, Refusal } from './refusal.js';
import type { Replay } from './replay/serve.js';

export interface LocalApiOptions extends Omit<Local, 'realtime' | 'calls'> {
  port: number;
  host: string;
  /** Faults to rehearse from the start. */
  faults?: readonly Rehearsal[] | undefined;
  /** What decides when they strike; 1 unless given. */
  seed?: number | undefined;
  realtime?: RealtimeSettings | undefined;
  /** Has the sockets instead of agents that answer. */
  replay?: Replay | undefined;
  onRequest?: ((request: LoggedRequest) => void) | undefined;
  /** Told of faults in open sessions; those of requests come with their requests. */
  onFault?: ((fault: LoggedFault) => void) | undefined;
  /** Told of failures of the store, which a client only sees as status 500. */
  onFailure?: ((error: CliError) => void) | undefined;
}

export interface LoggedFault extends StruckFaults {
  /** ISO time. */
  at: string;
  /** The handshake of the session, or the call. */
  request_id: string;
}

export interface LocalApi {
  url: URL;
  /** Looks into the store, which otherwise happens with the first request. Throws CliError when it is damaged. */
  check(): void;
  /** Ends open sockets and stops listening. The store stays open: it is the caller's. */
  close(): Promise<void>;
}

const largestFrameBytes = 16 * 1024 * 1024;

/** Starts listening. Throws CliError when the port cannot be had. */
export async function startLocalApi(options: LocalApiOptions): Promise<LocalApi> {
  const { port, host } = options;
  const faults = createFaults(options.faults, options.seed);
  const log = createRequestLog(options.onRequest);
  const parts = { ...options, realtime: createRealtime(options.realtime ?? {}, options.world.nowMs) };
  const calls = createCalls(parts, (place, callId) => {
    const struck = faults.strike([place]);
    const at = new Date(options.world.nowMs()).toISOString();
    if (struck.length > 0) options.onFault?.({ at, request_id: callId, place, faults: struck });
    return struck;
  });
  const local: Local = { ...parts, calls };
  const listener = getRequestListener(createApp({ local, faults, log, onFailure: options.onFailure }).fetch);
  const server = createServer((request, response) => {
    if (!isForeign(request.headers, host)) return void listener(request, response);
    response.writeHead(403, { 'content-type': 'application/json', 'x-request-id': options.world.newId() });
    response.end(JSON.stringify(foreignPage.body));
  });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: largestFrameBytes,
    handleProtocols: (offered) =>
      [...offered].find((name) => name.startsWith(secretProtocol)) ?? [...offered][0] ?? false,
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket')
      return answerPlainly(server, request, socket, head);
    upgrade({ request, socket, head, sockets, faults, log, options, local });
  });
  const inUseHint = 'is agents dev running already? another port: agents dev --port 0';
  const url = await listenOn(server, { port, host, inUseHint });
  return {
    url,
    check: () => void options.store.agents.page(0, 1),
    close: () => {
      calls.clear();
      return stop(server, sockets);
    },
  };
}

const foreignPage = forbidden('The local API does not answer pages of other origins');

interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  sockets: WebSocketServer;
  faults: Faults;
  log: RequestLog;
  options: LocalApiOptions;
  local: Local;
}

function upgrade({ request, socket, head, sockets, faults, log, options, local }: Upgrade): void {
  // A line that breaks here breaks for its own client alone.
  socket.on('error', () => {});
  const url = urlOf(request);
  if (url?.pathname === callerPath && !isForeign(request.headers, options.host))
    return openCaller(url, { request, socket, head, sockets }, local.calls);
  const { newId, nowMs } = options.world;
  const started = nowMs();
  const requestId = newId();
  const denied = refusalOfUpgrade(request, url, options);
  const callId = url?.searchParams.get('call_id') ?? undefined;
  const begun = denied ?? refusalOfCall(request, callId, local.calls) ?? openingOf(url, local, options);
  const rehearsed = begun instanceof Refusal ? undefined : handshakeFaults(request.headers, faults);
  const opening = rehearsed?.refusal ?? begun;
  const refused = opening instanceof Refusal ? opening : undefined;
  log.add({
    at: new Date(started).toISOString(),
    method: 'GET',
    path: url?.pathname ?? String(request.url),
    status: refused?.status ?? 101,
    ms: 0,
    request_id: requestId,
    ...(rehearsed && rehearsed.faults.length > 0 && { faults: rehearsed.faults }),
  });
  if (opening instanceof Refusal) return refuseUpgrade(socket, opening);
  const agentId = request.headers[agentHeader]?.toString();
  const tell = (struck: StruckFaults) =>
    options.onFault?.({ at: new Date(nowMs()).toISOString(), request_id: requestId, ...struck });
  const line = { faults, own: rehearsed?.own ?? [], newId, sleep: options.sleep, tell };
  sockets.handleUpgrade(request, socket, head, (client) => {
    const disturbed = withFaults(client, line);
    if (options.replay !== undefined) return options.replay.serve(disturbed);
    const model = url?.searchParams.get('model') ?? modelOfSilence;
    if (callId !== undefined) return local.calls.join(callId, disturbed, agentId);
    serveSocket(disturbed, local, { model, opening, agentId });
  });
}

/** Somebody dials a number of the local API. */
function openCaller(
  url: URL,
  { request, socket, head, sockets }: Pick<Upgrade, 'request' | 'socket' | 'head' | 'sockets'>,
  calls: Calls,
): void {
  const dialled = readDialled(url);
  if (dialled instanceof Refusal) return refuseUpgrade(socket, dialled);
  sockets.handleUpgrade(request, socket, head, (client) => serveCaller(client, dialled, calls));
}

/** What a session begins with: the stored agent and the earlier conversation its address names. */
function openingOf(
  url: URL | undefined,
  { store, realtime }: Local,
  { onFailure }: LocalApiOptions,
): Opening | Refusal {
  if (realtime.isFull) return exhausted('Too many concurrent realtime sessions');
  const agentId = url?.searchParams.get('agent_id') ?? undefined;
  const conversationId = url?.searchParams.get('conversation_id') ?? undefined;
  const items = conversationId === undefined ? undefined : realtime.conversations.find(conversationId);
  try {
    const agent = agentId === undefined ? undefined : store.agents.get(agentId);
    if (agentId !== undefined && agent === undefined) return notFound(`Agent ${agentId} not found`);
    return {
      agent: agent && { name: agent.name as string | undefined, config: configOf(agent) },
      conversation:
        conversationId === undefined || items === undefined ? undefined : { id: conversationId, items },
    };
  } catch (error) {
    return failed(error, onFailure);
  }
}

/** Undefined for an address that is none, such as "//". */
function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  return URL.canParse(url, 'http://local') ? new URL(url, 'http://local') : undefined;
}

function refusalOfUpgrade(
  { headers, url: path }: IncomingMessage,
  url: URL | undefined,
  { store, world, host, onFailure }: LocalApiOptions,
): Refusal | undefined {
  if (isForeign(headers, host)) return foreignPage;
  if (url?.pathname !== '/v1/realtime') return notFound(`No such path: ${path}`);
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const nowSeconds = Math.floor(world.nowMs() / 1000);
  try {
    return refusalOfSocket(headers.authorization, protocols, (secret) =>
      store.isSecretValid(secret, nowSeconds),
    );
  } catch (error) {
    return failed(error, onFailure);
  }
}

function refuseUpgrade(socket: Duplex, { status, body, headers }: Refusal): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const all = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${text}`);
}

/**
 * An offer to change to anything else than a web socket, as some clients make with every request, is declined by
 * answering as if it had not been made. Node has taken the request apart for us already, so it is put together again.
 */
function answerPlainly(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const {
    upgrade: _offer,
    connection: _connection,
    'http2-settings': _settings,
    ...headers
  } = request.headers;
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  socket.unshift(
    Buffer.concat([
      Buffer.from(`${request.method} ${request.url} HTTP/1.1\r\nconnection: close\r\n${lines}\r\n`),
      head,
    ]),
  );
  server.emit('connection', socket);
}

function stop(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const client of sockets.clients) client.close(1001, 'the local API is stopping');
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    // Those that do not answer the closing handshake.
    for (const client of sockets.clients) setTimeout(() => client.terminate(), 200).unref();
  });
}
