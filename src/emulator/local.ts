// The local API's front door: what whoever starts it needs.

import { CliError } from '../errors.js';
import { createModel, type ModelOptions } from './model/model.js';
import type { ReplyMaker } from './reply.js';
import { createRules } from './rules.js';
import { createScript } from './script.js';

export type { LoggedRequest } from './control.js';
export { type Rehearsal, readRehearsal } from './faults/plan.js';
export { type LocalApi, startLocalApi } from './server.js';
export { openStore } from './store/store.js';

/** Who answers: a script first, then a model or, where there is none, the rules. Throws CliError `invalid_spec`. */
export function createMaker(
  script: { value: unknown; source: string } | undefined,
  today: () => Date,
  model?: ModelOptions,
): ReplyMaker {
  const fallback = model === undefined ? createRules(today) : createModel(model);
  if (script === undefined) return fallback;
  try {
    return createScript(script.value, fallback);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError('invalid_spec', `${script.source}: ${error.message}`, {
      hint: 'agents dev --help shows a script',
      cause: error,
    });
  }
}
