import { describe, expect, test } from 'vitest';
import type { PlayedTurn } from '../../../src/scenario/played.js';
import { call, conversation, ofTurn, ofWhole, type Row, turn } from './support.js';

const bye = call('end_call');
const good = turn('Goodbye.', { calls: [bye] });
const unanswered = (status: PlayedTurn['status'], more: Partial<PlayedTurn> = {}) =>
  turn('', { said: 'Are you there?', status, ...more });

const properly = 'ends properly';
const withBye = 'ends with end_call, called once and last';

const rows: Row[] = [
  [{ ends: 'properly' }, conversation([turn('Hi'), good]), ['passed', properly, 'all turns were taken']],
  [
    { ends: 'properly' },
    conversation([good], { ending: 'agent' }),
    ['passed', properly, 'the agent ended it'],
  ],
  [
    { ends: 'properly' },
    conversation([good], { ending: 'agent', unsatisfied: true }),
    ['failed', properly, 'the agent ended it before the person had what they wanted'],
  ],
  [
    { ends: 'properly' },
    conversation([turn('Hi')], { ending: 'most_turns' }),
    ['failed', properly, 'the person had no turns left'],
  ],
  [
    { ends: 'properly' },
    conversation([turn('Hi'), unanswered('failed')]),
    ['failed', properly, 'the answer failed after "Are you there?"'],
  ],
  [
    { ends: 'properly' },
    conversation([
      unanswered('cancelled', { interrupted: true }),
      unanswered('unanswered', { by: 'nobody' }),
    ]),
    ['passed', properly, 'all turns were taken'],
  ],
  [{ ends: { with: 'end_call' } }, conversation([turn('Hi'), good]), ['passed', withBye, 'end_call']],
  [
    { ends: { with: 'end_call' } },
    conversation([turn('Hi', { calls: [call('look')] })]),
    ['failed', withBye, 'called look'],
  ],
  [
    { ends: { with: 'end_call' } },
    conversation([turn('Bye', { calls: [bye] }), good]),
    ['failed', withBye, 'end_call was called 2 times'],
  ],
  [
    { ends: { with: 'end_call' } },
    conversation([turn('Bye', { calls: [bye, call('look', { id: 1 })] })]),
    ['failed', withBye, 'end_call, then look {"id":1}'],
  ],
  [
    { ends: { with: 'end_call' } },
    conversation([good, turn('Yes?', { said: 'One more thing' })]),
    ['failed', withBye, 'end_call, then the person said "One more thing"'],
  ],
];

describe('ends', () => {
  test.each(rows)('%j', async (written, played, check) => {
    expect((await ofWhole(written, played)).filter(([, expected]) => expected === check[1])).toEqual([check]);
  });

  test('properly only when all turns of the scenario were taken', async () => {
    const played = conversation([turn('Hi'), good], { ending: 'agent' });
    const hungUp = { ...played, turns: played.turns.slice(0, 1) };
    const { checkRun } = await import('../../../src/scenario/expect/check.js');
    const { scenario } = await import('./support.js');
    expect(await checkRun(scenario({ whole: { ends: 'properly' } }, 2), hungUp)).toMatchObject([
      { verdict: 'failed', got: 'the agent ended it after 1 of 2 turns' },
    ]);
  });

  test('of a turn looks at that turn', async () => {
    const played = conversation([turn('Hi'), unanswered('timeout'), good]);
    expect((await ofTurn({ ends: 'properly' }, played))[0]).toEqual([
      'passed',
      properly,
      'answered to its end',
    ]);
    expect((await ofTurn({ ends: { with: 'end_call' } }, played))[0]).toEqual([
      'failed',
      withBye,
      'no tool was called',
    ]);
  });
});

describe('state', () => {
  const state = { booked: { '2026-07-05 09:00': 'Ada Lovelace' }, days: {}, calls: 3 };
  test.each<Row>([
    [
      { state: { booked: { '{{today+1}} 09:00': 'ada lovelace' }, days: {}, gone: null } },
      conversation([turn('Hi')], { state }),
      [
        'passed',
        'leaves behind {"booked":{"2026-07-05 09:00":"ada lovelace"},"days":{},"gone":null}',
        'left {"booked":{"2026-07-05 09:00":"Ada Lovelace"},"days":{},"calls":3}',
      ],
    ],
    [
      { state: { calls: { $most: 2 } } },
      conversation([turn('Hi')], { state }),
      ['failed', 'leaves behind {"calls":{"$most":2}}', 'calls is 3'],
    ],
    [
      { state: { booked: { x: 1 } } },
      conversation([turn('Hi')], { state }),
      [
        'failed',
        'leaves behind {"booked":{"x":1}}',
        'booked.x is missing; it left {"booked":{"2026-07-05 09:00":"Ada Lovelace"}}',
      ],
    ],
    [
      { state: { gone: { x: 1 } } },
      conversation([turn('Hi')], { state: { calls: 3 } }),
      ['failed', 'leaves behind {"gone":{"x":1}}', 'gone.x is missing; it left {"calls":3}'],
    ],
    [
      { state: { booked: { '2026-07-05 09:00': 'Robin' } } },
      conversation([turn('Hi')], {
        state: { ...state, booked: { ...state.booked, other: 'x'.repeat(200) } },
      }),
      [
        'failed',
        'leaves behind {"booked":{"2026-07-05 09:00":"Robin"}}',
        expect.stringMatching(
          /^booked\.2026-07-05 09:00 is "Ada Lovelace"; it left \{"booked":\{"2026-07-05 09:00":"Ada Lovelace",.*x…$/,
        ),
      ],
    ],
    [
      { state: { calls: 3 } },
      conversation([turn('Hi')]),
      ['failed', 'leaves behind {"calls":3}', 'no canned tools had a state'],
    ],
  ])('%j', async (written, played, check) => {
    expect(await ofWhole(written, played)).toEqual([check]);
  });

  test('with a matcher nobody knows is an error', async () => {
    expect(await ofWhole({ state: { calls: { $more: 2 } } }, conversation([turn('Hi')], { state }))).toEqual([
      ['error', 'state {"calls":{"$more":2}}', expect.stringMatching(/^state\.calls\.\$more is no matcher/)],
    ]);
  });
});
