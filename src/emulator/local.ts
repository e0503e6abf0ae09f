// The local API's front door: what whoever starts it needs.

import { CliError } from '../errors.js';
import type { ReplyMaker } from './reply.js';
import { createRules } from './rules.js';
import { createScript } from './script.js';

export { type FaultName, faultNames } from './access.js';
export type { LoggedRequest } from './control.js';
export { type LocalApi, startLocalApi } from './server.js';
export { brokenStore } from './store/broken.js';
export { openStore } from './store/store.js';

/** Who answers: a script before the rules, or the rules alone. Throws CliError `invalid_spec`. */
export function createMaker(
  script: { value: unknown; source: string } | undefined,
  today: () => Date,
): ReplyMaker {
  const rules = createRules(today);
  if (script === undefined) return rules;
  try {
    return createScript(script.value, rules);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError('invalid_spec', `${script.source}: ${error.message}`, {
      hint: 'agents dev --help shows a script',
      cause: error,
    });
  }
}
