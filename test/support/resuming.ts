// A line that can be cut between the client's machine and the service's, and a service that keeps the conversation
// or not. Frames are on their way for a while, both ways: what is on its way when the line is cut is lost.

import { type Act, createDisturbance } from '../../src/emulator/faults/disturbance.js';
import type { Faults } from '../../src/emulator/faults/plan.js';
import { Growing } from '../../src/emulator/realtime/growing.js';
import { openPeer, receive } from '../../src/emulator/realtime/peer.js';
import { lastResults } from '../../src/emulator/realtime/replay.js';
import { callTool, finish, speak } from '../../src/emulator/realtime/response.js';
import type { WireObject } from '../../src/emulator/realtime/shapes.js';
import { giveWords, type Peer, type PeerStep } from '../../src/emulator/realtime/state.js';
import { type Part, type ReplyMaker, spokenWords } from '../../src/emulator/reply.js';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import type { SessionUpdate } from '../../src/protocol/realtime-session.js';
import { comeBackDelayMs, mayComeBack } from '../../src/session/line.js';
import type { NoticeBody } from '../../src/session/notice.js';
import { createRepetitionCheck } from '../../src/session/repeated.js';
import { advance, type Input } from '../../src/session/session.js';
import { awaiting, createSession, type Session } from '../../src/session/state.js';

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
  /** What the client sent, on each line. */
  sent: WireObject[][];
  /** Of that, what a fault lost. */
  lost: WireObject[];
  input(input: Input): void;
  /** The next thing happens: `up` a frame arrives at the service, `down` at the client, `speak` it says a word. */
  move(kind: 'up' | 'down' | 'speak'): boolean;
  /** Until nothing is left to happen. */
  settle(): void;
  /** The line is cut, and another made if the client would make one. */
  cut(end?: End): void;
  /** The client's patience with what it awaits is at its end. */
  late(): void;
}

interface End {
  code: number;
  reason: string;
}

export function createLine(setup: SessionUpdate, maker: ReplyMaker, keeping: Keeping, faults?: Faults): Line {
  let ids = 0;
  const world = { newId: () => `id-${ids++}`, nowMs: () => 0 };
  let peer: Peer;
  let pending: { responseId: string; parts: Part[] } | undefined;
  /** By key, in order: the service's memory of the conversation. */
  let memory = new Map<string, WireObject>();
  let up: string[] = [];
  let down: (string | End)[] = [];
  const disturbed = () => faults && createDisturbance((place) => faults.strike([place]), world.newId);
  /** Both are of one line. */
  let disturbance = disturbed();
  let isRepeated = createRepetitionCheck();

  const line: Line = {
    session: createSession(setup),
    notices: [],
    served: [],
    items: () => [...memory.values()],
    doubled: [],
    sent: [[]],
    lost: [],
    input(input) {
      const next = advance(line.session, input, 0);
      line.session = next.session;
      line.notices.push(...next.notices);
      line.sent.at(-1)?.push(...(next.send as readonly WireObject[]));
      up.push(...next.send.map((event) => JSON.stringify(event)));
    },
    move(kind) {
      if (kind === 'speak') return sayNext();
      const moved = (kind === 'up' ? up : down).shift();
      if (moved === undefined) return false;
      if (typeof moved !== 'string') line.cut(moved);
      else if (kind === 'down') arrive(moved);
      else if (disturbance?.in(moved) ?? true) serve(hear(moved));
      else line.lost.push(JSON.parse(moved));
      return true;
    },
    settle() {
      while (line.move('up') || line.move('down') || line.move('speak'));
    },
    cut(end = { code: 1006, reason: '' }) {
      up = [];
      down = [];
      if (keeping.torn === 'finishes it') while (sayNext());
      if (keeping.torn === 'keeps the part') closeTorn();
      if (keeping.torn === 'forgets it') forgetTorn();
      pending = undefined;
      down = [];
      if (!mayComeBack(line.session, end.code)) return line.input({ type: 'closed', ...end });
      line.input({ type: 'dropped', ...end });
      if (comeBackDelayMs(line.session, 0.5) === undefined) return line.input({ type: 'closed', ...end });
      line.input({ type: 'retrying' });
      line.input({ type: 'reconnected' });
      line.sent.push([]);
      disturbance = disturbed();
      isRepeated = createRepetitionCheck();
      reopen();
    },
    late() {
      if (awaiting(line.session) !== 'greeting') line.input({ type: 'timeout' });
      else if (line.session.opened) line.cut();
      else line.input({ type: 'closed', code: 1006, reason: '' });
    },
  };

  function arrive(text: string): void {
    const frame = readServerFrame(text);
    if (!isRepeated(frame, text)) line.input({ type: 'frame', frame });
  }

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
      remember(event);
      const frame = JSON.stringify(event);
      if (disturbance === undefined) down.push(frame);
      else down.push(...disturbance.out(frame).flatMap(arrival));
    }
  }

  /** What comes of an act at the client's end, where nobody counts the time. */
  function arrival(act: Act): (string | End)[] {
    if ('send' in act) return [String(act.send)];
    if ('close' in act) return [{ code: act.close, reason: act.reason }];
    return 'cut' in act ? [{ code: 1006, reason: '' }] : [];
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
    peer = giveWords(peer, active.message.id, {
      type: 'message',
      role: 'assistant',
      text: active.message.text,
    });
  }

  function forgetTorn(): void {
    const { active } = peer;
    const ids = [active?.message?.id, ...[...(active?.output.values() ?? [])].map(({ id }) => id)];
    for (const id of ids) peer = { ...peer, items: peer.items.delete(String(id)) };
  }

  function reopen(): void {
    const opened = openPeer('grok-voice-latest', world);
    const { active: _torn, ...before } = peer ?? opened.peer;
    if (!keeping.keeps) {
      memory = new Map();
      peer = opened.peer;
      return serve(opened);
    }
    const { sessionId, ear } = opened.peer;
    const items = Array.from(before.items.entries(), ([id, item]) => ({ id, item }));
    const results = lastResults(items, before.calls);
    const kept: Peer = { ...before, sessionId, ear, results, answered: Growing.of(), freshWords: false };
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
