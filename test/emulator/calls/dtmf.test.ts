// Keys of a caller's phone, as the pure session takes them.

import { describe, expect, test } from 'vitest';
import { fromPcm } from '../../../src/audio/pcm.js';
import { nextTickMs, tick } from '../../../src/emulator/realtime/deadlines.js';
import { dtmfIdleMs, pressKey } from '../../../src/emulator/realtime/dtmf.js';
import { hearBytes } from '../../../src/emulator/realtime/hearing.js';
import { openPeer } from '../../../src/emulator/realtime/peer.js';
import type { PeerStep } from '../../../src/emulator/realtime/state.js';
import { pcm24, silence, voice } from '../realtime/session.js';
import { types, type Wire } from '../support.js';

function phone(words: string[] = []) {
  let made = 0;
  let nowMs = 1_730_000_000_000;
  const world = { newId: () => `id-${++made}`, nowMs: () => nowMs, hears: () => words.shift() };
  let { peer } = openPeer('grok-voice-latest', world, { isCall: true });
  let wanted: PeerStep['wanted'];
  const take = (step: PeerStep): Wire[] => {
    peer = step.peer;
    wanted = step.wanted ?? wanted;
    return [...step.send] as Wire[];
  };
  return {
    press: (keys: string) => [...keys].flatMap((key) => take(pressKey(peer, key, world))),
    pass: (ms: number) => {
      nowMs += ms;
      return nextTickMs(peer) <= nowMs ? take(tick(peer, world)) : [];
    },
    speak: () => {
      const sound = Int16Array.from([...voice(600, 24_000), ...silence(800, 24_000)]);
      const events: Wire[] = [];
      for (let at = 0; at < sound.length; at += 2400)
        events.push(...take(hearBytes(peer, fromPcm(sound.slice(at, at + 2400), pcm24), world)));
      return events;
    },
    wanted: () => wanted?.heard,
  };
}

const texts = (events: Wire[]) =>
  events.flatMap(({ type, item }) =>
    type === 'conversation.item.added' && item.content?.[0]?.type === 'input_text'
      ? item.content[0].text
      : [],
  );

describe('keys', () => {
  test('are told one by one, with the time in seconds', () => {
    const events = phone().press('5*');
    expect(types(events)).toEqual(Array(2).fill('input_audio_buffer.dtmf_event_received'));
    expect(events[0]).toMatchObject({ event: '5', received_at: 1_730_000_000 });
  });

  test('are handed to the model on #, which is no part of them, and answered', () => {
    const { press, wanted } = phone();
    const events = press('12#');
    expect(types(events).slice(-2)).toEqual(['conversation.item.added', 'response.created']);
    expect(texts(events)).toEqual(['12']);
    expect(wanted()?.said).toBe('12');
  });

  test('a # alone is handed over as itself', () => {
    expect(texts(phone().press('#'))).toEqual(['#']);
  });

  test('are handed over when none has come for 2.5 s, counted from the last', () => {
    const { press, pass } = phone();
    press('1');
    expect(pass(dtmfIdleMs - 1)).toEqual([]);
    press('2');
    expect(pass(dtmfIdleMs - 1)).toEqual([]);
    expect(texts(pass(1))).toEqual(['12']);
    expect(texts(pass(dtmfIdleMs * 2))).toEqual([]);
  });

  test('are handed over when somebody speaks, and answered with what is said', () => {
    const { press, speak, wanted } = phone(['please']);
    press('34');
    const events = speak();
    const order = types(events).filter((type) => /item\.added|speech_started|response\.created/.test(type));
    expect(order).toEqual([
      'conversation.item.added',
      'input_audio_buffer.speech_started',
      'conversation.item.added',
      'response.created',
    ]);
    expect(texts(events)).toEqual(['34']);
    expect(wanted()?.said).toBe('34 please');
  });

  test('during an answer wait for its end', () => {
    const { press } = phone();
    press('1#');
    const events = press('2#');
    expect(types(events)).not.toContain('response.created');
    expect(texts(events)).toEqual(['2']);
  });
});
