// What is counted in a conversation: a sum of small numbers, for a turn and for the whole.

import type { Usage } from '../protocol/realtime-server.js';
import { secondsOf } from './audio-length.js';

/** Tools that run at the service, by the name their price goes by; those of MCP servers have none. */
export type HostedTool = 'web_search' | 'x_search' | 'file_search' | 'mcp';

export interface Tally {
  /** In slices: see audio-length.ts. */
  readonly audioIn: number;
  readonly audioOut: number;
  /** Audio in a format whose length tells no duration, and that does not tell it itself. */
  readonly unmeasured: boolean;
  /** Items made by the client that are billed as text. */
  readonly textItems: number;
  /** Calls of tools that run here. */
  readonly toolCalls: number;
  /** Time in which at least one of them ran. */
  readonly toolMs: number;
  readonly hosted: Readonly<Partial<Record<HostedTool, number>>>;
  readonly reported: Reported;
}

/** The service's own counts, summed over responses: told beside ours, never reckoned with. */
export type Reported = Readonly<Partial<Record<(typeof reportedMembers)[number], number>>>;

const reportedMembers = [
  'output_audio_seconds',
  'billable_audio_seconds',
  'input_tokens',
  'output_tokens',
  'total_tokens',
  'cost_in_usd_ticks',
] as const;

export const nothing: Tally = {
  audioIn: 0,
  audioOut: 0,
  unmeasured: false,
  textItems: 0,
  toolCalls: 0,
  toolMs: 0,
  hosted: {},
  reported: {},
};

/** Both together. */
export function plus(one: Tally, other: Partial<Tally>): Tally {
  return {
    audioIn: one.audioIn + (other.audioIn ?? 0),
    audioOut: one.audioOut + (other.audioOut ?? 0),
    unmeasured: one.unmeasured || other.unmeasured === true,
    textItems: one.textItems + (other.textItems ?? 0),
    toolCalls: one.toolCalls + (other.toolCalls ?? 0),
    toolMs: one.toolMs + (other.toolMs ?? 0),
    hosted: sums(one.hosted, other.hosted ?? {}),
    reported: sums(one.reported, other.reported ?? {}),
  };
}

type Counts = Readonly<Record<string, number>>;

function sums(one: Counts, other: Counts): Counts {
  const sum = { ...one };
  for (const [name, count] of Object.entries(other)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** The counts in a usage that can be counts. */
export function reportedIn(usage: Usage): Reported {
  return Object.fromEntries(
    reportedMembers.flatMap((name) => {
      const count = usage[name];
      return typeof count === 'number' && count >= 0 && count <= Number.MAX_SAFE_INTEGER
        ? [[name, count]]
        : [];
    }),
  );
}

/** A tally as notices carry it. */
export interface Metered {
  audio_in_seconds: number;
  audio_out_seconds: number;
  text_items: number;
  tool_calls: number;
  tool_ms: number;
  hosted_tool_calls: Readonly<Partial<Record<HostedTool, number>>>;
}

/** What the service reports, to the millionth: its seconds are binary fractions. Undefined when it reports nothing. */
export function reported(tally: Tally): Reported | undefined {
  const counts = Object.entries(tally.reported);
  if (counts.length === 0) return undefined;
  return Object.fromEntries(counts.map(([name, count]) => [name, Math.round(count * 1e6) / 1e6]));
}

export function metered(tally: Tally): Metered {
  return {
    audio_in_seconds: secondsOf(tally.audioIn),
    audio_out_seconds: secondsOf(tally.audioOut),
    text_items: tally.textItems,
    tool_calls: tally.toolCalls,
    tool_ms: tally.toolMs,
    hosted_tool_calls: tally.hosted,
  };
}
