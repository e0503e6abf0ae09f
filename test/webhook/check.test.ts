// Which deliveries are taken, and what becomes of the others.

import { describe, expect, test } from 'vitest';
import { createCheck, type Delivery } from '../../src/webhook/check.js';
import { createReplays } from '../../src/webhook/replays.js';
import { callEvent, nowMs, type Posted, type Signing, secret, signed } from './support.js';

function checked({ takes = true } = {}) {
  const taken: Delivery[] = [];
  const clock = { nowMs };
  const isTaking = { now: takes };
  const check = createCheck({
    secrets: [secret],
    now: () => clock.nowMs,
    take: (delivery) => {
      if (isTaking.now) taken.push(delivery);
      return isTaking.now;
    },
  });
  const post = ({ headers, body }: Posted) => check({ headers, body: Buffer.from(body) });
  return {
    taken,
    clock,
    isTaking,
    check,
    post,
    sign: (body: string, by?: Signing) => post(signed(body, by)),
  };
}

describe('a call', () => {
  test('is taken, with what its headers tell', () => {
    const { taken, sign } = checked();
    expect(sign(callEvent('call-1'))).toBeUndefined();
    expect(taken).toMatchObject([
      {
        id: 'msg_1',
        type: 'realtime.call.incoming',
        call: { call_id: 'call-1', from: '+14155550100', to: '+14155550123' },
        body: callEvent('call-1'),
        headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' },
      },
    ]);
  });

  test('is taken once: not again under the same delivery, nor as the same event', () => {
    const { taken, sign, clock } = checked();
    sign(callEvent('call-1'));
    expect(sign(callEvent('call-1'))).toBe('replayed');
    expect(sign(callEvent('call-1'), { id: 'msg_2' })).toBe('replayed');
    expect(sign(callEvent('call-2', { id: 'evt_other' }))).toBe('replayed');
    clock.nowMs += 4 * 60_000;
    expect(sign(callEvent('call-1'))).toBe('replayed');
    expect(taken).toHaveLength(1);
  });

  test('that is dated ahead cannot be played again when its time has come', () => {
    const { sign, clock } = checked();
    const atMs = nowMs + 299_000;
    expect(sign(callEvent('call-1'), { atMs })).toBeUndefined();
    clock.nowMs += 9 * 60_000;
    expect(sign(callEvent('call-1'), { atMs })).toBe('replayed');
    clock.nowMs += 2 * 60_000;
    expect(sign(callEvent('call-1'), { atMs })).toBe('stale');
  });

  test('that is dated ahead as far as it may be is never new again', () => {
    const { sign, clock } = checked();
    const atMs = nowMs + 300_000;
    sign(callEvent('call-1'), { atMs });
    clock.nowMs += 600_000;
    expect(sign(callEvent('call-1'), { atMs })).toBe('replayed');
    clock.nowMs += 1;
    expect(sign(callEvent('call-1'), { atMs })).toBe('stale');
  });

  test.each([
    ['in camelCase', { data: { callId: 'c', sipHeaders: [{ name: 'From', value: '+14155550100' }] } }],
    ['with a time in words', { created_at: '2026-07-01T12:00:00Z', data: { call_id: 'c' } }],
    [
      'with nulls for what is not there',
      { object: null, created_at: null, data: { call_id: 'c', sip_headers: null } },
    ],
    [
      'with a header of another shape beside others',
      {
        data: {
          call_id: 'c',
          sip_headers: [null, { name: 'X', value: 7 }, { name: 'From', value: '+14155550100' }],
        },
      },
    ],
  ])('is taken %s', (_, members) => {
    const { taken, sign } = checked();
    const body = JSON.stringify({ id: 'evt_1', type: 'realtime.call.incoming', ...members });
    expect(sign(body)).toBeUndefined();
    const from = body.includes('From') ? { from: '+14155550100' } : {};
    expect(taken.map(({ call }) => call)).toEqual([{ call_id: 'c', ...from }]);
  });

  test('that could not be taken may come again', () => {
    const { taken, sign, isTaking } = checked({ takes: false });
    expect(sign(callEvent('call-1'))).toBe('busy');
    isTaking.now = true;
    expect(sign(callEvent('call-1'))).toBeUndefined();
    expect(taken).toHaveLength(1);
  });

  test.each([
    [-301, 'stale'],
    [-300, undefined],
    [0, undefined],
    [300, undefined],
    [301, 'stale'],
  ])('signed %d s from now is %s', (seconds, verdict) => {
    expect(checked().sign(callEvent('call-1'), { atMs: nowMs + seconds * 1000 })).toBe(verdict);
  });
});

describe('what is signed', () => {
  const event = (members: object) =>
    JSON.stringify({ id: 'evt_1', type: 'realtime.call.incoming', ...members });
  test.each([
    ['nothing', ''],
    ['no JSON', '{"id":'],
    ['no object', '[1]'],
    ['null', 'null'],
    ['without a type', '{"id":"evt_1"}'],
    ['without an id', event({ id: undefined, data: { call_id: 'c' } })],
    ['with an empty id', event({ id: '', data: { call_id: 'c' } })],
    ['without data', event({})],
    ['without the call', event({ data: {} })],
    ['with a call of no name', event({ data: { call_id: '' } })],
    ['with a call of a number', event({ data: { call_id: 7 } })],
    ['with an endless call', event({ data: { call_id: 'x'.repeat(300) } })],
    ['with headers that are none', event({ data: { call_id: 'c', sip_headers: 'From' } })],
    ['nested without end', '['.repeat(100_000)],
  ])('and %s is no event', (_, body) => {
    const { taken, sign } = checked();
    expect(sign(body)).toBe('malformed');
    expect(taken).toEqual([]);
  });

  test('and of a type nobody knows is taken as such, whatever it holds', () => {
    const { taken, sign } = checked();
    expect(sign('{"id":"evt_9","type":"realtime.call.ended","data":null}')).toBeUndefined();
    expect(taken).toMatchObject([{ type: 'realtime.call.ended', call: undefined }]);
    expect(sign('{"id":"evt_9","type":"realtime.call.ended"}', { id: 'msg_2' })).toBe('replayed');
  });
});

describe('what is not signed as it should be', () => {
  const genuine = signed(callEvent('call-1'));
  const without = (name: string) => {
    const { [name]: _gone, ...headers } = genuine.headers;
    return { ...genuine, headers };
  };
  const having = (name: string, value: string) => ({
    ...genuine,
    headers: { ...genuine.headers, [name]: value },
  });
  test.each([
    ['no id', without('webhook-id'), 'unsigned'],
    ['no time', without('webhook-timestamp'), 'unsigned'],
    ['no signature', without('webhook-signature'), 'unsigned'],
    ['an empty id', having('webhook-id', ''), 'unsigned'],
    ['an endless id', having('webhook-id', 'x'.repeat(300)), 'unsigned'],
    ['a time in words', having('webhook-timestamp', 'now'), 'unsigned'],
    ['a time before all', having('webhook-timestamp', '-1'), 'unsigned'],
    ['a time with something behind it', having('webhook-timestamp', '1782907200x'), 'unsigned'],
    ['a time of another form', having('webhook-timestamp', '1.7829072e9'), 'unsigned'],
    ['another time', having('webhook-timestamp', '1782907201'), 'forged'],
    ['another id', having('webhook-id', 'msg_2'), 'forged'],
    ['another body', { ...genuine, body: callEvent('call-2') }, 'forged'],
    [
      'another secret',
      signed(callEvent('call-1'), { with: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' }),
      'forged',
    ],
  ])('with %s is refused', (_, posted, verdict) => {
    expect(checked().post(posted)).toBe(verdict);
  });

  test('is not remembered, so that no forger can keep a call from being taken', () => {
    const { post, sign } = checked();
    post({ ...genuine, body: `${genuine.body} ` });
    expect(sign(callEvent('call-1'))).toBeUndefined();
  });

  test('bytes that are no text are refused', () => {
    const { check } = checked();
    expect(check({ headers: genuine.headers, body: Buffer.from([0xff, 0xfe]) })).toBe('unsigned');
  });
});

test('what is remembered is bounded, and forgotten in time', () => {
  const clock = { nowMs };
  const replays = createReplays(() => clock.nowMs, 4);
  replays.remember(['a', 'b']);
  clock.nowMs += 1000;
  replays.remember(['c', 'd']);
  expect(replays.isFull()).toBe(true);
  clock.nowMs += 10 * 60_000 - 999;
  expect([replays.isFull(), replays.isKnown(['a']), replays.isKnown(['d'])]).toEqual([false, false, true]);
});
