// Sockets that have to do with calls: the caller's, and the one that joins a call to answer it.

import type { IncomingMessage } from 'node:http';
import { secretPrefix } from '../handlers/account.js';
import { forbidden, type Refusal } from '../refusal.js';
import type { Calls } from './calls.js';

/** Where a caller's end is opened. */
export const callerPath = '/__local/calls';

/** Why a socket may not join the call its address names; undefined where it may, or names none. */
export function refusalOfCall(
  { headers }: IncomingMessage,
  callId: string | undefined,
  calls: Calls,
): Refusal | undefined {
  if (callId === undefined) return undefined;
  const given = `${headers.authorization ?? ''} ${headers['sec-websocket-protocol'] ?? ''}`;
  if (given.includes(secretPrefix))
    return forbidden('A call is joined with an API key, not with an ephemeral secret');
  return calls.refusalOfJoin(callId);
}
