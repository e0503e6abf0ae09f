import { describe, expect, test } from 'vitest';
import { call, conversation, ofTurn, ofWhole, type Row, turn, verdicts } from './support.js';

const told = (result: unknown, answer: string, said_before = 0) =>
  conversation([
    turn(answer, {
      calls: [
        call(
          'look',
          {},
          { output: typeof result === 'string' ? result : JSON.stringify(result), said_before },
        ),
      ],
    }),
  ]);

/** The same, by what the call was asked with. */
const asked = (given: unknown, result: unknown, answer: string) =>
  conversation([turn(answer, { calls: [call('look', given, { output: JSON.stringify(result) })] })]);

const rows: Row[] = [
  [
    { uses_result: 'look' },
    told({ confirmation: 'RC-1042', ok: true }, 'Your number is RC-1042.'),
    ['passed', 'says what look answered', '"Your number is RC-1042."'],
  ],
  [
    { uses_result: 'look' },
    told({ confirmation: 'RC-1042', ok: true }, 'It is true, you are booked.'),
    [
      'failed',
      'says what look answered',
      'none of "RC-1042", "1042" was said: "It is true, you are booked."',
    ],
  ],
  [
    { uses_result: 'look' },
    told({ a: 'room' }, ''),
    ['failed', 'says what look answered', 'nothing was said; "room" would have counted'],
  ],
  [
    { uses_result: 'look' },
    conversation([turn('Hi')]),
    ['failed', 'says what look answered', 'no tool was called'],
  ],
  [
    { uses_result: 'look' },
    conversation([turn('Hi', { calls: [call('find')] })]),
    ['failed', 'says what look answered', 'called find'],
  ],
  [
    { uses_result: 'look' },
    conversation([turn('Hi', { calls: [call('look', {}, { output: undefined })] })]),
    ['failed', 'says what look answered', 'look had no result'],
  ],
  [
    { uses_result: 'look' },
    told({ error: 'calendar is down' }, 'The calendar is down.'),
    ['failed', 'says what look answered', 'the tool failed: calendar is down'],
  ],
  [
    { uses_result: 'look' },
    told({ ok: true, n: 1 }, 'It is true, 1.'),
    ['failed', 'says what look answered', 'look gave {"ok":true,"n":1}, of which nothing can be said'],
  ],
  [
    { uses_result: { tool: 'look', member: 'slots[1].time' } },
    told({ slots: [{ time: '09:00' }, { time: '14:00' }] }, 'I have nine or 2 pm.'),
    ['passed', 'says slots[1].time of what look answered', '"I have nine or 2 pm."'],
  ],
  [
    { uses_result: { tool: 'look', member: 'slots[1].time' } },
    told({ slots: [{ time: '09:00' }, { time: '14:00' }] }, 'I have 9:00.'),
    ['failed', 'says slots[1].time of what look answered', '"14:00" was not said: "I have 9:00."'],
  ],
  [
    { uses_result: { tool: 'look', member: 'slots[2]' } },
    told({ slots: [] }, 'None.'),
    ['failed', 'says slots[2] of what look answered', 'look gave {"slots":[]}: slots[2] is missing'],
  ],
  [
    { uses_result: { tool: 'look', member: 'seats' } },
    told({ seats: 4 }, 'There are four seats.'),
    ['passed', 'says seats of what look answered', '"There are four seats."'],
  ],
  [
    // What was said before the call says nothing of its result.
    { uses_result: 'look' },
    told({ room: 'room 1' }, 'In room 1? I will see. Yes, it is.', 18),
    ['failed', 'says what look answered', '"room 1" was not said: "see. Yes, it is."'],
  ],
  [
    { uses_result: 'look' },
    told({ times: { '09:00': 'x1' } }, "At nine o'clock."),
    ['passed', 'says what look answered', '"At nine o\'clock."'],
  ],
  [
    { uses_result: 'look' },
    told({ note: 'Fully booked; 2026-07-06 has an open time' }, 'On July 6th there is one.'),
    ['passed', 'says what look answered', '"On July 6th there is one."'],
  ],
  [
    { uses_result: 'look' },
    told('Free at 09:00 and 11:30', 'I have half past eleven.'),
    ['passed', 'says what look answered', '"I have half past eleven."'],
  ],
  [
    // Whoever repeats the question has not used the answer.
    { uses_result: 'look' },
    asked(
      { day: '2026-07-06', party: 12 },
      { day: '2026-07-06', party: '12', free: 6, at: '11:30' },
      'On July 6th for 12.',
    ),
    ['failed', 'says what look answered', '"11:30" was not said: "On July 6th for 12."'],
  ],
  [
    { uses_result: 'look' },
    asked({ day: '2026-07-06' }, { day: '2026-07-06', at: '11:30' }, 'On July 6th at 11:30.'),
    ['passed', 'says what look answered', '"On July 6th at 11:30."'],
  ],
  [
    { uses_result: { tool: 'look', member: 'day' } },
    asked({ day: '2026-07-06' }, { day: '2026-07-06' }, 'On July 6th.'),
    ['passed', 'says day of what look answered', '"On July 6th."'],
  ],
  [
    { uses_result: { tool: 'look', member: 'price' } },
    told({ price: 20, due: '2026-07-06' }, 'Twenty-five dollars, due on July 6, 2025.'),
    [
      'failed',
      'says price of what look answered',
      '"20" was not said: "Twenty-five dollars, due on July 6, 2025."',
    ],
  ],
  [
    { uses_result: { tool: 'look', member: 'due' } },
    told({ price: 20, due: '2026-07-06' }, 'Twenty-five dollars, due on July 6, 2025.'),
    [
      'failed',
      'says due of what look answered',
      '"2026-07-06" was not said: "Twenty-five dollars, due on July 6, 2025."',
    ],
  ],
  [
    { uses_result: { tool: 'look', member: 'it' } },
    told({ it: { free: 6, at: '11:30' } }, 'There is something.'),
    ['failed', 'says it of what look answered', 'none of "6", "11:30" was said: "There is something."'],
  ],
  [
    { uses_result: 'look' },
    asked(
      { order: 'p-77', at: '9:00' },
      { note: 'Order P 77 at 09:00', order: 'P 77', at: '09:00' },
      'P-77, at nine.',
    ),
    ['failed', 'says what look answered', '"Order P 77 at 09:00" was not said: "P-77, at nine."'],
  ],
  [
    { uses_result: 'look' },
    asked({ city: 'café_nord' }, { city: 'Cafe Nord', ok: true }, 'Café Nord.'),
    [
      'failed',
      'says what look answered',
      'look gave {"city":"Cafe Nord","ok":true}, no more than its own arguments; what a member names would count',
    ],
  ],
  [
    // Of a moment whose day was asked for, the time is new.
    { uses_result: 'look' },
    asked({ day: '2026-07-06' }, ['2026-07-06T09:00', '2026-07-06T14:00Z'], 'On July 6th.'),
    ['failed', 'says what look answered', 'none of "09:00", "14:00" was said: "On July 6th."'],
  ],
  [
    { uses_result: 'look' },
    asked({ day: '2026-07-06' }, ['2026-07-06T09:00', '2026-07-06T14:00Z'], 'At 2 pm.'),
    ['passed', 'says what look answered', '"At 2 pm."'],
  ],
  [
    { uses_result: 'look' },
    told({ all: Array.from({ length: 9 }, (_, at) => `${at} ${'long '.repeat(20)}`) }, 'Many.'),
    [
      'failed',
      'says what look answered',
      expect.stringMatching(/^none of ("\d long [^"]{20,22}…", ){5}… \(9 values\) was said: "Many\."$/),
    ],
  ],
];

/** A value, and what people say for it, or do not. */
const spoken: [value: unknown, yes: string[], no: string[]][] = [
  [
    '09:00',
    [
      'at 09:00',
      '9:00',
      '9.00',
      '9 am',
      '9am',
      '9 a.m. sharp',
      'nine a.m.',
      "9 o'clock",
      'nine o’clock',
      'at nine',
      'at 9, or later',
      '9:00 am',
      'um 9 Uhr',
      'à 9 h',
      'a las 9',
      '9時に',
      '9시',
      '09h00',
    ],
    [
      ...[
        '19:00',
        '09:005',
        'July 9',
        'nine of them',
        '9:00 pm',
        '9 pm',
        'at 9:30',
        'at 90',
        'ninety',
        '9 hours',
      ],
      ...[
        'at nine thirty',
        'at nine hundred dollars',
        "twenty-nine o'clock",
        '9 Uhr 30',
        '9h30',
        '9時間',
        '9시간',
      ],
    ],
  ],
  [
    '14:30',
    ['2:30', '2:30 pm', '14.30', 'two thirty', 'half past two', 'two-thirty', '14 Uhr 30', '14h30', '14点30'],
    ['2:30 am', '4:30', 'two thirteen', 'two thirty-five', 'two thirty five dollars', 'twenty-two thirty'],
  ],
  [
    '14:00',
    [
      '14 horas',
      'a las 2',
      'à 2 heures',
      'um 2 Uhr',
      '2時',
      'at two',
      'by two or three',
      'at two, thirty people',
    ],
    [
      '2 horas',
      'dura 2 horas',
      '2 heures',
      '2h',
      '2 uur',
      '14h30',
      '14 Uhr 15',
      'um 14 Uhr 30',
      'à 14 h 30',
      '2時間',
      'at two fifteen',
    ],
  ],
  ['15:15', ['quarter past three', '3:15', 'three fifteen'], ['quarter past four']],
  ['11:45', ['quarter to twelve', 'eleven forty-five'], ['quarter to eleven']],
  ['12:00', ['noon', '12 pm', 'at twelve'], ['12 am', 'afternoon']],
  ['00:00', ['midnight', '12 am'], ['12 pm']],
  ['08:05', ['eight oh five', '8:05'], ['eight five']],
  [
    '2026-07-06',
    [
      '2026-07-06',
      'Monday, July 6th',
      'July 6, 2026',
      '6 July',
      'the 6th of July',
      'July the sixth',
      'Jul 6',
      'am 6. Juli',
      'el 6 de julio',
      'le 6 juillet',
      '6 luglio',
      '7月6日',
      '6 июля',
    ],
    [
      ...['July 16th', 'July 60', 'June 6', 'the sixth', 'Monday', 'the twenty-sixth of July'],
      ...[
        'July 6, 2025',
        'July 6th, 2025',
        'July 6 2027',
        'the 6th of July 2025',
        'July the sixth, twenty twenty-five',
      ],
      ...['6. Juli 2025', 'el 6 de julio de 2025', '6 июля 2025 г.', '2025年7月6日', '2025년 7월 6일'],
    ],
  ],
  [
    '2026-07-06',
    [
      ...[
        'July 6th, 2026',
        'July 6th, twenty twenty-six',
        'July sixth, two thousand and twenty-six',
        '2026年7月6日',
      ],
      ...[
        'am 6. Juli 2026',
        '6 de julio de 2026',
        'July 6 or 7',
        'July 6 at 20:30',
        'July 6th, twenty people',
      ],
    ],
    [],
  ],
  ['2026-07-21', ['July twenty-first', 'twenty first of July'], ['July twenty']],
  ['2026-07-30', ['July thirtieth'], []],
  ['2026-07-06T14:00:00Z', ['on July 6th', 'at 2 pm'], ['on July 7th']],
  ['2026-02-31', ['2026-02-31'], ['March 3']],
  [1200.5, ['1,200.50 dollars', '1.200,5 €', '1200.5'], ['1200', '11200.5', '1200.55', '12005', '12.005']],
  [1200, ['1,200', 'one thousand two hundred', '1200.00'], ['12', '1200.5', '1,200,000']],
  [
    20,
    [
      '20',
      'twenty dollars',
      '20-25',
      'twenty one-bedroom homes',
      'twenty, five of them',
      'twenty or twenty-five',
    ],
    [
      'twenty-five dollars',
      'twenty five',
      'twenty-first',
      'a hundred and twenty',
      '20 thousand',
      'twenty thousand',
    ],
  ],
  [
    5,
    [
      'five and six',
      'five',
      'the top five',
      'five-minute walk',
      '9-5',
      'RC-5',
      '$5',
      'I sent that one five minutes ago',
    ],
    [
      ...[
        'twenty-five',
        'twenty five',
        'five hundred',
        'a hundred and five',
        'one thousand, five',
        'five thirty',
      ],
      ...[
        '-5',
        'it is -5 degrees',
        'minus five',
        'minus 5',
        '-$5',
        'five point two',
        'five and a half',
        '5 million',
      ],
      ...['four two five', 'fifth', 'a twenty-five-minute walk'],
    ],
  ],
  [
    2,
    ['two-bedroom', 'three two-bedroom homes', 'two one-way tickets', 'thirty-two two-bedroom homes'],
    ['two oh five', 'thirty-two homes'],
  ],
  [-3, ['it is -3'], ['9-3', '-30']],
  [-1042, ['-1042', '-1,042'], ['1042', '1 0 4 2']],
  [10, ['ten', 'three ten-minute slots'], ['five ten', 'two hundred ten']],
  [
    100,
    ['a hundred', 'one hundred', 'a hundred and more', 'between a hundred and five hundred'],
    ['a hundred and five', 'one hundred five', 'a hundred thousand', 'thirty-one hundred'],
  ],
  [500, ['between a hundred and five hundred'], ['twenty-five hundred', 'a thousand five hundred']],
  [
    300,
    ['three hundred'],
    ['three hundred thousand', 'three hundred and one', 'one thousand, three hundred'],
  ],
  [
    1000,
    ['a thousand', '1,000', '1.000', '1 000', '1000.00', '1 0 0 0'],
    ['10:00', '10.00', '10,00', 'ten thousand', '-1000', 'minus 1000'],
  ],
  ['0042', ['0042', '0 0 4 2'], ['00:42', '00.42', '42']],
  ['1000', ['1000', '10-00'], ['10:00', 'at 10:00']],
  ['4155550100', ['415-555-0100', '415.555.0100', '4 1 5, 5 5 5, 0 1 0 0'], ['415:555:0100']],
  [42, ['forty-two', 'forty two', '42', '42%', 'route 42b'], ['142', '42.5', '4.42', 'forty']],
  [-3, ['-3'], ['three']],
  ['007', ['agent 007', '007'], ['seven', '7']],
  ['RC-1042', ['R C 1 0 4 2', 'rc1042', 'R-C-1-0-4-2', 'RC 1042'], ['RC-10422', 'XRC-1042', 'RC 1043']],
  ['room 1', ['In Room 1.', 'room  1'], ['room 11', 'bedroom 1', 'a room']],
  ['Müller', ['Frau MÜLLER', 'Frau Muller'], ['Müllerin', 'Mullerin']],
  ['Café Ole', ['cafe ole', 'Café Olé'], ['cafeteria ole']],
  ['が', ['が'], ['か']],
  [
    'out_for_delivery',
    ['It is out for delivery.', 'Out-for-delivery', 'OUT_FOR_DELIVERY'],
    ['out of delivery', 'outfordelivery'],
  ],
  ['out for delivery', ['out_for_delivery'], ['delivery']],
  ['P-1', ['table P 1', 'p_1', 'P-1'], ['P-12', 'AP 1', 'P, 1']],
  ['田中', ['田中さん'], ['田']],
];

describe('uses_result', () => {
  test.each(rows)('%j', async (written, played, check) => {
    expect(await ofTurn(written, played)).toEqual([check]);
    expect(await ofWhole(written, played)).toEqual([check]);
  });

  test.each(spoken)('%j is said as people say it', async (value, yes, no) => {
    const isSaid = async (answer: string) =>
      verdicts(await ofTurn({ uses_result: { tool: 'look', member: 'it' } }, told({ it: value }, answer)))[0];
    const found = (answers: string[]) =>
      Promise.all(answers.map(async (answer) => `${answer}: ${await isSaid(answer)}`));
    expect(await found(yes)).toEqual(yes.map((answer) => `${answer}: passed`));
    expect(await found(no)).toEqual(no.map((answer) => `${answer}: failed`));
  });

  test('finds a long text only as it is written, and what is in it', async () => {
    const text = `${'Bring your card. '.repeat(40)}Come at 09:00.`;
    const isSaid = async (member: string | undefined, answer: string) =>
      verdicts(await ofTurn({ uses_result: { tool: 'look', member } }, told({ it: text }, answer)))[0];
    expect(await isSaid('it', `So: ${text}`)).toBe('passed');
    expect(await isSaid('it', "At nine o'clock.")).toBe('failed');
    expect(await isSaid(undefined, "At nine o'clock.")).toBe('passed');
    expect(await isSaid(undefined, 'Bring your card.')).toBe('failed');
  });

  test('finds a long text without its accents and whatever joins its words', async () => {
    const text = 'Crème brûlée, fresh_baked, with tea. '.repeat(20);
    const said = text.replaceAll('_', ' ').replaceAll('è', 'e').toUpperCase();
    expect(verdicts(await ofTurn({ uses_result: 'look' }, told({ it: text }, said)))).toEqual(['passed']);
  });

  test('looks at the last call with a result, and at later turns only of the whole', async () => {
    const first = call('look', {}, { room: 'room 1' });
    const second = call('look', {}, { room: 'room 2' });
    const open = call('look', {}, { output: undefined });
    const played = conversation([turn('Room 1.', { calls: [first, second, open] }), turn('Room 2.')]);
    expect(verdicts(await ofTurn({ uses_result: 'look' }, played))).toEqual(['failed']);
    expect(verdicts(await ofWhole({ uses_result: 'look' }, played))).toEqual(['passed']);
  });
});
