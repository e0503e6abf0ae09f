// Who speaks and who listens for the local API, as `agents dev` is told of them.

import { CliError } from '../errors.js';
import { readServerUrl } from './dev-url.js';

export interface SpeechFlags {
  speech?: string;
  sttUrl?: string;
  sttModel?: string;
}

export interface SpeechChoice {
  /** Undefined for the quiet synthetic voice. */
  voice: 'espeak-ng' | undefined;
  listener: { url: URL; model: string } | undefined;
}

const modelOfMost = 'whisper-1';
const example = 'http://localhost:8080';

/** Throws CliError `usage` for a voice nobody knows, an address that is none, or a model without one. */
export function readSpeech({ speech, sttUrl, sttModel }: SpeechFlags): SpeechChoice {
  if (speech !== undefined && speech !== 'espeak-ng') {
    throw new CliError('usage', `there is no speech ${speech}`, {
      hint: '--speech espeak-ng, or none for a quiet synthetic voice',
    });
  }
  if (sttUrl === undefined && sttModel !== undefined) {
    throw new CliError('usage', '--stt-model needs --stt-url', {
      hint: `agents dev --stt-url ${example}`,
    });
  }
  const listener =
    sttUrl === undefined
      ? undefined
      : {
          url: readServerUrl('--stt-url', sttUrl, example, 'leave them out'),
          model: sttModel ?? modelOfMost,
        };
  return { voice: speech, listener };
}
