import { describe, expect, test } from 'vitest';
import { parseUsd, usdExact } from '../../src/money.js';
import { knownRates, type PriceKind, priceList, type Rate } from '../../src/session/rates.js';

const usd = (date: string, model: string, kind: PriceKind = 'per_audio_minute', own: Rate[] = []) => {
  const price = priceList(date, own)(kind, model);
  return price && [usdExact(price.ticks), price.label];
};
const own = (members: Partial<Rate>, price: string, kind: PriceKind = 'per_audio_minute'): Rate => ({
  source: 'mine.yaml',
  prices: { [kind]: parseUsd(price) as bigint },
  ...members,
});

describe('the built-in prices', () => {
  test.each([
    ['2026-08-04', 'grok-voice-latest', ['0.05', '2026-04-23']],
    ['2026-08-05', 'grok-voice-latest', ['0.08', '2026-08-05']],
    ['2030-01-01', 'grok-voice-latest', ['0.08', '2026-08-05']],
    ['2026-10-01', 'grok-voice-think-fast-1.0', ['0.05', '2026-04-23']],
    ['2026-10-01', 'grok-voice-think-fast-2.0', ['0.08', '2026-07-29']],
    ['2020-01-01', 'grok-voice-latest', ['0.05', '2026-04-23']],
    ['2026-10-01', 'grok-voice-fast-1.0', undefined],
    ['2026-10-01', 'grok-4.3', undefined],
    ['2026-10-01', '', undefined],
  ])('on %s a minute of %s', (date, model, price) => {
    expect(usd(date, model)).toEqual(price);
  });

  test.each([
    ['per_text_item', '0.004'],
    ['per_telephony_minute', '0.01'],
    ['per_1000_web_searches', '5'],
    ['per_1000_x_searches', '5'],
    ['per_1000_file_searches', '2.5'],
  ] as const)('%s is the same for every model', (kind, price) => {
    expect(usd('2026-10-01', 'whatever', kind)?.[0]).toBe(price);
  });

  test('of text are those of the one model that is priced', () => {
    expect(usd('2026-10-01', 'grok-4.3', 'per_million_input_tokens')?.[0]).toBe('1.25');
    expect(usd('2026-10-01', 'grok-4.3', 'per_million_output_tokens')?.[0]).toBe('2.5');
    expect(usd('2026-10-01', 'grok-4.7', 'per_million_input_tokens')).toBeUndefined();
  });

  test('name their day and their source', () => {
    for (const { from, source } of knownRates) {
      expect(from).toMatch(/^2026-\d\d-\d\d$/);
      expect(source).not.toBe('');
    }
  });
});

describe("a user's own", () => {
  test('come before the built-in ones, and add to them', () => {
    const mine = [own({ model: 'grok-voice-latest' }, '0.03'), own({ model: 'new' }, '0.5')];
    expect(usd('2026-10-01', 'grok-voice-latest', 'per_audio_minute', mine)).toEqual(['0.03', 'mine.yaml']);
    expect(usd('2026-10-01', 'new', 'per_audio_minute', mine)).toEqual(['0.5', 'mine.yaml']);
    expect(usd('2026-10-01', 'new', 'per_text_item', mine)?.[0]).toBe('0.004');
  });

  test('begin on their day; until then the built-in ones hold', () => {
    const mine = [own({ model: 'grok-voice-latest', from: '2027-01-01' }, '0.1')];
    expect(usd('2026-12-31', 'grok-voice-latest', 'per_audio_minute', mine)?.[0]).toBe('0.08');
    expect(usd('2027-01-01', 'grok-voice-latest', 'per_audio_minute', mine)).toEqual(['0.1', '2027-01-01']);
  });

  test('for a model come before those for all, the newest before the older, the last before the first', () => {
    const mine = [
      own({ from: '2026-09-01' }, '0.9'),
      own({ model: 'm', from: '2026-01-01' }, '0.1'),
      own({ model: 'm', from: '2026-02-01' }, '0.2'),
      own({ model: 'm', from: '2026-02-01' }, '0.3'),
    ];
    expect(usd('2026-10-01', 'm', 'per_audio_minute', mine)?.[0]).toBe('0.3');
    expect(usd('2026-01-15', 'm', 'per_audio_minute', mine)?.[0]).toBe('0.1');
    expect(usd('2026-10-01', 'other', 'per_audio_minute', mine)?.[0]).toBe('0.9');
  });

  test('may be 0, which is known', () => {
    expect(usd('2026-10-01', 'm', 'per_audio_minute', [own({ model: 'm' }, '0')])).toEqual([
      '0',
      'mine.yaml',
    ]);
  });
});
