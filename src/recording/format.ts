// A recording: what passed over a realtime socket, one JSON object a line. The lines between header and end are those
// of `../shared/wire`, with the time added; a recording without header and times is one as well.

export const recordingVersion = 1;

export type Side = 'client' | 'server';

/** The first line of a recording of ours. */
export interface Header {
  kind: 'header';
  version: number;
  /** "agents/0.1.0 node/20.19.0". */
  product: string;
  /** ISO time, from which `at_ms` counts. */
  started_at: string;
  url: string;
  model?: string | undefined;
  /** The agent as it was when the conversation began. */
  agent?: unknown;
}

/** Something that happened on the line; `at_ms` is absent where no times were kept. */
export type Event = { at_ms?: number } & (
  | { kind: 'message'; from: Side; event: Record<string, unknown> }
  /** A frame that is no event: not JSON, or no object. */
  | { kind: 'text'; from: Side; text: string }
  /** Another line, after one that ended. */
  | { kind: 'opened'; url?: string }
  /** `from` is who closed it, where that is known. */
  | { kind: 'closed'; from?: Side; code: number; reason: string }
);

/** Where it stands in its file, from 1. */
export type Entry = Event & { line: number };
