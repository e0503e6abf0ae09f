import { describe, expect, test } from 'vitest';
import { gatherTalk } from '../../src/scenario/recorded.js';
import type { NoticeBody } from '../../src/session/notice.js';
import { answers, calls, done, heard, says, timed, typed } from './support.js';

const gathered = (...bodies: NoticeBody[]) => gatherTalk(timed(bodies));
/** What the person did before each turn, and what the agent said. */
const inShort = async (...bodies: NoticeBody[]) =>
  (await gathered(...bodies)).turns.map(({ inputs, answer }) => [
    ...inputs.map(({ kind, text }) => `${kind} ${text}`),
    answer,
  ]);
const key = (digit: string): NoticeBody => ({ type: 'dtmf', digit });
const speaks = (item_id: string): NoticeBody => ({ type: 'speech_started', item_id });

describe('a recorded talk', () => {
  test('has turns with words, calls and how they ended', async () => {
    const talk = await gathered(
      typed(1, 'Where is it?'),
      says(1, 'One '),
      says(1, 'moment.'),
      calls(1, 'c1', 'look', { id: 1 }),
      calls(1, 'c2', 'ask'),
      answers(1, 'c1', '{"at":"home"}'),
      says(1, 'At home.', 'other'),
      done(1),
      typed(2, 'Thanks'),
      done(2, { status: 'failed' }),
    );
    expect(talk).toEqual({
      isContinued: false,
      isCleared: false,
      turns: [
        {
          inputs: [{ kind: 'typed', text: 'Where is it?' }],
          answer: 'One moment. At home.',
          calls: [
            { name: 'look', arguments: { id: 1 }, output: '{"at":"home"}', saidAfter: 'At home.' },
            { name: 'ask', arguments: {}, saidAfter: 'At home.' },
          ],
          status: 'completed',
        },
        { inputs: [{ kind: 'typed', text: 'Thanks' }], answer: '', calls: [], status: 'failed' },
      ],
    });
  });

  test.each<[string, NoticeBody[], string[][]]>([
    [
      'words spoken before they are answered, as they are understood at last',
      [speaks('i1'), heard('i1', 'Hell', false), heard('i1', 'Hello there'), says(1, 'Hi.'), done(1)],
      [['spoken Hello there', 'Hi.']],
    ],
    [
      'words that are known while the answer is given, and after it',
      [says(1, 'Hi.'), heard('i1', 'Hello'), done(1), says(2, 'Yes.'), done(2), heard('i2', 'There?')],
      [
        ['spoken Hello', 'Hi.'],
        ['spoken There?', 'Yes.'],
      ],
    ],
    [
      'words spoken into an answer, which are for the next',
      [
        ...[typed(1, 'Tell me'), says(1, 'It is'), speaks('i1'), { type: 'interrupted', turn: 1 } as const],
        ...[done(1, { status: 'cancelled' }), heard('i1', 'Stop'), says(2, 'Sorry.'), done(2)],
      ],
      [
        ['typed Tell me', 'It is'],
        ['spoken Stop', 'Sorry.'],
      ],
    ],
    [
      'a greeting that answers nothing, and words that came while it was spoken',
      [says(1, 'Good day.'), heard('i1', 'Hello'), done(1, { unasked: true }), says(2, 'Yes?'), done(2)],
      [['Good day.'], ['spoken Hello', 'Yes?']],
    ],
    [
      'words that come after a greeting, before they are answered',
      [says(1, 'Good day.'), done(1, { unasked: true }), heard('i1', 'Hello'), says(2, 'Yes?'), done(2)],
      [['Good day.'], ['spoken Hello', 'Yes?']],
    ],
    [
      'keys, which run on',
      [key('1'), key('2'), key('#'), says(1, 'Twelve.'), key('*'), done(1), says(2, 'Star.'), done(2)],
      [
        ['keys 12#', 'Twelve.'],
        ['keys *', 'Star.'],
      ],
    ],
    [
      'several things that are answered at once',
      [key('1'), speaks('i1'), heard('i1', 'One'), heard('i2', 'and two'), says(1, 'Yes.'), done(1)],
      [['keys 1', 'spoken One', 'spoken and two', 'Yes.']],
    ],
    [
      'what nobody made out',
      [speaks('i1'), heard('i1', ' '), says(1, 'Pardon?'), done(1)],
      [['spoken ', 'Pardon?']],
    ],
    [
      'what nobody answered',
      [typed(1, 'Hello'), done(1), heard('i1', 'There?'), key('1')],
      [
        ['typed Hello', ''],
        ['spoken There?', 'keys 1', ''],
      ],
    ],
  ])('tells %s', async (_, bodies, turns) => {
    expect(await inShort(...bodies)).toEqual(turns);
  });

  test('leaves out words that were taken back', async () => {
    const { turns } = await gathered(
      typed(1, 'Hello'),
      says(1, 'First.', 'r1'),
      calls(1, 'c1', 'look'),
      answers(1, 'c1', 'yes'),
      says(1, 'Torn', 'r2'),
      says(1, ' words', 'r2'),
      { type: 'answer_restarted', turn: 1 },
      says(1, 'Whole.', 'r3'),
      done(1),
    );
    expect(turns).toMatchObject([{ answer: 'First. Whole.', calls: [{ saidAfter: 'Whole.' }] }]);
  });

  test('knows what was heard before somebody cut in', async () => {
    const { turns } = await gathered(
      typed(1, 'Tell me'),
      says(1, 'It is a long'),
      { type: 'interrupted', turn: 1 },
      says(1, ' story.'),
      done(1, { status: 'cancelled' }),
      typed(2, 'Again'),
      { type: 'interrupted', turn: 2 },
      done(2, { status: 'cancelled' }),
    );
    expect(turns.map(({ heard: words, answer }) => [words, answer])).toEqual([
      ['It is a long', 'It is a long story.'],
      ['', ''],
    ]);
  });

  test('ends where another conversation begins, and says whether it went on from an earlier one', async () => {
    const talk = await gathered(
      { type: 'history', replayed: true, item: { type: 'message' } },
      typed(1, 'Hello'),
      done(1),
      { type: 'cleared' },
      typed(2, 'Again'),
      done(2),
    );
    expect(talk).toMatchObject({ isContinued: true, isCleared: true });
    expect(talk.turns).toHaveLength(1);
  });
});
