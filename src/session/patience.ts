// How long the service may take over what it owes: the clock starts again with whatever brings that nearer, so it
// measures silence, and not with what would come in silence as well.

import type { Timers } from './conversation.js';
import type { Input } from './session.js';
import { awaiting, type Session } from './state.js';

type Owed = NonNullable<ReturnType<typeof awaiting>>;

/** For what is not the answer itself. */
const timeoutsMs: Partial<Record<Owed, number>> = {
  configuration: 5000,
  cancellation: 2000,
  // Seen: after a commit the service begins by itself. Documented: it is asked to.
  own_response: 1000,
};

/** Told of every input and the state after it; `late` is called when what is owed does not come. */
export function createPatience(timers: Timers, answerTimeoutMs: number, late: (owed: Owed) => void) {
  let stop = () => {};
  let current: Owed | undefined;
  let turn: number | undefined;
  return {
    after(input: Input | undefined, session: Session): void {
      const owed = awaiting(session);
      // The next turn's answer is another one.
      const isSame = owed === current && session.turn?.number === turn;
      if (isSame && (owed === undefined || input === undefined || !bringsNearer(input, owed))) return;
      current = owed;
      turn = session.turn?.number;
      stop();
      if (owed !== undefined) stop = timers.after(timeoutsMs[owed] ?? answerTimeoutMs, () => late(owed));
    },
    stop(): void {
      stop();
      current = undefined;
    },
  };
}

/** Calls `late` once nothing at all has been heard for so long. */
export function createSilence(timers: Timers, ms: number, late: () => void) {
  let stop = () => {};
  return {
    heard(): void {
      stop();
      stop = timers.after(ms, late);
    },
    stop: () => stop(),
  };
}

function bringsNearer(input: Input, owed: Owed): boolean {
  // An open microphone is no sign of life of the service.
  if (input.type === 'audio') return false;
  if (input.type !== 'frame') return true;
  const { frame } = input;
  if (frame.kind === 'not-json') return false;
  const type = frame.kind === 'event' || frame.kind === 'unknown' ? String(frame.event.type) : frame.type;
  // Nearly all there is.
  if (type.startsWith('response.')) return true;
  if (type === 'ping') return false;
  // Until it is configured, the service may tell an earlier conversation again.
  return (
    owed === 'greeting' || owed === 'configuration' || /^(mcp_|input_audio|error$)|transcription/.test(type)
  );
}
