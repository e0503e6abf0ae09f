// Tools whose answers stand in the file. They share one state, so that a slot that was booked is gone the next time.
// A call is decided and the state changed in one go, before any delay: two calls at once cannot book the same slot.

import type { Clock } from '../clock.js';
import { isObject } from '../protocol/json.js';
import { memberDifferences } from '../spec/matching.js';
import { ToolFailure } from './failure.js';
import type { Handle } from './handler.js';
import { filled, type Scope } from './template.js';

export interface Answer {
  /** Arguments it is for: those named must be as here, others do not matter. */
  when?: Record<string, unknown> | undefined;
  /** What the state must hold. */
  needs?: Record<string, unknown> | undefined;
  /** What becomes of the state: members are merged, `null` takes one away. */
  sets?: Record<string, unknown> | undefined;
  return?: unknown;
  error?: string | undefined;
  /** An answer that has nothing else is a pause: the next that fits answers. */
  delay_ms?: number | undefined;
  /** How often it can be given. */
  times?: number | undefined;
}

export interface Stage {
  state: unknown;
}

export function cannedHandler(answers: readonly Answer[], stage: Stage, clock: Clock): Handle {
  const given = new Map<Answer, number>();
  return async (args, { signal }) => {
    let delayMs = 0;
    let outcome: Outcome | undefined;
    for (const answer of answers) {
      const scope: Scope = { given: args, state: stage.state, nowMs: clock.now() };
      if ((given.get(answer) ?? 0) >= (answer.times ?? Number.POSITIVE_INFINITY)) continue;
      if (!fits(answer.when, args, scope) || !fits(answer.needs, stage.state, scope)) continue;
      given.set(answer, (given.get(answer) ?? 0) + 1);
      delayMs += answer.delay_ms ?? 0;
      outcome = outcomeOf(answer, scope);
      if (answer.sets !== undefined) stage.state = merged(stage.state, filled(answer.sets, scope));
      if (!isPause(answer)) break;
    }
    if (delayMs > 0) await clock.sleep(delayMs, signal);
    if (outcome === undefined) throw new ToolFailure('no canned answer fits these arguments');
    if ('error' in outcome) throw new ToolFailure(outcome.error);
    return outcome.value;
  };
}

type Outcome = { value: unknown } | { error: string };

function outcomeOf(answer: Answer, scope: Scope): Outcome {
  if (answer.error !== undefined) return { error: String(filled(answer.error, scope)) };
  return { value: filled(answer.return ?? null, scope) };
}

const isPause = (answer: Answer) =>
  answer.delay_ms !== undefined && !('return' in answer) && !('error' in answer) && !('sets' in answer);

function fits(wanted: Record<string, unknown> | undefined, value: unknown, scope: Scope): boolean {
  if (wanted === undefined) return true;
  return memberDifferences(filled(wanted, scope) as Record<string, unknown>, value).length === 0;
}

/** A value with a change merged into it: members that are `null` there are taken away. */
export function merged(value: unknown, change: unknown): unknown {
  if (!isObject(change)) return change;
  const members = new Map(Object.entries(isObject(value) ? value : {}));
  for (const [name, member] of Object.entries(change)) {
    if (member === null) members.delete(name);
    else members.set(name, merged(members.get(name), member));
  }
  return Object.fromEntries(members);
}
