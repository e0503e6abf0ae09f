// What may be expected, of a turn or of the whole conversation, as it is written.

import * as z from 'zod/mini';
import { listOf, oneOrMany, said, table, text } from './format-parts.js';

const least = z.optional(z.number().check(z.gte(0), z.describe('No less than this.')));
const most = z.optional(z.number().check(z.gte(0), z.describe('No more than this.')));
/** A number alone is the most there may be. */
const range = (description: string) =>
  z
    .union([z.number().check(z.gte(0)), z.strictObject({ least, most })])
    .check(z.describe(`${description} A number alone is the most.`));

const wholeLeast = z.optional(z.int().check(z.gte(0), z.describe('No less often than this.')));
const wholeMost = z.optional(z.int().check(z.gte(0), z.describe('No more often than this.')));
/** A number alone is exactly so often: nobody who writes "twice" means "never" too. */
const times = z
  .union([z.int().check(z.gte(0)), z.strictObject({ least: wholeLeast, most: wholeMost })])
  .check(z.describe('How often it is called so: a number alone is exactly so often.'));

const Words = z.union([
  oneOrMany,
  z.strictObject({
    contains: z.optional(oneOrMany.check(z.describe('All of these, in capitals or not.'))),
    any: z.optional(listOf(text).check(z.describe('At least one of these, in capitals or not.'))),
    matches: z.optional(said('A regular expression, in capitals or not.')),
    equals: z.optional(said('All that is said, but for case and blanks.')),
  }),
]);

const Call = z.union([
  said('The name of a tool.'),
  z.strictObject({
    tool: said('The name of a tool.'),
    with: z.optional(
      table(
        'Arguments: those named must be as here, others do not matter; nor does case, but types do. Matchers: $matches, $contains, $any, $type, $least, $most, $not, $exists.',
      ),
    ),
    result: z.optional(z.unknown().check(z.describe('What the tool answered, in the same way.'))),
    times: z.optional(times),
  }),
]);
const Calls = z.union([Call, listOf(Call)]);

const limit = z.optional(
  z
    .union([
      z.number().check(z.gt(0)),
      z.strictObject({
        most: z.optional(z.number().check(z.gt(0), z.describe('For every one.'))),
        p50: z.optional(z.number().check(z.gt(0), z.describe('At the median over all runs.'))),
        p95: z.optional(z.number().check(z.gt(0), z.describe('For 95 of 100, over all runs.'))),
      }),
    ])
    .check(z.describe('Milliseconds.')),
);

/** The kinds of expectations, by the key that tells them. */
export const expectationKinds = {
  says: Words.check(z.describe('The agent says this.')),
  not_says: Words.check(z.describe('The agent does not say this.')),
  calls: Calls.check(z.describe('These tools are called, in this order; others may be called between them.')),
  only_calls: z.union([Call, z.array(Call)]).check(z.describe('Just these tools are called, in this order.')),
  not_calls: Calls.check(z.describe('None of these is called; * stands for any tool.')),
  uses_result: z
    .union([
      said('The name of a tool.'),
      z.strictObject({
        tool: said('The name of a tool.'),
        member: z.optional(said('Which part of its result, as a path: slots[0].time')),
      }),
    ])
    .check(
      z.describe(
        'What the tool answered turns up in what the agent says afterwards; without a member, anything but the arguments of the call.',
      ),
    ),
  questions: range('How many questions the agent asks in a turn.'),
  language: z
    .string()
    .check(z.regex(/^[a-z]{2}$/), z.describe('The language of what the agent says: en, es, …')),
  words: range('How many words an answer has.'),
  seconds: range('How long an answer takes to speak.'),
  silence: range('For how long, in seconds, nothing is to be heard before and in an answer.'),
  latency: z
    .strictObject({ first_word: limit, first_audio: limit, tool: limit, total: limit })
    .check(z.describe('How long answers and tools may take.')),
  cost: range('What it may cost, in US dollars, by our estimate.'),
  ends: z
    .union([
      z.literal('properly').check(z.describe('Every turn was answered to its end.')),
      z.strictObject({ with: said('The tool the agent ends the conversation with: called once, and last.') }),
    ])
    .check(z.describe('How the conversation ends.')),
  state: table(
    'What the canned tools have left in their state; members that are not named do not matter.',
  ).check(z.meta({ minProperties: 1 })),
  judge: z
    .union([
      said('What a model is to look for.'),
      z.strictObject({
        rubric: said('What a model is to look for.'),
        least: z.optional(
          z
            .number()
            .check(z.gte(0), z.lte(1), z.describe('The lowest score that passes, 0 to 1 (default 0.7).')),
        ),
      }),
    ])
    .check(z.describe('A model scores the conversation. Never the only check of a scenario.')),
} as const;
export type ExpectationKind = keyof typeof expectationKinds;

const partial = Object.fromEntries(
  Object.entries(expectationKinds).map(([kind, type]) => [kind, z.optional(type)]),
) as { [K in ExpectationKind]: z.ZodMiniOptional<(typeof expectationKinds)[K]> };
export const ExpectationEntry = z.strictObject(partial);
/** One entry may hold several; a list keeps an order and lets a kind come twice. */
export const Expectations = z.union([ExpectationEntry, listOf(ExpectationEntry)]);

type Values = { [K in ExpectationKind]: z.infer<(typeof expectationKinds)[K]> };
export type ExpectationValue<K extends ExpectationKind> = Values[K];
export type Words = z.infer<typeof Words>;
export type Call = z.infer<typeof Call>;
export type Range = z.infer<ReturnType<typeof range>>;
