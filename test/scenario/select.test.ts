import { describe, expect, test } from 'vitest';
import { createChance } from '../../src/chance.js';
import type { Case } from '../../src/scenario/scenario.js';
import { selectCases } from '../../src/scenario/select.js';

function scenario(file: string, name: string, tags: string[] = []): Case {
  return { id: `${file} › ${name}`, name, file, tags } as unknown as Case;
}

const cases = [
  scenario('clinic/booking.scenario.yaml', 'A clean booking', ['smoke', 'booking']),
  scenario('clinic/booking.scenario.yaml', 'A full day', ['booking', 'slow']),
  scenario('shop/returns.scenario.yaml', 'An Order [ORD-1]', ['smoke']),
  scenario('shop/returns.scenario.yaml', 'No order', []),
];
const names = (selection: Parameters<typeof selectCases>[1]) =>
  selectCases(cases, selection).map(({ name }) => name);
const all = cases.map(({ name }) => name);

describe('what is run', () => {
  test.each([
    ['everything', {}, all],
    ['a word of the name', { filter: 'clean' }, ['A clean booking']],
    ['a word in other capitals', { filter: 'ORDER' }, ['An Order [ORD-1]', 'No order']],
    ['a word of the file', { filter: 'clinic/' }, ['A clean booking', 'A full day']],
    ['several words, wherever they stand', { filter: 'day  clinic' }, ['A full day']],
    ['words of which one is missing', { filter: 'clean shop' }, []],
    ['parameters', { filter: '[ord-1]' }, ['An Order [ORD-1]']],
    ['a blank filter', { filter: ' ' }, all],
    ['a regular expression', { filter: '/a (clean|full)/' }, ['A clean booking', 'A full day']],
    ['a regular expression over one line', { filter: '/^No order$/m' }, []],
    ['a path that looks like none', { filter: '/booking.scenario' }, ['A clean booking', 'A full day']],
    ['a tag', { tags: ['smoke'] }, ['A clean booking', 'An Order [ORD-1]']],
    [
      'any of several tags',
      { tags: ['slow', 'smoke'] },
      ['A clean booking', 'A full day', 'An Order [ORD-1]'],
    ],
    ['all but a tag', { tags: ['!slow'] }, ['A clean booking', 'An Order [ORD-1]', 'No order']],
    ['a tag and not another', { tags: ['booking', '!slow'] }, ['A clean booking']],
    ['a tag nobody has', { tags: ['none'] }, []],
    ['ids', { only: new Set([cases[1]?.id ?? '', 'gone']) }, ['A full day']],
    [
      'all of these together',
      { filter: 'a', tags: ['smoke'], only: new Set([cases[0]?.id ?? '']) },
      ['A clean booking'],
    ],
  ])('%s', (_, selection, selected) => {
    expect(names(selection)).toEqual(selected);
  });

  test('no regular expression is refused', () => {
    expect(() => names({ filter: '/(/' })).toThrow(
      expect.objectContaining({ code: 'usage', message: '--filter /(/ is no regular expression' }),
    );
  });
});

describe('parts of a run', () => {
  const random = createChance(7);
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => scenario(`${at % 7}.scenario.yaml`, `Scenario ${at}`));
  const shuffled = (given: Case[]) =>
    given
      .map((each) => ({ each, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ each }) => each);
  const parts = (given: Case[], of: number) =>
    Array.from({ length: of }, (_, at) => selectCases(given, { shard: { part: at + 1, of } }));

  test.each([0, 1, 2, 3, 10, 101])('are disjoint, whole and alike in size, for %d cases', (count) => {
    for (const of of [1, 2, 3, 4, 7, 12]) {
      const ids = parts(many(count), of).map((part) => part.map(({ id }) => id));
      expect(ids.flat().sort()).toEqual(
        many(count)
          .map(({ id }) => id)
          .sort(),
      );
      const sizes = ids.map((part) => part.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  test('are the same in whichever order the files are found', () => {
    const sets = (given: Case[]) => parts(given, 4).map((part) => new Set(part.map(({ id }) => id)));
    const expected = sets(many(50));
    for (let at = 0; at < 20; at++) expect(sets(shuffled(many(50)))).toEqual(expected);
  });

  test('keep the order', () => {
    const given = shuffled(many(20));
    for (const part of parts(given, 3)) expect(part).toEqual(given.filter((each) => part.includes(each)));
  });

  test('are parts of what is selected', () => {
    const ids = [1, 2].flatMap((part) => names({ tags: ['smoke'], shard: { part, of: 2 } }));
    expect(ids.sort()).toEqual(['A clean booking', 'An Order [ORD-1]']);
    expect(names({ tags: ['smoke'], shard: { part: 1, of: 2 } })).toHaveLength(1);
  });
});
