// A scenario as it is run: read and checked, its parameters filled in, its defaults set.

import type { ExpectationKind, ExpectationValue, User } from './format.js';

/** Where something stands in its file, from 1. */
export interface Place {
  line: number;
  column: number;
}

/** One thing that must be true. */
export type Expectation = {
  [K in ExpectationKind]: {
    kind: K;
    value: ExpectationValue<K>;
    place: Place;
  };
}[ExpectationKind];

export type ExpectationOf<K extends ExpectationKind> = Extract<Expectation, { kind: K }>;

export interface Interrupt {
  after?: string | undefined;
  after_ms?: number | undefined;
}

export type Turn = (
  | { kind: 'user'; text: string }
  /** The file, as it is written: relative to the scenario's folder. */
  | { kind: 'audio'; file: string }
  | { kind: 'dtmf'; keys: string }
  | { kind: 'silence'; seconds: number }
) & { place: Place; interrupt?: Interrupt | undefined; expect: readonly Expectation[] };

export interface ToolsOfCase {
  /** A path, relative to the scenario's folder; or template:<name>. */
  file?: string | undefined;
  state?: Record<string, unknown> | undefined;
  answers?: Record<string, unknown> | undefined;
  fail: Record<string, string>;
  slow: Record<string, number>;
}

/** One scenario with one set of parameters. */
export interface Case {
  /** Stable between runs: "booking.scenario.yaml › A clean booking", and with parameters " [checkup, monday]". */
  id: string;
  name: string;
  /** What was filled in, for people: "checkup, monday"; "" without. */
  parameters: string;
  /** As the user named it, or found from where the command runs. */
  file: string;
  /** Absolute: paths in the scenario start there. */
  folder: string;
  place: Place;
  tags: readonly string[];
  /** Undefined where --agent is to say it. */
  agent: string | undefined;
  override: {
    model?: string | undefined;
    voice?: string | undefined;
    instructions?: string | undefined;
    /** Seconds. */
    idle?: number | undefined;
    /** YYYY-MM-DD. */
    today?: string | undefined;
  };
  stored: boolean;
  tools: ToolsOfCase | undefined;
  local: { script?: string | undefined; faults: readonly string[] };
  timeoutMs: number;
  runs: number;
  pass: number;
  retries: number;
  setup: readonly (readonly string[])[];
  teardown: readonly (readonly string[])[];
  endsOn: readonly string[];
  /** Where that is written; undefined where nobody wrote it. */
  endsOnPlace?: Place | undefined;
  turns: readonly Turn[];
  user: User | undefined;
  /** Of the whole conversation. */
  expect: readonly Expectation[];
}
