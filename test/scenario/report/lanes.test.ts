import { describe, expect, test } from 'vitest';
import { answeredAt, askedAt, lanesOf } from '../../../src/scenario/report/lanes.js';
import type { TurnResult } from '../../../src/scenario/result.js';
import { aRun, conversation, failedCheck, passedCheck } from '../../support/reports.js';

const turn: TurnResult = {
  said: 'Hello',
  by: 'person',
  answer: 'Good morning',
  status: 'completed',
  interrupted: false,
  started_ms: 1000,
  ended_ms: 4000,
  calls: [],
  first_word_ms: 400,
  first_audio_ms: 600,
  total_ms: 2000,
  audio_seconds: 1.4,
  cost_usd: null,
};

describe('a turn in time', () => {
  test.each<[Partial<TurnResult>, number, number | undefined]>([
    [{}, 2000, 2600],
    [{ first_audio_ms: undefined }, 2000, 2400],
    [{ first_audio_ms: undefined, first_word_ms: undefined }, 2000, undefined],
    [{ total_ms: undefined }, 1000, 1600],
    [{ total_ms: 5000 }, 1000, 1600],
  ])('%j: asked at %d, answered at %s', (change, asked, answered) => {
    const changed = { ...turn, ...change };
    expect([askedAt(changed), answeredAt(changed)]).toEqual([asked, answered]);
  });
});

describe('lanes', () => {
  test('without sound the turns say who spoke when', () => {
    const lanes = lanesOf(aRun({ turns: [turn], ms: 5000 }));
    expect(lanes).toMatchObject({
      spanMs: 5000,
      person: [{ startMs: 1000, endMs: 2000, text: 'Hello' }],
      agent: [{ startMs: 2600, endMs: 4000, text: 'Good morning' }],
      waits: [{ startMs: 2000, firstWordMs: 2400, firstAudioMs: 2600 }],
    });
  });

  test('where there is sound, words do not stand in for it', () => {
    const spoken = conversation([{ said: 'Hello there', answer: 'Good morning' }]);
    const silent = lanesOf(aRun({ ...spoken, sound: spoken.sound?.filter(({ from }) => from === 'agent') }));
    expect([silent.person.length, silent.agent.length]).toEqual([1, 0]);
    expect(lanesOf(aRun(spoken))).toMatchObject({ person: [], agent: [] });
  });

  test('who was greeted said nothing; what was not answered has no block', () => {
    const greeting = { ...turn, by: 'nobody' as const };
    const mute = { ...turn, answer: '', first_word_ms: undefined, first_audio_ms: undefined };
    const lanes = lanesOf(aRun({ turns: [greeting, mute] }));
    expect([lanes.person.length, lanes.agent.length, lanes.waits.length]).toEqual([1, 1, 1]);
  });

  test('a second without anything is a silence', () => {
    const later = { ...turn, started_ms: 6000, ended_ms: 8000 };
    expect(lanesOf(aRun({ turns: [turn, later] })).silences).toEqual([{ startMs: 4000, endMs: 6000 }]);
  });

  test('marks what went wrong: turns, calls, and where it was cut off', () => {
    const calls = [
      { name: 'a', arguments: {}, output: '{"error":"no"}', at_ms: 2100, ms: 50 },
      { name: 'b', arguments: {}, output: '{"ok":true}', at_ms: 2200 },
    ];
    const checks = [passedCheck('x', 'x', 1, 0), failedCheck('y', 'z', 2, 1), failedCheck('all', 'z', 3)];
    const lanes = lanesOf(aRun({ turns: [turn, { ...turn, calls, interrupted: true }], checks }));
    expect(lanes.failedTurns).toHaveLength(1);
    expect(lanes.cutOffs).toEqual([4000]);
    expect(lanes.calls).toEqual([
      { name: 'a', startMs: 2100, endMs: 2150, failed: true },
      { name: 'b', startMs: 2200, endMs: 2200, failed: false },
    ]);
  });

  test('nothing at all still has some width', () => {
    expect(lanesOf(aRun()).spanMs).toBeGreaterThan(0);
  });
});
