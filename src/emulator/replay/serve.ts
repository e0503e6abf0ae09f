// A recording as an API: the same client gets the same events, and one that departs from it is told where.

import type { WebSocket } from 'ws';
import type { Entry } from '../../recording/format.js';
import { createPart, type Departure, type PartStep, partsOf } from './part.js';

export interface ReplayOptions {
  entries: readonly Entry[];
  /** As the user names the recording. */
  source: string;
  newId(): string;
  /** Told where a client departs, or leaves before the end. */
  onDeparture?: ((departure: Departure) => void) | undefined;
}

export interface Replay {
  /** Plays the recording to a client; after a line that dropped in it, the next client gets the next line. */
  serve(socket: WebSocket): void;
}

export function createReplay({ entries, source, newId, onDeparture }: ReplayOptions): Replay {
  const parts = partsOf(entries);
  let next = 0;

  function serve(socket: WebSocket): void {
    const number = next;
    next = 0;
    const part = createPart(parts[number] ?? []);
    let hasEnded = false;

    function apply({ send, departure, close }: PartStep): void {
      if (hasEnded) return;
      for (const text of send) socket.send(text);
      if (departure !== undefined) return depart(departure);
      if (close === undefined) return;
      hasEnded = true;
      if (parts[number + 1] !== undefined) next = number + 1;
      hangUp(socket, close);
    }

    function depart(departure: Departure): void {
      hasEnded = true;
      onDeparture?.(departure);
      const { line, expected, got } = departure;
      const message = `this is not what was recorded in ${source}, line ${line}: expected ${expected}, got ${got}`;
      socket.send(
        JSON.stringify({
          type: 'error',
          event_id: newId(),
          error: {
            type: 'invalid_request_error',
            code: 'replay_departed',
            message,
            param: null,
            event_id: null,
          },
        }),
      );
      socket.close(1008, `departed from the recording at line ${line}`);
    }

    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      apply(isBinary ? part.receiveSound(bytes.length) : part.receive(bytes.toString()));
    });
    socket.on('close', () => {
      const missed = hasEnded ? undefined : part.awaits();
      hasEnded = true;
      if (missed !== undefined) onDeparture?.(missed);
    });
    // A broken line is followed by `close`.
    socket.on('error', () => {});
    apply(part.open());
  }
  return { serve };
}

/** As it ended then; a line that was cut is cut. */
function hangUp(socket: WebSocket, { code, reason }: { code: number; reason: string }): void {
  if (code === 1006) return socket.terminate();
  const isSendable = (code >= 1000 && code <= 1014 && ![1004, 1005].includes(code)) || code >= 3000;
  socket.close(isSendable ? code : 1000, Buffer.from(reason).subarray(0, 123).toString());
}
