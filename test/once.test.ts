import { expect, test } from 'vitest';
import { Once } from '../src/once.js';

test('a value is made for the first who asks, and again where it could not be', async () => {
  const asked: string[] = [];
  const once = new Once<string>();
  const make = (name: string) => async () => {
    asked.push(name);
    if (name === 'bad' && asked.length < 3) throw new Error('not now');
    return name.toUpperCase();
  };
  const both = [once.get('a', make('a')), once.get('a', make('a'))];
  expect(await Promise.all(both)).toEqual(['A', 'A']);
  await expect(once.get('bad', make('bad'))).rejects.toThrow('not now');
  expect(await once.get('bad', make('bad'))).toBe('BAD');
  expect(asked).toEqual(['a', 'bad', 'bad']);
  expect(await Promise.all(once.all())).toEqual(['A', 'BAD']);
  once.forget('a');
  await once.get('a', make('a'));
  expect(asked).toHaveLength(4);
});
