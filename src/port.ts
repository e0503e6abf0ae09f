// Listening on a port, and why one cannot be had. A leaf: it imports leaves alone.

import type { AddressInfo, Server } from 'node:net';
import { CliError, messageOf, systemCode } from './errors.js';

export interface Place {
  /** 0 for any free one. */
  port: number;
  host: string;
  /** What to do where the port is in use. */
  inUseHint: string;
}

/** Listens, and tells under which address. Throws CliError: `conflict` for a port in use, `usage` for what cannot be. */
export async function listenOn(server: Server, place: Place): Promise<URL> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, place)));
    server.listen(place.port, place.host, resolve);
  });
  const { port, family, address } = server.address() as AddressInfo;
  const name = family === 'IPv6' ? `[${address}]` : address;
  return new URL(`http://${name === '0.0.0.0' || name === '[::]' ? 'localhost' : name}:${port}`);
}

function cannotListen(error: Error, { port, host, inUseHint }: Place): CliError {
  const code = systemCode(error);
  if (code === 'EADDRINUSE') {
    return new CliError('conflict', `port ${port} on ${host} is in use`, { hint: inUseHint, cause: error });
  }
  const why = code === undefined ? undefined : reasons[code];
  return new CliError('usage', `cannot listen on ${host}:${port}: ${why?.reason ?? messageOf(error)}`, {
    hint: why?.hint,
    cause: error,
  });
}

const reasons: Record<string, { reason: string; hint?: string }> = {
  EACCES: {
    reason: 'no right to use that port',
    hint: 'ports below 1024 are for the administrator: take a higher one with --port',
  },
  EADDRNOTAVAIL: {
    reason: 'this machine has no such address',
    hint: 'try --host 127.0.0.1 or --host 0.0.0.0',
  },
  ENOTFOUND: { reason: 'nobody knows that host', hint: 'try --host 127.0.0.1 or --host 0.0.0.0' },
};
