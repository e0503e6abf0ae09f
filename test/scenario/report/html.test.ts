// The page as text: that it is whole, that it loads nothing, that no word of a server does anything in it, and that it
// holds what the report holds. How it looks and works is for report-browser.test.ts.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { html, verdictText } from '../../../src/scenario/report/html.js';
import type { CaseResult, Report, Totals } from '../../../src/scenario/result.js';
import {
  aCase,
  aReport,
  aRun,
  conversation,
  failedCheck,
  largeReport,
  passedCheck,
  sampleReport,
} from '../../support/reports.js';
import { elements, faults, tagsOf } from './page.js';

const assets = { css: 'body{color:red}', script: 'let a=1<2&&3>2' };
const pageOf = (report: Report) => html(report, assets);
const sample = sampleReport();
const page = pageOf(sample);
const classed = (name: string, part: string, of = page) =>
  elements(of, name).filter((tag) => tag.attributes.get('class')?.split(' ').includes(part));

describe('the page', () => {
  test.each<[string, Report]>([
    ['some of everything', sample],
    ['nothing', aReport([])],
    ['a run without a turn', aReport([aCase({ name: 'a', runs: [aRun()] })])],
    ['a hundred and one scenarios', largeReport(101)],
    [
      'all at one moment',
      aReport([
        aCase({
          name: '',
          runs: [aRun({ ...conversation([{ answer: '' }], { aloud: false }), ms: 0, sound: [] })],
        }),
      ]),
    ],
  ])('is whole: %s', (_, report) => {
    expect(faults(pageOf(report))).toEqual([]);
    expect(pageOf(report)).not.toMatch(/undefined|NaN|Infinity|\[object/);
  });

  test('loads nothing', () => {
    const loading = [
      'src',
      'href',
      'srcset',
      'poster',
      'action',
      'data',
      'background',
      'xlink:href',
      'style',
    ];
    const addresses = tagsOf(page).flatMap(({ attributes }) =>
      loading.flatMap((name) => attributes.get(name) ?? []),
    );
    expect(addresses.length).toBeGreaterThan(50);
    expect(addresses.filter((address) => !/^(#|data:)/.test(address))).toEqual([]);
  });

  test('says which style and script it allows, and nothing else', () => {
    const policy = elements(page, 'meta')
      .find((tag) => tag.attributes.has('http-equiv'))
      ?.attributes.get('content');
    const hash = (text: string) => `&#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`;
    expect(policy).toBe(
      `default-src &#39;none&#39;; style-src ${hash(assets.css)}; script-src ${hash(assets.script)}; img-src data:; media-src data:; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    );
    expect(page).toContain(`<script>${assets.script}</script>`);
    expect(page).toContain(`<style>${assets.css}</style>`);
    expect([elements(page, 'script').length, elements(page, 'style').length]).toEqual([1, 1]);
  });

  test('has no attribute that acts, and no sign that is not seen', () => {
    const names = new Set(tagsOf(page).flatMap(({ attributes }) => [...attributes.keys()]));
    expect([...names].filter((name) => /^on|^style$/.test(name))).toEqual([]);
    expect(
      page.match(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/),
    ).toBeNull();
  });

  test('each address is one place, and each link has one', () => {
    const ids = tagsOf(page).flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(ids.length).toBe(new Set(ids).size);
    const links = tagsOf(page).flatMap(({ attributes }) => attributes.get('href') ?? []);
    const inside = links.filter((link) => link.startsWith('#')).map((link) => link.slice(1));
    expect(inside.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('what it holds', () => {
  test('a scenario and a cell for each result, a mark for each run', () => {
    expect(classed('details', 'scenario').length).toBe(sample.results.length);
    expect(classed('a', 'cell').length).toBe(sample.results.length);
    const marks = sample.results.reduce((sum, each) => sum + Math.max(each.planned_runs, 1), 0);
    const legend = 5;
    expect(classed('g', 'cell-mark').length + classed('svg', 'cell-mark').length).toBe(marks + legend);
  });

  test('what did not pass stands open, the rest is closed', () => {
    const open = classed('details', 'scenario').filter((tag) => tag.attributes.has('open'));
    expect(open.map((tag) => tag.attributes.get('data-verdict'))).toEqual([
      'failed',
      'error',
      'error',
      'failed',
    ]);
  });

  test('every run with turns has a picture, every one with sound can be heard', () => {
    const runs = sample.results.flatMap((result) => result.runs);
    expect(classed('svg', 'picture').length).toBe(runs.filter(({ turns }) => turns.length > 0).length);
    const audio = elements(page, 'audio');
    expect(audio.length).toBe(runs.filter(({ sound }) => sound !== undefined).length);
    expect(audio.every((tag) => tag.attributes.get('preload') === 'none')).toBe(true);
  });

  test('every expectation, what was not met first', () => {
    const checks = sample.results.flatMap((result) => [
      ...result.checks,
      ...result.runs.flatMap((run) => run.checks),
    ]);
    const table = [...page.matchAll(/<table class="checks">[\s\S]*?<\/table>/g)].map(([each]) => each);
    const rows = table.map((each) => [...each.matchAll(/<tr class="(\w+)">/g)].map(([, verdict]) => verdict));
    expect(rows.flat().length).toBe(checks.length);
    const order = ['failed', 'error', 'passed'];
    const sorted = rows.map((each) =>
      [...each].sort((a = '', b = '') => order.indexOf(a) - order.indexOf(b)),
    );
    expect(rows).toEqual(sorted);
  });

  test.each([
    'does not say &quot;booked&quot;',
    'clinic.scenario.yaml:33',
    'the calendar does not answer',
    '&quot;confirmation&quot;: &quot;C-2041&quot;',
    'agents replay .agents/test/clean-booking-1.jsonl',
    'the service closed the line while the session was set up (1013)',
    'try again later, or run offline: add --local',
    'the judge answered without a score',
    'the agent ended it',
    'interrupted',
    '2026-03-02 09:14 UTC',
    'agents/0.1.0 node/20.19.0',
    '4711',
    'the money was spent (--max-cost)',
    'نعم، كيف يمكنني مساعدتك؟',
    '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;',
    '␛[31m &amp; [U+202E]back to front',
  ])('%s', (text) => {
    expect(page).toContain(text);
  });

  test('what was not run says how far it came', () => {
    const skipped = (runs: CaseResult['runs']) =>
      html(aReport([aCase({ name: 'A', verdict: 'skipped', runs })]), assets);
    expect(skipped([])).toContain('the run was over before it was its turn');
    expect(skipped([aRun({ verdict: 'failed' })])).toContain('the run was over before all of it was played');
  });

  test('a part says which', () => {
    expect(pageOf(aReport([], { shard: '2/4' }))).toContain('<dt>Part</dt><dd>2/4</dd>');
  });

  test('numbers that JSON cannot hold come as they were', () => {
    const exchange = {
      said: 'x',
      answer: 'y',
      calls: [
        { name: 'f', arguments: { id: 12345678901234567890n }, output: '{"id":12345678901234567890}', ms: 1 },
      ],
    };
    const report = aReport([aCase({ name: 'a', runs: [aRun(conversation([exchange], { aloud: false }))] })]);
    expect(pageOf(report).match(/12345678901234567890/g)).toHaveLength(3);
  });
});

describe('addresses', () => {
  const address = (results: CaseResult[], at = 0) =>
    classed('details', 'scenario', pageOf(aReport(results)))[at]?.attributes.get('id');
  const one = aCase({ name: 'A clean booking' });

  test('are the same wherever a scenario stands, and however it went', () => {
    const other = aCase({ name: 'Another' });
    const failed = { ...one, verdict: 'failed' as const };
    expect(address([one])).toMatch(/^a-clean-booking-[0-9a-f]{6}$/);
    expect(address([other, failed], 1)).toBe(address([one]));
  });

  test('differ by parameters, and where two are the same by a number', () => {
    const monday = aCase({ name: 'A clean booking', parameters: 'monday' });
    expect(address([one, monday], 1)).not.toBe(address([one]));
    expect(address([one, one], 1)).toBe(`${address([one])}-2`);
  });

  test('of a name without letters of ours', () => {
    expect(address([aCase({ name: '予約' })])).toMatch(/^scenario-[0-9a-f]{6}$/);
  });
});

describe('the outcome in words', () => {
  const totals = (given: Partial<Totals>): { totals: Totals } => ({
    totals: {
      scenarios: 0,
      passed: 0,
      failed: 0,
      errors: 0,
      skipped: 0,
      flaky: 0,
      ms: 0,
      cost_usd: '0',
      ...given,
    },
  });
  test.each<[Partial<Totals>, string]>([
    [{}, 'No scenario was run'],
    [{ scenarios: 1, passed: 1 }, 'The scenario passed'],
    [{ scenarios: 3, passed: 3 }, 'All 3 scenarios passed'],
    [{ scenarios: 1, failed: 1 }, 'The scenario failed'],
    [{ scenarios: 9, passed: 4, failed: 2, errors: 2, skipped: 1 }, '2 of 9 scenarios failed'],
    [{ scenarios: 9, passed: 7, errors: 1, skipped: 1 }, '1 of 9 scenarios could not run'],
    [{ scenarios: 9, passed: 8, skipped: 1 }, '1 of 9 scenarios was not run'],
    [{ scenarios: 9, passed: 7, skipped: 2 }, '2 of 9 scenarios were not run'],
  ])('%j: %s', (given, words) => {
    expect(verdictText(totals(given))).toBe(words);
  });

  test('the rest is said under it', () => {
    expect(page).toContain(
      '<p class="rest">9 passed (1 not at the first attempt), 2 could not run, 2 not run</p>',
    );
  });
});

describe('cells', () => {
  const labelsOf = (result: CaseResult) =>
    classed('a', 'cell', pageOf(aReport([result]))).map((tag) => tag.attributes.get('aria-label'));
  const marksOf = (result: CaseResult) => {
    const [cell = ''] = /<a class="cell[\s\S]*?<\/a>/.exec(pageOf(aReport([result]))) ?? [];
    return [...cell.matchAll(/href="#i-(\w+)"/g)].map(([, mark]) => mark);
  };
  const run = (given: object) => aRun({ ms: 1000, ...given });

  test.each<[string, Partial<CaseResult>, string[], string]>([
    ['one run', { runs: [run({})] }, ['passed'], 'a: passed, 1.0 s'],
    ['never run', { verdict: 'skipped' }, ['skipped'], 'a: not run'],
    [
      'some runs left out',
      { verdict: 'failed', runs: [run({ verdict: 'failed' })], planned_runs: 3 },
      ['failed', 'skipped', 'skipped'],
      'a: failed, 0 of 3 runs passed, 1.0 s',
    ],
    [
      'the last attempt counts',
      { flaky: true, parameters: 'x', runs: [run({ verdict: 'failed' }), run({ attempt: 2 })] },
      ['again'],
      'a [x]: passed, not at the first attempt, 2.0 s',
    ],
    [
      'could not run',
      { verdict: 'error', runs: [run({ verdict: 'error' })] },
      ['error'],
      'a: could not run, 1.0 s',
    ],
  ])('%s', (_, given, marks, label) => {
    const result = aCase({ name: 'a', ...given });
    expect(marksOf(result)).toEqual(marks);
    expect(labelsOf(result)).toEqual([label]);
  });
});

describe('latency', () => {
  const latencyOf = (runs: number) => {
    const times = Array.from({ length: runs }, (_, index) =>
      aRun({
        ...conversation([{ said: 'x', answer: 'y', firstMs: 20 * (index + 1) }], { aloud: false }),
        sound: undefined,
      }),
    );
    const text = pageOf(aReport([aCase({ name: 'a', runs: times })]));
    const [section = ''] = /<section class="latency"[\s\S]*?<\/section>/.exec(text) ?? [];
    return { section, words: [...section.matchAll(/<td>([^<]+)<\/td>/g)].map(([, each]) => each) };
  };

  test('each turn is a dot; the table says the same in numbers', () => {
    const { section, words } = latencyOf(20);
    // One exchange begins 40 ms after it was asked, and text takes a twentieth of the time.
    expect(words.slice(0, 4)).toEqual(['50 ms', '59 ms', '60 ms', '20 turns']);
    expect(section.match(/<circle/g)).toHaveLength(40);
  });

  test('of many turns a hundredth each', () => {
    expect(latencyOf(250).section.match(/<circle/g)).toHaveLength(200);
  });

  test('without an answer there is nothing to show', () => {
    expect(pageOf(aReport([aCase({ name: 'a', runs: [aRun()] })]))).not.toContain('class="latency"');
  });
});

describe('a long report', () => {
  const large = largeReport(400);
  const text = pageOf(large);

  test('holds only so much sound, and says what it left out', () => {
    expect(elements(text, 'audio').length).toBeGreaterThan(60);
    expect(text.length).toBeLessThan(35_000_000);
    const heard = elements(text, 'audio').length;
    expect(text).toContain(`The sound of ${400 - heard} runs was left out`);
    expect(text.match(/The sound of this run was left out/g)).toHaveLength(400 - heard);
  });

  test('opens the first of what did not pass; what is closed sleeps until it is opened', () => {
    const scenarios = classed('details', 'scenario', text);
    expect(scenarios.filter((tag) => tag.attributes.has('open')).length).toBe(30);
    expect(elements(text, 'noscript').length).toBe(scenarios.length - 30);
  });

  test('tells only so many runs in full, first those that did not pass', () => {
    const exchange = conversation([{ said: 'x', answer: 'y' }], { aloud: false });
    const runs = Array.from({ length: 1600 }, (_, index) =>
      aRun({
        ...exchange,
        run: index + 1,
        verdict: index === 1599 ? 'failed' : 'passed',
        checks: [index === 1599 ? failedCheck('last', 'no', 1) : passedCheck('x', 'y', 1)],
      }),
    );
    const long = pageOf(aReport([aCase({ name: 'a', runs, planned_runs: 1600 })]));
    expect(classed('svg', 'picture', long).length).toBe(1500);
    expect(long).toContain('<bdi>last</bdi>');
    expect(long.match(/Told in short/g)).toHaveLength(100);
  });
});
