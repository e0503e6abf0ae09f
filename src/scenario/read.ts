// A scenario file, read: its cases, one for each scenario and set of parameters. What is wrong with it is told in full,
// with line and column, before anything runs.

import { CliError } from '../errors.js';
import { pathText } from '../protocol/faults.js';
import { isObject } from '../protocol/json.js';
import { isJsonText } from '../spec/parse.js';
import { casesOf, type Filled, nameOf, type Shared } from './cases.js';
import { type Found, type Keys, placed, refused } from './faults.js';
import { ScenarioEntry } from './format.js';
import { filledIn, missingParameters, type Parameters, unknownParameters } from './parameters.js';
import { ruleFaults, sharedRuleFaults } from './rules.js';
import type { Case } from './scenario.js';
import { Beside, eachFaults, entryFaults, sharedFaults } from './shape.js';

type Members = Record<string, unknown>;

/**
 * The cases of a text, in order. `source` is how messages name it, `file` how ids do, and `folder`, absolute, is where
 * paths in it start. Throws CliError `invalid_spec` naming every fault with its place.
 */
export async function readScenarios(
  text: string,
  source: string,
  { file, folder }: { file: string; folder: string },
): Promise<Case[]> {
  const { readPlaced } = await import('./positions.js');
  const read = readPlaced(text, isJsonText(text, source));
  if ('faults' in read) throw refused(source, read.faults);
  const { value, placeOf } = read;
  if (value === undefined) {
    throw new CliError('invalid_spec', `${source} is empty`, {
      hint: 'agents test init <agent> writes a first scenario',
    });
  }
  const { found, filled } = look(value, nameOf(file));
  if (found.length === 0) return casesOf(filled, { file, folder, placeOf });
  const faults = found.map((each) => placed(each, placeOf));
  throw refused(source, faults);
}

interface Looked {
  found: Found[];
  /** Scenarios as their parameters fill them; of the form their type says where nothing is found. */
  filled: Filled[];
}

/** `name` is that of a scenario without one. */
function look(value: unknown, name: string): Looked {
  const all: Looked = { found: [], filled: [] };
  const refuse = (keys: Keys, problem: string) => void all.found.push({ keys, problem });
  if (!isObject(value)) {
    refuse([], `must be an object${Array.isArray(value) ? ': put the list under scenarios' : ''}`);
    return all;
  }
  const { $schema, scenarios, ...beside } = value;
  if ($schema !== undefined && typeof $schema !== 'string') refuse(['$schema'], 'must be a string');
  if (!Object.hasOwn(value, 'scenarios')) {
    addScenario(all, beside, [], {});
    return all;
  }
  const list: unknown[] = Array.isArray(scenarios) ? scenarios : [];
  if (!Array.isArray(scenarios)) refuse(['scenarios'], 'must be an array');
  else if (list.length === 0) refuse(['scenarios'], 'must not be empty');
  // What only parameters complete is looked at when they are filled in.
  const isUsedAsItIs = list.some((entry) => !isObject(entry) || entry.each === undefined);
  if (isUsedAsItIs || list.length === 0) all.found.push(...besideFaults(beside));
  for (const [at, entry] of list.entries()) addScenario(all, entry, ['scenarios', at], beside);
  all.found.push(...repeatedNames(list, name));
  return all;
}

function besideFaults(beside: Members): Found[] {
  return [...sharedFaults(beside), ...sharedRuleFaults(beside)];
}

function addScenario(all: Looked, written: unknown, at: Keys, beside: Members): void {
  if (!isObject(written)) {
    all.found.push({ keys: at, problem: 'must be an object' });
    return;
  }
  const { each, ...entry } = written;
  if (each === undefined) {
    all.found.push(...entryFaults(entry, at), ...ruleFaults(entry, at, beside));
    all.found.push(...unknownParameters(beside, []), ...unknownParameters(entry, at));
    all.filled.push({ entry: entry as ScenarioEntry, shared: beside as Shared, parameters: {}, at });
    return;
  }
  const wrong = eachFaults(each, at);
  all.found.push(...wrong);
  if (wrong.length === 0) addRows(all, entry, each as Parameters[], at, beside);
}

/** One scenario, once for each set of parameters. */
function addRows(all: Looked, written: Members, rows: Parameters[], at: Keys, beside: Members): void {
  const names = [...new Set(rows.flatMap((parameters) => Object.keys(parameters)))];
  for (const [row, parameters] of rows.entries()) {
    const entry = filledIn(written, parameters, ScenarioEntry);
    const shared = filledIn(beside, parameters, Beside);
    const missing = [
      ...missingParameters(shared, names, row, []),
      ...missingParameters(entry, names, row, at),
    ];
    // What is not filled in is often of a wrong form as well.
    const places = new Set(missing.map(({ keys }) => pathText(keys)));
    const others = [...besideFaults(shared), ...entryFaults(entry, at), ...ruleFaults(entry, at, shared)];
    all.found.push(...missing, ...others.filter(({ keys }) => !places.has(pathText(keys))));
    all.filled.push({ entry: entry as ScenarioEntry, shared: shared as Shared, parameters, at });
  }
}

/** Two of one name could not be told apart, nor one of them be asked for. */
function repeatedNames(scenarios: readonly unknown[], fallback: string): Found[] {
  const first = new Map<unknown, number>();
  return scenarios.flatMap((entry, at): Found[] => {
    if (!isObject(entry)) return [];
    const name = entry.name ?? fallback;
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, at);
      return [];
    }
    const told = JSON.stringify(name);
    return entry.name === undefined
      ? [{ keys: ['scenarios', at], problem: `needs a name: scenarios[${other}] is ${told} already` }]
      : [{ keys: ['scenarios', at, 'name'], problem: `is ${told}, as is that of scenarios[${other}]` }];
  });
}
