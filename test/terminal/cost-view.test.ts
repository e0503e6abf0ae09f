import { describe, expect, test } from 'vitest';
import { parseUsd } from '../../src/money.js';
import { billFor } from '../../src/session/bill.js';
import type { Sum } from '../../src/session/meter.js';
import type { NoticeOf } from '../../src/session/notice.js';
import { priceList } from '../../src/session/rates.js';
import { nothing, plus, type Tally } from '../../src/session/tally.js';
import { costTable, hasSums, sessionText, turnText } from '../../src/terminal/cost-view.js';
import { createStyle } from '../../src/terminal/style.js';

const meter = {
  audio_in_seconds: 1.1,
  audio_out_seconds: 2.1,
  text_items: 1,
  tool_calls: 1,
  tool_ms: 300,
  hosted_tool_calls: {},
};
const cost = {
  usd: '0.00827',
  usd_ticks: 82_700_000,
  estimated: true as const,
  model: 'grok-voice-latest',
  rates: '2026-08-05',
};
const turn: NoticeOf<'turn_done'> = {
  type: 'turn_done',
  turn: 1,
  status: 'completed',
  text: 'Hello.',
  tool_calls: 1,
  first_word_ms: 410,
  first_audio_ms: 380,
  total_ms: 2100,
  meter,
  cost,
  seq: 0,
  at_ms: 0,
};
const session: NoticeOf<'session_done'> = {
  type: 'session_done',
  turns: 2,
  mean_first_word_ms: 410,
  mean_first_audio_ms: 380,
  turns_ms: 4200,
  meter: { ...meter, hosted_tool_calls: { web_search: 2 } },
  reported: { billable_audio_seconds: 4 },
  cost,
  seq: 1,
  at_ms: 9000,
};

describe('the line under a turn', () => {
  test('holds all there is', () => {
    expect(turnText(turn, Number.POSITIVE_INFINITY)).toBe(
      '(first word 0.41 s, first audio 0.38 s, 1 tool call 0.30 s, total 2.10 s, 1.1 s of audio in, 2.1 s out, 1 text item, about $0.0083)',
    );
  });

  test('takes more lines where the screen is narrow, and leaves nothing out', () => {
    expect(turnText(turn, 80).split('\n')).toEqual([
      '(first word 0.41 s, first audio 0.38 s, 1 tool call 0.30 s, total 2.10 s,',
      ' 1.1 s of audio in, 2.1 s out, 1 text item, about $0.0083)',
    ]);
    for (const width of [10, 40, 60, 80, 100, 132]) {
      const text = turnText({ ...turn, status: 'cancelled' }, width);
      expect(text.replaceAll('\n', '')).toBe(
        turnText({ ...turn, status: 'cancelled' }, Number.POSITIVE_INFINITY),
      );
      if (width >= 40) expect(text.split('\n').filter((line) => line.length > width)).toEqual([]);
    }
  });

  test('says when a price is unknown, and shows the price of the service beside', () => {
    const unknown = { ...cost, usd: null, usd_ticks: null, model: 'm\u001b[2J' };
    expect(turnText({ ...turn, cost: unknown }, 60)).toContain('price of m[2J unknown');
    expect(turnText({ ...turn, reported: { cost_in_usd_ticks: 81_000_000 } }, 90)).toContain(
      '$0.0081 by the service, about $0.0083',
    );
  });

  test('without a meter is what it was', () => {
    const { meter: _meter, cost: _cost, first_audio_ms: _audio, ...plain } = turn;
    expect(turnText(plain, 80)).toBe('(first word 0.41 s, 1 tool call, total 2.10 s)');
  });
});

describe('the line under a session', () => {
  test('holds the sums, what the service says, and that the price is an estimate', () => {
    expect(sessionText(session, Number.POSITIVE_INFINITY)).toBe(
      '(session: 2 turns in 4.20 s, first word 0.41 s on average, first audio 0.38 s on average, ' +
        '1 tool call 0.30 s, 2 web_search, 1.1 s of audio in, 2.1 s out, 1 text item, the service bills 4 s, ' +
        'about $0.0083, estimated at rates of 2026-08-05)',
    );
    expect(sessionText(session, 80).split('\n')).toEqual([
      '(session: 2 turns in 4.20 s, first word 0.41 s on average,',
      ' first audio 0.38 s on average, 1 tool call 0.30 s, 2 web_search,',
      ' 1.1 s of audio in, 2.1 s out, 1 text item, the service bills 4 s,',
      ' about $0.0083, estimated at rates of 2026-08-05)',
    ]);
  });

  test('of a session that ended in its first turn counts none', () => {
    const none = { ...session, turns: 0, turns_ms: 0 };
    expect(sessionText(none, 200)).toMatch(/^\(session: no turn was finished, /);
  });

  test('is not needed where nothing happened', () => {
    const idle = { ...meter, audio_in_seconds: 0, audio_out_seconds: 0, text_items: 0 };
    expect(hasSums({ ...session, turns: 0, meter: idle })).toBe(false);
    expect(hasSums({ ...session, turns: 0 })).toBe(true);
  });
});

describe('the table of /cost', () => {
  const show = (tally: Partial<Tally>, model = 'grok-voice-latest') => {
    const whole = plus(nothing, tally);
    const bill = billFor(whole, model, { list: priceList('2026-10-01'), telephony: true });
    const sum: Sum = {
      ...bill,
      tally: whole,
      reported: whole.reported,
      turns: 3,
      turnsMs: 4200,
      turnsTicks: 0n,
    };
    return costTable(sum, createStyle(0, 80));
  };
  const counted = {
    audioIn: 28_224_000 * 30,
    audioOut: 28_224_000 * 60,
    textItems: 2,
    toolCalls: 1,
    toolMs: 250,
    hosted: { web_search: 3, mcp: 1 },
    reported: { billable_audio_seconds: 91 },
  };

  test('is the bill, what the service says, and what the estimate is made of', () => {
    expect(show(counted).split('\n')).toEqual([
      'What        Counted  Rate            Amount',
      'audio in    30.0 s   $0.08 a minute  $0.0400',
      'audio out   60.0 s   $0.08 a minute  $0.0800',
      'telephony   90.0 s   $0.01 a minute  $0.0150',
      'text items  2        $0.004 each     $0.0080',
      'web_search  3        $5 per 1,000    $0.0150',
      'about                                $0.1580',
      'Estimated at rates of 2026-08-05 for grok-voice-latest; calls of mcp have no known price.',
      'The service reports: billable_audio_seconds 91.',
      '3 turns in 4.20 s, 1 tool call here in 0.25 s.',
    ]);
    expect(parseUsd('0.158')).toBe(
      billFor(plus(nothing, counted), 'grok-voice-latest', { list: priceList('2026-10-01'), telephony: true })
        .ticks,
    );
  });

  test('knows no price of an unknown model, also where nothing was counted', () => {
    const lines = show({ textItems: 1 }, 'grok-realtime').split('\n');
    expect(lines[1]).toBe('audio in    0.0 s    unknown         unknown');
    expect(lines.find((line) => line.startsWith('about'))).toMatch(/unknown$/);
    expect(lines).toContain('Nobody knows the price of grok-realtime.');
  });
});
