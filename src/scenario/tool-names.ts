// The tools that a scenario speaks of, and their arguments. One that is misspelt is never called, or given: `not_calls` of
// it would always pass.

import type { Call } from './format.js';
import type { Case, Expectation, Place } from './scenario.js';

export interface NamedTool {
  name: string;
  /** Who names it: "not_calls", "tools.fail". */
  by: string;
  place: Place;
  /** The arguments of it that are spoken of. */
  given?: readonly string[];
}

/** Every tool that is named, in the order of the file; `*` is none. */
export function namedTools({ expect, turns, user, tools, endsOn, endsOnPlace, place }: Case): NamedTool[] {
  const expected = [...turns.flatMap((turn) => turn.expect), ...expect].flatMap((each) =>
    toolsIn(each).map((tool) => ({ ...tool, by: each.kind, place: each.place })),
  );
  const called = (user?.rules ?? []).flatMap(({ when }) => when?.called ?? []);
  const given = (['answers', 'fail', 'slow'] as const).flatMap((kind) =>
    Object.keys(tools?.[kind] ?? {}).map((name) => ({ name, by: `tools.${kind}`, place })),
  );
  const ending =
    endsOnPlace === undefined ? [] : endsOn.map((name) => ({ name, by: 'ends_on', place: endsOnPlace }));
  return [
    ...expected,
    ...called.map((name) => ({ name, by: 'user.rules', place })),
    ...given,
    ...ending,
  ].filter(({ name }) => name !== '*');
}

function toolsIn(expectation: Expectation): Pick<NamedTool, 'name' | 'given'>[] {
  switch (expectation.kind) {
    case 'calls':
    case 'only_calls':
    case 'not_calls':
      return [expectation.value].flat().map(toolIn);
    case 'uses_result':
      return [toolIn(expectation.value)];
    case 'ends':
      return typeof expectation.value === 'string' ? [] : [{ name: expectation.value.with }];
    default:
      return [];
  }
}

function toolIn(call: Call | { tool: string }): Pick<NamedTool, 'name' | 'given'> {
  if (typeof call === 'string') return { name: call };
  const given = 'with' in call ? Object.keys(call.with ?? {}) : [];
  // A matcher stands for all of them.
  return { name: call.tool, given: given.filter((name) => !name.startsWith('$')) };
}
