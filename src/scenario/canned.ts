// Canned answers that say what tools said once: for the same arguments the same, in the same order.

import { writeJson } from '../json-text.js';
import { isObject } from '../protocol/json.js';
import { isInterrupted } from '../session/interrupted.js';
import { failureIn, readOutput } from './output.js';
import type { RecordedCall } from './recorded.js';

/** One answer of a tool, as a tools file has it. */
export type CannedAnswer = { when?: Record<string, unknown>; times?: number } & (
  | { return: unknown }
  | { error: string }
);

/** The answers of each tool that gave any, by its name. */
export function cannedAnswers(calls: readonly RecordedCall[]): Record<string, CannedAnswer[]> {
  const byTool = new Map<string, Map<string, Asked>>();
  for (const { name, arguments: given, output } of calls) {
    if (output === undefined || isInterrupted(output)) continue;
    const asked = byTool.get(name) ?? new Map<string, Asked>();
    byTool.set(name, asked);
    const key = writeJson(sorted(given));
    const one = asked.get(key) ?? { given, outputs: [] };
    asked.set(key, one);
    one.outputs.push(output);
  }
  return Object.fromEntries(
    [...byTool].map(([tool, asked]) => [
      tool,
      [...asked.values()].sort((a, b) => sizeOf(b.given) - sizeOf(a.given)).flatMap(answersTo),
    ]),
  );
}

interface Asked {
  given: unknown;
  /** In the order they came. */
  outputs: string[];
}

/** The last answer is given for ever: who asks again is told the same. */
function answersTo({ given, outputs }: Asked): CannedAnswer[] {
  const runs: { output: string; times: number }[] = [];
  for (const output of outputs) {
    const last = runs.at(-1);
    if (last?.output === output) last.times++;
    else runs.push({ output, times: 1 });
  }
  const when = isObject(given) && Object.keys(given).length > 0 ? { when: given } : {};
  return runs.map(({ output, times }, at) => {
    const error = failureIn(output);
    const outcome = error === undefined ? { return: readOutput(output) } : { error };
    return { ...when, ...outcome, ...(at < runs.length - 1 && { times }) };
  });
}

/** The same for arguments in another order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name])]));
}

/** An answer fits calls that say more as well: those that name more come first. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + sizeOf(each), 1);
  if (!isObject(value)) return 1;
  return Object.values(value).reduce<number>((sum, each) => sum + sizeOf(each), 0);
}
