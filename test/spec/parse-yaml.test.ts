import { describe, expect, test } from 'vitest';
import { parseValues } from '../../src/spec/parse.js';

const failure = (text: string, source = 'a.yaml') =>
  parseValues(text, source).then(
    (parsed) => ({ parsed }),
    (error) => ({ code: error.code, message: error.message }),
  );

const bot = { name: 'Bot' };

describe('YAML', () => {
  test.each([
    ['one document', 'name: Bot\n', { many: false, values: [{ value: bot, place: 'a.yaml' }] }],
    [
      'one document with its marker',
      '---\nname: Bot\n',
      {
        many: false,
        values: [{ value: bot, place: 'a.yaml' }],
      },
    ],
    [
      'one document that begins with a comment',
      '# mine\nname: Bot # really\n',
      {
        many: false,
        values: [{ value: bot, place: 'a.yaml' }],
      },
    ],
    [
      'the form of JSON in a file of YAML',
      '{name: Bot}',
      {
        many: false,
        values: [{ value: bot, place: 'a.yaml' }],
      },
    ],
    [
      '\\r\\n',
      'name: Bot\r\nvoice:\r\n  voice_id: eve\r\n',
      {
        many: false,
        values: [{ value: { name: 'Bot', voice: { voice_id: 'eve' } }, place: 'a.yaml' }],
      },
    ],
    [
      'a list',
      '- name: Bot\n- name: Bot\n',
      {
        many: true,
        values: [
          { value: bot, place: 'a.yaml[0]' },
          { value: bot, place: 'a.yaml[1]' },
        ],
      },
    ],
    [
      'the envelope of a list',
      'agents:\n  - name: Bot\n',
      {
        many: true,
        values: [{ value: bot, place: 'a.yaml[0]' }],
      },
    ],
    [
      'several documents',
      'name: Bot\n---\nname: Bot\n',
      {
        many: true,
        values: [
          { value: bot, place: 'a.yaml document 1' },
          { value: bot, place: 'a.yaml document 2' },
        ],
      },
    ],
    [
      'several lines of text',
      'instructions: |\n  One.\n\n  Two.\n',
      {
        many: false,
        values: [{ value: { instructions: 'One.\n\nTwo.\n' }, place: 'a.yaml' }],
      },
    ],
    [
      'anchors',
      'a: &x {b: 1}\nc: *x\n',
      {
        many: false,
        values: [{ value: { a: { b: 1 }, c: { b: 1 } }, place: 'a.yaml' }],
      },
    ],
    [
      'words that only look like something else',
      'name: no\ndate: 2026-07-01\ntime: 12:30:00\n',
      {
        many: false,
        values: [{ value: { name: 'no', date: '2026-07-01', time: '12:30:00' }, place: 'a.yaml' }],
      },
    ],
    ['plain text', 'hello', { many: false, values: [{ value: 'hello', place: 'a.yaml' }] }],
  ])('%s', async (_, text, parsed) => {
    expect(await parseValues(text, 'a.yaml')).toEqual(parsed);
  });

  test.each(['a.yml', 'A.YAML', 'stdin', 'spec'])('is read from %s', async (source) => {
    expect(await parseValues('name: Bot', source)).toEqual({
      many: false,
      values: [{ value: bot, place: source }],
    });
  });

  test('a document that ends with a marker is one document', async () => {
    expect(await parseValues('name: Bot\n---\n', 'a.yaml')).toEqual({
      many: false,
      values: [{ value: bot, place: 'a.yaml' }],
    });
  });

  test('a member called __proto__ stays a member', async () => {
    const { values } = await parseValues('name: Bot\n__proto__: {voice: x}\n', 'a.yaml');
    expect(JSON.stringify(values[0]?.value)).toBe('{"name":"Bot","__proto__":{"voice":"x"}}');
  });

  test.each([
    ['nothing', ''],
    ['blanks', ' \n\n'],
    ['a comment', '# nothing yet\n'],
    ['a marker', '---\n'],
    ['markers', '---\n---\n'],
    ['a directive alone', '%YAML 1.2\n'],
  ])('%s is empty', async (_, text) => {
    expect(await failure(text)).toEqual({ code: 'invalid_spec', message: 'a.yaml is empty' });
  });

  test('a list of none is valid YAML, and is told as what it is', async () => {
    expect(await failure('agents: []\n')).toEqual({
      code: 'invalid_spec',
      message: 'a.yaml holds an empty list',
    });
  });
});

describe('bad YAML is told with its place', () => {
  test.each([
    ['a list that never ends', 'a: [1\n', 'line 2, column 1'],
    ['text that never ends', 'a: "x', 'line 1, column 6'],
    ['a tab for indentation', 'a:\n\tb: 1', 'line 2, column 1'],
    ['a name twice', 'name: A\nvoice: x\nname: B\n', 'line 3, column 1'],
    ['a second value on a line', 'a: b: c', 'line 1, column 4'],
    ['a bracket too many', 'a: 1\n}', 'line 2, column 1'],
    ['a line of another depth', 'a:\n    b: 1\n  c: 2\n', 'line 3, column 1'],
    ['a character with a meaning to come', 'a: @b', 'line 1, column 4'],
    ['the second of two documents', 'a: 1\n---\nb: [\n', 'line 4, column 1'],
    ['an anchor nobody set', 'a: 1\nb: *x', 'line 2, column 4'],
  ])('%s', async (_, text, place) => {
    expect(await failure(text)).toEqual({
      code: 'invalid_spec',
      message: expect.stringMatching(new RegExp(`^a\\.yaml: not valid YAML: ${place}: [^\\n]+$`)),
    });
  });

  test('also where a document would be empty but for its fault', async () => {
    expect(await failure('%FOO')).toMatchObject({ code: 'invalid_spec' });
  });
});
