// A realtime socket of the local API: a session whose line it is.

import type { WebSocket } from 'ws';
import { writeJson } from '../../json-text.js';
import { type LiveOptions, type LiveParts, startSession } from './live.js';

/** Serves one socket until it closes. */
export function serveSocket(socket: WebSocket, local: LiveParts, options: LiveOptions): void {
  const session = startSession(
    local,
    {
      send: (sent) => socket.send(Buffer.isBuffer(sent) ? sent : writeJson(sent)),
      isOpen: () => socket.readyState === socket.OPEN,
      close: (reason) => socket.close(1000, reason),
    },
    options,
  );
  socket.on('message', (data, isBinary) => {
    const bytes = data as Buffer;
    session.receive(isBinary ? bytes : bytes.toString());
  });
  socket.on('close', session.end);
  // A broken line is followed by `close`.
  socket.on('error', () => {});
}
