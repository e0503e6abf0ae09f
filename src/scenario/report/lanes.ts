// A run laid out in time: who is to be heard when, what the agent waited for, where nothing is to be heard. Sound says
// it best; where there is none, the times of the turns do.

import type { RunResult, TurnResult } from '../result.js';
import { audible, gaps, type Heard, hear, type Span } from './waveform.js';

/** Words that stand in for sound. */
export interface Block extends Span {
  text: string;
}

export interface CallSpan extends Span {
  name: string;
  /** Whether its result tells of an error. */
  failed: boolean;
}

/** From the end of what was asked to the first of the answer. */
export interface Wait {
  startMs: number;
  firstWordMs: number | undefined;
  firstAudioMs: number | undefined;
}

export interface Lanes {
  spanMs: number;
  heard: Heard[];
  person: Block[];
  agent: Block[];
  calls: CallSpan[];
  waits: Wait[];
  /** Longer than a second. */
  silences: Span[];
  /** When the agent was cut off. */
  cutOffs: number[];
  /** Turns with an expectation that was not met. */
  failedTurns: Span[];
}

const longSilenceMs = 1000;
/** A run that is over at once still has some width. */
const shortestMs = 10;

/** When the person had said all: from then on the agent's times count. */
export function askedAt({ started_ms, ended_ms, total_ms }: TurnResult): number {
  return total_ms === undefined ? started_ms : Math.max(started_ms, ended_ms - total_ms);
}

/** When the answer began; undefined when none came. */
export function answeredAt(turn: TurnResult): number | undefined {
  const first = turn.first_audio_ms ?? turn.first_word_ms;
  return first === undefined ? undefined : askedAt(turn) + first;
}

export function lanesOf({ turns, sound = [], checks, ms }: RunResult): Lanes {
  const heard = hear(sound);
  const person = turns.flatMap((turn) => personBlock(turn, heard));
  const agent = turns.flatMap((turn) => agentBlock(turn, heard));
  const calls = turns.flatMap((turn) => turn.calls.map(callSpan));
  const spans = [...audible(heard), ...person, ...agent];
  const failed = new Set(checks.flatMap(({ verdict, turn }) => (verdict === 'passed' ? [] : [turn])));
  return {
    spanMs: [...heard, ...spans, ...calls].reduce(
      (most, { endMs }) => Math.max(most, endMs),
      Math.max(shortestMs, ms),
    ),
    heard,
    person,
    agent,
    calls,
    waits: turns.flatMap(waitOf),
    silences: gaps(spans, longSilenceMs),
    cutOffs: turns.filter(({ interrupted }) => interrupted).map(({ ended_ms }) => ended_ms),
    failedTurns: turns.flatMap((turn, index) => (failed.has(index) ? [turnSpan(turn)] : [])),
  };
}

const turnSpan = ({ started_ms, ended_ms }: TurnResult): Span => ({ startMs: started_ms, endMs: ended_ms });

const isHeard = (heard: readonly Heard[], from: Heard['from'], { startMs, endMs }: Span) =>
  heard.some((each) => each.from === from && each.startMs <= endMs && each.endMs >= startMs);

function personBlock(turn: TurnResult, heard: readonly Heard[]): Block[] {
  const span = { startMs: turn.started_ms, endMs: askedAt(turn) };
  if (turn.by === 'nobody' || isHeard(heard, 'user', span)) return [];
  return [{ ...span, text: turn.said }];
}

function agentBlock(turn: TurnResult, heard: readonly Heard[]): Block[] {
  const startMs = answeredAt(turn);
  if (startMs === undefined || turn.answer === '') return [];
  const span = { startMs, endMs: Math.max(startMs, turn.ended_ms) };
  return isHeard(heard, 'agent', span) ? [] : [{ ...span, text: turn.answer }];
}

function callSpan({ name, at_ms, ms = 0, output }: TurnResult['calls'][number]): CallSpan {
  return { name, startMs: at_ms, endMs: at_ms + ms, failed: /^\s*\{\s*"error"/.test(output ?? '') };
}

function waitOf(turn: TurnResult): Wait[] {
  const { first_word_ms, first_audio_ms } = turn;
  const startMs = askedAt(turn);
  if (first_word_ms === undefined && first_audio_ms === undefined) return [];
  const after = (ms: number | undefined) => (ms === undefined ? undefined : startMs + ms);
  return [{ startMs, firstWordMs: after(first_word_ms), firstAudioMs: after(first_audio_ms) }];
}
