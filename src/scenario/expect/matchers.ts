// What stands in place of a value in `with`, `result` and `state`: { $least: 2 } instead of 2. Several in one object must
// all hold; what is plain is compared as canned answers do, and of one type: a tool that is given "2" was not given 2.

import { messageOf } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import { execPattern } from '../../patterns.js';
import { isObject } from '../../protocol/json.js';
import { filledDays } from '../../spec/days.js';
import { didYouMean } from '../../spec/did-you-mean.js';
import {
  type Comparison,
  type Difference,
  differences,
  isNothing,
  isOfOneType,
  isPlain,
  memberDifferences,
} from '../../spec/matching.js';
import { folded, searchable } from './text.js';

export interface Fault {
  /** From the value the fault is in. */
  path: readonly PropertyKey[];
  /** "is not a matcher: …", to stand after the path. */
  problem: string;
}

interface Operator {
  fits(operand: unknown, value: unknown): boolean;
  /** What is wrong with what stands after it. */
  problem(operand: unknown): string | undefined;
}

const operators = new Map<string, Operator>(
  Object.entries({
    $matches: {
      fits: (operand, value) =>
        isPlain(value) && execPattern(new RegExp(String(operand), 'iu'), String(value)) !== null,
      problem: (operand) => (operand === '' ? 'must not be empty' : patternProblem(operand)),
    },
    $contains: { fits: contains, problem: nothingContained },
    $any: {
      fits: (operand, value) =>
        Array.isArray(operand) && operand.some((each) => unlike(each, value).length === 0),
      problem: (operand) => (isFilledList(operand) ? undefined : 'must be a list of values'),
    },
    $type: {
      fits: (operand, value) => [operand].flat().some((type) => isOfType(value, type)),
      problem: (operand) =>
        [operand].flat().every((type) => typeNames.includes(String(type))) && [operand].flat().length > 0
          ? undefined
          : `must be ${typeNames.join(', ')}, or a list of these`,
    },
    $least: { fits: (operand, value) => compared(value, operand, (by) => by >= 0), problem: orderedProblem },
    $most: { fits: (operand, value) => compared(value, operand, (by) => by <= 0), problem: orderedProblem },
    $not: { fits: (operand, value) => unlike(operand, value).length > 0, problem: () => undefined },
    $exists: {
      fits: (operand, value) => isNothing(value) !== operand,
      problem: (operand) => (typeof operand === 'boolean' ? undefined : 'must be true or false'),
    },
  }),
);
const names = [...operators.keys()];

/** Where a value is not as wanted: the whole of it. */
export const unlike = (wanted: unknown, value: unknown): Difference[] =>
  differences(wanted, value, comparison);

/** The same for a table of members, of which those not named do not matter. */
export function membersUnlike(wanted: Record<string, unknown>, value: unknown): Difference[] {
  return matcher(wanted, value, []) ?? memberDifferences(wanted, value, comparison);
}

const comparison: Comparison = { matcher, typed: true };

function matcher(
  wanted: Record<string, unknown>,
  value: unknown,
  path: readonly PropertyKey[],
): Difference[] | undefined {
  const asked = Object.entries(wanted);
  if (!asked.some(([name]) => name.startsWith('$'))) return undefined;
  const isRight = asked.every(([name, operand]) => operators.get(name)?.fits(operand, value) === true);
  return isRight ? [] : [{ path, value }];
}

/** Faults of the matchers in a value, for whoever reads the file: nothing that has one may be compared. */
export function matcherFaults(value: unknown, path: readonly PropertyKey[] = []): Fault[] {
  if (Array.isArray(value)) return value.flatMap((each, at) => matcherFaults(each, [...path, at]));
  if (!isObject(value)) return [];
  const hasMatcher = Object.keys(value).some((name) => name.startsWith('$'));
  return Object.entries(value).flatMap(([name, member]): Fault[] => {
    const at = [...path, name];
    if (!hasMatcher) return matcherFaults(member, at);
    const operator = operators.get(name);
    if (operator !== undefined) {
      const problem = operator.problem(member);
      return problem === undefined ? matcherFaults(member, at) : [{ path: at, problem }];
    }
    const problem = name.startsWith('$')
      ? `is no matcher${didYouMean(name, names)}`
      : 'cannot stand beside a matcher';
    return [{ path: at, problem }];
  });
}

/** What is wrong with a regular expression; days in it are filled in before it is used. */
export function patternProblem(source: unknown): string | undefined {
  if (typeof source !== 'string') return 'must be a text';
  try {
    new RegExp(filledDays(source, 0), 'iu');
    return undefined;
  } catch (error) {
    const reason = messageOf(error).split(': ').at(-1) ?? '';
    return `is no regular expression: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
  }
}

function contains(operand: unknown, value: unknown): boolean {
  if (Array.isArray(operand)) return operand.every((each) => contains(each, value));
  if (Array.isArray(value)) return value.some((each) => unlike(operand, each).length === 0);
  if (isNothing(value) || !isPlain(operand)) return false;
  const text = isPlain(value) ? String(value) : writeJson(value);
  return searchable(text).includes(searchable(String(operand)));
}

/** What everything contains, also what is not there. */
function nothingContained(operand: unknown): string | undefined {
  if (!Array.isArray(operand)) {
    return typeof operand === 'string' && folded(operand) === '' ? 'must not be blank' : undefined;
  }
  return operand.length === 0 ? 'must not be empty' : operand.map(nothingContained).find(Boolean);
}

const typeNames = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return isNothing(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value) || typeof value === 'bigint';
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint';
    default:
      return typeof value === type;
  }
}

/** Numbers as numbers, texts (dates, times) by their letters and the numbers in them: 9:30 is before 10:00. */
function compared(value: unknown, limit: unknown, holds: (by: number) => boolean): boolean {
  if (!isOrdered(value) || !isOrdered(limit) || !isOfOneType(value, limit)) return false;
  const [one, other] = [numberIn(value), numberIn(limit)];
  if (one !== undefined && other !== undefined) return holds(one - other);
  return one === undefined && other === undefined && holds(order().compare(String(value), String(limit)));
}

/** Made when it is first needed: that takes as long as many a scenario. */
const order = () => {
  collator ??= new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  return collator;
};
let collator: Intl.Collator | undefined;
const isOrdered = (value: unknown) => ['string', 'number', 'bigint'].includes(typeof value);
const isFilledList = (value: unknown) => Array.isArray(value) && value.length > 0;

function orderedProblem(operand: unknown): string | undefined {
  return isOrdered(operand) ? undefined : 'must be a number or a text';
}

function numberIn(value: unknown): number | undefined {
  const isNumber = typeof value !== 'string' || /^\s*-?\d+(\.\d+)?\s*$/.test(value);
  return isNumber ? Number(value) : undefined;
}
