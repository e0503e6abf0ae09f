// A line that can be cut between the client's machine and the service's, and a service that keeps the conversation
// or not. Frames are on their way for a while, both ways: what is on its way when the line is cut is lost.

import { Growing } from '../../src/emulator/realtime/growing.js';
import { openPeer, receive } from '../../src/emulator/realtime/peer.js';
import { callTool, finish, speak } from '../../src/emulator/realtime/response.js';
import type { WireObject } from '../../src/emulator/realtime/shapes.js';
import type { Peer, PeerStep } from '../../src/emulator/realtime/state.js';
import { type Part, type ReplyMaker, spokenWords, type ToolResult } from '../../src/emulator/reply.js';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import type { SessionUpdate } from '../../src/protocol/realtime-session.js';
import type { NoticeBody } from '../../src/session/notice.js';
import { advance, type Input } from '../../src/session/session.js';
import { createSession, type Session } from '../../src/session/state.js';

/** What a service does about a response whose line was cut. */
export type Torn = 'forgets it' | 'keeps the part' | 'finishes it';

export interface Keeping {
  /** Whether it keeps the conversation at all. */
  keeps: boolean;
  torn: Torn;
  /** It was once recorded to tell only the assistant's items again. */
  repeats: 'all' | 'assistant';
}

export interface Line {
  session: Session;
  notices: NoticeBody[];
  /** All the service sent, on every line. */
  served: WireObject[];
  /** The conversation as the service holds it at last. */
  items(): WireObject[];
  /** Items the service was sent although it had them. */
  doubled: WireObject[];
  input(input: Input): void;
  /** The next thing happens: `up` a frame arrives at the service, `down` at the client, `speak` it says a word. */
  move(kind: 'up' | 'down' | 'speak'): boolean;
  /** Until nothing is left to happen. */
  settle(): void;
  /** The line is cut, and another made. */
  cut(): void;
}

export function createLine(setup: SessionUpdate, maker: ReplyMaker, keeping: Keeping): Line {
  let ids = 0;
  const world = { newId: () => `id-${ids++}`, nowMs: () => 0 };
  let peer: Peer;
  let pending: { responseId: string; parts: Part[] } | undefined;
  /** By key, in order: the service's memory of the conversation. */
  let memory = new Map<string, WireObject>();
  let results: ToolResult[] = [];
  let up: string[] = [];
  let down: string[] = [];

  const line: Line = {
    session: createSession(setup),
    notices: [],
    served: [],
    items: () => [...memory.values()],
    doubled: [],
    input(input) {
      const next = advance(line.session, input, 0);
      line.session = next.session;
      line.notices.push(...next.notices);
      up.push(...next.send.map((event) => JSON.stringify(event)));
    },
    move(kind) {
      if (kind === 'speak') return sayNext();
      const frame = (kind === 'up' ? up : down).shift();
      if (frame === undefined) return false;
      if (kind === 'down') line.input({ type: 'frame', frame: readServerFrame(frame) });
      else serve(hear(frame));
      return true;
    },
    settle() {
      while (line.move('up') || line.move('down') || line.move('speak'));
    },
    cut() {
      up = [];
      down = [];
      if (keeping.torn === 'finishes it') while (sayNext());
      if (keeping.torn === 'keeps the part') closeTorn();
      pending = undefined;
      down = [];
      line.input({ type: 'dropped', code: 1006, reason: '' });
      line.input({ type: 'retrying' });
      line.input({ type: 'reconnected' });
      reopen();
    },
  };

  function hear(frame: string): PeerStep {
    const event = JSON.parse(frame) as {
      type: string;
      item?: WireObject & { call_id: string; output: string };
    };
    const { item } = event;
    if (item !== undefined && memory.has(keyOf(item))) {
      // Its id is taken: it is the same.
      line.doubled.push(item);
      return { peer, send: [] };
    }
    if (event.type === 'conversation.item.create' && item?.type === 'function_call_output')
      results.push({ name: peer.calls.get(item.call_id) ?? '', output: item.output });
    else if (event.type === 'conversation.item.create' && item?.type === 'message') results = [];
    // Asked again after the line was cut, it answers what it was told before.
    if (event.type === 'response.create' && [...peer.results.values()].length === 0) {
      const again = results.map((result, at) => [String(at), result] as const);
      peer = { ...peer, results: Growing.of(...again) };
    }
    return receive(peer, frame, world);
  }

  function sayNext(): boolean {
    if (pending === undefined) return false;
    const { responseId, parts } = pending;
    const part = parts.shift();
    if (part === undefined) {
      pending = undefined;
      serve(finish(peer, responseId, world));
    } else if ('call' in part) serve(callTool(peer, responseId, part.call, world));
    else serve(speak(peer, responseId, part.say, world));
    return true;
  }

  function serve(step: PeerStep): void {
    peer = step.peer;
    const { wanted } = step;
    if (wanted?.heard !== undefined) {
      const made = [...(maker.reply({ ...wanted.heard, agentName: 'Ava' }) as Iterable<Part>)];
      const parts = made.flatMap((part): Part[] =>
        'call' in part ? [part] : spokenWords(part.say).map((say) => ({ say })),
      );
      pending = { responseId: wanted.responseId, parts };
    }
    for (const event of step.send as WireObject[]) {
      line.served.push(event);
      down.push(JSON.stringify(event));
      remember(event);
    }
  }

  /** Our items when they are added; its own when they are done. */
  function remember({ type, item, response }: WireObject): void {
    const added = item as WireObject | undefined;
    // Of those, an item of speech is told before it is complete.
    if (type === 'conversation.item.added' && (added?.status === 'completed' || added?.role === 'user'))
      store(added);
    if (type === 'response.done')
      for (const each of (response as { output: WireObject[] }).output) store(each);
  }

  function store(item: WireObject): void {
    if (!memory.has(keyOf(item))) memory.set(keyOf(item), item);
  }

  const keyOf = ({ id, type, call_id }: WireObject) =>
    String(call_id === undefined ? id : `${type} ${call_id}`);

  /** The words so far stand as an item that is not complete; calls that were made stand. */
  function closeTorn(): void {
    const { active } = peer;
    for (const item of active?.output.values() ?? []) store(item);
    if (active?.message === undefined) return;
    const content = [{ type: 'audio', transcript: active.message.text }];
    store({ id: active.message.id, type: 'message', role: 'assistant', status: 'incomplete', content });
  }

  function reopen(): void {
    const opened = openPeer('grok-voice-latest', world);
    const { active: _torn, ...before } = peer ?? opened.peer;
    if (!keeping.keeps) {
      memory = new Map();
      results = [];
      peer = opened.peer;
      return serve(opened);
    }
    const { sessionId, ear } = opened.peer;
    const kept: Peer = { ...before, sessionId, ear, results: Growing.of(), freshWords: true };
    const conversation = { id: kept.conversationId };
    const greeting = opened.send.map((event) =>
      (event as WireObject).type === 'conversation.created' ? { ...event, conversation } : event,
    );
    const repeated = line
      .items()
      .filter(({ role, type }) => keeping.repeats === 'all' || (type === 'message' && role === 'assistant'))
      .map((item) => ({ type: 'conversation.item.added', item: { ...item, replayed: true } }));
    serve({ peer: kept, send: [...greeting, ...repeated] });
  }

  const opened = openPeer('grok-voice-latest', world);
  peer = opened.peer;
  serve(opened);
  return line;
}
