// The expectations of a scenario, looked at in what was played: those of each turn in its turns, those of the whole in all.

import { CliError } from '../../errors.js';
import { pathText } from '../../protocol/faults.js';
import { filledDays } from '../../spec/days.js';
import type { ExpectationKind } from '../format.js';
import type { Judge } from '../judge.js';
import { endings, type Played, type PlayedTurn } from '../played.js';
import type { Check } from '../result.js';
import type { Case, Expectation, ExpectationOf } from '../scenario.js';
import * as amounts from './amounts.js';
import { implicitChecks } from './answered.js';
import { calls, notCalls, onlyCalls } from './calls.js';
import { cost } from './cost.js';
import { type Demand, failed, type Outcome, type Read, type Scope, shown, unknown } from './demand.js';
import { ends } from './ends.js';
import { expectationFaults } from './faults.js';
import { judged } from './judged.js';
import { language } from './language.js';
import { latency, latencyOverRuns } from './latency.js';
import { state } from './state.js';
import { shortText } from './text.js';
import { usesResult } from './uses-result.js';
import { notSays, says } from './words.js';

const kinds: { [K in ExpectationKind]: Read<K> } = {
  says,
  not_says: notSays,
  calls,
  only_calls: onlyCalls,
  not_calls: notCalls,
  uses_result: usesResult,
  questions: amounts.questions,
  language,
  words: amounts.words,
  seconds: amounts.seconds,
  silence: amounts.silence,
  latency,
  cost,
  ends,
  state,
  judge: judged,
};

/** An expectation, and what it looks at. */
interface Looked {
  expectation: Expectation;
  /** Undefined for the whole conversation. */
  index: number | undefined;
}

/**
 * What becomes of every expectation in one run, and what no run may be without: those of the turns, those of the whole,
 * then what was not answered or took too long; what a model judges comes last. Percentiles are left to `checkOverRuns`.
 * Never rejects: what cannot be found out is a check with the verdict `error`.
 */
export async function checkRun(
  scenario: Case,
  played: Played,
  { judge }: { judge?: Judge | undefined } = {},
): Promise<Check[]> {
  const looked = looksOf(scenario);
  const isJudged = ({ expectation }: Looked) => expectation.kind === 'judge';
  const checks = [];
  for (const each of looked.filter((one) => !isJudged(one))) {
    checks.push(...(await checksOf(each, scenario, played, judge)));
  }
  checks.push(...implicitChecks(scenario, played));
  for (const each of looked.filter(isJudged)) checks.push(...(await checksOf(each, scenario, played, judge)));
  return checks;
}

/** What becomes of the percentiles over all runs of a scenario; none where none are asked for. */
export function checkOverRuns(scenario: Case, played: readonly Played[]): Check[] {
  return looksOf(scenario).flatMap(({ expectation, index }) => {
    if (expectation.kind !== 'latency') return [];
    const runs = played.map(({ turns }) => turnsOf(turns, index));
    return latencyOverRuns(expectation.value, runs).map((found) => ({
      kind: expectation.kind,
      ...inShort(found.expected, found),
      place: expectation.place,
    }));
  });
}

function looksOf({ turns, expect }: Case): Looked[] {
  return [
    ...turns.flatMap((turn, index) => turn.expect.map((expectation) => ({ expectation, index }))),
    ...expect.map((expectation) => ({ expectation, index: undefined })),
  ];
}

const turnsOf = (turns: readonly PlayedTurn[], index: number | undefined) =>
  index === undefined ? turns : turns.filter((turn) => turn.index === index);

async function checksOf(
  { expectation: written, index }: Looked,
  scenario: Case,
  played: Played,
  judge: Judge | undefined,
): Promise<Check[]> {
  const expectation: Expectation = {
    ...written,
    value: filledDays(written.value, played.now_ms),
  } as Expectation;
  const { kind, place } = expectation;
  const turns = turnsOf(played.turns, index);
  const first = index === undefined ? -1 : played.turns.findIndex((turn) => turn.index === index);
  const where = { place, ...(first >= 0 && { turn: first }) };
  const [fault] = expectationFaults(expectation);
  if (fault !== undefined) {
    const got = `${pathText([kind, ...fault.path])} ${fault.problem}`;
    return [{ kind, ...inShort(`${kind} ${shown(expectation.value)}`, unknown(got)), ...where }];
  }
  const scope: Scope = { scenario, played, turns, whole: index === undefined, judge };
  const isReached = scope.whole || turns.length > 0;
  const checks: Check[] = [];
  for (const { expected, look } of demandsOf(expectation, scope)) {
    const found: Outcome = isReached ? await outcomeOf(look) : notReached(played);
    checks.push({ kind, ...inShort(expected, found), ...where });
  }
  return checks;
}

/** A pattern that takes for ever is no failure of the agent. */
async function outcomeOf(look: Demand['look']): Promise<Outcome> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof CliError) return unknown(error.message);
    throw error;
  }
}

/** What stands beside each other must leave room: what a tool or a model said may be of any length. */
const inShort = (expected: string, { verdict, got }: Outcome) => ({
  verdict,
  expected: shortText(expected, longestLine),
  got: shortText(got, longestLine),
});
const longestLine = 400;

const notReached = ({ ending }: Played) =>
  failed(`the conversation was over before this turn: ${endings[ending]}`);

function demandsOf<K extends ExpectationKind>(
  { kind, value }: ExpectationOf<K>,
  scope: Scope,
): readonly Demand[] {
  const read = kinds[kind as K] as Read<K>;
  return [read(value as Parameters<Read<K>>[0], scope)].flat();
}
