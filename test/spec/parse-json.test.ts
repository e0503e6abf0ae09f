import { describe, expect, test } from 'vitest';
import { decodeText, parseValues } from '../../src/spec/parse.js';

const failure = (text: string, source = 'a.json') =>
  parseValues(text, source).then(
    () => 'no failure',
    (error) => ({ code: error.code, message: error.message }),
  );

describe('bytes', () => {
  test.each([
    ['text', 'name: Zoë 漢字 👩‍🚀', 'name: Zoë 漢字 👩‍🚀'],
    ['nothing', '', ''],
    ['a byte order mark, which is no part of the text', '\ufeff{"name":"A"}', '{"name":"A"}'],
  ])('are read as UTF-8: %s', (_, given, text) => {
    expect(decodeText(Buffer.from(given), 'a.json')).toBe(text);
  });

  test.each([
    ['Latin-1', Buffer.from('{"name":"Zoë"}', 'latin1')],
    ['UTF-16', Buffer.from('\ufeff{"name":"A"}', 'utf16le')],
    ['a character cut short', Buffer.from('"漢"').subarray(0, 3)],
  ])('that are %s are refused', (_, bytes) => {
    expect(() => decodeText(bytes, 'a.json')).toThrow(
      expect.objectContaining({
        code: 'unreadable',
        message: 'a.json is not UTF-8 text',
        hint: 'save it as UTF-8 and try again',
      }),
    );
  });
});

const bot = { name: 'Bot' };

describe('JSON', () => {
  test.each([
    ['one value', '{"name":"Bot"}', { many: false, values: [{ value: bot, place: 'a.json' }] }],
    [
      'one value over several lines',
      '\n{\r\n  "name": "Bot"\r\n}\r\n\n',
      {
        many: false,
        values: [{ value: bot, place: 'a.json' }],
      },
    ],
    [
      'the envelope of one',
      '{"agent":{"name":"Bot"}}',
      {
        many: false,
        values: [{ value: { agent: bot }, place: 'a.json' }],
      },
    ],
    [
      'a list',
      '[{"name":"Bot"}, 5]',
      {
        many: true,
        values: [
          { value: bot, place: 'a.json[0]' },
          { value: 5, place: 'a.json[1]' },
        ],
      },
    ],
    [
      'a list of one is a list',
      '[{"name":"Bot"}]',
      {
        many: true,
        values: [{ value: bot, place: 'a.json[0]' }],
      },
    ],
    [
      'the envelope of a list',
      '{"agents":[{"name":"Bot"},{"name":"Bot"}]}',
      {
        many: true,
        values: [
          { value: bot, place: 'a.json[0]' },
          { value: bot, place: 'a.json[1]' },
        ],
      },
    ],
    [
      'one value a line',
      '{"name":"Bot"}\n{"name":"Bot"}\n',
      {
        many: true,
        values: [
          { value: bot, place: 'a.json line 1' },
          { value: bot, place: 'a.json line 2' },
        ],
      },
    ],
    [
      'one value a line, with empty lines and \\r\\n',
      '\n{"name":"Bot"}\r\n\r\n  {"name":"Bot"}',
      {
        many: true,
        values: [
          { value: bot, place: 'a.json line 2' },
          { value: bot, place: 'a.json line 4' },
        ],
      },
    ],
    [
      'one list a line',
      '[1]\n[2]',
      {
        many: true,
        values: [
          { value: [1], place: 'a.json line 1' },
          { value: [2], place: 'a.json line 2' },
        ],
      },
    ],
    [
      'a member called agents that is no list',
      '{"agents":"none"}',
      {
        many: false,
        values: [{ value: { agents: 'none' }, place: 'a.json' }],
      },
    ],
  ])('%s', async (_, text, parsed) => {
    expect(await parseValues(text, 'a.json')).toEqual(parsed);
  });

  test('from stdin, where no name tells what it is', async () => {
    expect(await parseValues(' {"name":"Bot"}', 'stdin')).toEqual({
      many: false,
      values: [{ value: bot, place: 'stdin' }],
    });
  });

  test('a member called __proto__ stays a member', async () => {
    const { values } = await parseValues('{"__proto__":{"name":"Bot"}}', 'a.json');
    expect(JSON.stringify(values[0]?.value)).toBe('{"__proto__":{"name":"Bot"}}');
  });

  test.each([
    ['nothing', ''],
    ['blanks', ' \n\t\r\n '],
  ])('%s is empty', async (_, text) => {
    expect(await failure(text)).toEqual({ code: 'invalid_spec', message: 'a.json is empty' });
  });

  test.each([
    ['a list of none', '[]'],
    ['an envelope of none', '{"agents": []}'],
  ])('%s is valid JSON, and is told as what it is', async (_, text) => {
    expect(await failure(text)).toEqual({
      code: 'invalid_spec',
      message: 'a.json holds an empty list',
    });
  });
});

describe('bad JSON is told with its place', () => {
  test.each([
    ['a comma too many', '{"a": 1,}', 'line 1, column 9'],
    ['a comma too few', '{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3'],
    ['\\r\\n', '{\r\n  "a": 1\r\n  "b": 2\r\n}', 'line 3, column 3'],
    ['a name without quotes', '{\n  name: "x"\n}', 'line 2, column 3'],
    ['single quotes', "{'a': 1}", 'line 1, column 2'],
    ['text that never ends', '{"a": "x', 'line 1, column 9'],
    ['a line break in text', '{"a": "x\ny"}', 'line 1, column 9'],
    ['a bad escape', '{"a": "\\x"}', 'line 1, column 9'],
    ['an object that never ends', '{\n "a": 1', 'line 2, column 8'],
    ['more after the end', '{"a": 1} x', 'line 1, column 10'],
    ['a word without quotes', '{"a": x}', 'line 1, column 7'],
    ['a word of another language', '{\n  "a": undefined\n}', 'line 2, column 8'],
    ['a value that is cut short', '{\n "a": tru\n}', 'line 2, column 10'],
    ['a comma at the end of a list', '[1,\n2,\n]', 'line 3, column 1'],
    ['a list that never ends', '[[1,\n2],', 'line 2, column 4'],
  ])('%s', async (_, text, place) => {
    expect(await failure(text)).toEqual({
      code: 'invalid_spec',
      message: expect.stringMatching(new RegExp(`^a\\.json: not valid JSON: ${place}: \\S`)),
    });
  });

  test.each([
    ['a comma too many', '{"a":1}\n{"b": 2,}\n', 'a.json line 2', 'column 9'],
    ['an empty line before it', '{"a":1}\n\n{"b" 2}\n{"c":3}', 'a.json line 3', 'column 6'],
    ['a word without quotes', '{"a":1}\nnope', 'a.json line 2', 'column 2'],
  ])('one of several lines: %s', async (_, text, place, column) => {
    const { message } = (await failure(text)) as { message: string };
    expect(message).toMatch(new RegExp(`^${place}: not valid JSON: \\S`));
    expect(message).toContain(column);
  });

  test.each([
    ['{\n  "a": tru,\n  "b": "long enough to be quoted by the parser itself"\n}'],
    ['[1,\n2,\n]'],
    ['{"a":1}\n{"b": nope}'],
  ])('in one line, without the text around it: %j', async (text) => {
    const { message } = (await failure(text)) as { message: string };
    expect(message).not.toMatch(/\n|is not valid JSON$/);
  });
});
