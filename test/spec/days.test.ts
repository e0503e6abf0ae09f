import { expect, test } from 'vitest';
import { dayNamed, filledDays } from '../../src/spec/days.js';

const now = new Date(2026, 1, 27, 23, 30).getTime();

test.each([
  ['today', '2026-02-27'],
  ['today+2', '2026-03-01'],
  ['today-58', '2025-12-31'],
  ['tomorrow', undefined],
  ['today+', undefined],
  ['today+12345', undefined],
])('%s is %s', (name, date) => {
  expect(dayNamed(name, now)).toBe(date);
});

test('days are filled in wherever they stand, other braces stay', () => {
  const value = { 'at {{today}}': ['{{ today+1 }} {{today-1}}', '{{name}} {today} {{today+x}}', 3, null] };
  expect(filledDays(value, now)).toEqual({
    'at 2026-02-27': ['2026-02-28 2026-02-26', '{{name}} {today} {{today+x}}', 3, null],
  });
});
