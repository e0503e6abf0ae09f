// What a conversation is to those outside: what it is begun with, what it can be asked, and who may look on.

import type { ClientEvent } from '../protocol/realtime-client.js';
import type { Frame } from '../protocol/realtime-server.js';
import type { SessionUpdate } from '../protocol/realtime-session.js';
import type { Notice, NoticeBody, NoticeOf } from './notice.js';
import type { Reconnect } from './reconnect.js';
import type { SessionOptions } from './state.js';
import type { Clip } from './streaming.js';

export interface Timers {
  /** Milliseconds from any start; only ever forward. */
  nowMs(): number;
  /** Calls `fire` once unless the function returned is called before. */
  after(ms: number, fire: () => void): () => void;
}

/** Sees all that passes over the line and all that is told, and may add to what is told. Times are the clock's. */
export interface Observer {
  /** Before the event is sent; what it returns is told. */
  sent?(event: ClientEvent, atMs: number): readonly NoticeBody[];
  /** Before the frame is acted on; what it returns is told after what the frame itself leads to. */
  received?(frame: Frame, atMs: number): readonly NoticeBody[];
  /** The notice as everybody else shall see it. */
  told?(notice: NoticeBody, atMs: number): NoticeBody;
  /** Nothing has come for `quietMs`, heartbeats included; what it returns is told. */
  quiet?(atMs: number): readonly NoticeBody[];
  /** Once, when the conversation is over; what it returns is told last, or last but `closed`. */
  ended?(atMs: number): readonly NoticeBody[];
}

export interface ConverseOptions extends SessionOptions {
  setup: SessionUpdate;
  /** Without, a line that drops ends the conversation. */
  reconnect?: Reconnect | undefined;
  /** In this order, each seeing a notice as the one before left it. */
  observers?: readonly Observer[];
  timers: Timers;
  /** How long the service may be silent when it owes an answer. */
  answerTimeoutMs: number;
  /** Gives a tool call its result. What it throws becomes the result, as an error. */
  runTool(call: NoticeOf<'tool_call'>, signal: AbortSignal): Promise<string>;
  /** Sound both ways, in the session's format; of the agent's nothing that comes after its answer was cancelled. */
  onAudio?(from: 'user' | 'agent', turn: number, audio: Buffer): void;
  /** Told before all else. */
  before?: readonly NoticeBody[];
  /** Clips are sent as fast as the line takes them, not at the pace of speech. */
  fast?: boolean;
}

export interface Conversation {
  /** Everything that happens, in order, for one reader. Throws when the session cannot be set up. */
  notices: AsyncIterable<Notice>;
  /** Begins a turn; during an answer it interrupts it first. Ignored once the line is closed. */
  say(text: string): void;
  /** The same with sound; under server VAD the clip must end in enough silence for its end to be heard. */
  speak(clip: Clip): void;
  /** Sound of an open microphone, for server VAD. */
  hear(audio: Buffer, ms: number): void;
  /** The agent speaks of itself, as `say` has the person do: exactly these words, or a greeting of its own making. */
  utter(words?: string): void;
  /** Ends the turn under way, if there is one, and tells whether there was. */
  interrupt(): boolean;
  /** Whether nothing is under way and a turn may begin. */
  isIdle(): boolean;
  /** Another configuration, taken as soon as no response is under way; `what` says what is other about it. */
  reconfigure(setup: SessionUpdate, what: string): void;
  /** Begins a new conversation with the same agent, on a new line; tells whether it can. */
  clear(): boolean;
  /** As the service names it; undefined until it has. */
  conversationId(): string | undefined;
  /** Closes the line; the notices end. */
  hangUp(): void;
}
