// The text of a spec file or of stdin, to the values in it: JSON, an array of it, one JSON value a line, YAML,
// or several YAML documents. What went wrong is told with its place.

import { CliError, messageOf } from '../errors.js';
import { writeJson } from '../json-text.js';
import { deepestJson, isObject, parseJson } from '../protocol/json.js';
import { jsonFault } from './json-fault.js';

export interface Parsed {
  /** Each value with the place it stands in: "agent.json", "agent.json line 3", "agents.yaml[2]". */
  values: { value: unknown; place: string }[];
  /** Whether the text is a list of specs, if only of one. */
  many: boolean;
}

/** Text that must be UTF-8. Throws CliError `unreadable`. */
export function decodeText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError('unreadable', `${source} is not UTF-8 text`, {
      hint: 'save it as UTF-8 and try again',
      cause,
    });
  }
}

/** All values in a text. Throws CliError `invalid_spec` naming source, line and column. */
export async function parseValues(text: string, source: string): Promise<Parsed> {
  if (text.trim() === '') throw new CliError('invalid_spec', `${source} is empty`);
  return isJsonText(text, source) ? parseJsonValues(text, source) : parseYamlValues(text, source);
}

/** Whether a text is JSON, rather than YAML: by how it begins, unless its name says YAML. */
export function isJsonText(text: string, source: string): boolean {
  return /^\s*[{[]/.test(text) && !/\.ya?ml$/i.test(source);
}

function parseJsonValues(text: string, source: string): Parsed {
  const whole = attempt(text);
  if ('value' in whole) return listed(whole.value, source);
  const lines = text
    .split('\n')
    .map((line, at) => ({ line: line.trim(), place: `${source} line ${at + 1}` }));
  const filled = lines.filter(({ line }) => line !== '');
  if (filled.length > 1 && 'value' in attempt(filled[0]?.line ?? '')) {
    return {
      many: true,
      values: filled.map(({ line, place }) => ({ place, value: parseLine(line, place) })),
    };
  }
  throw notJson(source, whole.error, text);
}

function attempt(text: string): { value: unknown } | { error: unknown } {
  try {
    return { value: parseJson(text) };
  } catch (error) {
    return { error };
  }
}

function parseLine(line: string, place: string): unknown {
  const parsed = attempt(line);
  if ('value' in parsed) return parsed.value;
  throw notJson(place, parsed.error, line);
}

function notJson(place: string, error: unknown, text: string): CliError {
  // A line's place names the line already.
  const fault = / line \d+$/.test(place)
    ? jsonFault(error, text).replace(/^line 1, /, '')
    : jsonFault(error, text);
  return new CliError('invalid_spec', `${place}: not valid JSON: ${fault}`, { cause: error });
}

async function parseYamlValues(text: string, source: string): Promise<Parsed> {
  const { readYaml } = await import('./yaml.js');
  let values: unknown[];
  try {
    // By way of JSON: what YAML has beyond it (dates, sets, circles) is nothing an agent can hold.
    values = readYaml(text).map((value) => parseJson(writeJson(value)));
  } catch (error) {
    // Nesting far too deep exhausts the parser.
    const tooDeep = error instanceof RangeError;
    const reason = tooDeep ? `nested deeper than ${deepestJson} levels` : messageOf(error).split('\n')[0];
    throw new CliError('invalid_spec', `${source}: not valid YAML: ${reason}`, { cause: error });
  }
  if (values.length === 0) throw new CliError('invalid_spec', `${source} is empty`);
  if (values.length === 1) return listed(values[0], source);
  return {
    many: true,
    values: values.map((value, at) => ({ value, place: `${source} document ${at + 1}` })),
  };
}

/** An array, or the envelope of `agents --json list`, holds many. */
function listed(value: unknown, source: string): Parsed {
  const list = Array.isArray(value)
    ? value
    : isObject(value) && Array.isArray(value.agents)
      ? value.agents
      : undefined;
  if (list === undefined) return { many: false, values: [{ value, place: source }] };
  if (list.length === 0) throw new CliError('invalid_spec', `${source} holds an empty list`);
  return {
    many: true,
    values: list.map((entry, at) => ({
      value: entry,
      place: `${source}[${at}]`,
    })),
  };
}
