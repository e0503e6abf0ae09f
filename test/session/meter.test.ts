import { describe, expect, test } from 'vitest';
import { parseUsd } from '../../src/money.js';
import type { ClientEvent } from '../../src/protocol/realtime-client.js';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import { createMeter } from '../../src/session/meter.js';
import { priceList } from '../../src/session/rates.js';
import { audio, type LineOptions, opening, openLine, silence } from './line.js';
import { call, created, done, word } from './support.js';

async function opened(options?: LineOptions) {
  const line = openLine(options);
  await line.serve(...opening);
  return line;
}

const usage = (members: object) => ({ ...done(), usage: members });

describe('a turn', () => {
  test('has its audio, its text item, its times and its price', async () => {
    const line = await opened();
    line.conversation.say('Hello');
    line.pass(400);
    await line.serve(created(), audio(silence(1.5)));
    line.pass(100);
    await line.serve(word('Hi'), audio(silence(1.5)));
    line.pass(500);
    await line.serve(usage({ output_audio_seconds: 3, billable_audio_seconds: 4, total_tokens: 9 }));
    expect(line.told('turn_done')).toEqual([
      expect.objectContaining({
        first_audio_ms: 400,
        first_word_ms: 500,
        total_ms: 1000,
        meter: {
          audio_in_seconds: 0,
          audio_out_seconds: 3,
          text_items: 1,
          tool_calls: 0,
          tool_ms: 0,
          hosted_tool_calls: {},
        },
        reported: { output_audio_seconds: 3, billable_audio_seconds: 4, total_tokens: 9 },
        // 3 s of a minute at 0.08, and 0.004.
        cost: {
          usd: '0.008',
          usd_ticks: 80_000_000,
          estimated: true,
          model: 'grok-voice-latest',
          rates: '2026-08-05',
        },
      }),
    ]);
  });

  test('whose audio comes under two names has it once', async () => {
    const line = await opened();
    line.conversation.say('Hello');
    const piece = audio(silence(1.5));
    await line.serve(created(), piece, { ...piece, type: 'response.audio.delta' }, done());
    expect(line.told('turn_done')).toMatchObject([{ meter: { audio_out_seconds: 1.5 } }]);
  });

  test('that ends as the next begins keeps its own items, and leaves the next its own', async () => {
    const line = await opened();
    line.conversation.say('One');
    await line.serve(created(), word('Hi'));
    line.conversation.say('Two');
    await line.serve(done('r1', { status: 'cancelled' }));
    await line.serve(created('r2'), done('r2'));
    expect(line.told('turn_done').map(({ status, meter }) => [status, meter?.text_items])).toEqual([
      ['cancelled', 1],
      ['completed', 1],
    ]);
    expect(line.meter.sum().tally.textItems).toBe(2);
  });

  test('counts the time in which tools ran, however many at once', async () => {
    const line = await opened();
    line.conversation.say('Look both up');
    await line.serve(created(), call('c1'), call('c2'));
    line.pass(200);
    await line.finishTool('c1');
    await line.serve(done());
    line.pass(100);
    await line.finishTool('c2');
    line.pass(1000);
    await line.serve(created('r2'), call('c3', 'lookup', '{}', 'r2'), done('r2'));
    line.pass(50);
    await line.finishTool('c3');
    await line.serve(created('r3'), done('r3'));
    expect(line.told('turn_done')[0]).toMatchObject({
      tool_calls: 3,
      // Results and requests for a response are not billed.
      meter: { tool_calls: 3, tool_ms: 350, text_items: 1 },
    });
  });

  test('that ends over a tool counts the time until then', async () => {
    const line = await opened();
    line.conversation.say('Look it up');
    await line.serve(created(), call('c1'), done());
    line.pass(700);
    line.conversation.interrupt();
    line.pass(5000);
    await line.finishTool('c1');
    expect(line.told('turn_done')[0]).toMatchObject({ status: 'cancelled', meter: { tool_ms: 700 } });
    expect(line.meter.sum().tally.toolMs).toBe(700);
  });

  test('counts tools that run at the service, once each', async () => {
    const line = await opened();
    line.conversation.say('Search');
    const items = [
      { id: 'w1', type: 'web_search_call' },
      { id: 'w2', type: 'web_search_call' },
      { id: 'x1', type: 'x_search_call' },
      { id: 'f1', type: 'file_search_call' },
      { id: 'm1', type: 'mcp_call' },
      { id: 'p1', type: 'poem' },
    ];
    const told = items
      .slice(0, 4)
      .map((item) => ({ type: 'response.output_item.done', item, response_id: 'r1' }));
    await line.serve(created(), ...told, done('r1', { output: items }));
    expect(line.told('turn_done')[0]).toMatchObject({
      meter: { hosted_tool_calls: { web_search: 2, x_search: 1, file_search: 1, mcp: 1 }, tool_calls: 0 },
      // 3 × 0.005 + 0.0025 + 0.004; for MCP nobody names a price.
      cost: { usd: '0.0215', leaves_out: ['mcp'] },
    });
  });

  test('sums what the service reports of its responses, wherever it puts it', async () => {
    const line = await opened();
    line.conversation.say('Look it up');
    await line.serve(created(), call('c1'), {
      ...done(),
      usage: { output_audio_seconds: 0.1, input_tokens: 5, cost_in_usd_ticks: 7 },
    });
    await line.finishTool('c1');
    const inside = { usage: { output_audio_seconds: 0.2, input_tokens: 1, cost_in_usd_ticks: 2 } };
    await line.serve(created('r2'), done('r2', inside));
    expect(line.told('turn_done')[0]?.reported).toEqual({
      output_audio_seconds: 0.3,
      input_tokens: 6,
      cost_in_usd_ticks: 9,
    });
  });

  test('believes no count of the service that cannot be one', async () => {
    const line = await opened();
    line.conversation.say('Hi');
    await line.serve(created(), audio(silence(0.5), { audio_duration_ms: -1 }));
    await line.serve(
      audio(silence(0.5), { audio_duration_ms: 1e300 }),
      audio(silence(0.5), { audio_duration_ms: '9' }),
    );
    await line.serve(usage({ billable_audio_seconds: -5, cost_in_usd_ticks: 1e300, total_tokens: 3 }));
    expect(line.told('turn_done')[0]).toMatchObject({
      meter: { audio_out_seconds: 1.5 },
      reported: { total_tokens: 3 },
    });
  });
});

describe('audio', () => {
  test('that tells its own duration is believed: a recording may have cut it', async () => {
    const line = await opened();
    line.conversation.say('Hi');
    await line.serve(
      created(),
      audio('AAAA', { audio_duration_ms: 489 }),
      audio('AAAA', { audio_duration_ms: 281 }),
      done(),
    );
    expect(line.told('turn_done')[0]?.meter?.audio_out_seconds).toBe(0.77);
  });

  const format = (type: string, rate?: number) => ({
    audio: {
      input: { format: { type, ...(rate && { rate }) } },
      output: { format: { type, ...(rate && { rate }) } },
    },
  });

  test.each([
    ['audio/pcm', undefined, 48_000],
    ['audio/pcm', 8000, 16_000],
    ['audio/pcm', 16_000, 32_000],
    ['audio/pcm', 22_050, 44_100],
    ['audio/pcm', 44_100, 88_200],
    ['audio/pcmu', undefined, 8000],
    ['audio/pcma', undefined, 8000],
  ])('of %s at %s is measured by its length', (type, rate, bytesPerSecond) => {
    const meter = createMeter({ model: 'm', list: priceList('2026-10-01'), telephony: false });
    const send = (event: object) => meter.sent(event as ClientEvent, 0);
    send({ type: 'session.update', session: format(type, rate) });
    for (let at = 0; at < 30; at++) {
      send({ type: 'input_audio_buffer.append', audio: silence(0.1, bytesPerSecond) });
    }
    meter.received(readServerFrame(JSON.stringify(audio(silence(2, bytesPerSecond)))), 0);
    const [ended] = meter.ended(0);
    expect(ended).toMatchObject({ meter: { audio_in_seconds: 3, audio_out_seconds: 2, text_items: 0 } });
  });

  test('of an unknown length leaves the price unknown', async () => {
    const line = await opened({ setup: format('audio/opus') as never });
    line.conversation.say('Hi');
    await line.serve(created(), audio('AAAA'), done());
    expect(line.told('turn_done')[0]?.cost).toMatchObject({ usd: null, usd_ticks: null });
  });

  test('that is sent as an item is audio and no text', () => {
    const meter = createMeter({
      model: 'grok-voice-latest',
      list: priceList('2026-10-01'),
      telephony: false,
    });
    const item = { type: 'message', role: 'user', content: [{ type: 'input_audio', audio: silence(2) }] };
    meter.sent({ type: 'conversation.item.create', item } as ClientEvent, 0);
    expect(meter.ended(0)[0]).toMatchObject({ meter: { audio_in_seconds: 2, text_items: 0 } });
  });
});

describe('text items', () => {
  test('are what a client makes, history and forced words too; not results of tools', () => {
    const meter = createMeter({
      model: 'grok-voice-latest',
      list: priceList('2026-10-01'),
      telephony: false,
    });
    const make = (item: object) => meter.sent({ type: 'conversation.item.create', item } as ClientEvent, 0);
    const content = [{ type: 'input_text', text: 'Hello' }];
    make({ type: 'message', role: 'user', content });
    make({ type: 'message', role: 'assistant', content });
    make({ type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' });
    make({ type: 'force_message', content });
    make({ type: 'function_call_output', call_id: 'c', output: '{}' });
    meter.sent({ type: 'response.create' }, 0);
    expect(meter.sum().tally.textItems).toBe(4);
    expect(meter.sum().ticks).toBe(parseUsd('0.016'));
  });

  test('that are seeded before the first turn are part of it', async () => {
    const line = await opened();
    for (const text of ['One', 'Two']) {
      line.meter.sent(
        {
          type: 'conversation.item.create',
          item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
        },
        0,
      );
    }
    line.conversation.say('Three');
    await line.serve(created(), done());
    expect(line.told('turn_done')[0]?.meter?.text_items).toBe(3);
  });
});

describe('a price', () => {
  test('of an unknown model is unknown, never 0', async () => {
    const line = openLine({ model: 'grok-realtime' });
    await line.serve({ type: 'session.created', session: {} }, { type: 'session.updated', session: {} });
    line.conversation.say('Hi');
    await line.serve(created(), done());
    await line.leave();
    const unknown = { usd: null, usd_ticks: null, estimated: true, model: 'grok-realtime', rates: null };
    expect(line.told('turn_done')[0]?.cost).toEqual(unknown);
    expect(line.told('session_done')[0]?.cost).toEqual(unknown);
  });

  test('is that of the model the service names, if it has one', async () => {
    const cost = async (model: string) => {
      const line = openLine({ model: 'grok-voice-latest' });
      await line.serve(
        { type: 'session.created', session: { model } },
        { type: 'session.updated', session: {} },
      );
      line.conversation.say('Hi');
      await line.serve(created(), audio(silence(60)), done());
      return line.told('turn_done')[0]?.cost;
    };
    expect(await cost('grok-voice-think-fast-1.0')).toMatchObject({
      usd: '0.054',
      model: 'grok-voice-think-fast-1.0',
    });
    expect(await cost('grok-voice-of-tomorrow')).toMatchObject({ usd: '0.084', model: 'grok-voice-latest' });
  });

  test('holds the surcharge of a telephone number where it is asked for', async () => {
    const line = await opened({ telephony: true });
    line.conversation.say('Hi');
    await line.serve(created(), audio(silence(60)), done());
    expect(line.told('turn_done')[0]?.cost).toMatchObject({ usd: '0.094' });
  });
});

describe('a phone call', () => {
  test('is heard as long as its line stands, and pays for the line by that time alone', async () => {
    const line = await opened({ telephony: true, call: true });
    line.pass(30_000);
    await line.serve(created(), word('Yes'), usage({ output_audio_seconds: 15 }));
    expect(line.told('turn_done')[0]).toMatchObject({
      meter: { audio_in_seconds: 30, audio_out_seconds: 15 },
      // 45 s at 0.08 a minute, half a minute of the line at 0.01.
      cost: { usd: '0.065' },
    });
    line.pass(30_000);
    await line.leave();
    expect(line.told('session_done')).toMatchObject([{ meter: { audio_in_seconds: 60 } }]);
  });

  test('pays for no time without a line', async () => {
    const meter = createMeter({ model: 'm', list: priceList('2026-10-01'), telephony: true, call: true });
    meter.told({ type: 'ready' }, 0);
    meter.told({ type: 'reconnecting', code: 1006, reason: '' }, 30_000);
    meter.told({ type: 'resumed', by: 'service', items: 0 }, 60_000);
    meter.told({ type: 'reconnecting', code: 1006, reason: '' }, 70_000);
    expect(meter.ended(130_000)).toMatchObject([{ meter: { audio_in_seconds: 40 } }]);
  });

  test('whose sound comes over the socket all the same has it once', async () => {
    const line = await opened({ call: true });
    await line.serve(created(), audio(silence(2)), usage({ output_audio_seconds: 2 }));
    expect(line.told('turn_done')).toMatchObject([{ meter: { audio_out_seconds: 2 } }]);
  });
});

describe('a session', () => {
  test('is the sum of its turns to the tick, and of what came after them', async () => {
    const line = await opened();
    for (let turn = 1; turn <= 7; turn++) {
      line.conversation.say('Hi');
      line.pass(turn * 100);
      await line.serve(created(`r${turn}`), word('Yes', `r${turn}`));
      await line.serve({ ...audio(silence(turn / 7)), response_id: `r${turn}` }, done(`r${turn}`));
    }
    const turns = line.told('turn_done');
    const sum = turns.reduce((ticks, { cost }) => ticks + (cost?.usd_ticks ?? 0), 0);
    line.conversation.say('Never answered');
    await line.leave();
    expect(line.told('session_done')).toEqual([
      expect.objectContaining({
        turns: 7,
        turns_ms: 2800,
        mean_first_word_ms: 400,
        mean_first_audio_ms: 400,
        meter: expect.objectContaining({ text_items: 8 }),
        cost: expect.objectContaining({ usd_ticks: sum + 40_000_000 }),
      }),
    ]);
    expect(line.notices.at(-1)?.type).toBe('session_done');
    expect(line.notices.map(({ seq }) => seq)).toEqual(line.notices.map((_, at) => at));
  });

  test('that the service ends is summed up before it is told closed, once', async () => {
    const line = await opened();
    line.conversation.say('Hi');
    await line.serve(created(), word('Half'));
    await line.close(1006);
    line.conversation.hangUp();
    expect(line.notices.slice(-3).map(({ type }) => type)).toEqual(['turn_done', 'session_done', 'closed']);
    expect(line.told('session_done')).toHaveLength(1);
  });
});
