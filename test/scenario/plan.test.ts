import { expect, test } from 'vitest';
import { planOf } from '../../src/scenario/plan.js';

const plan = (...ids: string[]) => planOf(ids.map((id) => ({ id })));

test('a plan is the same for the same scenarios alone', () => {
  expect(plan('a')).toMatch(/^1 scenario, [0-9a-f]{8}$/);
  expect(plan('b', 'a')).toBe(plan('a', 'b'));
  expect(plan('a', 'b')).toMatch(/^2 scenarios, /);
  const others = [plan('a', 'b'), plan('a', 'c'), plan('a b'), plan('a,b'), plan('a"', 'b'), plan()];
  expect(new Set(others).size).toBe(others.length);
});
