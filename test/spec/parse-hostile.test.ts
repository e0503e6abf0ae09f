// Text that is small and well-formed and would still bring a reader down: depth, aliases, circles. What comes out of
// parsing is shown, compared and sent by code that recurses, so it must not get that far.

import { describe, expect, test } from 'vitest';
import { parseValues } from '../../src/spec/parse.js';

const failure = (text: string, source: string) =>
  parseValues(text, source).then(
    ({ values }) => `read ${values.length} values`,
    (error) => ({ code: error.code, message: error.message }),
  );

const lists = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const blocks = (depth: number) => `${'- '.repeat(depth)}x`;

describe('nesting without end', () => {
  test.each([
    ['lists', lists(300)],
    ['objects', objects(300)],
    ['more lists than any recursion bears', lists(100_000)],
    ['more objects than any recursion bears', objects(100_000)],
  ])('is refused in JSON: %s', async (_, text) => {
    expect(await failure(text, 'a.json')).toEqual({
      code: 'invalid_spec',
      message: 'a.json: not valid JSON: nested deeper than 256 levels',
    });
  });

  test('is refused in one of several lines', async () => {
    expect(await failure(`{"a":1}\n${lists(300)}`, 'a.json')).toEqual({
      code: 'invalid_spec',
      message: 'a.json line 2: not valid JSON: nested deeper than 256 levels',
    });
  });

  test.each([
    ['lists', `a: ${lists(300)}`],
    ['objects', `a: ${objects(300)}`],
    ['blocks', blocks(300)],
    ['more lists than the parser bears', `a: ${lists(3000)}`],
    ['more objects than the parser bears', `a: ${objects(3000)}`],
    ['more blocks than the parser bears', blocks(3000)],
    ['lists that never end', `a: ${'['.repeat(3000)}`],
  ])('is refused in YAML: %s', async (_, text) => {
    expect(await failure(text, 'a.yaml')).toEqual({
      code: 'invalid_spec',
      message: expect.stringMatching(/^a\.yaml: not valid YAML: .*nested deeper than 256 levels$/),
    });
  });

  test.each([
    ['lists', `a: 1\n---\na: ${lists(300)}`],
    ['blocks', `${blocks(300)}\n---\na: 1`],
  ])('is refused in one of several documents: %s', async (_, text) => {
    expect(await failure(text, 'a.yaml')).toEqual({
      code: 'invalid_spec',
      message: expect.stringContaining('nested deeper than 256 levels'),
    });
  });

  test('is not what a deep JSON Schema has', async () => {
    expect(await failure(`a: ${objects(100)}`, 'a.yaml')).toBe('read 1 values');
    expect(await failure(objects(100), 'a.json')).toBe('read 1 values');
  });
});

/** Nine lines that would be 9^9 values. */
const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'.split('').map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`)}]`),
].join('\n');

describe('aliases', () => {
  test.each([
    ['in one document', bomb],
    ['in one of several', `name: Bot\n---\n${bomb}`],
    ['as many of one thing', `a: &a [x]\nb: [${'*a, '.repeat(1000)}]`],
  ])('that multiply are refused, %s', async (_, text) => {
    expect(await failure(text, 'a.yaml')).toEqual({
      code: 'invalid_spec',
      message: expect.stringMatching(/^a\.yaml.*: not valid YAML: .*alias/),
    });
  });

  test.each([
    ['in one document', 'a: &a [*a]'],
    ['in one of several', 'name: Bot\n---\na: &a {b: *a}'],
  ])('that go in a circle are refused in one line, %s', async (_, text) => {
    expect(await failure(text, 'a.yaml')).toEqual({
      code: 'invalid_spec',
      message: expect.stringMatching(/^a\.yaml.*: not valid YAML: .+$/),
    });
  });
});

describe('what JSON cannot say', () => {
  test.each([
    ['alone', 'tools: []\n? [a, b]\n: 1'],
    ['in one of several documents', 'name: Bot\n---\n? {a: 1}\n: 1'],
  ])('a name that is no text is refused, %s', async (_, text) => {
    expect(await failure(text, 'a.yaml')).toEqual({
      code: 'invalid_spec',
      message: expect.stringMatching(/^a\.yaml.*: not valid YAML: .+$/),
    });
  });

  test('is told alike in one document and in several', async () => {
    const text = 'a: .nan\nb: .inf\nc: !!binary aGk=\nd: !!set {x, y}';
    const [alone] = (await parseValues(text, 'a.yaml')).values;
    const [first] = (await parseValues(`${text}\n---\nx: 1`, 'a.yaml')).values;
    expect(first?.value).toEqual(alone?.value);
  });
});
