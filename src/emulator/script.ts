// A script decides what the pretend model says: rules in order, the first that fits answers. What no rule fits is
// left to the built-in rules.
//
//   rules:
//     - when: { contains: refund }                    # also: matches (a regular expression), turn, tool_result
//       say: I can help with that refund.
//     - when: { matches: 'order (ORD-\d+)' }
//       say: Let me look up $1.
//       call: { name: lookup_order, arguments: { order_id: $1 } }
//     - when: { tool_result: lookup_order, contains: shipped }
//       say: 'Good news: $result'
//     - when: { contains: tomorrow }                  # $today, $today+1: by the clock; $date: the day named
//       call: { name: check_day, arguments: { date: $today+1 } }
//     - when: { contains: again }                     # an argument of the last call of that tool
//       call: { name: check_day, arguments: { date: $called.check_day.date } }
//     - when: { silence: idle }                       # nobody spoke; or unclear: the words could not be made out
//       say: Are you still there?
//   hears:                                            # what is said in the spoken turns of a session, in order
//     - I would like a refund

import * as z from 'zod/mini';
import { execPattern } from '../patterns.js';
import { faultsOf } from '../protocol/faults.js';
import { isObject, parseJson } from '../protocol/json.js';
import { dateIn, daysFrom } from './dates.js';
import type { Heard, Part, ReplyMaker } from './reply.js';

const Call = z.strictObject({
  name: z.string().check(z.minLength(1)),
  arguments: z.optional(z.record(z.string(), z.unknown())),
});

const Rule = z.strictObject({
  when: z.optional(
    z.strictObject({
      contains: z.optional(z.string().check(z.minLength(1))),
      matches: z.optional(z.string().check(z.minLength(1))),
      turn: z.optional(z.int().check(z.gte(1))),
      tool_result: z.optional(z.string().check(z.minLength(1))),
      silence: z.optional(z.enum(['idle', 'unclear'])),
    }),
  ),
  say: z.optional(z.union([z.string(), z.array(z.string())])),
  call: z.optional(z.union([Call, z.array(Call)])),
});
const Script = z.strictObject({
  hears: z.optional(z.array(z.string())),
  rules: z.optional(z.array(Rule).check(z.minLength(1))),
});
type Script = z.infer<typeof Script>;
type Rule = z.infer<typeof Rule>;

/**
 * A maker from a script's value. `today` gives the day that dates are counted from. Throws RangeError naming every
 * fault with its place in the script.
 */
export function createScript(value: unknown, fallback: ReplyMaker, today: () => Date): ReplyMaker {
  const { hears, rules: written = [] } = checked(value);
  if (hears === undefined && written.length === 0) throw new RangeError('rules is missing');
  const rules = written.map((rule, at) => compile(rule, at, today));
  return {
    reply(heard, signal) {
      for (const rule of rules) {
        const captures = rule.fits(heard);
        if (captures !== undefined) return rule.parts(captures, heard);
      }
      return fallback.reply(heard, signal);
    },
  };
}

/** The words of successive spoken turns, as a script gives them. Throws RangeError as `createScript` does. */
export function scriptedWords(value: unknown): readonly string[] {
  return checked(value).hears ?? [];
}

function checked(value: unknown): Script {
  const faults = faultsOf(Script, value).map(({ path, problem }) => `${path} ${problem}`);
  if (faults.length > 0) throw new RangeError(faults.join('; '));
  return value as Script;
}

type Captures = readonly (string | undefined)[];

function compile(rule: Rule, at: number, today: () => Date) {
  const place = `rules[${at}]`;
  if (rule.say === undefined && rule.call === undefined) throw new RangeError(`${place} needs say or call`);
  const { contains, matches, turn, tool_result, silence } = rule.when ?? {};
  const pattern = matches === undefined ? undefined : compilePattern(matches, `${place}.when.matches`);
  const says = rule.say === undefined ? [] : [rule.say].flat();
  const calls = rule.call === undefined ? [] : [rule.call].flat();
  for (const text of textsIn([says, calls])) checkDays(text, place);
  return {
    fits(heard: Heard): Captures | undefined {
      const result = heard.results.find(({ name }) => name === tool_result);
      // A rule that does not speak of a result is about words, and the other way round.
      if ((tool_result !== undefined) !== heard.results.length > 0) return undefined;
      if (tool_result !== undefined && result === undefined) return undefined;
      // Nobody's turn is meant by a rule that does not say so.
      if (silence !== heard.silence && (silence !== undefined || heard.silence === 'idle')) return undefined;
      if (turn !== undefined && turn !== heard.turn) return undefined;
      const text = result?.output ?? heard.said;
      if (contains !== undefined && !text.toLowerCase().includes(contains.toLowerCase())) return undefined;
      return pattern === undefined ? [text] : (execPattern(pattern, text) ?? undefined);
    },
    parts(captures: Captures, heard: Heard): Part[] {
      const fill = (text: string) => filled(text, captures, heard, today());
      return [
        ...says.map((text): Part => ({ say: fill(text) })),
        ...calls.map(
          (call): Part => ({ call: { name: call.name, arguments: filledValue(call.arguments ?? {}, fill) } }),
        ),
      ].filter((part) => !('say' in part) || /\S/.test(part.say));
    },
  };
}

function compilePattern(source: string, place: string): RegExp {
  try {
    return new RegExp(source, 'iu');
  } catch (cause) {
    throw new RangeError(`${place} is not a regular expression: ${(cause as Error).message}`, { cause });
  }
}

function* textsIn(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* textsIn(member);
}

/** A day that is misspelt would be said as it stands. */
function checkDays(text: string, place: string): void {
  const wrong = /\$today[+-](?!\d{1,4}(?!\d))\w*/.exec(text)?.[0];
  if (wrong === undefined) return;
  throw new RangeError(`${place}: ${wrong} is no day: $today+1 to $today+9999, or with -`);
}

const placeholder = /\$(?:(\d|said|result|date)|today([+-]\d{1,4})?|called\.([\w-]+)\.(\w+))/g;

/**
 * `$1` to `$9` are the groups of `matches`, `$said` the person's words, `$date` the day they name, `$result` the
 * tool's result, `$today+1` tomorrow, `$called.tool.argument` what the tool was last called with. Days are YYYY-MM-DD.
 */
function filled(text: string, captures: Captures, heard: Heard, today: Date): string {
  return text.replace(placeholder, (_, name?: string, days?: string, tool?: string, argument?: string) => {
    if (tool !== undefined) return lastArgument(heard, tool, argument ?? '');
    if (name === undefined) return daysFrom(today, Number(days ?? 0));
    if (name === 'said') return heard.said;
    if (name === 'date') return dateIn(heard.said, today) ?? '';
    if (name === 'result') return heard.results.map(({ output }) => output).join(' ');
    return captures[Number(name)] ?? '';
  });
}

function lastArgument({ history }: Heard, tool: string, argument: string): string {
  let last: unknown;
  for (const item of history) {
    if (item.type === 'function_call' && item.name === tool) last = parsed(item.arguments);
  }
  const value = isObject(last) && Object.hasOwn(last, argument) ? last[argument] : undefined;
  return value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function filledValue<T>(value: T, fill: (text: string) => string): T {
  if (typeof value === 'string') return fill(value) as T;
  if (Array.isArray(value)) return value.map((entry) => filledValue(entry, fill)) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, filledValue(member, fill)]),
  ) as T;
}
