// A conversation on a line held in the hand: frames go in when told, time passes when told.

import type { SessionUpdate } from '../../src/protocol/realtime-session.js';
import { Queue } from '../../src/queue.js';
import { createBudget, type Limits } from '../../src/session/budget.js';
import { converse } from '../../src/session/converse.js';
import { createMeter } from '../../src/session/meter.js';
import type { Notice, NoticeOf } from '../../src/session/notice.js';
import { type PriceList, priceList } from '../../src/session/rates.js';
import { setup as usualSetup } from './support.js';

export interface LineOptions {
  setup?: SessionUpdate;
  model?: string;
  list?: PriceList;
  telephony?: boolean;
  call?: boolean;
  limits?: Limits;
}

export function openLine(options: LineOptions = {}) {
  const { setup = usualSetup, model = 'grok-voice-latest', telephony = false, limits = {}, call } = options;
  const list = options.list ?? priceList('2026-10-01');
  let nowMs = 1000;
  const frames = new Queue<string>();
  let hangUp = (_end: { code: number; reason: string }) => {};
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    hangUp = resolve;
  });
  const results = new Map<string, (output: string) => void>();
  const meter = createMeter({ model, list, telephony, call });
  const budget = createBudget({
    limits,
    sum: meter.sum,
    textItem: list('per_text_item', model)?.ticks ?? 0n,
    nowMs: () => nowMs,
  });
  const notices: Notice[] = [];
  const conversation = converse(
    { send: () => {}, bufferedBytes: () => 0, frames, closed, close: () => frames.end() },
    {
      setup,
      observers: [meter, budget],
      timers: { nowMs: () => nowMs, after: () => () => {} },
      answerTimeoutMs: 1000,
      runTool: ({ call_id }) => new Promise((resolve) => results.set(call_id, resolve)),
    },
  );
  const reading = (async () => {
    for await (const notice of conversation.notices) notices.push(notice);
  })();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    meter,
    budget,
    conversation,
    notices,
    /** Lets time pass. */
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** Server events, as they would come over the wire. */
    serve: async (...events: Record<string, unknown>[]) => {
      for (const event of events) frames.push(JSON.stringify(event));
      await settle();
    },
    finishTool: async (callId: string, output = '{}') => {
      results.get(callId)?.(output);
      await settle();
    },
    /** The service closes. */
    close: async (code = 1000) => {
      hangUp({ code, reason: '' });
      frames.end();
      await reading;
    },
    /** We do. */
    leave: async () => {
      conversation.hangUp();
      await reading;
    },
    /** Notices of a type, oldest first. */
    told: <T extends Notice['type']>(type: T) =>
      notices.filter((notice) => notice.type === type) as NoticeOf<T>[],
  };
}

export const opening = [
  { type: 'session.created', session: { id: 's1', model: 'grok-voice-latest' } },
  { type: 'conversation.created', conversation: { id: 'c1' } },
  { type: 'session.updated', session: {} },
];

/** So many seconds of silence as the usual PCM, in base64. */
export const silence = (seconds: number, bytesPerSecond = 48_000) =>
  Buffer.alloc(Math.round(seconds * bytesPerSecond)).toString('base64');

export const audio = (delta: string, members: object = {}) => ({
  type: 'response.output_audio.delta',
  response_id: 'r1',
  item_id: 'i1',
  delta,
  ...members,
});
