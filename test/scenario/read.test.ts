import { describe, expect, test } from 'vitest';
import { readScenarios } from '../../src/scenario/read.js';
import type { Case } from '../../src/scenario/scenario.js';
import { good } from './examples.js';

const home = { file: 'tests/booking.scenario.yaml', folder: '/project/tests' };
const read = (text: string, file = home.file) => readScenarios(text, file, { ...home, file });
const one = async (text: string): Promise<Case> => {
  const cases = await read(text);
  expect(cases).toHaveLength(1);
  return cases[0] as Case;
};

describe('a scenario', () => {
  test('that says little is run with the defaults', async () => {
    expect(await one('turns: [{ user: Hello }]')).toEqual({
      id: 'tests/booking.scenario.yaml › booking',
      name: 'booking',
      parameters: '',
      ...home,
      place: { line: 1, column: 1 },
      tags: [],
      agent: undefined,
      override: {},
      stored: false,
      tools: undefined,
      local: { faults: [] },
      timeoutMs: 120_000,
      runs: 1,
      pass: 1,
      retries: 0,
      setup: [],
      teardown: [],
      endsOn: ['end_call'],
      turns: [{ kind: 'user', text: 'Hello', place: { line: 1, column: 9 }, expect: [] }],
      user: undefined,
      expect: [],
    });
  });

  test('may say everything', async () => {
    const { expect: whole, turns, ...rest } = await one(good['everything a scenario may hold'] as string);
    expect(rest).toMatchObject({
      id: 'tests/booking.scenario.yaml › A clean booking',
      name: 'A clean booking',
      place: { line: 2, column: 1 },
      tags: ['smoke', 'v1.2', 'a-b'],
      agent: 'clinic.json',
      override: { model: 'm', voice: 'v', instructions: 'Be brief.', today: '2026-03-02' },
      stored: true,
      tools: {
        file: 'template:clinic',
        state: { slots: null, free: { monday: [1, 2] } },
        answers: { book: [{ return: { id: '{{today+1}}' } }], other: { error: 'down' } },
        fail: { find: 'the line is down' },
        slow: { book: 1500.5 },
      },
      local: { script: 'clinic.yaml', faults: ['drop@2', 'slow'] },
      timeoutMs: 500,
      runs: 10,
      pass: 8,
      retries: 2,
      setup: [['docker', 'ps', '--format', '{{.Names}}']],
      teardown: [
        ['rm', 'a'],
        ['rm', 'b'],
      ],
      endsOn: ['end_call', 'transfer'],
      user: { goal: 'to book a check-up', most: 5 },
    });
    expect(turns.map(({ expect: _, place: __, ...turn }) => turn)).toEqual([
      { kind: 'user', text: 'I would like a booking', interrupt: { after: 'Certainly' } },
      { kind: 'audio', file: 'request.wav', interrupt: { after_ms: 200 } },
      { kind: 'dtmf', keys: '12#' },
      { kind: 'silence', seconds: 2.5 },
    ]);
    expect(turns.map((turn) => turn.place.line)).toEqual([23, 30, 32, 34]);
    expect(turns.map((turn) => turn.expect.map(({ kind }) => kind))).toEqual([
      ['says', 'not_says', 'calls', 'questions'],
      [],
      ['says', 'says', 'words'],
      ['silence'],
    ]);
    expect(whole).toHaveLength(16);
  });

  test('is named after its file', async () => {
    const named = async (file: string) =>
      (await readScenarios('turns: [{ user: a }]', file, { ...home, file }))[0]?.name;
    expect(await named('booking.scenario.yaml')).toBe('booking');
    expect(await named('a\\b.scenario.yml')).toBe('b');
    expect(await named('/x/plain.yaml')).toBe('plain');
    expect(await named('stdin')).toBe('stdin');
  });

  test('may be JSON, with the places of its parts', async () => {
    const text =
      '{\n\t"name": "A",\n\t"turns": [\n\t\t{ "user": "\\ud83d\\ude00", "expect": { "says": "b" } }\n\t]\n}';
    const [scenario] = await read(text, 'a.scenario.json');
    expect(scenario?.turns[0]).toEqual({
      kind: 'user',
      text: '😀',
      place: { line: 4, column: 3 },
      expect: [{ kind: 'says', value: 'b', place: { line: 4, column: 41 } }],
    });
  });

  test('keeps long numbers, dates and what is no number', async () => {
    const text =
      'turns: [{ user: no }]\nexpect: { state: { a: 12345678901234567890, b: 2026-03-02, c: 007, d: -0 } }';
    expect((await one(text)).expect[0]?.value).toEqual({
      a: 12345678901234567890n,
      b: '2026-03-02',
      c: 7,
      d: 0,
    });
    expect((await one(text)).turns[0]).toMatchObject({ text: 'no' });
  });

  test('may use anchors, many times over', async () => {
    const turns = '  - { user: a, expect: *polite }\n'.repeat(500);
    const { turns: read } = await one(
      `turns:\n  - { user: a, expect: &polite { not_says: damn } }\n${turns}`,
    );
    expect(read).toHaveLength(501);
    // Where it is written, not where it is used.
    expect(new Set(read.map((turn) => turn.expect[0]?.place.line))).toEqual(new Set([2]));
  });

  test('may give an anchor anew: the last one before counts', async () => {
    const { turns } = await one('turns:\n  - user: &a one\n  - user: *a\n  - user: &a two\n  - user: *a');
    expect(turns.map((turn) => (turn as { text: string }).text)).toEqual(['one', 'one', 'two', 'two']);
  });

  test('may have members of any name in what it compares', async () => {
    const [expectation] = (await one('turns: [{ user: a }]\nexpect: { state: { __proto__: { a: 1 } } }'))
      .expect;
    expect(Object.keys(expectation?.value as object)).toEqual(['__proto__']);
  });
});

describe('expectations', () => {
  const kinds = async (expected: string) =>
    (await one(`turns: [{ user: a }]\nexpect:\n${expected}`)).expect.map(({ kind, value, place }) => [
      kind,
      value,
      `${place.line}:${place.column}`,
    ]);

  test('of several kinds are as many, in order', async () => {
    expect(await kinds('  words: 5\n  says: a\n  ends: properly')).toEqual([
      ['words', 5, '3:3'],
      ['says', 'a', '4:3'],
      ['ends', 'properly', '5:3'],
    ]);
  });

  test('of a list follow each other', async () => {
    expect(await kinds('  - says: a\n    words: 5\n  - says: b')).toEqual([
      ['says', 'a', '3:5'],
      ['words', 5, '4:5'],
      ['says', 'b', '5:5'],
    ]);
  });
});

describe('several scenarios', () => {
  const file = `
agent: clinic.json
override: { voice: v, today: '2026-03-02' }
tools: shared.yaml
tags: [clinic, all]
runs: 4
expect: { ends: properly }
scenarios:
  - name: First
    turns: [{ user: a }]
  - name: Second
    agent: other.json
    override: { voice: w }
    tools: { fail: { find: down } }
    tags: [all, own]
    pass: 3
    expect:
      - says: a
    turns: [{ user: a }]
`;

  test('have what stands beside them, but for what they say themselves', async () => {
    const [first, second] = await read(file);
    expect(first).toMatchObject({
      id: 'tests/booking.scenario.yaml › First',
      place: { line: 9, column: 5 },
      agent: 'clinic.json',
      override: { voice: 'v', today: '2026-03-02' },
      tools: { file: 'shared.yaml', fail: {}, slow: {} },
      runs: 4,
      pass: 4,
    });
    expect(second).toMatchObject({
      id: 'tests/booking.scenario.yaml › Second',
      agent: 'other.json',
      tools: { fail: { find: 'down' } },
      runs: 4,
      pass: 3,
    });
    expect(second?.override).toEqual({ voice: 'w', today: '2026-03-02' });
    expect(second?.tools).toMatchObject({ file: 'shared.yaml' });
  });

  test('join expectations and tags, what is shared first', async () => {
    const [first, second] = await read(file);
    expect([first?.tags, second?.tags]).toEqual([
      ['clinic', 'all'],
      ['clinic', 'all', 'own'],
    ]);
    expect(first?.expect).toEqual([{ kind: 'ends', value: 'properly', place: { line: 7, column: 11 } }]);
    expect(second?.expect).toEqual([
      { kind: 'ends', value: 'properly', place: { line: 7, column: 11 } },
      { kind: 'says', value: 'a', place: { line: 18, column: 9 } },
    ]);
  });
});

describe('parameters', () => {
  const shown = async (text: string) => (await read(text)).map(({ id, parameters }) => [id, parameters]);

  test('make a case for each set, with what they say filled in', async () => {
    const cases = await read(good['parameters that are not text'] as string);
    expect(cases.map(({ id }) => id)).toEqual([
      'tests/booking.scenario.yaml › Keys 12 [12, 2, 2026-03-02, 3, en, true]',
      'tests/booking.scenario.yaml › Keys # [#, 0.5, 2026-03-03, 4, es, false]',
    ]);
    expect(cases[0]).toMatchObject({ name: 'Keys 12', override: { today: '2026-03-02' }, stored: true });
    expect(cases[1]).toMatchObject({ name: 'Keys #', override: { today: '2026-03-03' }, stored: false });
    expect(cases[0]?.turns).toMatchObject([{ keys: '12' }, { seconds: 2 }]);
    expect(cases[0]?.turns[0]?.expect.map(({ kind, value }) => [kind, value])).toEqual([
      ['language', 'en'],
      ['words', { most: 3 }],
      ['calls', { tool: 'press_12', with: { en: 2 } }],
    ]);
  });

  test('stand in what the file shares, too', async () => {
    const [asked, not] = await read(`
expect: { says: '{{word}}' }
scenarios:
  - { name: a, each: [{ word: hello }], turns: [{ user: a }] }
  - { name: b, each: [{ word: bye }], turns: [{ user: a }] }
`);
    expect(asked?.expect).toEqual([{ kind: 'says', value: 'hello', place: { line: 2, column: 11 } }]);
    expect(not?.expect).toEqual([{ kind: 'says', value: 'bye', place: { line: 2, column: 11 } }]);
  });

  test('complete what the file shares where that is nothing without them', async () => {
    const cases = await read(`
override: { today: '{{day}}' }
scenarios: [{ each: [{ day: '2026-03-02' }], user: { goal: a } }]
`);
    expect(cases[0]?.override).toEqual({ today: '2026-03-02' });
  });

  test('leave days, and templates of canned answers, as they are', async () => {
    const [scenario] = await read(`
each: [{ a: x }]
tools: { answers: { book: { return: '{{time}} {{ a }}, {{state.days[date]}}' } } }
turns: [{ user: '{{today}} {{today+1}} {{ today-1 }} {{a}}' }]
`);
    expect(scenario?.turns[0]).toMatchObject({ text: '{{today}} {{today+1}} {{ today-1 }} x' });
    expect(scenario?.tools?.answers).toEqual({ book: { return: '{{time}} x, {{state.days[date]}}' } });
  });

  test('are not looked for in canned answers and programs where there are none', async () => {
    const programs = "setup: [[docker, inspect, -f, '{{json}}']]\nteardown: [echo, '{{a}}']";
    const answers = "tools: { answers: { book: { return: '{{time}}' } } }";
    const scenario = await one(`${programs}\n${answers}\nturns: [{ user: '{{ today }}' }]`);
    expect(scenario.setup).toEqual([['docker', 'inspect', '-f', '{{json}}']]);
    expect(scenario.tools?.answers).toEqual({ book: { return: '{{time}}' } });
  });

  test.each([
    ['alike', '[{ a: x }, { a: x }, { a: x }]', ['[x]', '[x] #2', '[x] #3'], 'x'],
    ['of several lines', '[{ a: "x\\n  y" }]', ['[x y]'], 'x y'],
    ['that are long', `[{ a: ${'x'.repeat(60)} }]`, [`[${'x'.repeat(39)}…]`], `${'x'.repeat(39)}…`],
  ])('%s give ids of their own', async (_, each, endings, parameters) => {
    const all = await shown(`name: n\neach: ${each}\nturns: [{ user: a }]`);
    expect(all).toEqual(endings.map((ending) => [`tests/booking.scenario.yaml › n ${ending}`, parameters]));
  });
});

test('a thousand scenarios are read with every place', async () => {
  const entry = (at: number) => `
  - name: Scenario ${at}
    turns:
      - user: Hello
        expect: { says: hello, calls: [{ tool: a, with: { at: ${at} } }] }
`;
  const cases = await read(`scenarios:${Array.from({ length: 1000 }, (_, at) => entry(at)).join('')}`);
  expect(cases).toHaveLength(1000);
  const places = cases.map(({ turns }) => turns[0]?.expect[1]?.place);
  expect(places).toEqual(cases.map((_, at) => ({ line: 5 + at * 5, column: 32 })));
});
