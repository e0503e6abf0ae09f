// The meter fed with what the real service sent. The recordings stand beside the project and are not part of it.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ClientEvent } from '../../src/protocol/realtime-client.js';
import { readServerFrame } from '../../src/protocol/realtime-server.js';
import { createMeter } from '../../src/session/meter.js';
import { priceList } from '../../src/session/rates.js';
import { root } from '../support/agents.js';

const folder = join(root, '../shared/wire');

function play(name: string) {
  const meter = createMeter({ model: 'grok-voice-latest', list: priceList('2026-07-28'), telephony: false });
  for (const line of readFileSync(join(folder, name), 'utf8').trim().split('\n')) {
    const { from, event } = JSON.parse(line) as { from: string; event: ClientEvent };
    if (from === 'client') meter.sent(event, 0);
    else meter.received(readServerFrame(JSON.stringify(event)), 0);
  }
  return meter.ended(0)[0];
}

describe.skipIf(!existsSync(folder))('recorded sockets', () => {
  test('a typed turn: the audio is as long as the service says, and one text item is billed', () => {
    expect(play('text_in_audio_out_turn.jsonl')).toMatchObject({
      meter: { audio_in_seconds: 0, audio_out_seconds: 0.77, text_items: 1, hosted_tool_calls: {} },
      reported: {
        output_audio_seconds: 0.77,
        billable_audio_seconds: 1,
        input_tokens: 5,
        output_tokens: 42,
        total_tokens: 47,
      },
      // 0.77 s of a minute at 0.05, and 0.004.
      cost: { usd: '0.0046416667', rates: '2026-04-23' },
    });
  });

  test('a tool call: two responses are summed, the result of the tool is no text item', () => {
    expect(play('tool_call_round.jsonl')).toMatchObject({
      meter: { audio_in_seconds: 0, audio_out_seconds: 7.051, text_items: 1 },
      reported: { output_audio_seconds: 7.051833, billable_audio_seconds: 5, total_tokens: 389 },
    });
  });

  test('a spoken turn: what was sent is counted too, as long as it is in the recording', () => {
    expect(play('audio_in_server_vad_turn.jsonl')).toMatchObject({
      // 55 appends, cut to 33 bytes each.
      meter: { audio_in_seconds: 0.038, audio_out_seconds: 3.379, text_items: 0 },
      reported: { output_audio_seconds: 3.38, billable_audio_seconds: 5, total_tokens: 341 },
    });
  });
});
