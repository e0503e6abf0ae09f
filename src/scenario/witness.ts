// Watches a conversation and writes down what expectations will ask about: turns with their words, calls, sound and
// silences. No clock of its own: it is told when things happen.

import type { Observer } from '../session/conversation.js';
import type { Notice, NoticeBody, NoticeOf } from '../session/notice.js';
import type { PlayedCall, PlayedTurn } from './played.js';

export interface Witness extends Required<Pick<Observer, 'told'>> {
  /** What is told from now on belongs to this turn of the scenario; undefined for a person who is played. */
  began(index: number | undefined, said: string, by: PlayedTurn['by']): void;
  /** A piece of sound, at a time of the same clock that `told` has. */
  heard(from: 'user' | 'agent', turn: number, ms: number, atMs: number): void;
  /** When the first thing was told; 0 before. */
  startedMs(): number;
  turns(): readonly PlayedTurn[];
  notices(): readonly Notice[];
}

interface Draft extends Omit<PlayedTurn, 'calls' | 'audio_seconds'> {
  calls: PlayedCall[];
  audioMs: number;
  /** How much of `answer` earlier responses of the turn have said. */
  saidBefore: number;
  /** Since when somebody waits for sound, or until when there is some to be heard. */
  quietSinceMs: number;
  longestSilenceMs?: number;
}

interface Begun {
  index: number | undefined;
  said: string;
  by: PlayedTurn['by'];
}

const greeting: Begun = { index: undefined, said: '', by: 'nobody' };

export function createWitness(): Witness {
  const drafts: Draft[] = [];
  const byNumber = new Map<number, Draft>();
  const notices: Notice[] = [];
  let startedMs: number | undefined;
  let begun = greeting;
  /** Begun, and nothing was told of it yet. */
  let expected: Draft | undefined;
  let nowMs = 0;

  function open({ index, said, by }: Begun): Draft {
    const draft: Draft = {
      index,
      said,
      by,
      started_ms: nowMs,
      ended_ms: nowMs,
      answer: '',
      status: 'unanswered',
      interrupted: false,
      calls: [],
      audioMs: 0,
      saidBefore: 0,
      quietSinceMs: nowMs,
    };
    drafts.push(draft);
    return draft;
  }

  function draftOf(number: number): Draft {
    const known = byNumber.get(number);
    if (known !== undefined) return known;
    const draft = expected ?? open(begun);
    expected = undefined;
    byNumber.set(number, draft);
    return draft;
  }

  function onTurn(notice: NoticeBody & { turn: number }): void {
    const draft = draftOf(notice.turn);
    draft.ended_ms = nowMs;
    switch (notice.type) {
      case 'user':
      case 'user_audio':
        draft.quietSinceMs = nowMs;
        return;
      case 'text':
        draft.answer += notice.text;
        return;
      case 'tool_call':
        return void draft.calls.push(callIn(notice, draft.answer.length, nowMs));
      case 'tool_result': {
        const call = draft.calls.find(({ call_id }) => call_id === notice.call_id);
        if (call !== undefined) Object.assign(call, { output: notice.output, ms: notice.ms });
        return;
      }
      case 'response_done':
        draft.saidBefore = draft.answer.length;
        return;
      case 'answer_restarted':
        draft.answer = draft.answer.slice(0, draft.saidBefore);
        return;
      case 'interrupted':
        draft.interrupted = true;
        return;
      case 'turn_done':
        // Whoever listens waits until the turn is over, also for what does not come.
        if (draft.longestSilenceMs !== undefined) waited(draft, nowMs);
        return finish(draft, notice);
    }
  }

  function onTold(notice: NoticeBody): void {
    if ('turn' in notice) return onTurn(notice);
    // What was said aloud is known once it has been heard.
    const spoken = expected ?? drafts.at(-1);
    if (notice.type === 'user_transcript' && notice.final && spoken?.said.startsWith('(')) {
      spoken.said = notice.text.trim() === '' ? spoken.said : notice.text.trim();
    }
  }

  return {
    told: (notice, atMs) => {
      startedMs ??= atMs;
      nowMs = Math.max(0, atMs - startedMs);
      onTold(notice);
      notices.push({ ...notice, seq: notices.length, at_ms: nowMs });
      return notice;
    },
    began: (index, said, by) => {
      begun = { index, said, by };
      expected = open(begun);
    },
    heard: (from, turn, ms, atMs) => {
      if (from === 'user') return;
      const draft = draftOf(turn);
      const at = Math.max(0, atMs - (startedMs ?? atMs));
      draft.audioMs += ms;
      waited(draft, at);
      draft.quietSinceMs = Math.max(at, draft.quietSinceMs) + ms;
    },
    startedMs: () => startedMs ?? 0,
    turns: () => drafts.map(playedTurn),
    notices: () => notices,
  };
}

function waited(draft: Draft, untilMs: number): void {
  draft.longestSilenceMs = Math.max(draft.longestSilenceMs ?? 0, untilMs - draft.quietSinceMs);
}

function callIn(notice: NoticeOf<'tool_call'> | NoticeBody, saidBefore: number, atMs: number): PlayedCall {
  const { call_id, name, arguments: given } = notice as NoticeOf<'tool_call'>;
  return { call_id, name, arguments: given, at_ms: atMs, said_before: saidBefore };
}

function finish(draft: Draft, notice: NoticeBody & { type: 'turn_done' }): void {
  const { status, text, first_word_ms, first_audio_ms, total_ms, cost } = notice;
  // What was told again after a drop counts once.
  draft.answer = text;
  draft.status = status;
  draft.first_word_ms = first_word_ms;
  draft.first_audio_ms = first_audio_ms;
  draft.total_ms = total_ms;
  if (notice.unasked && draft.index === undefined) draft.by = 'nobody';
  if (cost?.usd_ticks != null) draft.cost_ticks = BigInt(cost.usd_ticks);
}

function playedTurn({
  quietSinceMs: _quiet,
  saidBefore: _said,
  longestSilenceMs,
  audioMs,
  ...turn
}: Draft): PlayedTurn {
  return {
    ...turn,
    audio_seconds: Math.round(audioMs) / 1000,
    ...(longestSilenceMs !== undefined && { longest_silence_ms: Math.round(longestSilenceMs) }),
  };
}
