// Random spoken sessions, the same ones every time: whatever happens, there is one response at a time, every spoken
// turn gets its words once, and nothing is left waiting.

import { expect, test } from 'vitest';
import { userItem, type Wire } from '../support.js';
import { silence, spokenSession, vad, voice } from './session.js';

function chance(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const rate = 8000;
const format = { type: 'audio/pcm' as const, rate };
const sounds = [voice(700, rate), silence(300, rate), silence(900, rate), voice(150, rate)];

function randomSession(seed: number): { events: Wire[]; isQuiet: boolean } {
  const pick = chance(seed);
  const detection = () =>
    [
      vad({ silence_duration_ms: 200 }),
      vad({ create_response: false }),
      vad({ interrupt_response: false, idle_timeout_ms: 3000 }),
      { turn_detection: null },
    ][pick(4)] as Wire;
  const listens = pick(2) === 0;
  const session = spokenSession({
    listens,
    hears: listens ? [] : Array.from({ length: 40 }, (_, at) => `words of turn ${at}`),
    session: { ...detection(), audio: { input: { format } } },
  });
  const events: Wire[] = [];
  const acts = [
    () => session.hear(sounds[pick(sounds.length)] as Int16Array, format),
    () => session.hear(sounds[pick(sounds.length)] as Int16Array, format),
    () => session.receive({ type: 'input_audio_buffer.commit' }),
    () => session.receive({ type: 'input_audio_buffer.clear' }),
    () => session.receive({ type: 'response.create' }),
    () => session.receive({ type: 'response.cancel' }),
    () => session.receive(userItem('Typed')),
    () => session.receive({ type: 'session.update', session: detection() }),
    () => session.speak('Some words.'),
    () => session.finish(),
    () => session.call('look_up'),
    () => session.pass(2000),
    () => (session.unheard.length > 0 ? session.transcribe('heard') : []),
    () => (session.unheard.length > 0 ? session.failToTranscribe('gone') : []),
  ];
  for (let at = 0; at < 60; at++) events.push(...(acts[pick(acts.length)]?.() ?? []));
  // Everybody falls silent, and what is under way comes to its end.
  events.push(...session.receive({ type: 'session.update', session: { turn_detection: null } }));
  events.push(
    ...session.hear(silence(500, rate), format),
    ...session.receive({ type: 'input_audio_buffer.commit' }),
  );
  while (session.unheard.length > 0) events.push(...session.transcribe('heard'));
  for (let at = 0; at < 5; at++) events.push(...session.finish());
  const { active, owed, listening, ear } = session.peer();
  return {
    events,
    isQuiet: active === undefined && owed === undefined && listening.length === 0 && !ear.turn,
  };
}

/** What is wrong with a session's events, in words. */
function faultsIn(events: Wire[]): string[] {
  const faults: string[] = [];
  let open: unknown;
  let placeMs = 0;
  const committed = new Set<unknown>();
  const told = new Set<unknown>();
  for (const { type, response, item_id, status, audio_start_ms, audio_end_ms } of events) {
    if (type === 'response.created') {
      if (open !== undefined) faults.push('two responses at once');
      open = response.id;
    } else if (type === 'response.done') {
      if (open !== response.id) faults.push('an end without a beginning');
      open = undefined;
    } else if (type === 'input_audio_buffer.committed') {
      if (committed.has(item_id)) faults.push('a turn twice');
      committed.add(item_id);
    } else if (status === 'completed' && committed.has(item_id)) {
      if (told.has(item_id)) faults.push('words twice');
      told.add(item_id);
    }
    const ms = audio_end_ms ?? audio_start_ms ?? placeMs;
    if (ms < placeMs) faults.push(`back in time, from ${placeMs} to ${ms}`);
    placeMs = ms;
  }
  if (open !== undefined) faults.push('a response without an end');
  if (told.size !== committed.size) faults.push('a turn without words');
  return faults;
}

test('a thousand random spoken sessions keep to the rules', () => {
  let turns = 0;
  for (let seed = 1; seed <= 1000; seed++) {
    const { events, isQuiet } = randomSession(seed);
    expect({ seed, faults: faultsIn(events), isQuiet }).toEqual({ seed, faults: [], isQuiet: true });
    turns += events.filter(({ type }) => type === 'input_audio_buffer.committed').length;
  }
  expect(turns).toBeGreaterThan(3000);
});
