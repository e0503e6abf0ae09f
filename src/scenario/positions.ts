// The value of a YAML or JSON text, and where in it each part stands. JSON is read as YAML, too, for its places. Loaded
// with the first file, and by way of this one: a bundled CommonJS package has no names to import at run time.

import {
  type Document,
  type ErrorCode,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
  type YAMLError,
} from 'yaml';
import { deepestJson, parseJson } from '../protocol/json.js';
import { jsonFault } from '../spec/json-fault.js';
import type { Keys, PlacedFault } from './faults.js';
import type { Place } from './scenario.js';

export interface PlacedValue {
  /** Undefined when the text holds nothing. */
  value: unknown;
  /** Where a member's name stands, or an entry of a list; of what is not there, the nearest that would hold it. */
  placeOf(keys: Keys): Place;
}

/** What repeated anchors may grow to. */
const mostValues = 1_000_000;
const tooDeep = `nested deeper than ${deepestJson} levels`;
const start: Place = { line: 1, column: 1 };

type Read = PlacedValue | { faults: PlacedFault[] };
type PlaceAt = (offset: number) => Place;

/** Reads a text that holds one document. JSON must be JSON throughout. */
export function readPlaced(text: string, isJson: boolean): Read {
  const fault = isJson ? faultOfJson(text) : undefined;
  if (fault !== undefined) return { faults: [fault] };
  try {
    return readDocument(text);
  } catch (error) {
    // Nesting far too deep exhausts the parser.
    if (!(error instanceof RangeError)) throw error;
    return { faults: [{ place: start, text: `not valid YAML: ${tooDeep}` }] };
  }
}

function readDocument(text: string): Read {
  const lines = new LineCounter();
  const placeAt: PlaceAt = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  // Keys that are no text would become some, with a warning of the runtime's.
  const documents: Document[] = [
    ...parseAllDocuments(text, { lineCounter: lines, stringKeys: true, intAsBigInt: true }),
  ];
  const broken = worthTelling(documents.flatMap(({ errors }) => errors));
  if (broken.length > 0) return { faults: broken.map((error) => syntaxFault(error, text, placeAt)) };
  const [first, second] = documents.filter(({ contents }) => !isScalar(contents) || contents.value !== null);
  if (first === undefined) return { value: undefined, placeOf: () => start };
  if (second === undefined) return placedValue(first, placeAt);
  const place = placeAt(second.contents?.range?.[0] ?? 0);
  return { faults: [{ place, text: 'is a second document: put several under scenarios in one' }] };
}

function faultOfJson(text: string): PlacedFault | undefined {
  try {
    parseJson(text);
    return undefined;
  } catch (error) {
    const told = jsonFault(error, text);
    const [, line = '1', column = '1', reason = told] = /^line (\d+), column (\d+): (.*)$/s.exec(told) ?? [];
    return { place: { line: Number(line), column: Number(column) }, text: `not valid JSON: ${reason}` };
  }
}

/** Of faults of the form the first, for others are often but its echo; and every key that comes twice. */
function worthTelling(errors: readonly YAMLError[]): YAMLError[] {
  const isRepeated = ({ code }: YAMLError) => code === 'DUPLICATE_KEY';
  return [...errors.filter((error) => !isRepeated(error)).slice(0, 1), ...errors.filter(isRepeated)];
}

function syntaxFault(error: YAMLError, text: string, placeAt: PlaceAt): PlacedFault {
  const [offset] = error.pos;
  const [message = ''] = error.message.split(/ at line|\n/);
  const reason = message.includes('Maximum call stack') ? tooDeep : message;
  return {
    place: placeAt(offset),
    text: reasons[error.code]?.(text, offset) ?? `not valid YAML: ${reason}`,
  };
}

/** What people do most often, in words that say what to do instead. */
const reasons: Partial<Record<ErrorCode, (text: string, at: number) => string | undefined>> = {
  DUPLICATE_KEY: (text, at) => {
    const name = /^["']?([^"':\s]+)/.exec(text.slice(at, at + 100))?.[1];
    return `${name ?? 'a member'} is given twice`;
  },
  NON_STRING_KEY: (text, at) =>
    text.startsWith('{{', at - 1) ? 'text that begins with {{ must stand in quotes' : undefined,
  BAD_ALIAS: (text, at) =>
    /^\*(?:[\s,\]}]|$)/.test(text.slice(at, at + 2)) ? '* must stand in quotes' : undefined,
  BLOCK_AS_IMPLICIT_KEY: (text, at) => {
    const [line = ''] = text.slice(at, at + 1000).split('\n');
    return /:(?:\s|$)/.test(line) ? 'text with a colon in it must stand in quotes' : undefined;
  },
};

function placedValue(document: Document, placeAt: PlaceAt): Read {
  const { targets, faults } = anchors(document, placeAt);
  let count = 0;

  function plain(node: unknown, depth: number): unknown {
    if (faults.length > 0) return null;
    if (isAlias(node)) return plain(targets.get(node), depth + 1);
    if (depth > deepestJson) return refuse(node, tooDeep);
    if (++count > mostValues) return refuse(node, `holds more than ${mostValues} values, anchors filled in`);
    if (isSeq(node)) return node.items.map((item) => plain(item, depth + 1));
    if (isMap(node)) {
      return Object.fromEntries(node.items.map(({ key, value }) => [String(key), plain(value, depth + 1)]));
    }
    return isScalar(node) ? plainScalar(node) : null;
  }

  function refuse(node: unknown, text: string): null {
    faults.push({ place: placeAt((node as Node | null)?.range?.[0] ?? 0), text });
    return null;
  }

  function placeOf(keys: Keys): Place {
    let node: unknown = document.contents;
    let offset = document.contents?.range?.[0] ?? 0;
    for (const key of keys) {
      const holder = isAlias(node) ? targets.get(node) : node;
      const pair = isMap(holder) ? holder.items.find((each) => String(each.key) === String(key)) : undefined;
      const item = isSeq(holder) ? holder.items[key as number] : undefined;
      if (pair === undefined && item === undefined) break;
      offset = ((pair?.key ?? item) as Node).range?.[0] ?? offset;
      node = pair === undefined ? item : pair.value;
    }
    return placeAt(offset);
  }

  const value = plain(document.contents, 0);
  return faults.length > 0 ? { faults } : { value, placeOf };
}

/** What each alias stands for. An anchor may be given anew: then it is the last one before. */
function anchors(document: Document, placeAt: PlaceAt) {
  const named = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  const faults: PlacedFault[] = [];
  visit(document, {
    Value(_, node) {
      if (node.anchor !== undefined) named.set(node.anchor, node);
    },
    Alias(_, alias) {
      const target = named.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
      else
        faults.push({ place: placeAt(alias.range?.[0] ?? 0), text: `no anchor is called ${alias.source}` });
    },
  });
  return { targets, faults };
}

/** A number where it holds the value; what YAML has beyond JSON (dates, bytes) as it is written. */
function plainScalar({ value, source }: { value: unknown; source?: string | undefined }): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  return typeof value === 'object' && value !== null ? source : value;
}
