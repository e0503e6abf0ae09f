import { describe, expect, test } from 'vitest';
import { retryAfterMs, retryDelay } from '../../src/api/retry.js';
import { CliError, type ErrorCode } from '../../src/errors.js';
import type { Effect } from '../../src/protocol/routes.js';

const nowMs = Date.parse('2026-07-01T12:00:00Z');
const clock = (random = 1) => ({ now: () => nowMs, random: () => random, sleep: async () => {} });
const failure = (code: ErrorCode, retryAfter?: string) => new CliError(code, 'failed', { retryAfter });

const effects: Effect[] = ['read', 'remove', 'write', 'purchase'];
/** The delay in ms for each effect in turn, with no luck in it. */
const delays = (error: CliError, attempt = 0) =>
  effects.map((effect) => retryDelay(effect, attempt, error, clock()));
const never = [undefined, undefined, undefined, undefined];
const repeatable = (ms: number) => [ms, ms, undefined, undefined];
const butPurchases = (ms: number) => [ms, ms, ms, undefined];

describe('what is repeated: read, remove, write, purchase', () => {
  test.each([
    ['a network failure', failure('network'), repeatable(250)],
    ['5xx', failure('unavailable'), repeatable(250)],
    ['a dropped connection', failure('dropped'), repeatable(250)],
    ['a rate limit without a word on how long', failure('rate_limited'), repeatable(1000)],
    ['a rate limit with a time', failure('rate_limited', '3'), butPurchases(3000)],
    ['a rate limit that is over', failure('rate_limited', '0'), butPurchases(0)],
    [
      'a rate limit until a date',
      failure('rate_limited', 'Wed, 01 Jul 2026 12:00:20 GMT'),
      butPurchases(20_000),
    ],
    [
      'a rate limit until a date gone by',
      failure('rate_limited', 'Wed, 01 Jul 2026 11:00:00 GMT'),
      butPurchases(0),
    ],
    ['a rate limit of a minute', failure('rate_limited', '60'), butPurchases(60_000)],
    ['a rate limit of more than a minute', failure('rate_limited', '61'), never],
    ['a rate limit until a date too far', failure('rate_limited', 'Wed, 01 Jul 2026 13:00:00 GMT'), never],
    ['a rate limit in words', failure('rate_limited', 'soon'), repeatable(1000)],
    ['a rate limit in no words', failure('rate_limited', ''), repeatable(1000)],
    ['spent credits', failure('credits_exhausted'), never],
    ['spent credits, told to come back', failure('credits_exhausted', '3'), never],
    ['a wrong key', failure('key_refused'), never],
    ['a missing key', failure('key_missing'), never],
    ['a missing right', failure('forbidden'), never],
    ['a team without the API', failure('agents_not_enabled'), never],
    ['what is not there', failure('not_found'), never],
    ['a refusal', failure('refused'), never],
    ['a conflict', failure('conflict'), never],
    ['what is gone', failure('gone'), never],
    ['a reply that cannot be read', failure('invalid_reply'), never],
    ['a redirect', failure('redirected'), never],
    ['a certificate nobody trusts', failure('tls'), never],
    ['a wait that was long already', failure('timeout'), never],
    ['Ctrl+C', failure('interrupted'), never],
  ])('%s', (_, error, expected) => {
    expect(delays(error)).toEqual(expected);
  });
});

describe('how often', () => {
  test('twice, each time after longer', () => {
    const of = (code: ErrorCode) =>
      [0, 1, 2, 3].map((attempt) => retryDelay('read', attempt, failure(code), clock()));
    expect(of('network')).toEqual([250, 500, undefined, undefined]);
    expect(of('rate_limited')).toEqual([1000, 2000, undefined, undefined]);
  });

  test('also where the service says when', () => {
    const waits = [0, 1, 2].map((attempt) => delays(failure('rate_limited', '3'), attempt));
    expect(waits).toEqual([butPurchases(3000), butPurchases(3000), never]);
  });

  test('with chance in it, so that many do not come back at once', () => {
    const of = (random: number) => retryDelay('read', 0, failure('network'), clock(random));
    expect([of(0), of(0.5), of(1)]).toEqual([125, 187.5, 250]);
  });

  test('but without chance where the service says when', () => {
    expect(retryDelay('read', 0, failure('rate_limited', '3'), clock(0))).toBe(3000);
  });
});

describe('Retry-After', () => {
  test.each([
    ['seconds', '5', 5000],
    ['part of a second', '0.5', 500],
    ['seconds with blanks', ' 5 ', 5000],
    ['nothing to wait', '0', 0],
    ['less than nothing', '-5', 0],
    ['a date', 'Wed, 01 Jul 2026 12:00:05 GMT', 5000],
    ['a date gone by', 'Tue, 30 Jun 2026 12:00:05 GMT', 0],
    ['words', 'later', undefined],
    ['nothing', '', undefined],
    ['blanks', '  ', undefined],
    ['no header', undefined, undefined],
    ['no end', 'Infinity', undefined],
  ])('as %s', (_, header, ms) => {
    expect(retryAfterMs(header, nowMs)).toBe(ms);
  });
});
