// Words from a server that listens: any with OpenAI's `POST /v1/audio/transcriptions`, such as whisper.cpp's.

import { fromPcm } from '../audio/pcm.js';
import { wavHeader } from '../audio/wav-header.js';
import { addressOf } from '../protocol/address.js';
import { isObject } from '../protocol/json.js';
import { readWireError } from '../protocol/wire-error.js';
import { jsonIn, reasonOf } from './other-server.js';
import type { Transcriber } from './realtime/shared.js';

export interface ListenerOptions {
  /** The server, with or without the path of its API. */
  url: URL;
  model: string;
  after(ms: number, fire: () => void): () => void;
}

/** How long a turn may take to be put into words, in ms. */
const longestMs = 60_000;

/** Asks the server for the words of each turn. What it throws says which server, and what was wrong. */
export function createTranscriber({ url, model, after }: ListenerOptions): Transcriber {
  const address = addressOf(url, 'audio/transcriptions');
  return async (audio, rate) => {
    const stop = new AbortController();
    const cancel = after(longestMs, () => stop.abort(new Error(`no answer in ${longestMs / 1000} s`)));
    try {
      const reply = await fetch(address, {
        method: 'POST',
        body: formOf(audio, rate, model),
        signal: stop.signal,
      });
      return wordsIn(reply.status, await reply.text());
    } catch (error) {
      throw new Error(`the speech-to-text server ${url.origin} failed: ${reasonOf(error)}`, { cause: error });
    } finally {
      cancel();
    }
  };
}

function formOf(audio: Int16Array, rate: number, model: string): FormData {
  const sound = fromPcm(audio, { type: 'audio/pcm', rate });
  const form = new FormData();
  form.set('file', new Blob([wavHeader(rate, sound.length), sound], { type: 'audio/wav' }), 'turn.wav');
  form.set('model', model);
  form.set('response_format', 'json');
  return form;
}

function wordsIn(status: number, text: string): string {
  const said = readWireError(text)?.message;
  if (status !== 200) throw new Error(`status ${status}${said === undefined ? '' : `, ${said}`}`);
  const value = jsonIn(text);
  if (isObject(value) && typeof value.text === 'string') return value.text;
  throw new Error(`its answer has no text${said === undefined ? '' : `: ${said}`}`);
}
