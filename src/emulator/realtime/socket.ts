// A realtime socket of the local API: the machine of peer.ts, a maker that answers, the pace of speech, one timer.

import type { WebSocket } from 'ws';
import { messageOf } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import { agentNameFor } from '../agent-name.js';
import type { Local } from '../handler.js';
import { findPassages } from '../knowledge/search.js';
import { type Finding, joinedWords, pause } from '../reply.js';
import { outputFormat } from './config.js';
import { nextTickMs, tick } from './deadlines.js';
import { hearBytes } from './hearing.js';
import { type Opening, openPeer, receive } from './peer.js';
import { callTool, failActive, finish, type Sound, searchFiles, speak } from './response.js';
import type { Realtime } from './shared.js';
import type { PeerStep, Unheard, Wanted, World } from './state.js';
import { notTranscribed, transcribed } from './words.js';

/** Serves one socket until it closes. */
export function serveSocket(
  socket: WebSocket,
  model: string,
  opening: Opening,
  local: Local,
  agentId?: string,
): void {
  const { realtime } = local;
  const leave = realtime.enter();
  const world = worldOf(local);
  const opened = openPeer(model, world, { longestMs: realtime.longestSessionMs, ...opening });
  let { peer } = opened;
  let wakesAtMs: number | undefined;
  let cancelWake = () => {};
  /** Ends the thinking about an answer nobody waits for any more. */
  let thinking: { responseId: string; stop: AbortController } | undefined;
  /** Turns are put into words one after another: their transcripts keep their order. */
  let listening = Promise.resolve();
  apply(opened);

  function apply(step: PeerStep): void {
    peer = step.peer;
    if (thinking !== undefined && peer.active?.id !== thinking.responseId) thinking.stop.abort();
    for (const sent of step.send) socket.send(Buffer.isBuffer(sent) ? sent : writeJson(sent));
    if (step.wanted !== undefined) void answer(step.wanted);
    for (const unheard of step.unheard ?? []) listening = listening.then(() => listen(unheard));
    if (step.close !== undefined) socket.close(1000, step.close);
    if (socket.readyState === socket.OPEN) wake();
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

  const isWanted = (responseId: string) =>
    peer.active?.id === responseId && socket.readyState === socket.OPEN;

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
      if (socket.readyState === socket.OPEN) happened(transcribed(peer, itemId, words, world));
    } catch (error) {
      if (socket.readyState === socket.OPEN) happened(notTranscribed(peer, itemId, messageOf(error), world));
    }
  }

  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    happened(isBinary ? hearBytes(peer, bytes, world) : receive(peer, bytes.toString(), world));
  });
  socket.on('close', () => {
    cancelWake();
    thinking?.stop.abort();
    leave();
  });
  // A broken line is followed by `close`.
  socket.on('error', () => {});
}

/** The world as one session knows it: words for its turns come from the queue, then from the script. */
function worldOf({ world, realtime }: { world: World; realtime: Realtime }): World {
  let heard = 0;
  return {
    ...world,
    listens: realtime.transcriber !== undefined,
    hears: () => {
      const scripted = realtime.hears[heard++];
      return realtime.queued.shift() ?? scripted;
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
