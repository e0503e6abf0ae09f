// WAV files as turns: read, converted and looked at before anything is sent.

import { createHttp } from '../../api/http.js';
import type { AudioWarning } from '../../audio/levels.js';
import type { Context } from '../../context.js';
import { isFile, readBytes } from '../../files.js';
import { isLoopback } from '../../protocol/address.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';
import type { Clip } from '../../session/streaming.js';
import type { SessionFormat } from './audio-flags.js';

export interface SpokenTurn {
  clip: Clip;
  /** The words in the file beside it, for a stand-in that cannot hear. */
  words: string | undefined;
  seconds: number;
  warnings: AudioWarning[];
}

/** Longer than the pause that ends a turn, for pieces that lie across its beginning. */
const extraSilenceMs = 700;

/** A WAV file as the session wants it. Throws CliError `unreadable`. */
export async function loadClip(
  context: Context,
  file: string,
  format: SessionFormat,
  setup: SessionUpdate,
): Promise<SpokenTurn> {
  // Reading sound takes libraries that most conversations do not need.
  const [{ largestWavBytes, readWav }, { bytesPerSample, fromPcm }] = await Promise.all([
    import('../../audio/wav.js'),
    import('../../audio/pcm.js'),
  ]);
  const path = context.path(file);
  const { pcm, seconds, warnings } = readWav(await readBytes(path, largestWavBytes, file), format.rate, file);
  const vad = setup.turn_detection?.type === 'server_vad' ? setup.turn_detection : undefined;
  const silenceMs = vad === undefined ? 0 : (vad.silence_duration_ms ?? 0) + extraSilenceMs;
  const silence = fromPcm(new Int16Array(Math.round((silenceMs / 1000) * format.rate)), format);
  return {
    clip: {
      bytes: Buffer.concat([fromPcm(pcm, format), silence]),
      bytesPerSecond: format.rate * bytesPerSample(format),
    },
    words: await wordsBeside(path),
    seconds,
    warnings: warnings.map(({ code, message }) => ({ code, message: `${file} ${message}` })),
  };
}

/** What stands in the text file beside a sound: `request.wav.txt`. */
export async function wordsBeside(path: string): Promise<string | undefined> {
  const beside = `${path}.txt`;
  if (!isFile(beside)) return undefined;
  const words = (await readBytes(beside, 64 * 1024)).toString('utf8').trim();
  return words === '' ? undefined : words;
}

/** How long the local API may take to be told. */
const handOverMs = 5000;

/**
 * Tells the local API the words of the next turn, which it cannot hear. Never told to another machine; a server on
 * this one that is no local API answers that it knows no such path, and that is fine. With a conversation's id they are
 * for that one alone, should others listen at the same time.
 */
export async function handOverWords(
  context: Context,
  words: string | undefined,
  conversationId?: string,
): Promise<void> {
  if (words === undefined) return;
  const { baseUrl } = await context.server();
  if (!isLoopback(baseUrl)) return;
  const http = await createHttp({ origin: baseUrl, timeoutMs: handOverMs, shortLived: true });
  try {
    const reply = await http.send({
      method: 'POST',
      url: new URL('/__local/speech', baseUrl),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ words, conversation_id: conversationId }),
    });
    for await (const _chunk of reply.chunks());
  } catch {
    // What cannot be told is not heard; the conversation shows it.
  } finally {
    await http.close();
  }
}
