// The service's side of phone calls: webhooks signed by the library, a socket for each call, and what may be asked of
// one that is under way.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { callEvent, type Signing, signed } from '../webhook/support.js';

export interface Sent {
  type: string;
  item?: { type: string; call_id?: string; output?: string; content?: { text: string }[] };
  session?: Record<string, unknown>;
  [member: string]: unknown;
}

/** A call whose socket was joined. */
export interface FakeCall {
  id: string;
  /** What each socket asked for. */
  queries: Record<string, string>[];
  authorization: string | undefined;
  /** Everything that was sent, oldest first. */
  received: Sent[];
  send(...events: object[]): void;
  /** The caller says this; the service hears it, and answers by `answer`. */
  says(words: string): void;
  presses(...keys: string[]): void;
  /** Closes the line as if the caller had hung up, or breaks it. */
  close(code?: number): void;
}

export interface FakeCalls {
  url: string;
  calls: Map<string, FakeCall>;
  /** What was asked of calls: "refer call-1 tel:+1…". */
  asked: string[];
  /** Posts the event of an incoming call, and tells the status of the answer. */
  ring(to: string, callId: string, how?: Signing & { from?: string; id?: string }): Promise<number>;
  /** Resolves when the call has been joined and configured. */
  joined(callId: string): Promise<FakeCall>;
}

export interface FakeCallsOptions {
  /** The status of a handshake that is refused; `joins` is how many came for this call before. */
  refuses?: (callId: string, joins: number) => number | undefined;
  /** The status of a request that is refused; the answer waits for a promise. */
  refusesAsked?: (what: string) => number | undefined | Promise<number | undefined>;
  /** What the agent does about words: text is said, an object is a call of a tool. */
  answer?: (words: string, call: FakeCall) => string | { name: string; arguments: object };
  /** The agent's configuration is refused with these words. */
  refusesSetup?: string;
  /** Held until it resolves: before a handshake is answered. */
  beforeJoin?: () => Promise<void>;
}

export async function startFakeCalls(options: FakeCallsOptions = {}): Promise<FakeCalls> {
  const { answer = (words: string) => `You said: ${words}.` } = options;
  const calls = new Map<string, FakeCall>();
  const over = new Set<string>();
  const configured = new Map<string, { promise: Promise<FakeCall>; done(call: FakeCall): void }>();
  const asked: string[] = [];
  const joins = new Map<string, number>();
  let responses = 0;

  const waiting = (id: string) => {
    let known = configured.get(id);
    if (known === undefined) {
      let done: (call: FakeCall) => void = () => {};
      const promise = new Promise<FakeCall>((resolve) => {
        done = resolve;
      });
      known = { promise, done };
      configured.set(id, known);
    }
    return known;
  };

  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const [, id = '', what = ''] =
      /^\/v1\/realtime\/calls\/([^/]+)\/(refer|hangup)$/.exec(request.url ?? '') ?? [];
    const target = body === '' ? '' : ` ${JSON.parse(body).target_uri}`;
    if (what !== '') asked.push(`${what} ${decodeURIComponent(id)}${target}`);
    const call = calls.get(decodeURIComponent(id));
    const refused = what === '' ? 404 : await options.refusesAsked?.(what);
    if (refused !== undefined || call === undefined || over.has(call.id)) {
      response.writeHead(refused ?? 404).end('{"code":"x","error":"no such call"}');
      return;
    }
    response.writeHead(200).end('{}');
    call.close(1000);
  });

  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', async (request, stream, head) => {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://fake').searchParams);
    const id = query.call_id ?? '';
    const count = joins.get(id) ?? 0;
    joins.set(id, count + 1);
    await options.beforeJoin?.();
    const status = over.has(id) ? 404 : options.refuses?.(id, count);
    if (status !== undefined) return stream.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    sockets.handleUpgrade(request, stream, head, (socket) =>
      serve(socket, id, query, request.headers.authorization),
    );
  });

  function serve(socket: WebSocket, id: string, query: Record<string, string>, authorization?: string): void {
    const send = (...events: object[]) => {
      for (const event of events) socket.send(JSON.stringify(event));
    };
    const known = calls.get(id);
    const call: FakeCall = {
      id,
      queries: [...(known?.queries ?? []), query],
      authorization,
      received: known?.received ?? [],
      send,
      says: (words) => {
        const item_id = `user-${++responses}`;
        send(
          { type: 'input_audio_buffer.speech_started', item_id },
          { type: 'input_audio_buffer.speech_stopped', item_id },
          { type: 'input_audio_buffer.committed', item_id },
          {
            type: 'conversation.item.input_audio_transcription.completed',
            item_id,
            transcript: words,
            status: 'completed',
          },
        );
        respond(answer(words, call));
      },
      presses: (...keys) => {
        for (const event of keys)
          send({ type: 'input_audio_buffer.dtmf_event_received', event, received_at: 1_782_907_200 });
      },
      close: (code = 1000) => {
        if (code === 1006) return socket.terminate();
        over.add(id);
        socket.close(code);
      },
    };
    calls.set(id, call);
    send({ type: 'session.created', session: { id: `session-${id}`, model: 'grok-voice-latest' } });
    send({ type: 'conversation.created', conversation: { id: `conversation-${id}` } });
    socket.on('message', (data) => {
      const event = JSON.parse(String(data)) as Sent;
      call.received.push(event);
      if (event.type === 'session.update') {
        if (options.refusesSetup) send({ type: 'error', error: { message: options.refusesSetup } });
        else send({ type: 'session.updated', session: {} });
        waiting(id).done(call);
      }
      if (event.item?.type === 'force_message') respond(event.item.content?.[0]?.text ?? '');
      if (event.type === 'response.create') respond(greetingOrResult(call));
    });

    function respond(said: string | { name: string; arguments: object }): void {
      const response = { id: `response-${++responses}` };
      const within = { response_id: response.id, item_id: `item-${responses}` };
      send({ type: 'response.created', response });
      if (typeof said === 'string')
        send({ type: 'response.output_audio_transcript.delta', ...within, delta: said });
      else {
        const { name, arguments: given } = said;
        const call_id = `tool-${responses}`;
        const announced = { ...within, call_id, name, arguments: JSON.stringify(given) };
        send({ type: 'response.function_call_arguments.done', ...announced });
      }
      const usage = { output_audio_seconds: 1.5, billable_audio_seconds: 2, total_tokens: 10 };
      send({ type: 'response.done', response: { ...response, status: 'completed', output: [] }, usage });
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    asked,
    ring: async (to, callId, { from = '+14155550100', id = `msg_${callId}`, ...how } = {}) => {
      const { headers, body } = signed(callEvent(callId, { from }), { id, ...how });
      return (await fetch(to, { method: 'POST', headers, body })).status;
    },
    joined: (id) => waiting(id).promise,
  };
}

function greetingOrResult({ received }: FakeCall): string {
  const last = received.findLast(({ item }) => item?.type === 'function_call_output')?.item;
  return last === undefined ? 'Hello, how can I help?' : `I found ${last.output}.`;
}
