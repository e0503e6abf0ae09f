// uses_result: what a tool answered turns up in what the agent says after it.

import { isNothing, isPlain } from '../../spec/matching.js';
import type { PlayedCall } from '../played.js';
import { namesText } from './calls.js';
import { failed, type Outcome, passed, type Read, type Scope, shown } from './demand.js';
import { failureOf, type Leaf, leavesOf, partAt, resultOf } from './results.js';
import { finderOf, momentOf, piecesOf } from './spoken.js';
import { excerpt, folded, shortText } from './text.js';

export const usesResult: Read<'uses_result'> = (value, scope) => {
  const { tool, member } = typeof value === 'string' ? { tool: value, member: undefined } : value;
  return {
    expected: member === undefined ? `says what ${tool} answered` : `says ${member} of what ${tool} answered`,
    look: () => look(tool, member, scope),
  };
};

function look(tool: string, member: string | undefined, scope: Scope): Outcome {
  const called = scope.turns.flatMap(({ calls }) => calls);
  const named = called.filter(({ name }) => name === tool);
  const call = named.findLast(({ output }) => output !== undefined);
  if (call === undefined) return failed(named.length > 0 ? `${tool} had no result` : namesText(called));
  const result = resultOf(call);
  const failure = failureOf(result);
  if (failure !== undefined) return failed(`the tool failed: ${failure}`);
  const said = saidAfter(call, scope);
  const part = member === undefined ? result : partAt(result, member);
  if (member !== undefined && isNothing(part))
    return failed(`${tool} gave ${shown(result)}: ${member} is missing`);
  const all = valuesOf(part, member !== undefined);
  if (all.length === 0) return failed(`${tool} gave ${shown(part)}, of which nothing can be said`);
  const values = member === undefined ? all.flatMap(newTo(call)) : all;
  if (values.length === 0)
    return failed(
      `${tool} gave ${shown(part)}, no more than its own arguments; what a member names would count`,
    );
  for (const each of values) {
    const found = finderOf(each)(said);
    if (found !== undefined) return passed(excerpt(said, found));
  }
  return failed(missedText(values, said));
}

const mostValues = 5;

/** What would have counted, and what was said. */
function missedText(values: readonly unknown[], said: string): string {
  const texts = [...new Set(values.map((value) => `"${shortText(folded(String(value)), 30)}"`))];
  const more = texts.length > mostValues ? `, … (${texts.length} values)` : '';
  const named = `${texts.slice(0, mostValues).join(', ')}${more}`;
  if (said === '') return `nothing was said; ${named} would have counted`;
  return `${texts.length === 1 ? `${named} was not said` : `none of ${named} was said`}: ${excerpt(said)}`;
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
  return withPieces(leaves).filter((value) => String(value).trim().length > 1);
}

const withPieces = (values: readonly unknown[]) =>
  values.flatMap((value) => [value, ...(typeof value === 'string' ? piecesOf(value) : [])]);

/** What a value holds beyond the arguments of its call: whoever repeats the question has not used the answer. */
function newTo({ arguments: given }: PlayedCall): (value: unknown) => unknown[] {
  const asked = withPieces(leavesOf(given).map(({ value }) => value))
    .filter(isPlain)
    .map(finderOf);
  const isAsked = (value: unknown) => {
    const text = folded(String(value));
    return asked.some((find) => find(text)?.length === text.length);
  };
  return (value) => {
    const moment = momentOf(String(value));
    if (moment === undefined) return isAsked(value) ? [] : [value];
    const left = [moment.date, moment.time].filter((part) => !isAsked(part));
    return left.length === 2 ? [value] : left;
  };
}
