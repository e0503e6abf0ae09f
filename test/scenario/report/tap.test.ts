import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { eventsOf } from '../../../src/scenario/report/events.js';
import { createTap, tapHeader } from '../../../src/scenario/report/tap.js';
import type { Report } from '../../../src/scenario/result.js';
import { check, nasty, report, result, run, turn } from './made.js';

function tap(given: Report): string {
  const textOf = createTap();
  return [...eventsOf(given)].map(textOf).join('');
}

/** The YAML blocks, read as YAML. */
const blocks = (text: string) =>
  [...text.matchAll(/^ {2}---\n([\s\S]*?)^ {2}\.\.\.$/gm)].map(([, block = '']) => parse(block) as unknown);
const points = (text: string) => text.split('\n').filter((line) => /^(ok|not ok)/.test(line));

describe('TAP', () => {
  const text = tap(
    report(
      [
        result('A clean booking [monday]', 'passed', { flaky: true }),
        result('Full', 'failed', { planned_runs: 2, needed_runs: 2 }),
        result('Down', 'error', { cost_usd: null }),
        result('Late', 'skipped'),
      ],
      { stopped: 'bail' },
    ),
  );

  test('has version, plan, a point for each scenario, and its end', () => {
    const lines = text.split('\n');
    expect(lines.slice(0, 2)).toEqual(['TAP version 14', '1..4']);
    expect(points(text)).toEqual([
      'ok 1 - booking.scenario.yaml › A clean booking [monday]',
      'not ok 2 - booking.scenario.yaml › Full',
      'not ok 3 - booking.scenario.yaml › Down',
      'ok 4 - booking.scenario.yaml › Late # SKIP not run',
    ]);
    expect(lines.slice(-2)).toEqual(['Bail out! bail', '']);
  });

  test('tells the rest in YAML', () => {
    expect(blocks(text)).toEqual([
      { duration_ms: 1500, flaky: true, cost_usd: '0.001' },
      {
        message: 'expected says "confirmed", got "Good morning."',
        severity: 'fail',
        at: { file: 'booking.scenario.yaml', line: 3 },
        duration_ms: 1500,
        runs: '0/2',
        cost_usd: '0.001',
        story: expect.arrayContaining(['  person  A checkup, please.', '  replay  agents replay a.jsonl']),
      },
      expect.objectContaining({ severity: 'error' }),
    ]);
  });

  test('lets no text become a line, a directive or another value', () => {
    const given = result(nasty, 'failed', {
      runs: [
        run('failed', {
          checks: [check('failed', { expected: nasty, turn: 0 })],
          turns: [turn(nasty, nasty)],
        }),
      ],
    });
    const hostile = tap(report([given], { stopped: nasty }));
    const [point = ''] = points(hostile);
    expect(points(hostile)).toHaveLength(1);
    expect(point).not.toMatch(/(?<!\\)(\\\\)*#/);
    expect(hostile.match(/^Bail out!/gm)).toHaveLength(1);
    const folded = nasty.replace(/\s+/g, ' ');
    expect(blocks(hostile)).toEqual([
      expect.objectContaining({
        message: `expected ${folded}, got "Good morning."`,
        story: expect.arrayContaining([`  person  ${folded}`]),
      }),
    ]);
  });

  test('of no scenario has a plan that says so', () => {
    expect(tapHeader(0)).toBe('TAP version 14\n1..0 # no scenarios\n');
  });
});
