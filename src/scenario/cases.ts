// Cases from a scenario that has been checked: what stands beside `scenarios` joined in, defaults set, an id given.

import type * as z from 'zod/mini';
import type { Keys } from './faults.js';
import type { ScenarioEntry } from './format.js';
import { expectationsOf, listOf, localOf, programsOf, toolsOf, turnOf } from './normalise.js';
import type { Parameters } from './parameters.js';
import type { Case, Expectation, Place } from './scenario.js';
import type { Beside } from './shape.js';

/** What stands beside `scenarios`. */
export type Shared = z.infer<typeof Beside>;

/** A scenario with one set of parameters, filled in. */
export interface Filled {
  entry: ScenarioEntry;
  shared: Shared;
  parameters: Parameters;
  /** The way to the entry. */
  at: Keys;
}

export interface Home {
  /** As the user names it. */
  file: string;
  /** Absolute. */
  folder: string;
  placeOf(keys: Keys): Place;
}

const defaults = { timeout: 120, runs: 1, retries: 0, endsOn: 'end_call' };

/** What a scenario without a name is called. */
export function nameOf(file: string): string {
  const name = file.split(/[/\\]/).at(-1) ?? file;
  return name.replace(/(\.scenario)?\.(ya?ml|json)$/i, '');
}

/** Cases in order, each with an id of its own. */
export function casesOf(all: readonly Filled[], home: Home): Case[] {
  const taken = new Set<string>();
  const joined = new Map<Shared, Expectation[]>();
  return all.map((filled) => {
    const expect =
      joined.get(filled.shared) ?? expectationsOf(filled.shared.expect, ['expect'], home.placeOf);
    joined.set(filled.shared, expect);
    return caseOf(filled, home, expect, taken);
  });
}

function caseOf(
  { entry, shared, parameters, at }: Filled,
  { file, folder, placeOf }: Home,
  sharedExpect: readonly Expectation[],
  taken: Set<string>,
): Case {
  // What a scenario says itself stands in place of what all of its file have; but for what adds up.
  const own = { ...shared, ...entry };
  const name = own.name ?? nameOf(file);
  const shown = Object.values(parameters).map(shortened).join(', ');
  const runs = own.runs ?? defaults.runs;
  return {
    id: unlike(`${file} › ${name}${shown === '' ? '' : ` [${shown}]`}`, taken),
    name,
    parameters: shown,
    file,
    folder,
    place: placeOf(at),
    tags: [...new Set([...(shared.tags ?? []), ...(entry.tags ?? [])])],
    agent: own.agent,
    override: { ...shared.override, ...entry.override },
    stored: own.stored ?? false,
    tools: toolsOf(shared.tools, entry.tools),
    local: localOf(shared.local, entry.local),
    timeoutMs: (own.timeout ?? defaults.timeout) * 1000,
    runs,
    pass: own.pass ?? runs,
    retries: own.retries ?? defaults.retries,
    setup: programsOf(own.setup),
    teardown: programsOf(own.teardown),
    endsOn: listOf(own.ends_on ?? defaults.endsOn),
    ...(own.ends_on !== undefined && {
      endsOnPlace: placeOf([...(entry.ends_on === undefined ? [] : at), 'ends_on']),
    }),
    turns: (entry.turns ?? []).map((each, index) => turnOf(each, [...at, 'turns', index], placeOf)),
    user: own.user,
    expect: [...sharedExpect, ...expectationsOf(entry.expect, [...at, 'expect'], placeOf)],
  };
}

/** One line that is not too long for a name. */
function shortened(value: string | number | boolean): string {
  const text = String(value).replace(/\s+/g, ' ').trim();
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** The id, with a number where it is another's already. */
function unlike(id: string, taken: Set<string>): string {
  let unique = id;
  for (let at = 2; taken.has(unique); at++) unique = `${id} #${at}`;
  taken.add(unique);
  return unique;
}
