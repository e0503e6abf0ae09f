import { describe, expect, test } from 'vitest';
import { call, conversation, ofTurn, ofWhole, type Row, turn, verdicts } from './support.js';

const day = { service: 'check-up', date: '2026-07-06' };
const looked = call('check_availability', day, { open: true });
const nine = call('book_appointment', { ...day, time: '9:00' }, { confirmation: 'RC-1' });
const ten = call('book_appointment', { date: '2026-07-07', time: '10:00' }, { error: 'taken' });
const bye = call('end_call');
const of = (...calls: ReturnType<typeof call>[]) => conversation([turn('Fine.', { calls })]);

const rows: Row[] = [
  [{ calls: 'end_call' }, of(bye), ['passed', 'calls end_call', 'end_call']],
  [{ calls: 'end_call' }, of(), ['failed', 'calls end_call', 'no tool was called']],
  [
    { calls: 'end_call' },
    of(looked, nine),
    ['failed', 'calls end_call', 'called check_availability, book_appointment'],
  ],
  [{ calls: '*' }, of(bye), ['passed', 'calls any tool', 'end_call']],
  [
    { calls: { tool: 'check_availability', with: { date: '{{today+2}}' } } },
    of(looked),
    [
      'passed',
      'calls check_availability with {"date":"2026-07-06"}',
      'check_availability {"service":"check-up","date":"2026-07-06"}',
    ],
  ],
  [
    { calls: { tool: 'book_appointment', with: { time: '09:00' } } },
    of(call('book_appointment', { time: '9:00' })),
    [
      'failed',
      'calls book_appointment with {"time":"09:00"}',
      'book_appointment {"time":"9:00"}: time is "9:00"',
    ],
  ],
  [
    { calls: { tool: 'order', with: { quantity: 2 } } },
    of(call('order', { quantity: '2' })),
    ['failed', 'calls order with {"quantity":2}', 'order {"quantity":"2"}: quantity is "2"'],
  ],
  [
    { calls: { tool: 'order', with: { quantity: 2, item: 'FUNGHI' } } },
    of(call('order', { quantity: 2, item: ' funghi' })),
    ['passed', 'calls order with {"quantity":2,"item":"FUNGHI"}', 'order {"quantity":2,"item":" funghi"}'],
  ],
  [
    // The nearest is told: of two that differ, the one that differs less.
    { calls: { tool: 'book_appointment', with: { date: '2026-07-07', time: '11:00' } } },
    of(ten, nine),
    [
      'failed',
      'calls book_appointment with {"date":"2026-07-07","time":"11:00"}',
      'book_appointment {"date":"2026-07-07","time":"10:00"}: time is "10:00"',
    ],
  ],
  [
    { calls: { tool: 'book_appointment', with: { guest: { name: 'x' } } } },
    of(ten),
    [
      'failed',
      'calls book_appointment with {"guest":{"name":"x"}}',
      'book_appointment {"date":"2026-07-07","time":"10:00"}: guest.name is missing',
    ],
  ],
  [
    { calls: { tool: 'book_appointment', with: { time: '10:00' } } },
    of(call('book_appointment', 'not json')),
    [
      'failed',
      'calls book_appointment with {"time":"10:00"}',
      'book_appointment "not json": time is missing',
    ],
  ],
  [
    { calls: { tool: 'book_appointment', result: { confirmation: { $matches: '^RC' } } } },
    of(ten),
    [
      'failed',
      'calls book_appointment giving {"confirmation":{"$matches":"^RC"}}',
      'book_appointment gave {"error":"taken"}: confirmation is missing',
    ],
  ],
  [
    { calls: { tool: 'look', result: 'All Good' } },
    of(call('look', {}, { output: 'all good' })),
    ['passed', 'calls look giving "All Good"', 'look'],
  ],
  [
    { calls: { tool: 'look', result: { ok: true } } },
    of(call('look', {}, { output: undefined })),
    ['failed', 'calls look giving {"ok":true}', 'look had no result'],
  ],
  [
    { calls: ['check_availability', 'end_call'] },
    of(looked, nine, bye),
    [
      'passed',
      'calls check_availability, then end_call',
      'check_availability {"service":"check-up","date":"2026-07-06"}, then end_call',
    ],
  ],
  [
    { calls: ['check_availability', 'book_appointment'] },
    of(nine, looked),
    [
      'failed',
      'calls check_availability, then book_appointment',
      'book_appointment was called before check_availability',
    ],
  ],
  [
    { calls: ['end_call', 'end_call'] },
    of(bye),
    ['failed', 'calls end_call, then end_call', 'end_call was called just 1 time'],
  ],
  [
    { calls: { tool: 'book_appointment', times: 1 } },
    of(nine, ten),
    ['failed', 'calls book_appointment exactly 1 time', 'book_appointment was called 2 times'],
  ],
  [
    // A number alone is no bound: once is not twice.
    { calls: { tool: 'book_appointment', times: 2 } },
    of(nine),
    ['failed', 'calls book_appointment exactly 2 times', 'book_appointment was called 1 time'],
  ],
  [
    { calls: { tool: 'book_appointment', times: 2 } },
    of(nine, ten),
    [
      'passed',
      'calls book_appointment exactly 2 times',
      'book_appointment {"service":"check-up","date":"2026-07-06","time":"9:00"}',
    ],
  ],
  [
    { calls: { tool: 'end_call', times: { most: 2 } } },
    of(bye),
    ['passed', 'calls end_call at most 2 times', 'end_call'],
  ],
  [
    { calls: { tool: 'book_appointment', times: 1 } },
    of(looked),
    ['failed', 'calls book_appointment exactly 1 time', 'called check_availability'],
  ],
  [
    { calls: { tool: 'end_call', times: { least: 2, most: 3 } } },
    of(bye, bye),
    ['passed', 'calls end_call 2 times to 3 times', 'end_call'],
  ],
  [
    { calls: ['check_availability', { tool: 'book_appointment', times: 0 }] },
    of(looked),
    [
      'passed',
      'calls check_availability, then book_appointment exactly 0 times',
      'check_availability {"service":"check-up","date":"2026-07-06"}',
    ],
  ],
  [
    // What may be left out still has its place where it comes.
    { calls: ['end_call', { tool: 'refund', times: { least: 0 } }] },
    of(call('refund'), bye),
    ['failed', 'calls end_call, then refund at least 0 times', 'refund was called before end_call'],
  ],
  [
    { calls: ['look', 'end_call', { tool: 'refund', times: { most: 2, least: 0 } }] },
    of(call('refund'), call('look'), bye),
    [
      'failed',
      'calls look, then end_call, then refund 0 times to 2 times',
      'refund was called before end_call',
    ],
  ],
  [
    { calls: ['end_call', { tool: 'refund', times: { least: 0 } }] },
    of(call('refund'), bye, call('refund')),
    ['passed', 'calls end_call, then refund at least 0 times', 'end_call, then refund'],
  ],
  [
    { calls: ['end_call', { tool: 'refund', times: { least: 0 } }] },
    of(bye),
    ['passed', 'calls end_call, then refund at least 0 times', 'end_call'],
  ],
  [
    // Named is what came, not what was left out.
    {
      calls: ['end_call', { tool: 'look', times: { least: 0 } }, { tool: 'refund', times: { least: 0 } }],
    },
    of(call('refund'), bye),
    [
      'failed',
      'calls end_call, then look at least 0 times, then refund at least 0 times',
      'refund was called before end_call',
    ],
  ],
  [
    // The only call there is stands for what must come: nothing is left that would be out of place.
    { calls: ['look', { tool: 'look', with: { id: 2 }, times: { least: 0 } }] },
    of(call('look', { id: 2 })),
    ['passed', 'calls look, then look with {"id":2} at least 0 times', 'look {"id":2}'],
  ],

  [{ only_calls: [] }, of(), ['passed', 'calls no tool', 'no tool was called']],
  [{ only_calls: [] }, of(bye), ['failed', 'calls no tool', 'end_call']],
  [
    { only_calls: ['check_availability', { tool: 'book_appointment', with: { time: '9:00' } }] },
    of(looked, nine),
    [
      'passed',
      'calls only check_availability, then book_appointment with {"time":"9:00"}',
      'called check_availability, book_appointment',
    ],
  ],
  [{ only_calls: 'end_call' }, of(bye, bye), ['failed', 'calls only end_call', 'also end_call']],
  [
    { only_calls: ['end_call', 'end_call'] },
    of(bye),
    ['failed', 'calls only end_call, then end_call', 'called end_call'],
  ],
  [
    { only_calls: ['end_call', 'look'] },
    of(bye, call('find')),
    ['failed', 'calls only end_call, then look', 'then find'],
  ],
  [
    { only_calls: ['end_call', { tool: 'look', with: { id: 1 } }] },
    of(bye, call('look', { id: 2 })),
    ['failed', 'calls only end_call, then look with {"id":1}', 'look {"id":2}: id is 2'],
  ],
  [
    // However many the first takes, the second is left one.
    { only_calls: [{ tool: '*', times: { least: 1 } }, 'end_call'] },
    of(looked, nine, bye),
    [
      'passed',
      'calls only any tool at least 1 time, then end_call',
      'called check_availability, book_appointment, end_call',
    ],
  ],
  [
    { only_calls: [{ tool: 'look', times: 2 }] },
    of(call('look'), call('look'), call('look')),
    ['failed', 'calls only look exactly 2 times', 'also look'],
  ],
  [
    { only_calls: [{ tool: 'look', times: 2 }] },
    of(call('look')),
    ['failed', 'calls only look exactly 2 times', 'look was called 1 time'],
  ],
  [
    { only_calls: [{ tool: 'look', times: 2 }, 'end_call'] },
    of(call('look'), bye),
    ['failed', 'calls only look exactly 2 times, then end_call', 'look was called 1 time'],
  ],
  [
    { only_calls: [{ tool: 'look', with: { id: 1 }, times: 2 }] },
    of(call('look', { id: 1 }), call('look', { id: 2 })),
    ['failed', 'calls only look with {"id":1} exactly 2 times', 'look {"id":2}: id is 2'],
  ],
  [
    { not_calls: { tool: 'end_call', times: 2 } },
    of(bye),
    ['passed', 'does not call end_call exactly 2 times', 'called end_call'],
  ],

  [{ not_calls: 'end_call' }, of(looked), ['passed', 'does not call end_call', 'called check_availability']],
  [
    { not_calls: ['end_call', 'look'] },
    of(bye, bye),
    ['failed', 'does not call end_call or look', 'end_call 2 times'],
  ],
  [{ not_calls: '*' }, of(bye), ['failed', 'does not call any tool', 'end_call']],
  [{ not_calls: '*' }, of(), ['passed', 'does not call any tool', 'no tool was called']],
  [
    { not_calls: { tool: 'book_appointment', with: { time: '9:00' } } },
    of(ten),
    ['passed', 'does not call book_appointment with {"time":"9:00"}', 'called book_appointment'],
  ],
  [
    { not_calls: { tool: 'book_appointment', with: { time: { $exists: true } } } },
    of(ten),
    [
      'failed',
      'does not call book_appointment with {"time":{"$exists":true}}',
      'book_appointment {"date":"2026-07-07","time":"10:00"}',
    ],
  ],
  [
    { not_calls: { tool: 'end_call', times: { least: 2 } } },
    of(bye),
    ['passed', 'does not call end_call at least 2 times', 'called end_call'],
  ],
];

describe('calls', () => {
  test.each(rows)('%j', async (written, played, check) => {
    expect(await ofTurn(written, played)).toEqual([check]);
    expect(await ofWhole(written, played)).toEqual([check]);
  });

  test('of the whole may come in several turns, those of a turn not', async () => {
    const played = conversation([turn('One.', { calls: [looked] }), turn('Two.', { calls: [nine] })]);
    const both = { calls: ['check_availability', 'book_appointment'] };
    expect(verdicts(await ofWhole(both, played))).toEqual(['passed']);
    expect(verdicts(await ofTurn(both, played))).toEqual(['failed']);
    expect(verdicts(await ofTurn({ only_calls: 'check_availability' }, played))).toEqual(['passed']);
  });

  test('that cannot be compared are an error, and not a call that does not fit', async () => {
    expect(await ofTurn({ not_calls: [{ tool: 'look', with: { id: { $matches: '(' } } }] }, of())).toEqual([
      [
        'error',
        'not_calls [{"tool":"look","with":{"id":{"$matches":"("}}}]',
        'not_calls[0].with.id.$matches is no regular expression: unterminated group',
      ],
    ]);
  });

  test('that can never be too many are an error', async () => {
    const written = [
      { not_calls: { tool: 'look', times: 0 } },
      { not_calls: ['a', { tool: 'look', times: { most: 0 } }] },
      { not_calls: { tool: 'look', times: { least: 0 } } },
    ];
    expect((await ofTurn(written, of())).map(([verdict, , got]) => [verdict, got])).toEqual([
      ['error', 'not_calls.times must be at least 1 here, got 0'],
      ['error', 'not_calls[1].times.most must be at least 1 here, got 0'],
      ['passed', 'no tool was called'],
    ]);
  });

  test('are told short, however many and long they are', async () => {
    const many = Array.from({ length: 30 }, () => call('look', { text: 'x'.repeat(500) }));
    const [[, , got = ''] = []] = await ofTurn({ calls: 'end_call' }, of(...many));
    expect(got).toBe(`called ${Array(8).fill('look').join(', ')}, … (30 calls)`);
    const [[, , other = ''] = []] = await ofTurn(
      { calls: { tool: 'look', with: { text: 'y' } } },
      of(...many),
    );
    expect(other.length).toBeLessThan(300);
  });
});
