// Text to speech, in the local API: by the voice it has for realtime sessions too.

import { type Format, fromPcm, toPcm } from '../../audio/pcm.js';
import { wavHeader } from '../../audio/wav-header.js';
import type { SpeechBody, SpeechCodec } from '../../protocol/account.js';
import { builtInVoices } from '../catalogue.js';
import type { Call, Local, Reply } from '../handler.js';
import { invalidArgument, notFound, Refusal } from '../refusal.js';
import { spokenWords } from '../reply.js';
import { speechPcm } from '../speech.js';

/** As the older documents have it: a stand-in is the stricter one. */
const longestText = 15_000;

const types: Record<Exclude<SpeechCodec, 'mp3'>, string> = {
  wav: 'audio/wav',
  pcm: 'audio/pcm',
  mulaw: 'audio/basic',
  alaw: 'audio/x-alaw',
};

/** Speaks a text. */
export async function speak({ body }: Call<'speak'>, local: Local): Promise<Reply> {
  const codec = checkedCodec(body);
  const speed = body.speed ?? 1;
  const isLaw = codec === 'mulaw' || codec === 'alaw';
  const rate = body.output_format?.sample_rate ?? (isLaw ? 8000 : 24_000);
  const pcm = await pcmOf(spokenWords(body.text), rate, speed, local);
  const sound = fromPcm(pcm, { type: wireTypes[codec], rate });
  const bytes = codec === 'wav' ? Buffer.concat([wavHeader(rate, sound.length), sound]) : sound;
  return { bytes, type: types[codec] };
}

const wireTypes: Record<Exclude<SpeechCodec, 'mp3'>, Format['type']> = {
  wav: 'audio/pcm',
  pcm: 'audio/pcm',
  mulaw: 'audio/pcmu',
  alaw: 'audio/pcma',
};

/** Throws the Refusal that a request deserves; else tells how its sound is to be written. */
function checkedCodec({ text, voice_id = 'eve', speed = 1, output_format, with_timestamps }: SpeechBody) {
  if (text.trim() === '') throw invalidArgument('text must not be empty');
  if (text.length > longestText)
    throw invalidArgument(`text must be at most ${longestText} characters, got ${text.length}`);
  // In the words and the shape of the service.
  if (speed < 0.7 || speed > 1.5) throw new Refusal(400, { error: 'speed must be between 0.7 and 1.5' });
  if (!builtInVoices.includes(voice_id.toLowerCase())) throw notFound(`Voice not found: ${voice_id}`);
  if (with_timestamps) throw invalidArgument('The local API makes no timestamps of speech');
  const { codec = 'mp3' } = output_format ?? {};
  if (codec === 'mp3')
    throw invalidArgument('The local API speaks wav, pcm, mulaw and alaw; it does not make mp3');
  return codec;
}

async function pcmOf(words: string[], rate: number, speed: number, local: Local): Promise<Int16Array> {
  const { voice } = local.realtime;
  const parts =
    voice === undefined
      ? words.map((word) => toPcm(speechPcm(word, rate, speed), { type: 'audio/pcm', rate }))
      : (await voice(words, rate, speed)).map(({ pcm }) => pcm);
  const pcm = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    pcm.set(part, at);
    at += part.length;
  }
  return pcm;
}
