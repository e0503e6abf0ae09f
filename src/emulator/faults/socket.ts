// Faults of the realtime socket: refused handshakes, and a filter around an open one. The session behind it knows
// nothing of this.

import type { IncomingHttpHeaders } from 'node:http';
import type { RawData, WebSocket } from 'ws';
import { Refusal } from '../refusal.js';
import { type Act, createDisturbance, type Frame } from './disturbance.js';
import type { Faults, Rehearsal } from './plan.js';
import { refusals } from './refusals.js';
import { readOwn } from './rest.js';
import type { FaultAt, FaultName } from './table.js';

export interface Handshake {
  refusal?: Refusal;
  faults: FaultName[];
  /** What the socket asks for itself, for as long as it is open. */
  own: Rehearsal[];
}

/** What becomes of a handshake to which nothing else objects. */
export function handshakeFaults(headers: IncomingHttpHeaders, faults: Faults): Handshake {
  let own: Rehearsal[];
  try {
    own = readOwn([headers['x-local-fault'] ?? []].flat().join(','));
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error, faults: [], own: [] };
    throw error;
  }
  const struck = faults.strike(['handshake'], own) as FaultAt<'handshake'>[];
  const [first] = struck;
  if (first === undefined) return { faults: [], own };
  const key = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? 'none';
  return { refusal: refusals[first]({ path: '/v1/realtime', key }), faults: struck, own };
}

interface LineOptions {
  faults: Faults;
  own: readonly Rehearsal[];
  newId(): string;
  sleep(ms: number): Promise<void>;
}

/** The same socket, with what it sends and hears disturbed by the faults that strike. */
export function withFaults(socket: WebSocket, { faults, own, newId, sleep }: LineOptions): WebSocket {
  const disturbance = createDisturbance((place) => faults.strike([place], own), newId);
  const isQuiet = () => own.length === 0 && faults.isQuiet();
  const { send, on } = { send: socket.send.bind(socket), on: socket.on.bind(socket) };
  const waiting: Act[] = [];
  let isBusy = false;
  /** Whoever cancels a reply does not wait for its words. */
  let hurry = () => {};
  let isHurried = false;

  async function work(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    for (let act = waiting.shift(); act !== undefined; act = waiting.shift()) {
      if ('send' in act) send(act.send);
      else if ('cut' in act) socket.terminate();
      else if ('close' in act) socket.close(act.close, act.reason);
      else if (!isHurried && socket.readyState === socket.OPEN) {
        const hurried = new Promise<void>((resolve) => {
          hurry = resolve;
        });
        await Promise.race([sleep(act.waitMs), hurried]);
      }
    }
    isHurried = false;
    isBusy = false;
  }

  socket.send = ((frame: Frame) => {
    // Told even when nothing is rehearsed would be slower: a fault that is set meanwhile begins with the next reply.
    if (isQuiet() && waiting.length === 0 && !isBusy) return send(frame);
    waiting.push(...disturbance.out(frame));
    void work();
  }) as WebSocket['send'];

  socket.on = ((name: string, listener: (...given: never[]) => void) => {
    if (name !== 'message') return on(name, listener as (...given: unknown[]) => void);
    return on('message', (data: RawData, isBinary: boolean) => {
      if (!isBinary && !isQuiet()) {
        const text = data.toString();
        if (isBusy && text.includes('"response.cancel"')) {
          isHurried = true;
          hurry();
        }
        if (!disturbance.in(text)) return;
      }
      (listener as (data: RawData, isBinary: boolean) => void)(data, isBinary);
    });
  }) as WebSocket['on'];
  return socket;
}
