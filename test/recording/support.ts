// Recordings for tests: those of the real service, which stand beside the project, and lines made by hand.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../src/recording/format.js';
import { type Read, readRecording } from '../../src/recording/reader.js';
import { root } from '../support/agents.js';

export const wireFolder = join(root, '../shared/wire');
export const isWireThere = existsSync(wireFolder);
export const wireNames = isWireThere
  ? readdirSync(wireFolder).filter((name) => name.endsWith('.jsonl'))
  : ['(none)'];
export const wirePath = (name: string) => join(wireFolder, name);

export async function readAll(text: string | Buffer, source = 'a.jsonl'): Promise<Read[]> {
  const read: Read[] = [];
  for await (const each of readRecording([Buffer.from(text)], source)) read.push(each);
  return read;
}

export async function entriesOf(path: string): Promise<Entry[]> {
  const read = await readAll(readFileSync(path), path);
  return read.filter((each): each is Entry => each.kind !== 'header' && each.kind !== 'torn');
}
