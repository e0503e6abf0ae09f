// ends: that a conversation came to its end, or that the agent ended it with a tool.

import type { Played } from '../played.js';
import { endings, unsatisfiedText } from '../played.js';
import { lackOf } from './answered.js';
import { callText, namesText } from './calls.js';
import { failed, type Outcome, passed, type Read, type Scope, whichTurn } from './demand.js';
import { counted } from './range.js';
import { shortText } from './text.js';

export const ends: Read<'ends'> = (value, scope) =>
  value === 'properly'
    ? { expected: 'ends properly', look: () => properly(scope) }
    : { expected: `ends with ${value.with}, called once and last`, look: () => withTool(value.with, scope) };

function properly({ scenario, played, turns, whole }: Scope): Outcome {
  for (const turn of turns) {
    const lack = lackOf(turn, scenario);
    if (lack !== undefined) return failed(`${lack} ${whichTurn(turn)}`);
  }
  if (!whole) return passed('answered to its end');
  if (played.ending === 'timeout' || played.ending === 'most_turns') return failed(endings[played.ending]);
  const taken = turnsTaken(played);
  const planned = scenario.turns.length;
  if (taken < planned)
    return failed(`${endings[played.ending]} after ${taken} of ${counted('turn')(planned)}`);
  if (played.unsatisfied) return failed(`${unsatisfiedText} the person had what they wanted`);
  return passed(endings[played.ending]);
}

const turnsTaken = ({ turns }: Played) => Math.max(0, ...turns.map(({ index }) => (index ?? -1) + 1));

function withTool(tool: string, { played, turns }: Scope): Outcome {
  const here = turns.flatMap(({ calls }) => calls);
  const all = played.turns.flatMap(({ calls }) => calls);
  const named = all.filter(({ name }) => name === tool);
  const [call] = named;
  if (call === undefined || !here.includes(call)) return failed(namesText(here));
  if (named.length > 1) return failed(`${tool} was called ${counted('time')(named.length)}`);
  const next = all[all.indexOf(call) + 1];
  if (next !== undefined) return failed(`${tool}, then ${callText(next)}`);
  const at = played.turns.findIndex(({ calls }) => calls.includes(call));
  const later = played.turns.slice(at + 1).find(({ by }) => by === 'person');
  if (later !== undefined) return failed(`${tool}, then the person said "${shortText(later.said, 60)}"`);
  return passed(callText(call));
}
