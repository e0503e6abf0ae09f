import { describe, expect, test } from 'vitest';
import { readScenarios } from '../../src/scenario/read.js';
import { misshapen } from './examples.js';

const refusal = async (text: string, source = 'a.scenario.yaml') =>
  readScenarios(text, source, { file: source, folder: '/' }).then(
    () => expect.unreachable('it was read'),
    (error: unknown) => error,
  );
const refused = (message: unknown) =>
  expect.objectContaining({
    code: 'invalid_spec',
    exit: 2,
    message,
    hint: 'agents help scenarios shows what a scenario file may hold',
  });

describe('what has no form of a scenario is refused at its place', () => {
  test.each(misshapen)('%s', async (_, text, place, told) => {
    expect(await refusal(text)).toEqual(refused(`a.scenario.yaml:${place}: ${told}`));
  });
});

describe('what is no YAML is refused at its place', () => {
  test.each([
    [
      'a bracket that is open',
      'turns: [\n',
      '2:1',
      'not valid YAML: Flow sequence in block collection must be',
    ],
    ['a tab', 'turns:\n\t- user: a', '2:1', 'not valid YAML: Tabs are not allowed as indentation'],
    ['a line that is too far in', 'name: a\n turns: []', '1:7', 'not valid YAML: Nested mappings are not'],
    [
      'text with a colon',
      'turns:\n  - user: I say: hi',
      '2:11',
      'text with a colon in it must stand in quotes',
    ],
    [
      'a parameter without quotes',
      'turns:\n  - user: {{a}}',
      '2:12',
      'text that begins with {{ must stand in',
    ],
    ['a star without quotes', 'expect:\n  not_calls: *\nturns: []', '2:14', '* must stand in quotes'],
    ['a star in a list', 'expect: { not_calls: [*] }', '1:23', '* must stand in quotes'],
    ['an anchor nobody gave', 'turns: *all', '1:8', 'no anchor is called all'],
    ['an anchor in itself', 'turns: &all [*all]', '1:13', 'nested deeper than 256 levels'],
    ['nesting without end', `turns: ${'['.repeat(300)}${']'.repeat(300)}`, '1:264', 'nested deeper than 256'],
    [
      'a key that is a list',
      '? [a]\n: b',
      '1:3',
      'not valid YAML: With stringKeys, all keys must be strings',
    ],
    [
      'a second document',
      'turns: []\n---\nname: a\n',
      '3:1',
      'is a second document: put several under scenarios',
    ],
  ])('%s', async (_, text, place, told) => {
    expect(await refusal(text)).toEqual(
      refused(expect.stringContaining(`a.scenario.yaml:${place}: ${told}`)),
    );
  });

  test('nesting no parser bears', async () => {
    expect(await refusal(`turns: ${'['.repeat(3000)}`)).toEqual(
      refused(
        expect.stringMatching(/^a\.scenario\.yaml:1:\d+: not valid YAML: nested deeper than 256 levels$/),
      ),
    );
  });

  test('every key that is given twice', async () => {
    expect(await refusal('name: a\nname: b\nturns:\n  - user: a\n    "user": b')).toEqual(
      refused('a.scenario.yaml:2:1: name is given twice\n  a.scenario.yaml:5:5: user is given twice'),
    );
  });

  test('a key that is given twice, beside what is no YAML', async () => {
    expect(await refusal('name: a\nname: b\nturns:\n\t- user: a\n\t- user: b')).toEqual(
      refused(
        expect.stringMatching(/^\S+:2:1: name is given twice\n {2}\S+:4:1: not valid YAML: Tabs are [^\n]*$/),
      ),
    );
  });

  test('every anchor nobody gave', async () => {
    expect(await refusal('turns: *a\nexpect: *b')).toEqual(
      refused('a.scenario.yaml:1:8: no anchor is called a\n  a.scenario.yaml:2:9: no anchor is called b'),
    );
  });

  test('anchors that would fill the memory', async () => {
    const names = 'bcdefghi'.split('');
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'].concat(
      names.map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`)}]`),
    );
    expect(await refusal(bomb.join('\n'))).toEqual(
      refused(expect.stringContaining('holds more than 1000000 values, anchors filled in')),
    );
  });

  test.each([
    ['nothing', ''],
    ['blanks', ' \n\n'],
    ['a comment', '# later\n'],
    ['null', '---\n~\n---\n'],
  ])('%s is told to be empty', async (_, text) => {
    expect(await refusal(text)).toEqual(
      expect.objectContaining({
        code: 'invalid_spec',
        message: 'a.scenario.yaml is empty',
        hint: 'agents test init <agent> writes a first scenario',
      }),
    );
  });
});

describe('what is no JSON is refused at its place', () => {
  test.each([
    [
      'a comma too many',
      '{\n  "turns": [],\n}',
      '3:1',
      'not valid JSON: Expected double-quoted property name',
    ],
    ['a comment', '{ // one\n}', '1:3', "not valid JSON: Expected property name or '}'"],
    ['no end', '{"turns": [', '1:12', 'not valid JSON: Unexpected end of JSON input'],
    ['a key given twice', '{"name": "a", "name": "b"}', '1:15', 'name is given twice'],
    ['a fault of form', '{\n  "turns": [{ "user": "" }] }', '2:15', 'turns[0].user must not be empty'],
  ])('%s', async (_, text, place, told) => {
    expect(await refusal(text, 'a.scenario.json')).toEqual(refused(`a.scenario.json:${place}: ${told}`));
  });
});

describe('what has the form, but no sense, is refused at its place', () => {
  test.each([
    ['nobody who speaks', 'name: a\nexpect: { says: b }', '1:1', 'must hold turns, user or scenarios'],
    [
      'nobody who speaks, in one of several',
      'scenarios:\n  - name: a',
      '2:5',
      'scenarios[0] must hold turns or user',
    ],
    [
      'more to pass than to run',
      'user: { goal: a }\npass: 3\nruns: 2',
      '2:1',
      'pass must be at most 2, the value of runs, got 3',
    ],
    [
      'more to pass than the one run',
      'user: { goal: a }\npass: 3',
      '2:1',
      'pass must be at most 1, the value of runs, got 3',
    ],
    [
      'fewer runs than must pass, by what is shared',
      'pass: 3\nruns: 4\nscenarios:\n  - user: { goal: a }\n    runs: 2',
      '5:5',
      'scenarios[0].runs must be at least 3, the value of pass, got 2',
    ],
    [
      'more to pass than to run, in what is shared',
      'pass: 3\nruns: 2\nscenarios:\n  - user: { goal: a }',
      '1:1',
      'pass must be at most 2, the value of runs, got 3',
    ],
    [
      'a judge alone',
      'user: { goal: a }\nexpect:\n  judge: kind',
      '3:3',
      'expect.judge must not be the only expectation: add another',
    ],
    [
      'judges alone, of a turn and of the whole',
      'turns: [{ user: a, expect: { judge: kind } }]\nexpect: [{ judge: b }, { judge: c }]',
      '1:30',
      'turns[0].expect.judge must not be the only expectation: add another',
    ],
    [
      'a judge alone, in what is shared',
      'expect: { judge: kind }\nscenarios: [{ user: { goal: a } }]',
      '1:11',
      'expect.judge must not be the only expectation: add another',
    ],
    [
      'a range the wrong way round',
      'user: { goal: a }\nexpect: { words: { least: 5, most: 4 } }',
      '2:20',
      'expect.words.least must be at most 4, the value of most, got 5',
    ],
    [
      'a number of calls the wrong way round',
      'user: { goal: a }\nexpect: { calls: [a, { tool: b, times: { least: 2, most: 1 } }] }',
      '2:42',
      'expect.calls[1].times.least must be at most 1, the value of most, got 2',
    ],
    [
      'a part of a call',
      'user: { goal: a }\nexpect: { calls: [a, { tool: b, times: 1.5 }] }',
      '2:33',
      'expect.calls[1].times must be a whole number or an object, got 1.5',
    ],
    [
      'a bound that is a part of a call',
      'user: { goal: a }\nexpect: { calls: [a, { tool: b, times: { least: 0.5 } }] }',
      '2:42',
      'expect.calls[1].times.least must be a whole number, got 0.5',
    ],
    [
      'no regular expression',
      'turns:\n  - user: a\n    expect:\n      - says: b\n      - not_says: { matches: "(a" }',
      '5:21',
      'turns[0].expect[1].not_says.matches is no regular expression: unterminated group',
    ],
    [
      'no regular expression of characters',
      "user: { goal: a }\nexpect: { says: { matches: 'a\\-b' } }",
      '2:19',
      'expect.says.matches is no regular expression: invalid escape',
    ],
    [
      'no regular expression in arguments',
      "user: { goal: a }\nexpect: { calls: { tool: a, with: { b: [{ $not: { $matches: '*' } }] } } }",
      '2:51',
      'expect.calls.with.b[0].$not.$matches is no regular expression: nothing to repeat',
    ],
    [
      'no regular expression of a played person',
      "user: { goal: a, rules: [{ when: { matches: '[' }, done: true }] }",
      '1:36',
      'user.rules[0].when.matches is no regular expression: unterminated character class',
    ],
    [
      'nothing but blanks that a played person waits for',
      'user: { goal: a, rules: [{ when: { contains: [b, "\\u200b "] }, done: true }] }',
      '1:50',
      'user.rules[0].when.contains[1] must not be blank',
    ],
    [
      'no regular expression in what is shared',
      "expect: { says: { matches: '[' } }\nscenarios: [{ user: { goal: a } }]",
      '1:19',
      'expect.says.matches is no regular expression: unterminated character class',
    ],
    [
      'a matcher nobody knows',
      'user: { goal: a }\nexpect: { calls: { tool: a, result: { b: { $match: c } } } }',
      '2:44',
      'expect.calls.result.b.$match is no matcher (did you mean "$matches"?)',
    ],
    [
      'a matcher nobody knows, in a state',
      'user: { goal: a }\nexpect: { state: { b: { $regex: c } } }',
      '2:25',
      'expect.state.b.$regex is no matcher',
    ],
    [
      'a matcher of nothing',
      'user: { goal: a }\nexpect: { calls: { tool: a, with: { b: { $contains: [] } } } }',
      '2:42',
      'expect.calls.with.b.$contains must not be empty',
    ],
    [
      'words that cannot be seen',
      'user: { goal: a }\nexpect: { not_says: "\\u200b" }',
      '2:11',
      'expect.not_says must not be blank',
    ],
    [
      'a call that none can be',
      'user: { goal: a }\nexpect: { not_calls: { tool: a, times: 0 } }',
      '2:33',
      'expect.not_calls.times must be at least 1 here, got 0',
    ],
    [
      'a rule that neither speaks nor ends',
      'user:\n  goal: a\n  rules:\n    - when: { called: b }',
      '4:7',
      'user.rules[0] must hold say or done',
    ],
    [
      'two scenarios of one name',
      'scenarios:\n  - { name: a, user: { goal: b } }\n  - { name: a, user: { goal: b } }',
      '3:7',
      'scenarios[1].name is "a", as is that of scenarios[0]',
    ],
    [
      'two scenarios without a name',
      'scenarios:\n  - user: { goal: b }\n  - user: { goal: b }',
      '3:5',
      'scenarios[1] needs a name: scenarios[0] is "a" already',
    ],
  ])('%s', async (_, text, place, told) => {
    expect(await refusal(text)).toEqual(refused(`a.scenario.yaml:${place}: ${told}`));
  });

  test.each([
    ['a day', "says: { matches: '^{{today+1}}$' }"],
    ['a judge beside others', '{ judge: kind, words: 5 }'],
    ['a range of one', 'words: { least: 5, most: 5 }'],
    [
      'every matcher',
      'state: { a: { $matches: a, $contains: b, $any: [c], $type: string, $not: 1, $exists: true } }',
    ],
  ])('but not %s', async (_, expected) => {
    const text = `user: { goal: a }\nexpect: ${expected.startsWith('{') ? expected : `{ ${expected} }`}`;
    const cases = await readScenarios(text, 'a', { file: 'a', folder: '/' });
    expect(cases).toHaveLength(1);
  });

  test('but not a judge beside what is shared, or expected of a turn', async () => {
    const text = `
expect: { ends: properly }
scenarios:
  - { name: a, user: { goal: b }, expect: { judge: kind } }
`;
    const other = 'turns: [{ user: a, expect: { says: b } }]\nexpect: { judge: kind }';
    for (const each of [text, other])
      expect(await readScenarios(each, 'a', { file: 'a', folder: '/' })).toHaveLength(1);
  });
});

describe('parameters that are wrong', () => {
  test.each([
    [
      'one where there is no each',
      "turns: [{ user: 'Hi {{name}}', expect: { not_says: '{{ nobody }}' } }]",
      [
        '1:11: turns[0].user uses {{name}}, which is no day, and there is no each to give it',
        '1:42: turns[0].expect.not_says uses {{nobody}}, which is no day, and there is no each to give it',
      ],
    ],
    [
      'a day that is none',
      "turns: [{ user: '{{todya+1}}', expect: { not_says: ['{{today + 1}}', '{{today+x}}'] } }]",
      [
        '1:11: turns[0].user uses {{todya+1}}, which is no day, and there is no each to give it (did you mean "today+1"?)',
        '1:53: turns[0].expect.not_says[0] uses {{today + 1}}, which is no day, and there is no each to give it (did you mean "today+1"?)',
        '1:70: turns[0].expect.not_says[1] uses {{today+x}}, which is no day, and there is no each to give it (did you mean "today+1"?)',
      ],
    ],
    [
      'none of that name',
      "each: [{ name: x }, { name: y }]\nturns: [{ user: '{{nmae}}' }]",
      ['2:11: turns[0].user uses {{nmae}}, which each does not give (did you mean "name"?)'],
    ],
    [
      'none of that name in one set',
      "each: [{ name: x }, { other: y }]\nturns: [{ user: 'Hi {{name}}' }]",
      ['2:11: turns[0].user uses {{name}}, which each[1] does not give'],
    ],
    [
      'none of that name in the name of a member',
      "each: [{ where: x }]\nturns: [{ user: a, expect: { calls: { tool: t, with: { '{{b}}': 1 } } } }]",
      ['2:56: turns[0].expect.calls.with.{{b}} uses {{b}}, which each does not give'],
    ],
    [
      'none of that name in what is shared',
      "expect: { says: '{{b}}' }\nscenarios: [{ each: [{ c: x }], user: { goal: a } }]",
      ['1:11: expect.says uses {{b}}, which each does not give (did you mean "c"?)'],
    ],
    [
      'none of that name where a number is to be',
      "each: [{ long_name: 1 }]\nturns: [{ silence: '{{b}}' }]",
      ['2:11: turns[0].silence uses {{b}}, which each does not give'],
    ],
    [
      'a value that does not fit',
      "each: [{ lang: english }, { lang: en }]\nuser: { goal: a }\nexpect: { language: '{{lang}}' }",
      ['3:11: expect.language must match /^[a-z]{2}$/, got "english"'],
    ],
    [
      'values that do not fit, each its own way',
      "each: [{ n: -1 }, { n: -2 }]\nturns: [{ silence: '{{n}}' }]",
      [
        '2:11: turns[0].silence must be at least 0, got -1',
        '2:11: turns[0].silence must be at least 0, got -2',
      ],
    ],
    [
      'a value that is no regular expression',
      "each: [{ n: '(' }]\nuser: { goal: a }\nexpect: { says: { matches: 'a{{n}}' } }",
      ['3:19: expect.says.matches is no regular expression: unterminated group'],
    ],
    [
      'a value of nothing in a matcher',
      "each: [{ n: '' }]\nuser: { goal: a }\nexpect: { state: { a: { $matches: '{{n}}' }, b: { $contains: '{{n}}' } } }",
      ['3:25: expect.state.a.$matches must not be empty', '3:51: expect.state.b.$contains must not be blank'],
    ],
    ['no value', 'each: [{}]\nuser: { goal: a }', ['1:8: each[0] must not be empty']],
    [
      'the name of a day',
      'each:\n  - today: x\n    today+1: y\nuser: { goal: a }',
      [
        '2:5: each[0].today is filled in by itself: give it another name',
        '3:5: each[0].today+1 is filled in by itself: give it another name',
      ],
    ],
    [
      'a fault of all sets, once',
      'each: [{ a: 1 }, { a: 2 }]\nuser: { goal: a }\nrun: 2',
      ['3:1: run is not known (did you mean "runs"?)'],
    ],
  ])('%s', async (_, text, lines) => {
    expect(await refusal(text)).toEqual(refused(lines.map((line) => `a.scenario.yaml:${line}`).join('\n  ')));
  });
});

test('a misspelt list of scenarios is told as such', async () => {
  expect(await refusal('scenario:\n  - user: { goal: a }')).toEqual(
    refused(
      expect.stringContaining('a.scenario.yaml:1:1: scenario is not known (did you mean "scenarios"?)'),
    ),
  );
});

test('every fault is told, in the order of the file', async () => {
  const text = `
scenarios:
  - name: a
    turns:
      - user: ''
        expect: { say: b, words: { least: 2, most: 1 } }
      - usr: a
  - name: a
    runs: 0
tag: a
expect: { says: { matches: ( } }
`;
  expect(await refusal(text)).toEqual(
    refused(
      [
        '5:9: scenarios[0].turns[0].user must not be empty',
        '6:19: scenarios[0].turns[0].expect.say is not known (did you mean "says"?)',
        '6:36: scenarios[0].turns[0].expect.words.least must be at most 1, the value of most, got 2',
        '7:9: scenarios[0].turns[1] must hold user, audio, dtmf or silence (did you mean "user"?)',
        '8:5: scenarios[1] must hold turns or user',
        '8:5: scenarios[1].name is "a", as is that of scenarios[0]',
        '9:5: scenarios[1].runs must be at least 1, got 0',
        '10:1: tag is not known (did you mean "tags"?)',
        '11:19: expect.says.matches is no regular expression: unterminated group',
      ]
        .map((line) => `a.scenario.yaml:${line}`)
        .join('\n  '),
    ),
  );
});
