// The two sessions that can answer a call: one of a client's socket, and one of a stored agent inside the local API.

import type { WebSocket } from 'ws';
import { writeJson } from '../../json-text.js';
import { isObject } from '../../protocol/json.js';
import { modelOfSilence } from '../catalogue.js';
import { type LiveParts, type LiveSession, startSession } from '../realtime/live.js';
import type { WireObject } from '../realtime/shapes.js';
import { configOf } from '../realtime/stored-agent.js';
import type { Document } from '../store/store.js';
import type { Call } from './call.js';

/** A client that does not set its session up is heard all the same. */
const longestSetupMs = 1000;

type Hears = () => string | undefined;

/**
 * The session of a socket that joined the call. Its sound goes to the caller: the socket gets everything else. The call is
 * answered when the session has been set up.
 */
export function joinBySocket(
  local: LiveParts,
  call: Call,
  socket: WebSocket,
  who: { hears: Hears; agentId: string | undefined },
): void {
  const answer = () => call.answer('webhook');
  const session = startSession(
    local,
    {
      send(sent) {
        if (Buffer.isBuffer(sent)) return;
        if (sent.type !== 'response.output_audio.delta') socket.send(writeJson(sent));
        if (sent.type === 'session.updated' || sent.type === 'response.created') answer();
        call.observe(sent);
      },
      isOpen: () => !call.isOver && socket.readyState === socket.OPEN,
      close: (reason) => queueMicrotask(() => call.end('completed', reason)),
    },
    // What the address says of a model is ignored for calls.
    { model: modelOfSilence, opening: { isCall: true }, ...who },
  );
  call.join(session, (reason) => socket.close(1000, reason));
  const cancel = local.after(longestSetupMs, answer);
  call.onEnd(cancel);
  socket.on('message', (data, isBinary) => {
    if (!isBinary && !call.isOver) session.receive(String(data));
  });
  socket.on('close', (code) => {
    // A client that closes the line has hung up; one that is gone has lost the call.
    if (code === 1000 || code === 1001 || code === 1005) call.end('completed', 'agent_hung_up');
    else call.end('failed', 'session_dropped');
  });
  // A broken line is followed by `close`.
  socket.on('error', () => {});
}

/** The session of a stored agent, which answers the call at once. */
export function answerInside(local: LiveParts, call: Call, agent: Document, hears: Hears): LiveSession {
  let session: LiveSession | undefined;
  const react = (work: (session: LiveSession) => void) =>
    // What it answers to comes first: the session is in the middle of sending.
    queueMicrotask(() => {
      if (session !== undefined && !call.isOver) work(session);
    });
  const name = agent.name as string | undefined;
  session = startSession(
    local,
    {
      send(sent) {
        if (Buffer.isBuffer(sent)) return;
        call.observe(sent);
        if (sent.type === 'response.done') react((open) => answerTools(open, sent));
      },
      isOpen: () => !call.isOver,
      close: (reason) => queueMicrotask(() => call.end('completed', reason)),
    },
    { model: modelOfSilence, opening: { isCall: true, agent: { name, config: configOf(agent) } }, hears },
  );
  call.join(session, () => {});
  return session;
}

/** The agent speaks first, as whoever picks up a telephone does. */
export function greet(session: LiveSession, { name }: Document): void {
  const text = typeof name === 'string' && name !== '' ? `Hello, this is ${name}.` : 'Hello.';
  const item = { type: 'force_message', role: 'assistant', content: [{ type: 'output_text', text }] };
  session.receive(writeJson({ type: 'conversation.item.create', item }));
}

/** Nothing runs an agent's function tools inside the local API: the model is told so, and goes on. */
function answerTools(session: LiveSession, { response }: WireObject): void {
  const { output } = isObject(response) ? response : {};
  const calls = Array.isArray(output) ? output.filter(isObject) : [];
  const asked = calls.filter(({ type }) => type === 'function_call');
  if (asked.length === 0) return;
  for (const { call_id, name } of asked) {
    const output = writeJson({ error: `nothing runs ${String(name)} in this call` });
    const item = { type: 'function_call_output', call_id, output };
    session.receive(writeJson({ type: 'conversation.item.create', item }));
  }
  session.receive(writeJson({ type: 'response.create' }));
}
