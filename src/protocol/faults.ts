// What is wrong with a value, in words, from a schema. One speech for the spec files people write and for
// the bodies the local API is sent.

import type * as z from 'zod/mini';
import { writeJson } from '../json-text.js';

export interface Fault {
  /** "voice.vad_threshold", "tools[2].function.name"; "" for the value itself. */
  path: string;
  keys: PropertyKey[];
  /** An unknown member: told, but not always refused. */
  unknown?: string;
  /** Whether the value has the wrong shape, rather than a value out of bounds. */
  misshapen: boolean;
  /** "must be at most 1, got 1.5". */
  problem: string;
}

/** All faults of `value` under `schema`, in its order; none when it fits. */
export function faultsOf(schema: z.ZodMiniType, value: unknown): Fault[] {
  const result = schema.safeParse(value);
  if (result.success) return [];
  return meant(result.error.issues).flatMap((issue): Fault[] => {
    const keys = [...issue.path];
    const path = pathText(keys);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        path: pathText([...keys, key]),
        keys,
        unknown: key,
        misshapen: true,
        problem: 'is not known',
      }));
    }
    return [
      {
        path,
        keys,
        misshapen: ['invalid_type', 'invalid_union', 'invalid_value'].includes(issue.code),
        problem: problemOf(issue as unknown as Issue, valueAt(value, keys)),
      },
    ];
  });
}

/** "a.b[2]" for ["a", "b", 2]. */
export function pathText(keys: readonly PropertyKey[]): string {
  return keys
    .map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

/** "a, b or c". */
export function orText(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' or ');
}

type RawIssue = z.core.$ZodIssue;

/** Of a union that nothing fits, what is wrong with the kind that is meant; the union itself where none is. */
function meant(issues: readonly RawIssue[]): RawIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const kinds = kindsMeant(issue);
    // Which of several kinds of objects is meant, only those who know them can tell.
    if (kinds.length > 1 && kinds.flat().some(isOfMember)) return [issue];
    const nearest = kinds.sort((a, b) => a.length - b.length)[0];
    if (nearest === undefined) return [issue];
    return nearest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  });
}

/** What is wrong with each kind of a union that the value might be. */
function kindsMeant({ errors }: z.core.$ZodIssueInvalidUnion): RawIssue[][] {
  return errors.map(meant).filter((kind) => !kind.some(isOfAnotherKind));
}

function isOfMember({ code, path: [first] }: RawIssue): boolean {
  return code === 'unrecognized_keys' || typeof first === 'string';
}

/** Whether the value itself, and not something in it, is none of a kind. */
function isOfAnotherKind(issue: RawIssue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return kindsMeant(issue).length === 0;
  return ['invalid_type', 'invalid_value', 'invalid_format'].includes(issue.code);
}

type Issue = { code: string; [member: string]: unknown };

function problemOf(issue: Issue, value: unknown): string {
  if (value === undefined && issue.code !== 'custom') return 'is missing';
  const got = `got ${shortened(value)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${article(String(issue.expected))}, ${got}`;
    case 'too_big':
      return size('at most', issue.maximum, issue.origin, value);
    case 'too_small':
      if (issue.minimum === 1 && (issue.origin === 'string' || issue.origin === 'array'))
        return 'must not be empty';
      return size('at least', issue.minimum, issue.origin, value);
    case 'invalid_value':
      return `must be ${(issue.values as unknown[]).map((choice) => JSON.stringify(choice)).join(' or ')}, ${got}`;
    case 'invalid_union': {
      const kinds = kindsOf(issue as unknown as z.core.$ZodIssueInvalidUnion);
      return kinds === undefined ? `is not one of the kinds known, ${got}` : `must be ${kinds}, ${got}`;
    }
    case 'invalid_format':
      return `must match ${String(issue.pattern)}, ${got}`;
    default:
      return typeof issue.message === 'string' ? issue.message : `is not valid, ${got}`;
  }
}

/** "a string, an array or an object"; undefined where not every kind has a name. */
function kindsOf(issue: z.core.$ZodIssueInvalidUnion): string | undefined {
  if (kindsMeant(issue).length > 0) return undefined;
  const names = [...new Set(kindNames(issue))];
  const known = names.filter((name) => name !== undefined);
  return names.length > 0 && known.length === names.length ? orText(known) : undefined;
}

function kindNames(issue: RawIssue): (string | undefined)[] {
  switch (issue.code) {
    case 'invalid_union':
      return issue.errors.flatMap((kind) => kind.filter(isOfAnotherKind).flatMap(kindNames));
    case 'invalid_type':
      return [article(issue.expected)];
    case 'invalid_value':
      return issue.values.map((choice) => JSON.stringify(choice));
    default:
      return [undefined];
  }
}

function size(bound: string, limit: unknown, origin: unknown, value: unknown): string {
  if (origin === 'string') return `must be ${bound} ${limit} characters, got ${String(value).length}`;
  if (origin === 'array') return `must hold ${bound} ${limit}, got ${(value as unknown[]).length}`;
  return `must be ${bound} ${limit}, got ${shortened(value)}`;
}

function article(type: string): string {
  if (type === 'record' || type === 'object') return 'an object';
  if (type === 'int') return 'a whole number';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** A value as JSON, cut after so many characters. */
export function shortened(value: unknown, most = 60): string {
  const json = writeJson(value) ?? String(value);
  return json.length > most ? `${json.slice(0, most - 3)}…` : json;
}

function valueAt(value: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
