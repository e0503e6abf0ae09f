import { describe, expect, test } from 'vitest';
import {
  confirmAll,
  type History,
  keepItem,
  messageItem,
  mostKept,
  unconfirmed,
} from '../../src/session/history.js';

const keepAll = (items: Parameters<typeof keepItem>[1][], confirmed: boolean): History =>
  items.reduce<History>((history, item) => keepItem(history, item, confirmed), []);
const words = (id: number, text = 'x') => messageItem(`i${id}`, 'user', text);

describe('what is kept of a conversation', () => {
  test('is the newest so many items', () => {
    const history = keepAll(
      Array.from({ length: mostKept.items + 10 }, (_, id) => words(id)),
      true,
    );
    expect(history).toHaveLength(mostKept.items);
    expect(history[0]?.key).toBe('item i10');
  });

  test('is so many characters, and the newest item whatever its size', () => {
    const half = 'x'.repeat(mostKept.characters / 2);
    expect(keepAll([words(1, half), words(2, half)], true).map(({ key }) => key)).toEqual(['item i2']);
    expect(keepAll([words(1, half + half)], true)).toHaveLength(1);
  });

  test('is all the service is not known to have', () => {
    const half = 'x'.repeat(mostKept.characters / 2);
    expect(keepAll([words(1, half), words(2, half), words(3, half)], false)).toHaveLength(3);
  });

  test('is each item once', () => {
    expect(keepAll([words(1), words(1)], false)).toHaveLength(1);
  });

  test('a result whose call was forgotten is not sent, an item without words neither', () => {
    const output = { type: 'function_call_output', id: 'o', call_id: 'k', output: 'ok' } as const;
    const call = { type: 'function_call', id: 'f', call_id: 'k', name: 'n', arguments: '{}' } as const;
    expect(unconfirmed(keepAll([output, words(1, '')], false))).toEqual([]);
    expect(unconfirmed(keepAll([call, output], false))).toEqual([call, output]);
    expect(unconfirmed(confirmAll(keepAll([call, output], false), true))).toEqual([]);
  });
});
