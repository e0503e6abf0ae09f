// state: what the canned tools have left behind.

import { pathText } from '../../protocol/faults.js';
import { failed, passed, type Read, shown } from './demand.js';
import { membersUnlike } from './matchers.js';

export const state: Read<'state'> = (wanted, { played }) => ({
  expected: `leaves behind ${shown(wanted)}`,
  look: () => {
    if (played.state === undefined) return failed('no canned tools had a state');
    const [first] = membersUnlike(wanted, played.state);
    if (first === undefined) return passed(`left ${shown(played.state)}`);
    const place = first.path.length === 0 ? 'it' : pathText(first.path);
    return failed(first.value === undefined ? `${place} is missing` : `${place} is ${shown(first.value)}`);
  },
});
