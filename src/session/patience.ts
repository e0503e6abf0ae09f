// How long the service may take over what it owes: the clock starts again with whatever brings that nearer, so it
// measures silence, and not with what would come in silence as well.

import type { Timers } from './converse.js';
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
  const clock = createRestartable(timers);
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
      if (owed === undefined) return clock.stop();
      const ms = timeoutsMs[owed] ?? answerTimeoutMs;
      if (isSame) clock.restart(ms, () => late(owed));
      else clock.start(ms, () => late(owed));
    },
    stop(): void {
      clock.stop();
      current = undefined;
    },
  };
}

/** A timer is not set anew for each of the many frames of a moment: so long it may be left as it is. */
const coarseMs = 100;

/** Something that happens unless it is put off in time. */
function createRestartable(timers: Timers) {
  let cancel: (() => void) | undefined;
  let armedMs = 0;
  let putOffMs = 0;

  function start(ms: number, fire: () => void): void {
    cancel?.();
    armedMs = timers.nowMs();
    putOffMs = armedMs;
    arm(ms, ms, fire);
  }

  function arm(waitMs: number, ms: number, fire: () => void): void {
    cancel = timers.after(waitMs, () => {
      cancel = undefined;
      const later = putOffMs - armedMs;
      if (later <= 0) return fire();
      armedMs = putOffMs;
      arm(Math.max(0, putOffMs + ms - timers.nowMs()), ms, fire);
    });
  }

  return {
    start,
    /** Counts from now again; `ms` and `fire` are those it was started with. */
    restart(ms: number, fire: () => void): void {
      const nowMs = timers.nowMs();
      const sinceMs = nowMs - armedMs;
      // A clock that stands still is one of a test, which counts timers.
      if (cancel === undefined || sinceMs === 0 || sinceMs >= coarseMs) start(ms, fire);
      else putOffMs = nowMs;
    },
    stop(): void {
      cancel?.();
      cancel = undefined;
    },
  };
}

/** Calls `late` once nothing at all has been heard for so long. */
export function createSilence(timers: Timers, ms: number, late: () => void) {
  const clock = createRestartable(timers);
  return { heard: () => clock.restart(ms, late), stop: clock.stop };
}

function bringsNearer(input: Input, owed: Owed): boolean {
  // An open microphone is no sign of life of the service.
  if (input.type === 'audio') return false;
  if (input.type !== 'frame') return true;
  const { frame } = input;
  if (frame.kind === 'not-json') return false;
  const type = frame.kind === 'event' || frame.kind === 'unknown' ? String(frame.event.type) : frame.type;
  if (type === 'ping') return false;
  // Until it is configured, the service may tell an earlier conversation again.
  return (
    owed === 'greeting' ||
    owed === 'configuration' ||
    /^(response\.|mcp_|input_audio|error$)|transcription/.test(type)
  );
}
