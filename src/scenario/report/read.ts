// Reports that come back from a file, to be joined, compared or shown. What was written by another agents of the same
// version may hold members that are not known here: they are kept.

import * as z from 'zod/mini';
import { CliError } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import { parseUsd } from '../../money.js';
import { faultsOf } from '../../protocol/faults.js';
import { isObject, parseJson } from '../../protocol/json.js';
import { jsonFault } from '../../spec/json-fault.js';
import { type Check, type Report, reportVersion } from '../result.js';

const count = z.int().check(z.gte(0));
const ms = z.number().check(z.gte(0));
const optionalMs = z.optional(ms);
const optionalText = z.optional(z.string());
const cost = z
  .string()
  .check(z.refine((text) => parseUsd(text) !== undefined, 'must be an amount of dollars'));
const isText = (value: unknown) => typeof value === 'string';
const isShard = (text: string) => {
  const [, part, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  return Number(part) >= 1 && Number(part) <= Number(of);
};
const Outcome = z.enum(['passed', 'failed', 'error']);

const CheckShape = z.looseObject({
  kind: z.custom<Check['kind']>(isText, 'must be a string'),
  verdict: Outcome,
  expected: z.string(),
  got: z.string(),
  place: z.optional(z.looseObject({ line: count, column: count })),
  turn: z.optional(count),
});

const CallShape = z.looseObject({
  name: z.string(),
  arguments: z.unknown(),
  output: optionalText,
  ms: optionalMs,
  at_ms: z.number(),
});

const TurnShape = z.looseObject({
  said: z.string(),
  by: z.enum(['person', 'nobody']),
  answer: z.string(),
  status: z.string(),
  interrupted: z.boolean(),
  started_ms: z.number(),
  ended_ms: z.number(),
  calls: z.array(CallShape),
  first_word_ms: optionalMs,
  first_audio_ms: optionalMs,
  total_ms: optionalMs,
  audio_seconds: z.number(),
  cost_usd: z.nullable(cost),
});

const RunShape = z.looseObject({
  run: count,
  attempt: count,
  verdict: Outcome,
  problem: z.optional(z.looseObject({ code: z.string(), message: z.string(), hint: optionalText })),
  checks: z.array(CheckShape),
  turns: z.array(TurnShape),
  ending: z.optional(z.enum(['script', 'agent', 'user', 'most_turns', 'timeout'])),
  state: z.optional(z.unknown()),
  ms,
  cost_usd: z.nullable(cost),
  recording: optionalText,
  replay: optionalText,
  sound: z.optional(
    z.array(z.looseObject({ from: z.enum(['user', 'agent']), at_ms: z.number(), mulaw_8k: z.string() })),
  ),
  abridged: z.optional(z.boolean()),
});

const CaseShape = z.looseObject({
  id: z.string().check(z.minLength(1)),
  name: z.string(),
  parameters: z.string(),
  file: z.string(),
  line: count,
  tags: z.array(z.string()),
  verdict: z.enum([...Outcome.options, 'skipped']),
  flaky: z.boolean(),
  passed_runs: count,
  needed_runs: count,
  planned_runs: count,
  checks: z.array(CheckShape),
  runs: z.array(RunShape),
  ms,
  cost_usd: z.nullable(cost),
});

const ReportShape = z.looseObject({
  version: z.literal(reportVersion),
  product: z.string(),
  started_at: z
    .string()
    .check(z.refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time as 2026-07-01T12:00:00Z')),
  server: z.string(),
  seed: z.number(),
  shard: z.optional(z.string().check(z.refine(isShard, 'must be a part as 2/4'))),
  plan: optionalText,
  stopped: optionalText,
  over_budget: optionalText,
  results: z.array(CaseShape),
  totals: z.looseObject({
    scenarios: count,
    passed: count,
    failed: count,
    errors: count,
    skipped: count,
    flaky: count,
    ms,
    cost_usd: cost,
  }),
});

/** The report in a file's text. `source` is how the user names it. Throws CliError `invalid_spec`. */
export function parseReport(text: string, source: string): Report {
  return readReport(jsonIn(text, source, reportHint), source);
}

/** A report from what was parsed. Throws CliError `invalid_spec` naming the file, and what is wrong in it. */
export function readReport(value: unknown, source: string): Report {
  if (!isObject(value) || !Array.isArray(value.results)) {
    throw new CliError('invalid_spec', `${source} is no report`, { hint: reportHint });
  }
  return checked(ReportShape, value, { source, version: reportVersion, hint: reportHint });
}

const reportHint = 'a report is written by agents test --reporter json=<file>';

/** Text that must be JSON. Throws CliError `invalid_spec` with the place. */
export function jsonIn(text: string, source: string, hint: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const message = `${source}: not valid JSON: ${jsonFault(cause, text)}`;
    throw new CliError('invalid_spec', message, { hint, cause });
  }
}

/** Throws CliError `invalid_spec`: another version than this one's is all that is told of it. */
export function checked<T>(
  shape: z.ZodMiniType<T>,
  value: Record<string, unknown>,
  { source, version, hint }: { source: string; version: number; hint: string },
): T {
  if (value.version !== version) {
    const found =
      value.version === undefined ? 'names no version' : `is of version ${writeJson(value.version)}`;
    throw new CliError('invalid_spec', `${source} ${found}; this agents reads version ${version}`, { hint });
  }
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  const faults = faultsOf(shape, value).slice(0, mostFaults);
  const problems = faults.map(({ path, problem }) => `${path} ${problem}`).join('; ');
  throw new CliError('invalid_spec', `${source}: ${problems}`, { hint });
}

/** One thing that is wrong a thousand times need not be told so often. */
const mostFaults = 5;
