// The tools that a scenario speaks of. One that is misspelt is never called: `not_calls` of it would always pass.

import type { Call } from './format.js';
import type { Case, Expectation, Place } from './scenario.js';

export interface NamedTool {
  name: string;
  /** Who names it: "not_calls", "tools.fail". */
  by: string;
  place: Place;
}

/** Every tool that is named, in the order of the file; `*` is none. */
export function namedTools({ expect, turns, user, tools, endsOn, endsOnPlace, place }: Case): NamedTool[] {
  const expected = [...turns.flatMap((turn) => turn.expect), ...expect].flatMap((each) =>
    toolsIn(each).map((name) => ({ name, by: each.kind, place: each.place })),
  );
  const called = (user?.rules ?? []).flatMap(({ when }) => when?.called ?? []);
  const broken = (['fail', 'slow'] as const).flatMap((kind) =>
    Object.keys(tools?.[kind] ?? {}).map((name) => ({ name, by: `tools.${kind}`, place })),
  );
  const ending =
    endsOnPlace === undefined ? [] : endsOn.map((name) => ({ name, by: 'ends_on', place: endsOnPlace }));
  return [
    ...expected,
    ...called.map((name) => ({ name, by: 'user.rules', place })),
    ...broken,
    ...ending,
  ].filter(({ name }) => name !== '*');
}

function toolsIn(expectation: Expectation): string[] {
  switch (expectation.kind) {
    case 'calls':
    case 'only_calls':
    case 'not_calls':
      return [expectation.value].flat().map(nameIn);
    case 'uses_result':
      return [nameIn(expectation.value)];
    case 'ends':
      return typeof expectation.value === 'string' ? [] : [expectation.value.with];
    default:
      return [];
  }
}

const nameIn = (call: Call | { tool: string }): string => (typeof call === 'string' ? call : call.tool);
