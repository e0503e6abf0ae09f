import { describe, expect, test } from 'vitest';
import { createWitness } from '../../src/scenario/witness.js';
import type { NoticeBody } from '../../src/session/notice.js';

type At = [number, NoticeBody];

const user = (turn: number, text: string): NoticeBody => ({ type: 'user', turn, text });
const text = (turn: number, words: string): NoticeBody => ({ type: 'text', turn, text: words });
const done = (turn: number, words: string, more: object = {}): NoticeBody => ({
  type: 'turn_done',
  turn,
  status: 'completed',
  text: words,
  tool_calls: 0,
  total_ms: 50,
  ...more,
});

function told(witness: ReturnType<typeof createWitness>, ...notices: At[]): void {
  for (const [atMs, notice] of notices) witness.told(notice, atMs);
}

describe('a witness', () => {
  test('writes down turns with words, calls and times from the first notice on', () => {
    const witness = createWitness();
    told(witness, [1000, { type: 'ready' }]);
    witness.began(0, 'Hi', 'person');
    told(
      witness,
      [1010, user(1, 'Hi')],
      [1020, text(1, 'One moment. ')],
      [1030, { type: 'tool_call', turn: 1, call_id: 'c1', name: 'look', arguments: { a: 1 } }],
      [1040, { type: 'tool_result', turn: 1, call_id: 'c1', name: 'look', output: '{"b":2}', ms: 9 }],
      [1050, text(1, 'Done.')],
      [1060, done(1, 'One moment. Done.', { first_word_ms: 10, cost: { usd_ticks: 5 } })],
    );
    expect(witness.turns()).toEqual([
      {
        index: 0,
        said: 'Hi',
        by: 'person',
        started_ms: 0,
        ended_ms: 60,
        answer: 'One moment. Done.',
        status: 'completed',
        interrupted: false,
        calls: [
          {
            call_id: 'c1',
            name: 'look',
            arguments: { a: 1 },
            output: '{"b":2}',
            ms: 9,
            at_ms: 30,
            said_before: 12,
          },
        ],
        audio_seconds: 0,
        first_word_ms: 10,
        total_ms: 50,
        cost_ticks: 5n,
      },
    ]);
    expect(witness.notices().map(({ at_ms, seq }) => [seq, at_ms])).toEqual(
      [0, 10, 20, 30, 40, 50, 60].map((ms, at) => [at, ms]),
    );
  });

  test('knows a greeting, and a turn in which nobody spoke', () => {
    const witness = createWitness();
    told(witness, [0, text(1, 'Welcome.')], [5, done(1, 'Welcome.', { unasked: true })]);
    witness.began(0, '(1 s of silence)', 'nobody');
    witness.began(1, 'Hi', 'person');
    told(witness, [9, user(2, 'Hi')], [10, done(2, 'Hello.')]);
    const shown = witness
      .turns()
      .map(({ index, said, by, answer, status }) => [index, said, by, answer, status]);
    expect(shown).toEqual([
      [undefined, '', 'nobody', 'Welcome.', 'completed'],
      [0, '(1 s of silence)', 'nobody', '', 'unanswered'],
      [1, 'Hi', 'person', 'Hello.', 'completed'],
    ]);
  });

  test('puts an answer to silence into the turn of silence', () => {
    const witness = createWitness();
    witness.began(0, '(1 s of silence)', 'nobody');
    told(witness, [0, text(1, 'Still there?')], [5, done(1, 'Still there?', { unasked: true })]);
    expect(witness.turns()).toMatchObject([{ index: 0, by: 'nobody', answer: 'Still there?' }]);
  });

  test('has the words of what was said aloud once they are heard, and several turns of one clip', () => {
    const witness = createWitness();
    witness.began(3, '(audio a.wav)', 'person');
    told(
      witness,
      [0, { type: 'user_audio', turn: 1, seconds: 1 }],
      [1, { type: 'user_transcript', text: 'I would', final: false }],
      [2, { type: 'user_transcript', text: 'I would like', final: true }],
      [3, done(1, 'Yes?')],
      [4, text(2, 'And?')],
      [5, done(2, 'And?')],
    );
    expect(witness.turns().map(({ index, said, answer }) => [index, said, answer])).toEqual([
      [3, 'I would like', 'Yes?'],
      [3, '(audio a.wav)', 'And?'],
    ]);
  });

  test('measures sound, and the longest time without any', () => {
    const witness = createWitness();
    told(witness, [100, { type: 'ready' }]);
    witness.began(0, 'Hi', 'person');
    told(witness, [200, user(1, 'Hi')]);
    witness.heard('user', 1, 500, 200);
    // 300 ms until something is heard, then sound faster than it is played, then 450 ms of nothing.
    witness.heard('agent', 1, 100, 500);
    witness.heard('agent', 1, 100, 510);
    witness.heard('agent', 1, 100, 1150);
    told(witness, [1200, done(1, 'Hello there.')]);
    expect(witness.turns()).toMatchObject([{ audio_seconds: 0.3, longest_silence_ms: 450 }]);
  });

  test('takes the words of a restarted answer once', () => {
    const witness = createWitness();
    witness.began(0, 'Hi', 'person');
    told(
      witness,
      [0, user(1, 'Hi')],
      [1, text(1, 'Good m')],
      [2, { type: 'answer_restarted', turn: 1 }],
      [3, text(1, 'Good morning.')],
      [4, done(1, 'Good morning.')],
    );
    expect(witness.turns()).toMatchObject([{ answer: 'Good morning.' }]);
  });
});
