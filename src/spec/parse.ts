// The text of a spec file or of stdin, to the values in it: JSON, an array of it, one JSON value a line, YAML,
// or several YAML documents. What went wrong is told with its place.

import { CliError, messageOf } from '../errors.js';
import { deepestJson, isObject, parseJson } from '../protocol/json.js';

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
  const start = text.trimStart()[0];
  if (start === undefined) throw new CliError('invalid_spec', `${source} is empty`);
  const isJson = (start === '{' || start === '[') && !/\.ya?ml$/i.test(source);
  return isJson ? parseJsonValues(text, source) : parseYamlValues(text, source);
}

function parseJsonValues(text: string, source: string): Parsed {
  let failure: unknown;
  try {
    return listed(parseJson(text), source);
  } catch (error) {
    failure = error;
  }
  const lines = text.split('\n').map((line, at) => ({
    line: line.trim(),
    place: `${source} line ${at + 1}`,
  }));
  const filled = lines.filter(({ line }) => line !== '');
  if (filled.length > 1 && isJsonText(filled[0]?.line ?? '')) {
    return {
      many: true,
      values: filled.map(({ line, place }) => ({
        place,
        value: parseLine(line, place),
      })),
    };
  }
  throw new CliError('invalid_spec', `${source}: not valid JSON: ${jsonProblem(failure, text)}`, {
    cause: failure,
  });
}

function parseLine(line: string, place: string): unknown {
  try {
    return parseJson(line);
  } catch (cause) {
    throw new CliError('invalid_spec', `${place}: not valid JSON: ${messageOf(cause)}`, { cause });
  }
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** V8 tells an offset, or nothing where the text simply ends. */
function jsonProblem(error: unknown, text: string): string {
  const message = messageOf(error);
  const found = /position (\d+)/.exec(message);
  if (found === null) return message;
  const before = text.slice(0, Number(found[1])).split('\n');
  const reason = message.replace(/ (in JSON )?at position.*$/, '');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${reason}`;
}

async function parseYamlValues(text: string, source: string): Promise<Parsed> {
  const { parseAllDocuments } = await import('./yaml.js');
  try {
    const documents = [...parseAllDocuments(text)].filter((document) => document.contents !== null);
    const [problem] = documents.flatMap(({ errors }) => errors);
    if (problem !== undefined) {
      const [at] = problem.linePos ?? [];
      const place = at === undefined ? '' : `line ${at.line}, column ${at.col}: `;
      throw new CliError(
        'invalid_spec',
        `${source}: not valid YAML: ${place}${problem.message.split(/ at line|\n/)[0]}`,
      );
    }
    const values = documents.map((document) => document.toJS({ maxAliasCount: 100 }) as unknown);
    if (values.length === 1) return listed(parseJson(JSON.stringify(values[0])), source);
    return {
      many: true,
      values: values.map((value, at) => ({
        value,
        place: `${source} document ${at + 1}`,
      })),
    };
  } catch (error) {
    if (error instanceof CliError) throw error;
    // The parser recurses: nesting far too deep ends in a RangeError.
    const reason =
      error instanceof RangeError ? `nested deeper than ${deepestJson} levels` : messageOf(error);
    throw new CliError('invalid_spec', `${source}: not valid YAML: ${reason}`, {
      cause: error,
    });
  }
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
