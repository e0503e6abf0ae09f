// Who ends a spoken turn, as a session object says it.

import { isObject } from '../../protocol/json.js';

/** True for server VAD, false for turns ended by the client, undefined where the object does not say. */
export function detectionOf(session: unknown): boolean | undefined {
  if (!isObject(session) || session.turn_detection === undefined) return undefined;
  return isObject(session.turn_detection) && typeof session.turn_detection.type === 'string';
}
