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
//     - when: { silence: idle }                       # nobody spoke; or unclear: the words could not be made out
//       say: Are you still there?
//   hears:                                            # what is said in the spoken turns of a session, in order
//     - I would like a refund

import * as z from 'zod/mini';
import { faultsOf } from '../protocol/faults.js';
import { isObject } from '../protocol/json.js';
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
 * A maker from a script's value. Throws RangeError naming every fault with its place in the script.
 */
export function createScript(value: unknown, fallback: ReplyMaker): ReplyMaker {
  const { hears, rules: written = [] } = checked(value);
  if (hears === undefined && written.length === 0) throw new RangeError('rules is missing');
  const rules = written.map(compile);
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

function compile(rule: Rule, at: number) {
  const place = `rules[${at}]`;
  if (rule.say === undefined && rule.call === undefined) throw new RangeError(`${place} needs say or call`);
  const { contains, matches, turn, tool_result, silence } = rule.when ?? {};
  const pattern = matches === undefined ? undefined : compilePattern(matches, `${place}.when.matches`);
  const says = rule.say === undefined ? [] : [rule.say].flat();
  const calls = rule.call === undefined ? [] : [rule.call].flat();
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
      return pattern === undefined ? [text] : (pattern.exec(text) ?? undefined);
    },
    parts(captures: Captures, heard: Heard): Part[] {
      const fill = (text: string) => filled(text, captures, heard);
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

/** `$1` to `$9` are the groups of `matches`, `$said` the person's words, `$result` the tool's result. */
function filled(text: string, captures: Captures, heard: Heard): string {
  return text.replace(/\$(\d|said|result)/g, (_, name: string) => {
    if (name === 'said') return heard.said;
    if (name === 'result') return heard.results.map(({ output }) => output).join(' ');
    return captures[Number(name)] ?? '';
  });
}

function filledValue<T>(value: T, fill: (text: string) => string): T {
  if (typeof value === 'string') return fill(value) as T;
  if (Array.isArray(value)) return value.map((entry) => filledValue(entry, fill)) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, filledValue(member, fill)]),
  ) as T;
}
