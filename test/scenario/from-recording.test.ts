import { describe, expect, test } from 'vitest';
import { type About, scenarioFromTalk } from '../../src/scenario/from-recording.js';
import { gatherTalk } from '../../src/scenario/recorded.js';
import { interruptedOutput } from '../../src/session/interrupted.js';
import type { NoticeBody } from '../../src/session/notice.js';
import { answers, calls, done, heard, readScenario, says, timed, typed } from './support.js';

const about: About = {
  source: 'talk.jsonl',
  name: 'talk',
  agent: 'agent.yaml',
  agentName: undefined,
  today: '2026-07-01',
};

async function made(bodies: readonly NoticeBody[], changes: Partial<About> = {}) {
  const text = scenarioFromTalk(await gatherTalk(timed(bodies)), { ...about, ...changes });
  return { text, value: readScenario(text) };
}

/** One turn with this call, its result and what was said then. */
const turn = (given: unknown, output: string, said = 'Well.', name = 'look') => [
  typed(1, 'Look'),
  calls(1, 'c1', name, given),
  answers(1, 'c1', output),
  says(1, said),
  done(1),
];

describe('a scenario of a recording', () => {
  test('has the words, the calls in order, and answers for them', async () => {
    const { text } = await made([
      says(1, 'Good day.'),
      done(1, { unasked: true }),
      heard('i1', 'A check-up tomorrow'),
      says(2, 'One moment.'),
      calls(2, 'c1', 'check_day', { date: '2026-07-02' }),
      answers(2, 'c1', '{"free":["9:00","11:30"]}'),
      says(2, 'I have 11:30.', 'more'),
      done(2),
      { type: 'dtmf', digit: '1' },
      calls(3, 'c2', 'book', { time: '11:30' }),
      answers(3, 'c2', '{"error":"taken"}'),
      calls(3, 'c3', 'check_day', { date: '2026-07-02' }),
      answers(3, 'c3', '{"free":[]}'),
      says(3, 'Sorry.'),
      done(3),
    ]);
    expect(
      text,
    ).toBe(`# Made of talk.jsonl: what was said, which tools were called with what, and what they answered.
# Add what the agent must say (says, not_says), and take out what may be otherwise another time.

name: talk
agent: agent.yaml
override: { today: '2026-07-01' }
tools:
  answers:
    check_day:
      - { when: { date: '2026-07-02' }, return: { free: [ '9:00', '11:30' ] }, times: 1 }
      - { when: { date: '2026-07-02' }, return: { free: [] } }
    book:
      - { when: { time: '11:30' }, error: taken }

turns:
  # The agent: Good day.
  - user: A check-up tomorrow # spoken
    expect:
      calls: { tool: check_day, with: { date: '2026-07-02' } }
      uses_result: { tool: check_day, member: 'free[1]' }
    # The agent: One moment. I have 11:30.
  - dtmf: '1'
    expect:
      calls:
        - { tool: book, with: { time: '11:30' } }
        - { tool: check_day, with: { date: '2026-07-02' } }
    # The agent: Sorry.

expect: { ends: properly }
`);
    readScenario(text);
  });

  test.each<[string, string, string, unknown]>([
    ['the longest of what is said', '{"id":"A-1","status":"shipped"}', 'A-1 has Shipped.', 'status'],
    ['what is deep', '{"a":[{"b":12}]}', 'There are 12.', 'a[0].b'],
    ['the whole, where it is text', 'It is foggy.', 'I know: it is foggy. Bye.', undefined],
    ['nothing that is only a part of a word', '{"day":"Mon"}', 'On Monday, my common friend.', null],
    ['nothing so short that it is chance', '{"n":3,"ok":true}', 'Three: 3, true.', null],
    ['nothing that no path can name', '{"a.b":"shipped"}', 'It is shipped.', null],
    ['nothing that was said in other words', '{"date":"2026-07-02"}', 'On July 2nd.', null],
    ['no failure', '{"error":"too late"}', 'It was too late.', null],
  ])('expects that a result is used: %s', async (_, output, said, member) => {
    const { value } = await made(turn({}, output, said));
    const used = member === undefined ? 'look' : { tool: 'look', member };
    expect(value.turns[0].expect.uses_result).toEqual(member === null ? undefined : used);
  });

  test('expects the results of several tools to be used, each by itself, the last of each', async () => {
    const { value } = await made([
      typed(1, 'Look'),
      ...[calls(1, 'c1', 'look'), answers(1, 'c1', '{"a":"early"}')],
      ...[calls(1, 'c2', 'look'), answers(1, 'c2', '{"a":"late"}')],
      ...[calls(1, 'c3', 'ask'), answers(1, 'c3', '{"b":"noon"}')],
      says(1, 'From early to late, and noon.'),
      done(1),
    ]);
    expect(value.turns[0].expect).toEqual([
      { calls: ['look', 'look', 'ask'] },
      { uses_result: { tool: 'look', member: 'a' } },
      { uses_result: { tool: 'ask', member: 'b' } },
    ]);
  });

  test.each<[string, unknown]>([
    ['no arguments', {}],
    ['arguments that are no object', '{broken'],
    ['what would be taken for a matcher', { filter: [{ $type: 'a' }] }],
  ])('asks for the tool alone where there are %s', async (_, given) => {
    expect((await made(turn(given, '1'))).value.turns[0].expect).toEqual({ calls: 'look' });
  });

  test.each<[string, string[], unknown]>([
    ['the last three words', ['We have a long story', ' to tell'], { after: 'story to tell' }],
    ['as many as were heard', ['Well'], { after: 'Well' }],
    ['more, where they came before', ['to be or not to be or'], { after: 'not to be or' }],
    ['a time that nobody can know', [], undefined],
  ])('cuts in after %s', async (_, pieces, interrupt) => {
    const { text, value } = await made([
      typed(1, 'Tell me'),
      ...pieces.map((piece) => says(1, piece)),
      { type: 'interrupted', turn: 1 },
      done(1, { status: 'cancelled' }),
      typed(2, 'Stop'),
      says(2, 'Sorry.'),
      done(2),
    ]);
    expect(value.turns[0].interrupt).toEqual(interrupt);
    expect(text.includes('# The person cut in before the agent had said anything.')).toBe(
      interrupt === undefined,
    );
    expect(value.expect).toEqual({ ends: 'properly' });
  });

  test('joins words that were answered together, and keeps keys apart', async () => {
    const { value } = await made([
      ...[heard('i1', 'One'), heard('i2', 'moment', false)],
      { type: 'dtmf', digit: '4' },
      heard('i3', 'Four'),
      ...turn({}, '1').slice(1),
    ]);
    expect(value.turns).toEqual([
      { user: 'One moment' },
      { dtmf: '4' },
      { user: 'Four', expect: { calls: 'look' } },
    ]);
  });

  test('tells in comments what a scenario has no place for', async () => {
    const { text, value } = await made(
      [
        { type: 'history', replayed: true, item: { type: 'message' } },
        ...[{ type: 'speech_started', item_id: 'i0' } as const, says(1, 'Pardon?'), done(1)],
        ...[heard('i1', 'Hm', false), says(2, `Well. ${'word '.repeat(100)}`), done(2)],
        ...[typed(3, 'Look'), calls(3, 'c1', 'look'), answers(3, 'c1', interruptedOutput)],
        ...[calls(3, 'c2', 'ask'), done(3, { status: 'failed' })],
        ...[says(4, 'Are you there?'), done(4, { unasked: true }), { type: 'cleared' } as const],
      ],
      { agent: undefined, agentName: 'Order Support', today: undefined },
    );
    for (const said of [
      /^# It was with Order Support: add agent, or run this with --agent <id or file>\.$/m,
      /^# It went on from an earlier conversation, which is not here\.$/m,
      /^# Another conversation followed, which is not here\.$/m,
      /^ {2}# The person said what nobody made out\. The agent: Pardon\?$/m,
      /^ {2}- user: Hm # spoken, and not made out to the end$/m,
      /^ {4}# The agent: Well\. (word )+wor?…$/m,
      /^ {4}# The agent said nothing\.\n {4}# look had no result\.\n {4}# ask had no result\.$/m,
      /^ {2}# The agent: Are you there\?$/m,
    ])
      expect(text).toMatch(said);
    expect(value).toEqual({
      name: 'talk',
      turns: [{ user: 'Hm' }, { user: 'Look', expect: { calls: ['look', 'ask'] } }],
    });
  });

  test('leaves what is masked as it is, and says so beside it', async () => {
    const { text, value } = await made(
      turn({ phone: '+1415•••0123', key: 'a [hidden] b' }, '{"to":"+1415•••0123"}', 'I rang +1415•••0123.'),
    );
    expect(value.turns[0].expect).toEqual({
      calls: { tool: 'look', with: { phone: '+1415•••0123', key: 'a [hidden] b' } },
      uses_result: { tool: 'look', member: 'to' },
    });
    expect(text.match(/# masked in the recording$/gm)).toHaveLength(5);
  });

  test('warns of results that canned answers would fill in', async () => {
    const { text } = await made(turn({ id: 'A-1' }, '{"text":"Dear {{name}}"}'));
    expect(text).toContain('text: Dear {{name}} # what stands in {{ }} is filled in');
  });

  test.each<[string, NoticeBody[], unknown]>([
    ['with the call that ended it', turn({}, '1', 'Bye.', 'end_call'), { ends: { with: 'end_call' } }],
    [
      'properly, where the call was not the last',
      [...turn({}, '1', 'Bye.', 'end_call'), calls(1, 'c2', 'look'), answers(1, 'c2', '2')],
      { ends: 'properly' },
    ],
    [
      'in no way, where it did not',
      [typed(1, 'Hello'), says(1, 'Hel'), done(1, { status: 'failed' })],
      undefined,
    ],
    ['in no way, where nobody knows', [typed(1, 'Hello'), says(1, 'Hel')], undefined],
  ])('ends %s', async (_, bodies, expected) => {
    expect((await made(bodies)).value.expect).toEqual(expected);
  });

  test('is refused where nobody says anything', async () => {
    const greeting = [says(1, 'Good day.'), done(1, { unasked: true })];
    await expect(made(greeting)).rejects.toMatchObject({
      code: 'invalid_spec',
      message: 'talk.jsonl holds no words and no keys of a person',
      hint: 'agents replay talk.jsonl shows what it holds',
    });
  });

  test('cannot be broken by what was said', async () => {
    const words = '- a: b # c\n"\'\u001b[31m\u2028\r{{x}}';
    const { text, value } = await made(turn({ [words]: words }, JSON.stringify({ [words]: words }), words), {
      source: words,
      agentName: words,
      agent: undefined,
    });
    expect(value.turns[0].expect.calls.with).toEqual({ [words]: words });
    expect(value.tools.answers.look).toEqual([{ when: { [words]: words }, return: { [words]: words } }]);
    expect(text).not.toMatch(/[\r\u001b]/);
  });
});
