// A realtime socket of the local API: the machine of peer.ts, a maker that answers, and the pace of speech.

import type { WebSocket } from 'ws';
import { messageOf } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import type { Local } from '../handler.js';
import { joinedWords } from '../reply.js';
import { openPeer, receive, receiveAudio } from './peer.js';
import { callTool, failActive, finish, speak } from './response.js';
import { type PeerStep, pingEvent, type Wanted } from './state.js';

const pingIntervalMs = 10_000;

/** Serves one socket until it closes. */
export function serveSocket(socket: WebSocket, model: string, local: Local): void {
  const { world } = local;
  const opened = openPeer(model, world);
  let { peer } = opened;
  /** Ends the thinking about an answer nobody waits for any more. */
  let thinking: { responseId: string; stop: AbortController } | undefined;
  apply(opened);

  function apply(step: PeerStep): void {
    peer = step.peer;
    if (thinking !== undefined && peer.active?.id !== thinking.responseId) thinking.stop.abort();
    for (const sent of step.send) socket.send(Buffer.isBuffer(sent) ? sent : writeJson(sent));
    if (step.wanted !== undefined) void answer(step.wanted);
  }

  const isWanted = (responseId: string) =>
    peer.active?.id === responseId && socket.readyState === socket.OPEN;

  async function answer({ responseId, heard, parts }: Wanted): Promise<void> {
    const stop = new AbortController();
    thinking = { responseId, stop };
    try {
      const agentName = heard === undefined ? undefined : local.store.nameFor(heard.instructions);
      const made =
        parts ?? (heard === undefined ? [] : local.maker.reply({ ...heard, agentName }, stop.signal));
      let spoken = '';
      let status: 'completed' | 'incomplete' = 'completed';
      for await (const part of made) {
        if (!isWanted(responseId)) return;
        if ('call' in part) {
          apply(callTool(peer, responseId, part.call, world));
          spoken = '';
          continue;
        }
        if (part.cutOff) status = 'incomplete';
        for (const word of joinedWords(part, spoken)) {
          if (local.wordDelayMs > 0) await local.sleep(local.wordDelayMs);
          if (!isWanted(responseId)) return;
          apply(speak(peer, responseId, word, world));
          spoken += word;
        }
      }
      apply(finish(peer, responseId, world, status));
    } catch (error) {
      apply(failActive(peer, responseId, messageOf(error), world));
    }
  }

  const heartbeat = setInterval(() => socket.send(JSON.stringify(pingEvent(world))), pingIntervalMs);
  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    apply(isBinary ? receiveAudio(peer, bytes.length) : receive(peer, bytes.toString(), world));
  });
  socket.on('close', () => {
    clearInterval(heartbeat);
    thinking?.stop.abort();
  });
  // A broken line is followed by `close`.
  socket.on('error', () => {});
}
