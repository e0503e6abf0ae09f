// How often a fault strikes: by count, by chance, and the same again for the same seed.

import { describe, expect, test } from 'vitest';
import {
  createFaults,
  readFaultHeader,
  readRehearsal,
  rehearsalText,
} from '../../../src/emulator/faults/plan.js';
import { faultNames, faultTable, places } from '../../../src/emulator/faults/table.js';

/** Which of so many occasions a fault struck, from 1. */
function struckAt(text: string, occasions: number, seed = 1): number[] {
  const faults = createFaults([readRehearsal(text)], seed);
  return Array.from({ length: occasions }, (_, at) => at + 1).filter(
    () => faults.strike(['request']).length > 0,
  );
}

describe('the table', () => {
  test('names at least twenty faults, each at a place there is, in one line', () => {
    expect(faultNames.length).toBeGreaterThan(40);
    for (const name of faultNames) {
      const { at, does } = faultTable[name];
      expect(name).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
      expect(at.length).toBeGreaterThan(0);
      expect(at.every((place) => place in places)).toBe(true);
      expect(does).toMatch(/^[^\n]{10,75}$/);
    }
  });
});

describe('how often', () => {
  test.each([
    ['error-500', [1, 2, 3, 4, 5, 6, 7]],
    ['error-500=1/3', [3, 6]],
    ['error-500=1/1', [1, 2, 3, 4, 5, 6, 7]],
    ['error-500=2', [1, 2]],
    ['error-500=1.0', [1, 2, 3, 4, 5, 6, 7]],
    ['drop-in-reply', []],
  ])('%s strikes at %j of seven', (text, expected) => {
    expect(struckAt(text, 7)).toEqual(expected);
  });

  test('a probability strikes about as often as it says, at the same times for the same seed', () => {
    const once = struckAt('error-500=0.3', 2000);
    expect(once.length).toBeGreaterThan(540);
    expect(once.length).toBeLessThan(660);
    expect(struckAt('error-500=0.3', 2000)).toEqual(once);
    expect(struckAt('error-500=0.3', 2000, 2)).not.toEqual(once);
    expect(struckAt('reset=0.3', 2000)).not.toEqual(once);
  });

  test.each([
    'error-500=0',
    'error-500=0.0',
    'error-500=1.5',
    'error-500=1/0',
    'error-500=2/3',
    'error-500=-1',
    'error-500=often',
    'error-500=',
    'error-500=1=2',
    'error-500=0.0000001',
  ])('%s is refused', (text) => {
    expect(() => readRehearsal(text)).toThrow(RangeError);
    expect(() => readRehearsal(text)).toThrow('does not say how often');
  });

  test.each(['', 'fire', 'Error-500', 'toString', 'error'])('there is no fault %j', (name) => {
    expect(() => readRehearsal(name)).toThrow(`there is no fault ${name}`);
  });

  test.each([
    'error-500',
    'error-500=0.3',
    'error-500=1.0',
    'error-500=1/3',
    'error-500=2',
    'reset=0.000001',
  ])('%s is told as it was given', (text) => {
    expect(rehearsalText(readRehearsal(text))).toBe(text);
  });
});

describe('several', () => {
  test('strike in the order of the table, and one changes nothing for another', () => {
    const rehearsed = ['reset=0.5', 'error-500=0.5', 'wrong-key=1/2'].map(readRehearsal);
    const together = createFaults(rehearsed, 3);
    const alone = createFaults([readRehearsal('error-500=0.5')], 3);
    for (let count = 1; count <= 50; count++) {
      const struck = together.strike(['request']);
      expect(struck).toEqual(faultNames.filter((name) => struck.includes(name)));
      expect(struck.includes('wrong-key')).toBe(count % 2 === 0);
      expect(struck.includes('error-500')).toBe(alone.strike(['request']).length > 0);
    }
  });

  test('given twice are one', () => {
    const faults = createFaults(['error-500=1', 'error-500=1'].map(readRehearsal));
    expect([faults.strike(['request']), faults.strike(['request'])]).toEqual([['error-500'], []]);
  });

  test('count only where they can strike', () => {
    const faults = createFaults(['agents-not-enabled=1', 'drop-in-reply=1'].map(readRehearsal));
    faults.strike(['request']);
    faults.strike(['handshake']);
    expect(faults.told()).toEqual([
      { fault: 'agents-not-enabled=1', at: ['agents'], occasions: 0, struck: 0 },
      { fault: 'drop-in-reply=1', at: ['reply'], occasions: 0, struck: 0 },
    ]);
    expect(faults.strike(['request', 'agents'])).toEqual(['agents-not-enabled']);
    expect(faults.strike(['request', 'agents'])).toEqual([]);
    expect(faults.told()[0]).toMatchObject({ occasions: 2, struck: 1 });
  });
});

describe('the wishes of a request', () => {
  test('are read from its header', () => {
    expect(readFaultHeader(' error-500 , reset=1/2,,').map(rehearsalText)).toEqual([
      'error-500',
      'reset=1/2',
    ]);
    expect([readFaultHeader(undefined), readFaultHeader('')]).toEqual([[], []]);
    expect(() => readFaultHeader('error-500; reset')).toThrow('there is no fault error-500; reset');
  });

  test('count over all requests with the same wish, and for no other', () => {
    const faults = createFaults();
    const own = readFaultHeader('error-500=1/2');
    const struck = [own, [], own, own, [], own].map((wish) => faults.strike(['request'], wish).length);
    expect(struck).toEqual([0, 0, 1, 0, 0, 1]);
    expect(faults.told()).toEqual([]);
  });

  test('are forgotten at some time, or memory would grow with them', () => {
    const faults = createFaults();
    const first = readFaultHeader('error-500=1');
    expect(faults.strike(['request'], first)).toEqual(['error-500']);
    for (let count = 2; count < 1200; count++) faults.strike(['request'], readFaultHeader(`reset=${count}`));
    expect(faults.strike(['request'], first)).toEqual(['error-500']);
  });
});

describe('at run time', () => {
  test('others begin to count from the beginning, and a reset brings the first ones back', () => {
    const faults = createFaults([readRehearsal('error-500=1')], 5);
    faults.strike(['request']);
    faults.rehearse([readRehearsal('reset=1/2')]);
    expect([faults.strike(['request']), faults.strike(['request'])]).toEqual([[], ['reset']]);
    expect(faults.seed()).toBe(5);
    faults.rehearse([], 9);
    expect([faults.isQuiet(), faults.seed()]).toEqual([true, 9]);
    faults.reset();
    expect([faults.isQuiet(), faults.seed(), faults.strike(['request'])]).toEqual([false, 5, ['error-500']]);
  });
});
