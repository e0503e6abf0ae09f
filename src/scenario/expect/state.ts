// state: what the canned tools have left behind.

import { pathText } from '../../protocol/faults.js';
import { isObject } from '../../protocol/json.js';
import type { Difference } from '../../spec/matching.js';
import { failed, passed, type Read, shown } from './demand.js';
import { membersUnlike } from './matchers.js';

export const state: Read<'state'> = (wanted, { played }) => ({
  expected: `leaves behind ${shown(wanted)}`,
  look: () => {
    if (played.state === undefined) return failed('no canned tools had a state');
    const [first] = membersUnlike(wanted, played.state);
    if (first === undefined) return passed(`left ${shown(played.state)}`);
    const place = first.path.length === 0 ? 'it' : pathText(first.path);
    const problem = first.value === undefined ? `${place} is missing` : `${place} is ${shown(first.value)}`;
    return failed(`${problem}${leftText(first, played.state)}`);
  },
});

/** What was left where the difference is, unless the difference is all of it: the rest of a long state hides it. */
function leftText({ path, value }: Difference, state: unknown): string {
  const [name] = path;
  if (path.length === 0 || (path.length === 1 && value !== undefined)) return '';
  const left =
    typeof name === 'string' && isObject(state) && Object.hasOwn(state, name)
      ? { [name]: state[name] }
      : state;
  return `; it left ${shown(left)}`;
}
