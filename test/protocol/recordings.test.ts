// Frames of the real service, which stand beside the project and are not part of it: the one proof that the
// schemas are right, and not only agreed on by both of our ends.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { faultsOf } from '../../src/protocol/faults.js';
import { type ClientEventType, clientEvents } from '../../src/protocol/realtime-client.js';
import { readServerFrame } from '../../src/protocol/realtime-server.js';

const folder = fileURLToPath(new URL('../../../shared/wire', import.meta.url));
const isThere = existsSync(folder);
const names = isThere ? readdirSync(folder).filter((name) => name.endsWith('.jsonl')) : ['(none)'];

interface Recorded {
  from: 'client' | 'server';
  event: Record<string, unknown> & { type: string };
}

function load(name: string, from: Recorded['from']): Recorded['event'][] {
  const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as Recorded)
    .filter((recorded) => recorded.from === from)
    .map(({ event }) => event);
}

describe.each(names)('the recording %s', (name) => {
  test.skipIf(!isThere)('holds no server frame that is misread', () => {
    const frames = load(name, 'server').map((event) => readServerFrame(JSON.stringify(event)));
    expect(frames.filter(({ kind }) => kind === 'malformed' || kind === 'not-json')).toEqual([]);
    expect(frames.filter(({ kind }) => kind === 'event').length).toBeGreaterThan(10);
  });

  test.skipIf(!isThere)('loses nothing of what is acted on', () => {
    for (const event of load(name, 'server')) {
      const frame = readServerFrame(JSON.stringify(event));
      if (frame.kind === 'event' || frame.kind === 'unknown') expect(frame.event).toEqual(event);
    }
  });

  test.skipIf(!isThere)('holds no client frame that the schemas refuse', () => {
    const faults = load(name, 'client').map((event) => ({
      type: event.type,
      faults: faultsOf(clientEvents[event.type as ClientEventType], event),
    }));
    expect(faults.filter((each) => each.faults.length > 0)).toEqual([]);
    expect(faults.map(({ type }) => type)).toContain('session.update');
  });
});
