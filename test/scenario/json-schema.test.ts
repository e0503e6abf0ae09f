import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isObject } from '../../src/protocol/json.js';
import { ScenarioFile } from '../../src/scenario/format.js';
import { scenarioSchema } from '../../src/scenario/json-schema.js';
import { readScenarios } from '../../src/scenario/read.js';
import { good, misshapen } from './examples.js';

const schema = scenarioSchema() as Record<string, unknown>;
const accepts = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema);
const isRead = (value: unknown) =>
  readScenarios(JSON.stringify(value), 'a.json', { file: 'a', folder: '/' }).then(
    () => true,
    () => false,
  );
const asWritten = (text: string): unknown => JSON.parse(JSON.stringify(parse(text)));

describe('the published schema', () => {
  test('says what it is', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:xai-agents:scenario',
      title: expect.any(String),
      description: expect.any(String),
    });
  });

  test('is the same each time it is asked for', () => {
    expect(scenarioSchema()).toEqual(schema);
  });

  test('describes every member', () => {
    const silent = membersIn(schema).filter(({ schema }) => typeof schema.description !== 'string');
    expect(silent.map(({ name }) => name)).toEqual([]);
    expect(membersIn(schema).length).toBeGreaterThan(60);
  });

  test('stays small enough for an editor: what is used often stands there once', () => {
    expect(JSON.stringify(schema).length).toBeLessThan(40_000);
    expect(JSON.stringify(schema).match(/At least one of these/g)).toHaveLength(2);
  });
});

describe('what the schema accepts', () => {
  test.each(Object.entries(good))('%s', async (_, text) => {
    expect([accepts(asWritten(text)), accepts.errors]).toEqual([true, null]);
    expect(await isRead(asWritten(text))).toBe(true);
  });
});

describe('what the schema refuses', () => {
  test.each(misshapen)('%s', (_, text) => {
    expect(accepts(asWritten(text))).toBe(false);
  });
});

describe('schema and reader agree on examples in which one thing is other', () => {
  test.each(Object.entries(good))('%s', async (_, text) => {
    const tried = parts(asWritten(text) as Members).flatMap((part) => [...variants(part)]);
    const stricter: unknown[] = [];
    const looser: unknown[] = [];
    for (const value of tried) {
      const isAccepted = accepts(value);
      if (!isAccepted && (await isRead(value))) stricter.push(value);
      // Parameters are filled in before a file is held to its form.
      const isPlain = !JSON.stringify(value).includes('{{');
      if (isAccepted && isPlain && !ScenarioFile.safeParse(value).success) looser.push(value);
    }
    expect({ stricter, looser }).toEqual({ stricter: [], looser: [] });
    expect(tried.length).toBeGreaterThan(20);
  });
});

type Members = Record<string, unknown>;

/** Smaller scenarios that together hold what one does: a member each, or an entry of a list. */
function parts(whole: Members): Members[] {
  if ('scenarios' in whole || 'each' in whole) return [whole];
  return Object.entries(whole).flatMap(([name, member]) => {
    const entries = ['turns', 'expect'].includes(name) && Array.isArray(member) ? member : [member];
    return entries.map((entry) => ({
      user: { goal: 'g' },
      [name]: Array.isArray(member) ? [entry].flat() : entry,
    }));
  });
}

function membersIn(node: unknown): { name: string; schema: Record<string, unknown> }[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = isObject(node) && isObject(node.properties) ? Object.entries(node.properties) : [];
  return [
    ...own.map(([name, member]) => ({ name, schema: member as Record<string, unknown> })),
    ...Object.values(node).flatMap(membersIn),
  ];
}

const others = [null, true, 5, -1, 0.5, '', 'x', [], ['x'], {}, { x: 1 }];

/** Copies in which one part is another value, is gone, or has a member more. */
function* variants(value: unknown): Generator<unknown> {
  yield* others;
  if (Array.isArray(value)) {
    for (const [at, entry] of value.entries()) {
      for (const other of variants(entry)) yield value.toSpliced(at, 1, other);
      yield value.toSpliced(at, 1);
    }
  } else if (isObject(value)) {
    yield { ...value, unknown: 1 };
    for (const [name, member] of Object.entries(value)) {
      for (const other of variants(member)) yield { ...value, [name]: other };
      const { [name]: _, ...rest } = value;
      yield rest;
    }
  }
}
