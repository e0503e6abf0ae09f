// A session of the local API while it lasts: the machine of peer.ts, a maker that answers, the pace of speech, one
// timer. What its events travel on, a socket or a call, is handed in.

import { messageOf } from '../../errors.js';
import { agentNameFor } from '../agent-name.js';
import type { Local } from '../handler.js';
import { findPassages } from '../knowledge/search.js';
import { type Finding, joinedWords, pause } from '../reply.js';
import { outputFormat } from './config.js';
import { nextTickMs, tick } from './deadlines.js';
import { hearBytes } from './hearing.js';
import { type Opening, openPeer, receive } from './peer.js';
import { callTool, failActive, finish, type Sound, searchFiles, speak } from './response.js';
import type { WireObject } from './shapes.js';
import type { Realtime } from './shared.js';
import type { Peer, PeerStep, Unheard, Wanted, World } from './state.js';
import { notTranscribed, transcribed } from './words.js';

/** What a session's events go out on. */
export interface Line {
  send(sent: WireObject | Buffer): void;
  /** Whether anybody is there to hear. */
  isOpen(): boolean;
  /** The session is over by itself, and why. */
  close(reason: string): void;
}

export interface LiveOptions {
  model: string;
  opening: Opening;
  /** The stored agent the client says this is about (`agentHeader`). */
  agentId?: string | undefined;
  /** The words of the spoken turn that begins; those of the queue unless given. */
  hears?: (() => string | undefined) | undefined;
}

export interface LiveSession {
  /** What the session is at this moment. */
  peer(): Peer;
  /** A frame of the client: text of an event, or raw audio. */
  receive(frame: string | Buffer): void;
  /** Anything else that happens in it. */
  happen(step: (peer: Peer, world: World) => PeerStep): void;
  /** Its line is gone. */
  end(): void;
}

/** What a session is made of. */
export type LiveParts = Omit<Local, 'calls'>;

/** Opens a session on a line. */
export function startSession(local: LiveParts, line: Line, options: LiveOptions): LiveSession {
  const { realtime } = local;
  const { model, opening, agentId } = options;
  const leave = realtime.enter();
  const world = {
    ...worldOf(local, () => peer.conversationId),
    ...(options.hears && { hears: options.hears }),
  };
  const opened = openPeer(model, world, { longestMs: realtime.longestSessionMs, ...opening });
  let peer: Peer = opened.peer;
  let wakesAtMs: number | undefined;
  let cancelWake = () => {};
  /** Ends the thinking about an answer nobody waits for any more. */
  let thinking: { responseId: string; stop: AbortController } | undefined;
  let hasEnded = false;
  /** Turns are put into words one after another: their transcripts keep their order. */
  let listening = Promise.resolve();
  apply(opened);

  function apply(step: PeerStep): void {
    peer = step.peer;
    if (thinking !== undefined && peer.active?.id !== thinking.responseId) thinking.stop.abort();
    for (const sent of step.send) line.send(sent);
    if (step.wanted !== undefined) void answer(step.wanted);
    for (const unheard of step.unheard ?? []) listening = listening.then(() => listen(unheard));
    if (step.close !== undefined) line.close(step.close);
    if (line.isOpen()) wake();
  }

  /** One timer for whatever is due next. */
  function wake(): void {
    const atMs = nextTickMs(peer);
    if (atMs === wakesAtMs) return;
    cancelWake();
    wakesAtMs = atMs;
    cancelWake = local.after(Math.max(0, atMs - world.nowMs()), () => {
      wakesAtMs = undefined;
      apply(tick(peer, world));
    });
  }

  /** Applies what happened in the conversation, which is kept for a session that resumes it. */
  function happened(step: PeerStep): void {
    apply(step);
    if (peer.config.resumption?.enabled) realtime.conversations.keep(peer.conversationId, peer.items);
  }

  const isWanted = (responseId: string) => peer.active?.id === responseId && line.isOpen();

  /** Looked up as part of an answer: the session is told of it, as of any tool of the service. */
  function search(responseId: string, collections: readonly string[], said: string): readonly Finding[] {
    if (isWanted(responseId)) happened(searchFiles(peer, responseId, said, world));
    return findPassages(local, collections, said);
  }

  async function answer({ responseId, heard, collections = [], parts }: Wanted): Promise<void> {
    const stop = new AbortController();
    thinking = { responseId, stop };
    try {
      const agentName = heard && (peer.agentName ?? agentNameFor(local.store, agentId, heard.instructions));
      const able = collections.length > 0 && {
        search: (said: string) => search(responseId, collections, said),
      };
      const made =
        parts ??
        (heard === undefined ? [] : local.maker.reply({ ...heard, agentName, ...able }, stop.signal));
      let isBegun = false;
      let unsaid: string[] = [];
      let status: 'completed' | 'incomplete' = 'completed';
      for await (const part of made) {
        if (!isWanted(responseId)) return;
        if ('call' in part) {
          unsaid = await say(responseId, unsaid, true);
          happened(callTool(peer, responseId, part.call, world));
          isBegun = false;
          continue;
        }
        if (part.cutOff) status = 'incomplete';
        const words = joinedWords(part, isBegun);
        unsaid = await say(responseId, [...unsaid, ...words], false);
        isBegun ||= words.length > 0;
      }
      await say(responseId, unsaid, true);
      if (isWanted(responseId)) happened(finish(peer, responseId, world, status));
    } catch (error) {
      // What the line took with it is not part of the conversation.
      if (isWanted(responseId)) happened(failActive(peer, responseId, messageOf(error), world));
    }
  }

  /** Speaks words, and returns those that wait: a voice is given whole sentences, however they come. */
  async function say(responseId: string, words: readonly string[], isEnd: boolean): Promise<string[]> {
    const sentences = sentencesOf(words);
    const isWaiting = realtime.voice !== undefined && !isEnd && !endsSentence(words.at(-1) ?? '');
    const waiting = isWaiting ? (sentences.pop() ?? []) : [];
    for (const sentence of sentences) {
      const sounds = await sounding(sentence);
      for (const [at, word] of sentence.entries()) {
        await pause(local, word, peer.active?.text !== '');
        if (!isWanted(responseId)) return [];
        apply(speak(peer, responseId, word, world, sounds[at]));
      }
    }
    return waiting;
  }

  async function sounding(sentence: readonly string[]): Promise<Sound[]> {
    const { voice } = realtime;
    if (voice === undefined) return [];
    return voice(sentence, outputFormat(peer.config).rate, peer.config.audio?.output?.speed ?? 1);
  }

  async function listen({ itemId, audio, rate }: Unheard): Promise<void> {
    try {
      const words = (await realtime.transcriber?.(audio, rate)) ?? '';
      if (line.isOpen()) happened(transcribed(peer, itemId, words, world));
    } catch (error) {
      if (line.isOpen()) happened(notTranscribed(peer, itemId, messageOf(error), world));
    }
  }

  return {
    peer: () => peer,
    receive: (frame) =>
      happened(typeof frame === 'string' ? receive(peer, frame, world) : hearBytes(peer, frame, world)),
    happen: (step) => happened(step(peer, world)),
    end: () => {
      if (hasEnded) return;
      hasEnded = true;
      cancelWake();
      thinking?.stop.abort();
      realtime.queuedFor.delete(peer.conversationId);
      leave();
    },
  };
}

/** The world as one session knows it: words for its turns come from its own queue, from that of all, then from the script. */
function worldOf(
  { world, realtime }: { world: World; realtime: Realtime },
  conversationId: () => string,
): World {
  let heard = 0;
  return {
    ...world,
    listens: realtime.transcriber !== undefined,
    hears: () => {
      const scripted = realtime.hears[heard++];
      return realtime.queuedFor.get(conversationId())?.shift() ?? realtime.queued.shift() ?? scripted;
    },
  };
}

const endsSentence = (word: string) => /[.!?…]$/.test(word);

/** A minute of speech: a voice is not given more at a time, with or without a full stop. */
const longestSentence = 1000;

/** Words up to each full stop: what a voice is given to speak at a time. */
function sentencesOf(words: readonly string[]): string[][] {
  const sentences: string[][] = [[]];
  let length = 0;
  for (const word of words) {
    sentences.at(-1)?.push(word);
    length += word.length;
    if (!endsSentence(word) && length < longestSentence) continue;
    sentences.push([]);
    length = 0;
  }
  return sentences.filter(({ length }) => length > 0);
}
