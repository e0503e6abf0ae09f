// The client's machine and the service's, joined by JSON text and nothing else: every test checks both, and the
// schemas between them.

import { openPeer, receive } from '../../src/emulator/realtime/peer.js';
import { callTool, finish, speak } from '../../src/emulator/realtime/response.js';
import type { WireObject } from '../../src/emulator/realtime/shapes.js';
import type { Peer, PeerStep, Wanted } from '../../src/emulator/realtime/state.js';
import { type Part, type ReplyMaker, spokenWords } from '../../src/emulator/reply.js';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import type { SessionUpdate } from '../../src/protocol/realtime-session.js';
import type { NoticeBody } from '../../src/session/notice.js';
import { advance, type Input } from '../../src/session/session.js';
import { createSession, type Session } from '../../src/session/state.js';

export interface Pair {
  session: Session;
  peer: Peer;
  notices: NoticeBody[];
  /** Everything the service sent, oldest first. */
  served: Record<string, unknown>[];
  /** All that passed over the line, as the client knows it. */
  passed: { from: 'client' | 'server'; event: Record<string, unknown> }[];
  /** One input for the client; what it sends reaches the service at once. */
  input(input: Input): void;
  /** Lets the service say its next word, call or end. False when it has nothing to say. */
  step(): boolean;
  /** Lets the service finish what it has to say. */
  settle(): void;
}

export function createPair(setup: SessionUpdate, maker: ReplyMaker): Pair {
  let ids = 0;
  const world = { newId: () => `id-${ids++}`, nowMs: () => 0 };
  let pending: { responseId: string; parts: Part[] } | undefined;
  const opened = openPeer('grok-voice-latest', world);
  const pair: Pair = {
    session: createSession(setup),
    peer: opened.peer,
    notices: [],
    served: [],
    passed: [],
    input(input) {
      const next = advance(pair.session, input, 0);
      pair.session = next.session;
      pair.notices.push(...next.notices);
      pair.passed.push(...next.send.map((event) => ({ from: 'client' as const, event })));
      for (const event of next.send) serve(receive(pair.peer, JSON.stringify(event), world));
    },
    step() {
      if (pending === undefined) return false;
      const { responseId, parts } = pending;
      const part = parts.shift();
      if (part === undefined) {
        pending = undefined;
        serve(finish(pair.peer, responseId, world));
      } else if ('call' in part) serve(callTool(pair.peer, responseId, part.call, world));
      else serve(speak(pair.peer, responseId, part.say, world));
      return true;
    },
    settle() {
      while (pair.step());
    },
  };

  /** Frames on their way to the client: each arrives after those sent before it, as on a line. */
  const onTheWay: string[] = [];
  let delivering = false;

  function serve(step: PeerStep): void {
    pair.peer = step.peer;
    if (step.wanted !== undefined) {
      pending = { responseId: step.wanted.responseId, parts: wordsOf(step.wanted) };
    }
    const events = step.send.filter((sent): sent is WireObject => !Buffer.isBuffer(sent));
    pair.served.push(...events);
    onTheWay.push(...events.map((event) => JSON.stringify(event)));
    if (delivering) return;
    delivering = true;
    for (let frame = onTheWay.shift(); frame !== undefined; frame = onTheWay.shift()) {
      pair.passed.push({ from: 'server', event: JSON.parse(frame) });
      pair.input({ type: 'frame', frame: readServerFrame(frame) });
    }
    delivering = false;
  }

  function wordsOf({ heard, parts }: Wanted): Part[] {
    const made =
      parts ??
      (heard === undefined ? [] : [...(maker.reply({ ...heard, agentName: 'Ava' }) as Iterable<Part>)]);
    return made.flatMap((part): Part[] =>
      'call' in part ? [part] : spokenWords(part.say).map((say) => ({ say })),
    );
  }

  serve(opened);
  return pair;
}
