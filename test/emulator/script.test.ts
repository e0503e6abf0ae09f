// A script decides what is said; what no rule of it fits is left to others.

import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createMaker, wordsOf } from '../../src/emulator/local.js';
import type { Heard, Part, ReplyMaker } from '../../src/emulator/reply.js';
import { createScript } from '../../src/emulator/script.js';
import { today } from '../support/local-api.js';
import { refusal } from './support.js';

const fallback: ReplyMaker = { reply: () => [{ say: 'left to the rules' }] };
const otherwise: Part[] = [{ say: 'left to the rules' }];

function reply(rules: object[], members: Partial<Heard> = {}): Part[] {
  const heard: Heard = {
    instructions: '',
    agentName: undefined,
    tools: [],
    turn: 1,
    said: 'Hi',
    results: [],
    history: [],
    ...members,
  };
  return [...(createScript({ rules }, fallback, today).reply(heard) as Iterable<Part>)];
}

const say = (words: string): Part => ({ say: words });
const yes = [say('yes')];
const result = (output: string, name = 'lookup') => ({ results: [{ name, output }] });

describe('a rule', () => {
  test('whose pattern takes for ever says so', () => {
    const rules = [{ when: { matches: '(a+)+$' }, say: 'yes' }];
    expect(() => reply(rules, { said: `${'a'.repeat(60)}!` })).toThrow('takes longer than a second');
  });

  test.each<[string, object | undefined, Partial<Heard>, Part[]]>([
    ['without a condition fits any words', undefined, { said: 'anything' }, yes],
    ['with an empty condition fits any words', {}, { said: '' }, yes],
    ['without a condition does not fit a result', undefined, result('x'), otherwise],
    ['fits words that contain its text', { contains: 'refund' }, { said: 'I want a REFUND now' }, yes],
    ['does not fit words without its text', { contains: 'refund' }, { said: 'I want a return' }, otherwise],
    ['takes its text as it stands', { contains: 'a.c' }, { said: 'abc' }, otherwise],
    ['fits words that match its pattern', { matches: '^order \\w+$' }, { said: 'Order 66' }, yes],
    [
      'does not fit words beside its pattern',
      { matches: '^order \\w+$' },
      { said: 'an order 66' },
      otherwise,
    ],
    ['knows Unicode in its pattern', { matches: '^\\p{Lu}\\p{Ll}+$' }, { said: 'Ключ' }, yes],
    ['fits its turn', { turn: 2 }, { turn: 2 }, yes],
    ['does not fit another turn', { turn: 2 }, { turn: 3 }, otherwise],
    ['fits the silence it names', { silence: 'idle' }, { silence: 'idle', said: '' }, yes],
    ['does not fit another silence', { silence: 'idle' }, { silence: 'unclear', said: '' }, otherwise],
    ['does not fit words when it waits for silence', { silence: 'unclear' }, {}, otherwise],
    ['fits a turn whose words are unclear', { turn: 1 }, { silence: 'unclear', said: '' }, yes],
    ["does not fit when it is nobody's turn", { turn: 1 }, { silence: 'idle', said: '' }, otherwise],
    ['fits the result of its tool', { tool_result: 'lookup' }, result('x'), yes],
    ['does not fit the result of another tool', { tool_result: 'lookup' }, result('x', 'other'), otherwise],
    ['does not fit words when it waits for a result', { tool_result: 'lookup' }, {}, otherwise],
    [
      'looks for its text in the result',
      { tool_result: 'lookup', contains: 'shipped' },
      { ...result('{"status":"shipped"}'), said: 'nothing of the kind' },
      yes,
    ],
    [
      'does not look for its text in the words when there is a result',
      { tool_result: 'lookup', contains: 'Hi' },
      result('x'),
      otherwise,
    ],
    ['matches its pattern with the result', { tool_result: 'lookup', matches: '^\\d+$' }, result('12'), yes],
    ['must fit in every way', { contains: 'a', matches: '^b', turn: 1 }, { said: 'ba' }, yes],
    ['must not fail in any way', { contains: 'a', matches: '^b', turn: 2 }, { said: 'ba' }, otherwise],
    [
      'finds the result of its tool among several',
      { tool_result: 'two', contains: 'b' },
      {
        results: [
          { name: 'one', output: 'a' },
          { name: 'two', output: 'b' },
        ],
      },
      yes,
    ],
  ])('%s', (_what, when, heard, parts) => {
    expect(reply([{ ...(when && { when }), say: 'yes' }], heard)).toEqual(parts);
  });

  test('is the first that fits', () => {
    const rules = [
      { when: { contains: 'refund' }, say: 'one' },
      { when: { contains: 'a refund' }, say: 'two' },
      { say: 'three' },
    ];
    const said = (words: string) => reply(rules, { said: words });
    expect([said('a refund'), said('a return')]).toEqual([[say('one')], [say('three')]]);
  });

  test('is not remembered from one answer to the next', () => {
    const script = createScript({ rules: [{ when: { matches: 'a' }, say: 'yes' }] }, fallback, today);
    const nothing = { instructions: '', agentName: undefined, tools: [], results: [], history: [] };
    const heard = { ...nothing, turn: 1, said: 'a' };
    expect([script.reply(heard), script.reply(heard), script.reply(heard)]).toEqual([yes, yes, yes]);
  });
});

describe('an answer', () => {
  const order = { matches: 'order (ORD-(\\d+))(x)?' };
  const said = 'Where is order ORD-42?';

  test.each<[string, object, Part[]]>([
    ['is words', { say: 'Hello' }, [say('Hello')]],
    ['is several words', { say: ['Hello', 'there'] }, [say('Hello'), say('there')]],
    ['is a call', { call: { name: 'f' } }, [{ call: { name: 'f', arguments: {} } }]],
    [
      'is several calls',
      { call: [{ name: 'f' }, { name: 'g', arguments: { x: 1 } }] },
      [{ call: { name: 'f', arguments: {} } }, { call: { name: 'g', arguments: { x: 1 } } }],
    ],
    [
      'is words and then calls',
      { call: { name: 'f' }, say: 'One moment.' },
      [say('One moment.'), { call: { name: 'f', arguments: {} } }],
    ],
    ['has no words where they are empty', { say: ['', ' ', 'Hi'] }, [say('Hi')]],
    ['has the groups of its pattern', { say: '$1, $2' }, [say('ORD-42, 42')]],
    ['has nothing for a group that is not there', { say: '[$3][$4]' }, [say('[][]')]],
    ['has all that its pattern fits', { say: '$0' }, [say('order ORD-42')]],
    ['has what was said', { say: 'You said $said' }, [say(`You said ${said}`)]],
    [
      'has them in arguments of any depth, and other values as they are',
      { call: { name: 'f', arguments: { id: '$1', n: 5, list: ['$2', { said: '$said' }, null] } } },
      [{ call: { name: 'f', arguments: { id: 'ORD-42', n: 5, list: ['42', { said }, null] } } }],
    ],
    ['keeps other dollars', { say: 'That is $x, $, $$' }, [say('That is $x, $, $$')]],
  ])('%s', (_what, answer, parts) => {
    expect(reply([{ when: order, ...answer }], { said })).toEqual(parts);
  });

  test('does not read what was captured as a script', () => {
    const rules = [{ when: { matches: '^(.*)$' }, say: '$1 and $said' }];
    expect(reply(rules, { said: '$said $1' })).toEqual([say('$said $1 and $said $1')]);
  });

  test('has the results of tools', () => {
    const rules = [{ when: { tool_result: 'b' }, say: 'It says: $result' }];
    const results = [
      { name: 'a', output: '{"x":1}' },
      { name: 'b', output: 'text' },
    ];
    expect(reply(rules, { results })).toEqual([say('It says: {"x":1} text')]);
  });
});

const nothingSaid: Heard = {
  instructions: '',
  agentName: undefined,
  tools: [],
  turn: 1,
  said: '',
  results: [],
  history: [],
};

describe('days and earlier calls in an answer', () => {
  test.each<[string, string, string]>([
    ['today', '$today', '2026-07-01'],
    ['days from it', '$today+1 and $today+31, not $today-1.', '2026-07-02 and 2026-08-01, not 2026-06-30.'],
    ['the day that is named', '$date', '2026-07-06'],
  ])('%s', (_what, words, text) => {
    expect(reply([{ say: words }], { said: 'On July 6th, please' })).toEqual([say(text)]);
  });

  test('no day where none is named', () => {
    expect(reply([{ say: '[$date]' }], { said: 'Whenever' })).toEqual([say('[]')]);
  });

  test.each([
    ['Pacific/Kiritimati', '2026-07-02'],
    ['Pacific/Pago_Pago', '2026-07-01'],
    ['UTC', '2026-07-01'],
  ])('where this machine stands: %s', (zone, text) => {
    vi.stubEnv('TZ', zone);
    onTestFinished(() => void vi.unstubAllEnvs());
    const script = { value: { rules: [{ say: '$today $date' }] }, source: 's' };
    const said = { ...nothingSaid, said: 'today' };
    expect([...(createMaker(script, today).reply(said) as Iterable<Part>)]).toEqual([say(`${text} ${text}`)]);
  });

  test('are filled in as arguments', () => {
    const call = { name: 'f', arguments: { day: ['$today+1'] } };
    expect(reply([{ call }])).toEqual([{ call: { name: 'f', arguments: { day: ['2026-07-02'] } } }]);
  });

  test('the last call of a tool, as far as it has that argument', () => {
    const call = (name: string, args: string) =>
      ({ type: 'function_call', call_id: args, name, arguments: args }) as const;
    const history = [
      call('look', '{"day":"Monday","n":1}'),
      call('look', '{"day":"Friday","n":2}'),
      call('book', '{"day":"Sunday"}'),
      call('torn', '{'),
    ];
    const words = '$called.look.day $called.look.n [$called.look.x][$called.other.day][$called.torn.day]';
    expect(reply([{ say: words }], { history })).toEqual([say('Friday 2 [][][]')]);
  });

  test('a day that was said is no script', () => {
    expect(reply([{ when: { matches: '(.*)' }, say: '$1' }], { said: '$today+1' })).toEqual([
      say('$today+1'),
    ]);
  });
});

describe('the words of spoken turns', () => {
  test('are those a script names, in order', () => {
    const script = { value: { hears: ['One', 'Two'] }, source: 'replies.yaml' };
    expect(wordsOf(script)).toEqual(['One', 'Two']);
    expect(wordsOf(undefined)).toEqual([]);
    expect(wordsOf({ ...script, value: { rules: [{ say: 'x' }] } })).toEqual([]);
  });

  test('may be all there is in a script', () => {
    const maker = createScript({ hears: ['One'] }, fallback, today);
    expect(
      maker.reply({
        instructions: '',
        agentName: undefined,
        tools: [],
        turn: 1,
        said: 'Hi',
        results: [],
        history: [],
      }),
    ).toEqual(otherwise);
  });
});

describe('a script that is wrong is refused with the place', () => {
  test.each<[string, unknown, RegExp]>([
    ['text', 'rules', /^ ?must be an object/],
    ['without rules', {}, /^rules is missing$/],
    ['with words that are none', { hears: [5] }, /^hears\[0\] /],
    ['with no rules', { rules: [] }, /^rules must not be empty$/],
    ['with an unknown member', { rules: [{ say: 'x' }], rule: 1 }, /^rule is not known$/],
    [
      'with an unknown member of a rule',
      { rules: [{ say: 'x', answer: 'y' }] },
      /^rules\[0\]\.answer is not known$/,
    ],
    [
      'with an unknown condition',
      { rules: [{ say: 'x' }, { when: { contain: 'y' }, say: 'x' }] },
      /^rules\[1\]\.when\.contain is not known$/,
    ],
    ['with a rule that says nothing', { rules: [{ when: { turn: 1 } }] }, /^rules\[0\] needs say or call$/],
    [
      'with a pattern that is none',
      { rules: [{ say: 'x' }, { when: { matches: '(' }, say: 'x' }] },
      /^rules\[1\]\.when\.matches is not a regular expression: /,
    ],
    [
      'with a turn of 0',
      { rules: [{ when: { turn: 0 }, say: 'x' }] },
      /^rules\[0\]\.when\.turn must be at least 1, got 0$/,
    ],
    [
      'with an empty text',
      { rules: [{ when: { contains: '' }, say: 'x' }] },
      /^rules\[0\]\.when\.contains must not be empty$/,
    ],
    ['with a day that is none', { rules: [{ say: '$today+one' }] }, /^rules\[0\]: \$today\+one is no day: /],
    [
      'with a day too far, as an argument',
      { rules: [{ say: 'x' }, { call: { name: 'f', arguments: { days: ['$today+10000'] } } }] },
      /^rules\[1\]: \$today\+10000 is no day: /,
    ],
    ['with a call without a name', { rules: [{ call: {} }] }, /^rules\[0\]\.call\.name is missing$/],
    [
      'with two faults',
      {
        rules: [
          { when: { turn: 0 }, say: 'x' },
          { when: { contains: 5 }, say: 'x' },
        ],
      },
      /^rules\[0\]\.when\.turn .*; rules\[1\]\.when\.contains must be a string, got 5$/,
    ],
  ])('%s', async (_what, value, message) => {
    expect(() => createScript(value, fallback, today)).toThrow(RangeError);
    expect(() => createScript(value, fallback, today)).toThrow(message);
    const script = { value, source: 'replies.yaml' };
    const told = await refusal(() => createMaker(script, () => new Date(0)));
    expect(told).toEqual({ code: 'invalid_spec', message: expect.stringMatching(/^replies\.yaml: /) });
    expect(told.message.slice('replies.yaml: '.length)).toMatch(message);
  });
});

describe('without a rule that fits', () => {
  const heard: Heard = {
    instructions: 'You are Ava.',
    agentName: undefined,
    tools: [],
    turn: 1,
    said: 'Hi',
    results: [],
    history: [],
  };
  const words = 'Hello, this is Ava. You said: Hi. My instructions begin: You are Ava.';

  test.each<[string, { value: unknown; source: string } | undefined]>([
    ['the built-in rules answer', { value: { rules: [{ when: { turn: 9 }, say: 'x' }] }, source: 's' }],
    ['they answer where there is no script at all', undefined],
  ])('%s', (_what, script) => {
    expect([...(createMaker(script, () => new Date(0)).reply(heard) as Iterable<Part>)]).toEqual([
      say(words),
    ]);
  });
});
