// One phone call of the local API: its state, what was said in it, and who is told.

import { messageOf } from '../../errors.js';
import type { CallNews } from '../../protocol/caller.js';
import type { CallStatus, SaidInCall } from '../../protocol/calls.js';
import { isObject } from '../../protocol/json.js';
import type { LiveParts, LiveSession } from '../realtime/live.js';
import type { WireObject } from '../realtime/shapes.js';
import type { Utterance } from './utterance.js';

export interface CallAbout {
  id: string;
  direction: 'inbound' | 'outbound';
  from: string;
  to: string;
  agentId?: string | undefined;
}

export interface Call extends CallAbout {
  readonly status: CallStatus;
  readonly isOver: boolean;
  /** As `GET /v1/realtime/calls/{call_id}` tells it. */
  view(): WireObject;
  /** Tells the other end. */
  tell(news: CallNews): void;
  /** Hears what the other end is told, from now on. */
  listen(hear: (news: CallNews & { at_ms: number }) => void): void;
  ring(): void;
  /** Somebody has the call: the session that answers it. `close` ends its line. */
  join(session: LiveSession, close: (reason: string) => void): void;
  /** The call is answered: what the caller does reaches the session from now on. */
  answer(by: 'webhook' | 'agent' | 'person'): void;
  /** An event on its way from the session. */
  observe(sent: WireObject): void;
  /** What the caller says, one after the other; `speak` brings it to the session. */
  say(utterance: Utterance): void;
  /** Keys, in turn with what is said. */
  press(keys: string): void;
  end(status: CallStatus, reason: string): void;
  /** Called once when the call is over. */
  onEnd(last: () => void): void;
}

type Speak = (call: { isOver(): boolean; session: LiveSession }, what: Utterance | string) => Promise<void>;

/** `speak` brings what the caller says or presses to the session. */
export function createCall({ world }: LiveParts, about: CallAbout, speak: Speak): Call {
  const beganMs = world.nowMs();
  const transcript: (SaidInCall & { dtmf?: true })[] = [];
  const listeners: ((news: CallNews & { at_ms: number }) => void)[] = [];
  const enders: (() => void)[] = [];
  let status: CallStatus = 'queued';
  let joined: { session: LiveSession; close: (reason: string) => void } | undefined;
  let answeredMs: number | undefined;
  let ended: { reason: string; atMs: number } | undefined;
  /** What the caller did before there was somebody to hear it waits; the rest is brought one after the other. */
  const waiting: (Utterance | string)[] = [];
  let speaking = Promise.resolve();

  const atMs = () => world.nowMs() - beganMs;
  const seconds = () =>
    answeredMs === undefined ? undefined : Math.round(((ended?.atMs ?? world.nowMs()) - answeredMs) / 1000);

  function bring(what: Utterance | string): void {
    if (call.isOver) return;
    if (status !== 'in_progress' || joined === undefined) return void waiting.push(what);
    const { session } = joined;
    speaking = speaking
      .then(() => (call.isOver ? undefined : speak({ isOver: () => call.isOver, session }, what)))
      .catch((error: unknown) => {
        // A fault of the session's is the call's end, not the server's.
        call.tell({ type: 'error', message: messageOf(error) });
        call.end('failed', 'session_failed');
      });
  }

  function said(role: string, text: string): void {
    if (text.trim() !== '') transcript.push({ role, text, at_ms: atMs() });
  }

  /** Keys stand together, however they come. */
  function pressed(key: string): void {
    const last = transcript.at(-1);
    if (last?.dtmf) last.text += key;
    else transcript.push({ role: 'user', text: key, at_ms: atMs(), dtmf: true });
    call.tell({ type: 'caller', text: key, dtmf: true });
  }

  const call: Call = {
    ...about,
    get status() {
      return status;
    },
    get isOver() {
      return ended !== undefined;
    },
    view: () => ({
      call_id: about.id,
      status,
      direction: about.direction,
      from: about.from,
      to: about.to,
      ...(about.agentId !== undefined && { agent_id: about.agentId }),
      created_at: Math.floor(beganMs / 1000),
      ...(ended !== undefined && { ended_reason: ended.reason }),
      ...(answeredMs !== undefined && { duration_seconds: seconds() }),
      transcript: transcript.map((each) => ({ ...each })),
    }),
    tell: (news) => {
      for (const hear of listeners) hear({ ...news, at_ms: atMs() });
    },
    listen: (hear) => void listeners.push(hear),
    ring() {
      if (call.isOver || status !== 'queued') return;
      status = 'ringing';
      call.tell({ type: 'ringing', call_id: about.id, from: about.from, to: about.to });
    },
    join: (session, close) => {
      joined = { session, close };
    },
    answer(by) {
      if (call.isOver || answeredMs !== undefined) return;
      status = 'in_progress';
      answeredMs = world.nowMs();
      call.tell({ type: 'answered', by });
      for (const what of waiting.splice(0)) bring(what);
    },
    observe(sent) {
      switch (sent.type) {
        case 'response.output_audio_transcript.delta':
          return call.tell({ type: 'agent_delta', delta: String(sent.delta) });
        case 'response.output_audio_transcript.done':
          said('assistant', String(sent.transcript));
          return call.tell({ type: 'agent', text: String(sent.transcript) });
        case 'response.done':
          return call.tell({ type: 'agent_done', ...outcomeOf(sent.response) });
        case 'conversation.item.input_audio_transcription.completed':
          if (sent.status !== 'completed') return;
          said('user', String(sent.transcript));
          return call.tell({ type: 'caller', text: String(sent.transcript) });
        case 'input_audio_buffer.dtmf_event_received':
          return pressed(String(sent.event));
      }
    },
    say: bring,
    press: bring,
    end(last, reason) {
      if (ended !== undefined) return;
      status = last;
      ended = { reason, atMs: world.nowMs() };
      joined?.close(reason);
      joined?.session.end();
      const duration = seconds();
      call.tell({
        type: 'ended',
        status,
        reason,
        ...(duration !== undefined && { duration_seconds: duration }),
      });
      for (const ender of enders) ender();
    },
    onEnd: (last) => void enders.push(last),
  };
  return call;
}

function outcomeOf(response: unknown): { status: string; calls: number } {
  const { status, output } = isObject(response) ? response : {};
  const items = Array.isArray(output) ? output.filter(isObject) : [];
  return { status: String(status), calls: items.filter(({ type }) => type === 'function_call').length };
}
