import { describe, expect, test } from 'vitest';
import { matcherFaults, membersUnlike, unlike } from '../../../src/scenario/expect/matchers.js';

const slot = {
  time: '09:00',
  room: 'Room 1',
  open: true,
  seats: 4,
  code: '7',
  tags: ['a', 'B'],
  at: { floor: 2 },
  note: null,
};

/** What is wanted, and where the slot is not so: "" for fitting. */
const rows: [wanted: Record<string, unknown>, differs: string][] = [
  [{}, ''],
  [{ time: '09:00', room: ' room 1 ' }, ''],
  [{ time: '9:00' }, 'time'],
  [{ room: ' ROOM 1', seats: 4, open: true }, ''],
  [{ seats: '4', open: 'TRUE' }, 'seats open'],
  [{ time: 900, room: true }, 'time room'],
  [{ code: 7 }, 'code'],
  [{ code: '7' }, ''],
  [{ at: { floor: '2' } }, 'at.floor'],
  [{ code: { $any: [7, { $type: 'number' }] } }, 'code'],
  [{ code: { $not: 7 }, seats: { $not: '4' } }, ''],
  [{ tags: { $contains: 1 } }, 'tags'],
  [{ tags: ['A', 'b'] }, ''],
  [{ tags: ['A', 'c'] }, 'tags.1'],
  [{ tags: ['A'] }, 'tags'],
  [{ at: { floor: 3 } }, 'at.floor'],
  [{ at: {} }, 'at'],
  [{ note: null, gone: null }, ''],
  [{ gone: { deep: null } }, ''],
  [{ room: null }, 'room'],
  [{ time: { $matches: '^\\d\\d:' } }, ''],
  [{ room: { $matches: '^room' } }, ''],
  [{ seats: { $matches: '5' } }, 'seats'],
  [{ gone: { $matches: '.*' } }, 'gone'],
  [{ room: { $contains: 'ROOM' } }, ''],
  [{ room: { $contains: ['room', 'x'] } }, 'room'],
  [{ tags: { $contains: 'b' } }, ''],
  [{ tags: { $contains: ['b', 'a'] } }, ''],
  [{ tags: { $contains: 'c' } }, 'tags'],
  [{ tags: { $contains: { $matches: '^b$' } } }, ''],
  [{ at: { $contains: '"floor":2' } }, ''],
  [{ gone: { $contains: 'a' } }, 'gone'],
  [{ room: { $any: ['room 2', { $contains: '1' }] } }, ''],
  [{ room: { $any: ['room 2'] } }, 'room'],
  [{ seats: { $type: 'integer' }, open: { $type: ['string', 'boolean'] }, tags: { $type: 'array' } }, ''],
  [
    { at: { $type: 'object' }, note: { $type: 'null' }, gone: { $type: 'null' }, time: { $type: 'string' } },
    '',
  ],
  [{ seats: { $type: 'string' } }, 'seats'],
  [{ tags: { $type: 'object' } }, 'tags'],
  [{ seats: { $least: 4, $most: 4 } }, ''],
  [{ seats: { $most: '4' } }, 'seats'],
  [{ code: { $least: 7 } }, 'code'],
  [{ code: { $least: '7', $most: '10' } }, ''],
  [{ seats: { $least: 5 } }, 'seats'],
  [{ seats: { $least: 2, $most: 3 } }, 'seats'],
  [{ time: { $least: '9:00', $most: '10:00' } }, ''],
  [{ time: { $least: '09:30' } }, 'time'],
  [{ time: { $least: 1 } }, 'time'],
  [{ at: { $most: 1 } }, 'at'],
  [{ room: { $not: 'room 2' }, gone: { $not: 'x' } }, ''],
  [{ room: { $not: { $contains: '1' } } }, 'room'],
  [{ room: { $exists: true }, gone: { $exists: false }, note: { $exists: false } }, ''],
  [{ gone: { $exists: true } }, 'gone'],
  [{ room: { $exists: false } }, 'room'],
  [{ $contains: 'floor' }, ''],
  [{ $any: [{ seats: 5 }, { time: '10:00' }] }, '(all)'],
  [{ time: 'x', seats: 5 }, 'time seats'],
];

describe('a value', () => {
  test.each(rows)('is as %j, but for %j', (wanted, differs) => {
    const found = membersUnlike(wanted, slot).map(({ path }) => path.join('.') || '(all)');
    expect(found.join(' ')).toBe(differs);
  });

  test('that is no object has none of the members', () => {
    expect(membersUnlike({ a: 1 }, 'text')).toEqual([{ path: ['a'], value: undefined }]);
    expect(unlike({ a: 1 }, 'text')).toEqual([{ path: [], value: 'text' }]);
    expect(unlike({}, [])).toEqual([{ path: [], value: [] }]);
  });

  test('compares integers beyond 2^53 exactly', () => {
    const id = 9007199254740993n;
    expect([unlike(9007199254740993n, id), unlike(9007199254740992n, id).length]).toEqual([[], 1]);
    expect([unlike('9007199254740993', id).length, unlike(7, 7n)]).toEqual([1, []]);
    expect(unlike({ $type: 'integer' }, id)).toEqual([]);
  });
});

describe('faults of matchers', () => {
  test.each<[unknown, [path: string, problem: string][]]>([
    [{ a: { $least: 1 }, b: [{ $any: ['x', { $matches: 'y' }] }] }, []],
    [{ a: [{ $match: 'x' }] }, [['a.0.$match', 'is no matcher (did you mean "$matches"?)']]],
    [{ $least: 1, b: 2 }, [['b', 'cannot stand beside a matcher']]],
    [{ $not: { $matches: '(' } }, [['$not.$matches', 'is no regular expression: unterminated group']]],
    [{ $matches: 3 }, [['$matches', 'must be a text']]],
    [{ $matches: '^{{today}}' }, []],
    [{ $matches: '' }, [['$matches', 'must not be empty']]],
    [{ $contains: [] }, [['$contains', 'must not be empty']]],
    [{ $contains: [['a'], []] }, [['$contains', 'must not be empty']]],
    [{ $contains: '' }, [['$contains', 'must not be blank']]],
    [{ $not: { $contains: ['a', ' \u200b'] } }, [['$not.$contains', 'must not be blank']]],
    [{ a: { $contains: 0 }, b: { $contains: [{ $contains: null }] }, c: { $contains: [{}] } }, []],
    [{ $any: 'x' }, [['$any', 'must be a list of values']]],
    [{ $any: [] }, [['$any', 'must be a list of values']]],
    [
      { $type: 'text' },
      [['$type', 'must be string, number, integer, boolean, object, array, null, or a list of these']],
    ],
    [
      { $least: true, $most: [] },
      [
        ['$least', 'must be a number or a text'],
        ['$most', 'must be a number or a text'],
      ],
    ],
    [{ $exists: 'yes' }, [['$exists', 'must be true or false']]],
    ['$any', []],
  ])('of %j', (value, faults) => {
    expect(matcherFaults(value).map(({ path, problem }) => [path.join('.'), problem])).toEqual(faults);
  });
});
