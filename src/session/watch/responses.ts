// One response at a time, and spoken turns whose words become final.

import type { CreateCheck } from './check.js';
import { detectionOf } from './detection.js';

interface Spoken {
  /** Where words of it came last. */
  event: number;
  isFinal: boolean;
  isOver: boolean;
  isAnswered: boolean;
}

export const checkResponses: CreateCheck = (report) => {
  let isActive = false;
  let isCancelled = false;
  /** Asked for and not begun. */
  let isAsked = false;
  let isVad = false;
  /** A commit may have begun a response by itself, of which nothing has come yet. */
  let mayCross = false;
  const spoken = new Map<string, Spoken>();

  const interimOnly = () => {
    for (const { event, isFinal, isOver, isAnswered } of spoken.values()) {
      if (!isFinal && isOver && isAnswered) report('interim_only', '', event);
    }
  };
  const heard = (id: string | null | undefined, change: Partial<Spoken>) => {
    const known = spoken.get(id ?? '');
    if (known !== undefined) Object.assign(known, change);
  };
  return {
    sent: ({ type, session }) => {
      if (type === 'session.update') isVad = detectionOf(session) ?? isVad;
      if (type === 'input_audio_buffer.commit') mayCross = true;
      if (type === 'response.cancel') {
        isCancelled = true;
        isAsked = false;
      }
      if (type !== 'response.create') return;
      if (isActive && !isCancelled) report('response_while_active');
      else if (isAsked) report('response_while_active', ': one was asked for already');
      isCancelled = false;
      isAsked = true;
    },
    received: (event, now) => {
      switch (event.type) {
        case 'response.created':
          interimOnly();
          isActive = true;
          isAsked = false;
          return;
        case 'response.done':
          isActive = false;
          mayCross = false;
          for (const each of spoken.values()) each.isAnswered ||= each.isOver;
          return;
        case 'error': {
          isAsked = false;
          const words = `${event.error?.code ?? event.code} ${event.error?.message ?? event.message}`;
          if (!/already[ _]has[ _](an[ _])?active[ _]response/i.test(words)) return;
          if (isVad || !mayCross) report('response_while_active', ': the service refused it');
          return;
        }
        case 'input_audio_buffer.speech_started':
          interimOnly();
          return;
        case 'input_audio_buffer.speech_stopped':
        case 'input_audio_buffer.committed':
          return heard(event.item_id, { isOver: true });
        case 'conversation.item.input_audio_transcription.updated':
        case 'conversation.item.input_audio_transcription.completed': {
          const id = event.item_id ?? '';
          const known = spoken.get(id) ?? { isFinal: false, isOver: false, isAnswered: false };
          const isFinal = event.type.endsWith('.completed') && (event.status ?? 'completed') === 'completed';
          // Guesses come even after the final words.
          spoken.set(id, { ...known, isFinal: known.isFinal || isFinal, event: now.event });
          return;
        }
        default:
          return;
      }
    },
    opened: () => {
      isActive = false;
      isAsked = false;
      mayCross = false;
    },
    ended: interimOnly,
  };
};
