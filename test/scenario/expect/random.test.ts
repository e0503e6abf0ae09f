// Whatever was played and whatever is expected of it, a check says something, and nothing throws.

import { expect, test } from 'vitest';
import { createChance } from '../../../src/chance.js';
import { checkOverRuns, checkRun } from '../../../src/scenario/expect/check.js';
import { ExpectationEntry, expectationKinds } from '../../../src/scenario/format.js';
import type { Played, PlayedTurn } from '../../../src/scenario/played.js';
import type { Check } from '../../../src/scenario/result.js';
import type { Expectation } from '../../../src/scenario/scenario.js';
import { scenario } from './support.js';

const texts = [
  ...[
    'a',
    'book',
    'end_call',
    '*',
    ' ',
    'Which day?',
    'On 2026-07-06 at 09:00, RC-1042.',
    '09:00',
    '2026-02-30',
    '1200.5',
  ],
  ...[
    '“x” – …',
    '\u{1f600}\ud800',
    '七時に四名様',
    'İstanbul ß',
    '(',
    '^.*$',
    '{{today+1}}',
    '{{x}}',
    'x '.repeat(400),
  ],
  ...[
    '$matches',
    '__proto__',
    'constructor',
    'a[0].b',
    '{"a":[1,{"b":null}]}',
    '{"error":"down"}',
    'null',
    '"text"',
    '',
    '0',
  ],
];
const numbers = [0, 1, 2, 0.1, 1e-9, 1e21, 400, 2 ** 53, 0.12345];
const names = [
  'a',
  'time',
  '$matches',
  '$any',
  '$not',
  '$type',
  '$least',
  '$exists',
  '$contains',
  'error',
  '__proto__',
  '09:00',
];

function maker(seed: number) {
  const chance = createChance(seed);
  const below = (count: number) => Math.floor(chance() * count);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const maybe = <T>(make: () => T): T | undefined => (chance() < 0.7 ? make() : undefined);
  const some = <T>(make: () => T, most = 3): T[] => Array.from({ length: below(most + 1) }, make);
  const text = () => one(texts);
  const filled = () => text() || 'x';
  const tool = () => one(['a', 'book', 'end_call']);
  const table = (depth: number) => {
    const made = {};
    for (const name of some(() => one(names))) {
      Object.defineProperty(made, name, { value: value(depth - 1), enumerable: true, configurable: true });
    }
    return made;
  };
  const value = (depth = 3): unknown => {
    const kind = below(depth > 0 ? 8 : 5);
    if (kind === 0) return null;
    if (kind === 1) return chance() < 0.5;
    if (kind === 2) return one(numbers);
    if (kind < 5) return text();
    return kind === 5 ? some(() => value(depth - 1)) : table(depth);
  };
  const bounds = () => ({ least: maybe(() => one(numbers)), most: maybe(() => one(numbers)) });
  const range = () => (chance() < 0.5 ? one(numbers) : bounds());
  const often = () =>
    chance() < 0.5 ? below(3) : { least: maybe(() => below(3)), most: maybe(() => below(4)) };
  const many = () => (chance() < 0.5 ? filled() : [filled(), ...some(filled)]);
  const words = () =>
    chance() < 0.5
      ? many()
      : {
          contains: maybe(many),
          any: maybe(() => [filled()]),
          matches: maybe(filled),
          equals: maybe(filled),
        };
  const call = () =>
    chance() < 0.4
      ? filled()
      : { tool: tool(), with: maybe(() => table(2)), result: maybe(value), times: maybe(often) };
  const calls = () => (chance() < 0.5 ? call() : [call(), ...some(call)]);
  const limit = () =>
    chance() < 0.5 ? 1 + below(900) : { most: maybe(() => 5), p50: maybe(() => 6), p95: 7 };
  const makers: { [K in keyof typeof expectationKinds]: () => unknown } = {
    says: words,
    not_says: words,
    calls,
    only_calls: () => some(call),
    not_calls: calls,
    uses_result: () => (chance() < 0.5 ? tool() : { tool: tool(), member: maybe(filled) }),
    questions: range,
    language: () => one(['en', 'ja', 'xx', 'uk']),
    words: range,
    seconds: range,
    silence: range,
    latency: () => ({
      first_word: maybe(limit),
      first_audio: maybe(limit),
      tool: maybe(limit),
      total: maybe(limit),
    }),
    cost: range,
    ends: () => (chance() < 0.5 ? 'properly' : { with: tool() }),
    state: () => table(3),
    judge: () => (chance() < 0.5 ? filled() : { rubric: filled(), least: maybe(chance) }),
  };
  const kinds = Object.keys(expectationKinds) as (keyof typeof expectationKinds)[];
  const expectation = (): Expectation => {
    const kind = one(kinds);
    const written = withoutUndefined({ [kind]: makers[kind]() });
    return {
      kind,
      value: ExpectationEntry.parse(written)[kind],
      place: { line: 1, column: 1 },
    } as Expectation;
  };
  const ms = () => maybe(() => below(2000));
  const turn = (): PlayedTurn => ({
    index: maybe(() => below(3)),
    said: text(),
    by: one(['person', 'nobody']),
    started_ms: 0,
    ended_ms: below(5000),
    answer: [text(), text()].join(' '),
    status: one(['completed', 'cancelled', 'failed', 'timeout', 'unanswered']),
    interrupted: chance() < 0.3,
    calls: some(() => ({
      call_id: 'c',
      name: tool(),
      arguments: value(),
      output: maybe(() => (chance() < 0.5 ? text() : JSON.stringify(value()))),
      ms: ms(),
      at_ms: 0,
      said_before: below(40),
    })),
    first_word_ms: ms(),
    first_audio_ms: ms(),
    total_ms: ms(),
    audio_seconds: one([0, 1.25]),
    longest_silence_ms: ms(),
    cost_ticks: maybe(() => BigInt(below(1e9))),
  });
  const played = (): Played => ({
    turns: some(turn, 4),
    notices: [],
    ending: one(['script', 'agent', 'user', 'most_turns', 'timeout']),
    state: maybe(value),
    total_ms: 1,
    cost_ticks: maybe(() => BigInt(below(1e9))),
    now_ms: 1_782_000_000_000 + below(1e9),
  });
  const judge = async () => {
    if (chance() < 0.2) throw new Error('nobody there');
    return { score: one([0, 0.5, 1, 7, Number.NaN]), reason: text() };
  };
  return { expectation, played, some, judge: maybe(() => judge) };
}

const withoutUndefined = (value: unknown): unknown =>
  value === null || typeof value !== 'object'
    ? value
    : Array.isArray(value)
      ? value.map(withoutUndefined)
      : Object.fromEntries(
          Object.entries(value).flatMap(([name, member]) =>
            member === undefined ? [] : [[name, withoutUndefined(member)]],
          ),
        );

/** What no developer should ever read. */
const senseless = /undefined|\[object|NaN ms|^(true|false)?$|\p{Surrogate}/u;

test('checks of anything say something', async () => {
  const seen = new Set<string>();
  const wrong: unknown[] = [];
  for (let seed = 0; seed < 1000; seed++) {
    const { expectation, played, some, judge } = maker(seed);
    const base = scenario({}, 3);
    const wanted = {
      ...base,
      turns: base.turns.map((each) => ({ ...each, expect: some(expectation) })),
      expect: some(expectation),
    };
    const runs = some(played);
    const all: Check[] = checkOverRuns(wanted, runs);
    for (const run of runs) all.push(...(await checkRun(wanted, run, { judge })));
    for (const { kind, verdict, expected, got } of all) {
      seen.add(`${kind} ${verdict}`);
      const isWrong = [expected, got].some((line) => senseless.test(line) || line.length > 400);
      if (isWrong) wrong.push({ seed, kind, verdict, expected, got });
    }
  }
  expect(wrong).toEqual([]);
  // Random as they are, they come to every kind and verdict.
  const missing = Object.keys(expectationKinds).flatMap((kind) =>
    ['passed', 'failed'].map((verdict) => `${kind} ${verdict}`).filter((each) => !seen.has(each)),
  );
  expect(missing).toEqual([]);
});
