// A realtime socket of the local API: the machine of peer.ts, a maker that answers, and the pace of speech.

import type { WebSocket } from 'ws';
import { messageOf } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import { agentNameFor } from '../agent-name.js';
import type { Local } from '../handler.js';
import { spokenWords } from '../reply.js';
import { openPeer, receive, receiveAudio } from './peer.js';
import { callTool, failActive, finish, speak } from './response.js';
import { type PeerStep, pingEvent, type Wanted } from './state.js';

const pingIntervalMs = 10_000;

/** Serves one socket until it closes. */
export function serveSocket(socket: WebSocket, model: string, local: Local, agentId?: string): void {
  const { world } = local;
  const opened = openPeer(model, world);
  let { peer } = opened;
  apply(opened);

  function apply(step: PeerStep): void {
    peer = step.peer;
    for (const sent of step.send) socket.send(Buffer.isBuffer(sent) ? sent : writeJson(sent));
    if (step.wanted !== undefined) void answer(step.wanted);
  }

  const isWanted = (responseId: string) =>
    peer.active?.id === responseId && socket.readyState === socket.OPEN;

  async function answer({ responseId, heard, parts }: Wanted): Promise<void> {
    try {
      const agentName = heard && agentNameFor(local.store, agentId, heard.instructions);
      const made = parts ?? (heard === undefined ? [] : local.maker.reply({ ...heard, agentName }));
      let spoken = '';
      for await (const part of made) {
        if (!isWanted(responseId)) return;
        if ('call' in part) {
          apply(callTool(peer, responseId, part.call, world));
          spoken = '';
          continue;
        }
        for (const word of spokenWords(spoken === '' ? part.say : ` ${part.say}`)) {
          if (local.wordDelayMs > 0) await local.sleep(local.wordDelayMs);
          if (!isWanted(responseId)) return;
          apply(speak(peer, responseId, word, world));
          spoken += word;
        }
      }
      apply(finish(peer, responseId, world));
    } catch (error) {
      apply(failActive(peer, responseId, messageOf(error), world));
    }
  }

  const heartbeat = setInterval(() => socket.send(JSON.stringify(pingEvent(world))), pingIntervalMs);
  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    apply(isBinary ? receiveAudio(peer, bytes.length) : receive(peer, bytes.toString(), world));
  });
  socket.on('close', () => clearInterval(heartbeat));
  // A broken line is followed by `close`.
  socket.on('error', () => {});
}
