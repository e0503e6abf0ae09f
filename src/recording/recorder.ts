// Writes a recording while the conversation goes on: every frame both ways, each line whole and handed on at once, so
// that whatever ends the process leaves a file that can be read.

import { writeJson } from '../json-text.js';
import { isObject, parseJson } from '../protocol/json.js';
import type { Transport } from '../session/transport.js';
import { type Event, type Header, recordingVersion, type Side } from './format.js';
import { type Hiding, hideForRecord, hideTextForRecord } from './hide.js';

export interface RecorderOptions extends Hiding {
  /**
   * Takes a line, which is made, its line break included, when it is called: it may never be. `characters` says how many
   * of them passed. What it throws ends the recording, not the conversation.
   */
  write(line: () => string, characters: number): void;
  /** Milliseconds that only go forward. */
  nowMs(): number;
  /** Told once. */
  onFailure(error: unknown): void;
}

export interface Recorder {
  /** The first line. Times count from here. */
  begin(header: Omit<Header, 'kind' | 'version'>): void;
  /** The line with all that passes over it written down. Lines after the first are those of one conversation. */
  record(transport: Transport, url: string): Transport;
  /** Whether anything passed. */
  isEmpty(): boolean;
}

export function createRecorder({ write, nowMs, onFailure, ...hiding }: RecorderOptions): Recorder {
  const startedMs = nowMs();
  let failed = false;
  let lines = 0;
  let events = 0;

  function add(line: () => object, characters = 0): void {
    if (failed) return;
    try {
      write(() => `${writeJson(line())}\n`, characters);
    } catch (error) {
      failed = true;
      onFailure(error);
    }
  }

  function happened(event: () => Event, characters = 0): void {
    events++;
    const at_ms = Math.max(0, Math.round(nowMs() - startedMs));
    add(() => lineOf(event(), at_ms), characters);
  }

  function frame(from: Side, text: string): void {
    happened(() => {
      const event = eventOf(text);
      if (event === undefined) return { kind: 'text', from, text: hideTextForRecord(text, hiding) };
      return { kind: 'message', from, event: hideForRecord(event, hiding) };
    }, text.length);
  }

  return {
    begin: ({ agent, url, ...about }) =>
      add(() => ({
        kind: 'header',
        version: recordingVersion,
        ...about,
        url: hideTextForRecord(url, hiding),
        ...(agent !== undefined && { agent: hideForRecord(agent, hiding) }),
      })),
    isEmpty: () => events === 0,
    record: (transport, url) => {
      let isOpen = true;
      const ended = (from: Side, code: number, reason: string) => {
        if (isOpen)
          happened(() => ({ kind: 'closed', from, code, reason: hideTextForRecord(reason, hiding) }));
        isOpen = false;
      };
      if (lines++ > 0) happened(() => ({ kind: 'opened', url: hideTextForRecord(url, hiding) }));
      async function* frames(): AsyncGenerator<string> {
        for await (const text of transport.frames) {
          if (isOpen) frame('server', text);
          yield text;
        }
        // After the last frame, which may be read later than the line ends.
        const { code, reason } = await transport.closed;
        ended('server', code, reason);
      }
      return {
        ...transport,
        frames: frames(),
        send: (text) => {
          if (isOpen) frame('client', text);
          transport.send(text);
        },
        close: () => {
          ended('client', 1000, '');
          transport.close();
        },
      };
    },
  };
}

/** Who it is from stands before the time. */
function lineOf({ kind, ...members }: Event, at_ms: number): object {
  const from = 'from' in members ? { from: members.from } : {};
  return { kind, ...from, at_ms, ...members };
}

function eventOf(text: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
