import { describe, expect, test } from 'vitest';
import { testClock } from '../support/agents.js';
import { openBox } from './support.js';

describe('canned answers', () => {
  test('are a value, or a failure', async () => {
    const box = await openBox({
      tools: { a: { return: { x: 1 } }, b: { error: 'down' }, c: { return: null } },
    });
    expect(await Promise.all(['a', 'b', 'c'].map((name) => box.call(name)))).toEqual([
      { x: 1 },
      { error: 'down' },
      null,
    ]);
  });

  test('the first that fits the arguments answers; none is a failure', async () => {
    const box = await openBox({
      tools: {
        look: [
          { when: { id: 'ORD-42', deep: { a: 1 } }, return: 'deep' },
          { when: { id: 'ORD-42' }, return: 'found' },
          { when: { count: 2 }, return: 'two' },
          { when: { gone: null, id: 'x' }, return: 'without gone' },
          { when: { tags: ['a', 'b'] }, return: 'tags' },
        ],
      },
    });
    const look = (given: object) => box.call('look', given);
    expect(await look({ id: 'ord-42 ', other: true })).toBe('found');
    expect(await look({ id: 'ORD-42', deep: { a: 1, b: 2 } })).toBe('deep');
    expect(await look({ count: '2' })).toBe('two');
    expect(await look({ id: 'x' })).toBe('without gone');
    expect(await look({ id: 'x', gone: 1 })).toEqual({ error: 'no canned answer fits these arguments' });
    expect(await look({ tags: ['A', 'b'] })).toBe('tags');
    expect(await look({ tags: ['a'] })).toEqual({ error: expect.stringContaining('fits') });
  });

  test('may be given so many times only', async () => {
    const box = await openBox({ tools: { look: [{ times: 2, error: 'busy' }, { return: 'done' }] } });
    const outputs = [await box.call('look'), await box.call('look'), await box.call('look')];
    expect(outputs).toEqual([{ error: 'busy' }, { error: 'busy' }, 'done']);
  });

  test('share a state, in which a slot that was booked is gone', async () => {
    const box = await openBox({
      state: { slots: { '09:00': 'free', '10:00': 'free' } },
      tools: {
        check: { return: '{{state.slots}}' },
        book: [
          { needs: { slots: { '{{time}}': null } }, error: '{{time}} is taken' },
          {
            sets: { slots: { '{{time}}': null }, by: { '{{time}}': '{{name}}' } },
            return: 'booked for {{name}}',
          },
        ],
        who: { return: 'it is {{state.by[time]}}' },
        end: [{ needs: { slots: {} }, return: 'full' }, { return: 'open' }],
      },
    });
    const given = { time: '09:00', name: 'Ann' };
    const [first, second] = await Promise.all([box.call('book', given), box.call('book', given)]);
    expect([first, second]).toEqual(['booked for Ann', { error: '09:00 is taken' }]);
    expect(await box.call('check')).toEqual({ '10:00': 'free' });
    expect(await box.call('who', given)).toBe('it is Ann');
    expect(await box.call('end')).toBe('open');
    await box.call('book', { time: '10:00', name: 'Bo' });
    expect(await box.call('end')).toBe('full');
  });

  test('keep the type of an argument that is the whole text; what is not there is null or nothing', async () => {
    const box = await openBox({
      tools: { look: { return: { n: '{{n}}', text: 'n={{n}} {{gone}}', gone: '{{gone}}', odd: '{{a b}}' } } },
    });
    expect(await box.call('look', { n: 3 })).toEqual({ n: 3, text: 'n=3 ', gone: null, odd: '{{a b}}' });
  });

  test('know what day it is, in the state too', async () => {
    const box = await openBox({
      state: { free: { '{{today+1}}': true } },
      tools: { look: [{ needs: { free: { '{{date}}': true } }, return: 'free from {{today}}' }] },
    });
    expect(await box.call('look', { date: '2026-07-02' })).toBe('free from 2026-07-01');
  });

  test('may wait, and a pause alone lets the next answer', async () => {
    const slept: number[] = [];
    const box = await openBox(
      {
        tools: {
          look: [
            { delay_ms: 100, times: 1 },
            { delay_ms: 20, return: 1 },
          ],
          nap: { delay_ms: 5 },
        },
      },
      { clock: { ...testClock, sleep: async (ms) => void slept.push(ms) } },
    );
    expect([await box.call('look'), await box.call('look'), await box.call('nap')]).toEqual([1, 1, null]);
    expect(slept).toEqual([120, 20, 5]);
  });

  test('are safe from names that mean something to JavaScript', async () => {
    const box = await openBox({
      tools: { set: { sets: { '{{name}}': { polluted: true } } }, get: { return: '{{state.polluted}}' } },
    });
    await box.call('set', { name: '__proto__' });
    expect(await box.call('get')).toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
