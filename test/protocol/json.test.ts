import { describe, expect, test } from 'vitest';
import { deepestJson, isObject, parseJson } from '../../src/protocol/json.js';

describe('an object', () => {
  test.each([
    [{}, true],
    [{ a: 1 }, true],
    [Object.create(null), true],
    [[], false],
    [null, false],
    [undefined, false],
    ['{}', false],
    [0, false],
    [true, false],
  ])('%j: %s', (value, is) => {
    expect(isObject(value)).toBe(is);
  });
});

const lists = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('parsing', () => {
  test.each(['{"a":[1,"x",null,true,{"b":2.5}]}', '"text"', '12', 'null', '[]', '{}'])('reads %s', (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });

  test.each(['', ' ', '{', '{a:1}', '[1,]', 'nope', '{"a":1} x'])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  test.each([
    ['lists', lists],
    ['objects', objects],
  ])('reads %s as deep as any schema needs', (_, nest) => {
    expect(JSON.stringify(parseJson(nest(deepestJson)))).toBe(nest(deepestJson));
  });

  test.each([
    ['lists one level deeper', lists(deepestJson + 2)],
    ['objects one level deeper', objects(deepestJson + 2)],
    ['lists that would break any recursion', lists(1_000_000)],
    ['objects that would break any recursion', objects(200_000)],
    ['depth hidden in one of many members', `{"a":[${'1,'.repeat(1000)}${lists(5000)}],"b":2}`],
  ])('refuses %s, and says why', (_, text) => {
    expect(() => parseJson(text)).toThrow(new SyntaxError(`nested deeper than ${deepestJson} levels`));
  });

  test('width is no depth', () => {
    const wide = JSON.stringify(Array.from({ length: 200_000 }, (_, at) => [at]));
    expect(JSON.stringify(parseJson(wide))).toBe(wide);
  });
});
