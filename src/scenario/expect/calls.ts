// calls, only_calls and not_calls: which tools were called, in which order, with what, and what they answered. What is
// told of a failure is the call that came nearest, and where it is other.

import { pathText } from '../../protocol/faults.js';
import { isObject } from '../../protocol/json.js';
import type { Difference } from '../../spec/matching.js';
import type { Call, Range } from '../format.js';
import type { PlayedCall } from '../played.js';
import { failed, type Outcome, passed, type Read, type Scope, shown } from './demand.js';
import { membersUnlike, unlike } from './matchers.js';
import { type Bounds, boundsText, counted, isWithin } from './range.js';
import { resultOf } from './results.js';
import { listed } from './text.js';

interface Wanted {
  /** `*` is any. */
  tool: string;
  with?: Record<string, unknown> | undefined;
  result?: unknown;
  times?: Range | undefined;
}

export const calls: Read<'calls'> = (value, scope) => {
  const wanted = wantedIn(value);
  return {
    expected: `calls ${wanted.map(wantedText).join(', then ')}`,
    look: () => inOrder(wanted, callsOf(scope)),
  };
};

export const onlyCalls: Read<'only_calls'> = (value, scope) => {
  const wanted = wantedIn(value);
  return {
    expected: wanted.length === 0 ? 'calls no tool' : `calls only ${wanted.map(wantedText).join(', then ')}`,
    look: () => exactly(wanted, callsOf(scope)),
  };
};

export const notCalls: Read<'not_calls'> = (value, scope) => {
  const wanted = wantedIn(value);
  return {
    expected: `does not call ${listed(wanted.map(wantedText), 'or')}`,
    look: () => {
      const found = callsOf(scope);
      for (const each of wanted) {
        const fitting = found.filter((call) => fits(each, call));
        const [first] = fitting;
        if (first !== undefined && isWithin(fitting.length, timesOf(each))) {
          return failed(`${callText(first)}${fitting.length > 1 ? ` ${times(fitting.length)}` : ''}`);
        }
      }
      return passed(namesText(found));
    },
  };
};

const callsOf = ({ turns }: Scope) => turns.flatMap((turn) => turn.calls);

function wantedIn(value: Call | readonly Call[]): Wanted[] {
  const list: readonly Call[] = typeof value === 'object' && 'length' in value ? value : [value];
  return list.map((each) => (typeof each === 'string' ? { tool: each } : each));
}

/** Called means at least once, unless something else is asked for; a number alone is exactly so often. */
function timesOf({ times: range }: Wanted): Bounds {
  if (range === undefined) return { least: 1 };
  const { least, most } = countOf(range);
  return { least: least ?? Math.min(1, most ?? 1), most };
}

const countOf = (range: Range): Bounds => (typeof range === 'number' ? { least: range, most: range } : range);

/**
 * Every call asked for comes after the one before it, also one that may be left out; how often is counted over all of
 * them.
 */
function inOrder(wanted: readonly Wanted[], found: readonly PlayedCall[]): Outcome {
  const matched: PlayedCall[] = [];
  let before: Wanted | undefined;
  let from = 0;
  for (const each of wanted) {
    const bounds = timesOf(each);
    const fitting = found.filter((call) => fits(each, call));
    if (!isWithin(fitting.length, bounds)) {
      if (fitting.length === 0) return failed(nearestText(each, found));
      return failed(`${fitting[0]?.name} was called ${times(fitting.length)}`);
    }
    const next = found.findIndex((call, index) => index >= from && fits(each, call));
    const call = found[next];
    if (call !== undefined) {
      matched.push(call);
      before = each;
      from = next + 1;
    } else if ((bounds.least ?? 0) > 0 || hasOthers(fitting, matched)) {
      return failed(outOfOrder(each, fitting, matched, before));
    }
  }
  return passed(matched.length === 0 ? namesText(found) : matched.map(callText).join(', then '));
}

function outOfOrder(
  { tool }: Wanted,
  fitting: readonly PlayedCall[],
  matched: readonly PlayedCall[],
  previous: Wanted | undefined,
): string {
  return hasOthers(fitting, matched) && previous !== undefined
    ? `${tool} was called before ${previous.tool}`
    : `${tool} was called just ${times(fitting.length)}`;
}

/** Whether a call fits that does not stand for something else that is asked for: it came too early. */
const hasOthers = (fitting: readonly PlayedCall[], matched: readonly PlayedCall[]) =>
  fitting.some((call) => !matched.includes(call));

/** Calls and what is asked for, one after the other: where several times are allowed, each way is followed. */
function exactly(wanted: readonly Wanted[], found: readonly PlayedCall[]): Outcome {
  let reached = new Set([0]);
  for (const each of wanted) {
    const next = new Set<number>();
    const { least = 1, most = each.times === undefined ? 1 : Number.POSITIVE_INFINITY } = timesOf(each);
    for (const start of reached) {
      for (let count = 0; count <= most; count++) {
        if (count >= least) next.add(start + count);
        const call = found[start + count];
        if (call === undefined || !fits(each, call)) break;
      }
    }
    if (next.size === 0) return failed(stopText(each, found, Math.max(...reached)));
    reached = next;
  }
  if (reached.has(found.length)) return passed(namesText(found));
  const left = found.slice(Math.max(...reached));
  return failed(
    wanted.length === 0 ? left.map(callText).join(', then ') : `also ${left.map(callText).join(', then ')}`,
  );
}

/** Why the calls from a place on are not what is asked for there. */
function stopText(wanted: Wanted, found: readonly PlayedCall[], from: number): string {
  const [first] = found.slice(from);
  if (first === undefined) return namesText(found);
  const other = found.slice(from).findIndex((call) => !fits(wanted, call));
  const stop = other < 0 ? undefined : found[from + other];
  if (stop !== undefined && isNamed(wanted, stop)) return differenceText(wanted, stop);
  if (stop !== first) return `${first.name} was called ${times(other < 0 ? found.length - from : other)}`;
  return `${from > 0 ? 'then ' : ''}${callText(first)}`;
}

const isNamed = ({ tool }: Wanted, { name }: PlayedCall) => tool === '*' || tool === name;
const fits = (wanted: Wanted, call: PlayedCall) =>
  isNamed(wanted, call) && differencesOf(wanted, call).length === 0;

type Told = Difference & { of: 'arguments' | 'result' };

function differencesOf({ with: given, result }: Wanted, call: PlayedCall): Told[] {
  return [
    ...(given === undefined ? [] : membersUnlike(given, call.arguments)).map((each) => ({
      ...each,
      of: 'arguments' as const,
    })),
    ...(result === undefined ? [] : unlike(result, resultOf(call))).map((each) => ({
      ...each,
      of: 'result' as const,
    })),
  ];
}

/** The call of the name that has the fewest differences, the last of equals; else what was called instead. */
function nearestText(wanted: Wanted, found: readonly PlayedCall[]): string {
  const [nearest] = found
    .filter((call) => isNamed(wanted, call))
    .map((call) => ({ call, far: differencesOf(wanted, call).length }))
    .reverse()
    .sort((one, other) => one.far - other.far);
  return nearest === undefined ? namesText(found) : differenceText(wanted, nearest.call);
}

function differenceText(wanted: Wanted, call: PlayedCall): string {
  const [first] = differencesOf(wanted, call);
  if (first === undefined) return callText(call);
  const place = first.path.length === 0 ? 'it' : pathText(first.path);
  const problem = first.value === undefined ? 'is missing' : `is ${shown(first.value)}`;
  if (first.of === 'arguments') return `${callText(call)}: ${place} ${problem}`;
  if (call.output === undefined) return `${call.name} had no result`;
  return `${call.name} gave ${shown(resultOf(call))}: ${place} ${problem}`;
}

function wantedText({ tool, with: given, result, times: range }: Wanted): string {
  return [
    tool === '*' ? 'any tool' : tool,
    ...(given === undefined ? [] : [`with ${shown(given)}`]),
    ...(result === undefined ? [] : [`giving ${shown(result)}`]),
    ...(range === undefined ? [] : [boundsText(countOf(range), times)]),
  ].join(' ');
}

/** A call as it was made: book_appointment {"time":"09:00"}. */
export function callText({ name, arguments: given }: PlayedCall): string {
  const isEmpty = isObject(given) && Object.keys(given).length === 0;
  return isEmpty ? name : `${name} ${shown(given)}`;
}

const mostNames = 8;

export function namesText(found: readonly PlayedCall[]): string {
  if (found.length === 0) return 'no tool was called';
  const names = found.slice(0, mostNames).map(({ name }) => name);
  return `called ${names.join(', ')}${found.length > mostNames ? `, … (${found.length} calls)` : ''}`;
}

const times = counted('time');
