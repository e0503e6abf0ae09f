// The local API's front door: what whoever starts it needs.

import { localDate } from '../clock.js';
import { CliError } from '../errors.js';
import { createModel, type ModelOptions } from './model/model.js';
import type { ReplyMaker } from './reply.js';
import { createRules } from './rules.js';
import { createScript, scriptedWords } from './script.js';

export type { LoggedRequest } from './control.js';
export { type Rehearsal, readRehearsal } from './faults/plan.js';
export type { RealtimeSettings } from './realtime/shared.js';
export type { Departure } from './replay/part.js';
export { createReplay, type Replay } from './replay/serve.js';
export { type LocalApi, type LoggedFault, startLocalApi } from './server.js';
export { brokenStore } from './store/broken.js';
export { sqliteBuild } from './store/sqlite.js';
export { openStore } from './store/store.js';

interface Script {
  value: unknown;
  /** The name of its file. */
  source: string;
}

/**
 * Who answers: a script first, then a model or, where there is none, the rules. `now` gives the moment. Throws
 * CliError `invalid_spec`.
 */
export function createMaker(script: Script | undefined, now: () => Date, model?: ModelOptions): ReplyMaker {
  // The day where this machine stands, as canned tools and instructions have it: near midnight UTC has another.
  const today = () => new Date(localDate(now().getTime()));
  const fallback = model === undefined ? createRules(today) : createModel(model);
  return script === undefined
    ? fallback
    : readingScript(script, (value) => createScript(value, fallback, today));
}

/** The words of successive spoken turns that a script gives. Throws CliError `invalid_spec`. */
export function wordsOf(script: Script | undefined): readonly string[] {
  return script === undefined ? [] : readingScript(script, scriptedWords);
}

function readingScript<T>({ value, source }: Script, read: (value: unknown) => T): T {
  try {
    return read(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError('invalid_spec', `${source}: ${error.message}`, {
      hint: 'agents dev --help shows a script',
      cause: error,
    });
  }
}
