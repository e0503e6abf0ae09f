import { describe, expect, test } from 'vitest';
import { execPattern, firstMatch } from '../src/patterns.js';
import { checkRun } from '../src/scenario/expect/check.js';
import { createPerson } from '../src/scenario/person.js';
import { call, conversation, scenario, turn } from './scenario/expect/support.js';

/** Takes this long squared, cubed and so on for what it does not fit. */
const endless = '(a+)+$';
const unfit = `${'a'.repeat(60)}!`;
const told = `the pattern /${endless}/ takes longer than a second`;

describe('a pattern of the user', () => {
  test('finds what it would find', () => {
    const found = execPattern(/order (?<id>ORD-\d+)/iu, 'My Order ORD-17.');
    expect(found).toEqual(/order (?<id>ORD-\d+)/iu.exec('My Order ORD-17.'));
    expect(found?.index).toBe(3);
    expect(execPattern(/x/u, 'y')).toBeNull();
    // One that throws leaves nothing behind for the next.
    expect(() => execPattern(new RegExp(endless), unfit)).toThrow(told);
    expect(execPattern(/a/u, 'a')?.[0]).toBe('a');
  });

  test('is looked for in several texts, and is a match of each by itself', () => {
    const found = firstMatch(/^r(o+)m/iu, ['A room', 'Room 1', 'Rooom 2']);
    expect(found).toEqual({ index: 1, match: /^r(o+)m/iu.exec('Room 1') });
    expect(firstMatch(/a\sb/u, ['a', 'b'])).toBeUndefined();
    expect(firstMatch(/a/u, [])).toBeUndefined();
    expect(() => firstMatch(new RegExp(endless), ['', unfit])).toThrow(told);
  });

  test('that takes for ever is an error of the expectation, and the others are looked at', async () => {
    const whole = [
      { says: { matches: endless } },
      { calls: { tool: 'look', with: { name: { $matches: endless } } } },
      { says: 'aaa' },
    ];
    const played = conversation([turn(unfit, { calls: [call('look', { name: unfit })] })]);
    const checks = await checkRun(scenario({ whole }), played);
    expect(checks.map(({ verdict, got }) => [verdict, got])).toEqual([
      ['error', told],
      ['error', told],
      ['passed', expect.stringContaining('aaa')],
    ]);
  });

  test('that takes for ever is told to whoever wrote the rules of a person', async () => {
    const rules = [{ when: { matches: endless }, say: 'Hello' }];
    const person = createPerson({ goal: 'Hello', rules }, { seed: 1 });
    await person.next(undefined);
    await expect(async () => person.next({ said: unfit, calls: [] })).rejects.toThrow(told);
  });
});
