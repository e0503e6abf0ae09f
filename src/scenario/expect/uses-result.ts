// uses_result: what a tool answered turns up in what the agent says after it.

import { isNothing, isPlain } from '../../spec/matching.js';
import type { PlayedCall } from '../played.js';
import { namesText } from './calls.js';
import { failed, type Outcome, passed, type Read, type Scope, shown } from './demand.js';
import { failureOf, type Leaf, leavesOf, partAt, resultOf } from './results.js';
import { piecesOf, saidIn } from './spoken.js';
import { excerpt, folded } from './text.js';

export const usesResult: Read<'uses_result'> = (value, scope) => {
  const { tool, member } = typeof value === 'string' ? { tool: value, member: undefined } : value;
  return {
    expected: member === undefined ? `says what ${tool} answered` : `says ${member} of what ${tool} answered`,
    look: () => look(tool, member, scope),
  };
};

function look(tool: string, member: string | undefined, scope: Scope): Outcome {
  const all = scope.turns.flatMap(({ calls }) => calls);
  const named = all.filter(({ name }) => name === tool);
  const call = named.findLast(({ output }) => output !== undefined);
  if (call === undefined) return failed(named.length > 0 ? `${tool} had no result` : namesText(all));
  const result = resultOf(call);
  const failure = failureOf(result);
  if (failure !== undefined) return failed(`the tool failed: ${failure}`);
  const said = saidAfter(call, scope);
  const part = member === undefined ? result : partAt(result, member);
  if (member !== undefined && isNothing(part))
    return failed(`${tool} gave ${shown(result)}: ${member} is missing`);
  const values = valuesOf(part, member !== undefined);
  if (values.length === 0) return failed(`${tool} gave ${shown(part)}, of which nothing can be said`);
  for (const each of values) {
    const found = saidIn(each, said);
    if (found !== undefined) return passed(excerpt(said, found));
  }
  return failed(`${tool} gave ${shown(part)}, then ${said === '' ? 'nothing was said' : excerpt(said)}`);
}

/** The rest of the answer the call stands in, and the answers of later turns. */
function saidAfter(call: PlayedCall, { turns }: Scope): string {
  const at = turns.findIndex(({ calls }) => calls.includes(call));
  const rest = turns[at]?.answer.slice(call.said_before) ?? '';
  return folded([rest, ...turns.slice(at + 1).map(({ answer }) => answer)].join('\n'));
}

/**
 * What can be said of a result. Yes and no cannot, and a single character turns up by chance: it counts only where its
 * member is named, and then no pieces of it do.
 */
function valuesOf(part: unknown, isNamed: boolean): unknown[] {
  const leaves = leavesOf(part).flatMap(({ value }: Leaf) =>
    typeof value === 'boolean' || !isPlain(value) ? [] : [value],
  );
  if (isNamed) return leaves;
  return leaves
    .flatMap((value) => [value, ...(typeof value === 'string' ? piecesOf(value) : [])])
    .filter((value) => String(value).trim().length > 1);
}
