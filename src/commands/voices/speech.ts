// A sample of a voice: made by the service, then kept in a file, written to stdout, or played.

import { dirname, extname } from 'node:path';
import type { Api } from '../../api/client.js';
import { toPcm } from '../../audio/pcm.js';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile, isFolder, writePrivate } from '../../files.js';
import { writeProblem } from '../../folders.js';
import type { SpeechBody, SpeechCodec } from '../../protocol/account.js';
import { type FoundDevice, needDevice } from '../voice/devices.js';
import { createSpeaker } from '../voice/speaker.js';

export interface SpeechFlags {
  play?: string;
  out?: string;
  language?: string;
  speed?: string;
}

/** What is to be said, and where it goes. */
export interface SpeechPlan {
  voice: string;
  /** Undefined for a greeting that names the voice. */
  text: string | undefined;
  language: string;
  speed: number | undefined;
  codec: SpeechCodec;
  /** A file as it was named, `-` for stdout, or the program that plays it. */
  out: string | FoundDevice;
}

const codecs: Record<string, SpeechCodec> = {
  '.wav': 'wav',
  '.pcm': 'pcm',
  '.raw': 'pcm',
  '.mulaw': 'mulaw',
  '.ulaw': 'mulaw',
  '.alaw': 'alaw',
  '.mp3': 'mp3',
};

/** Of PCM that is played. */
const playedRate = 24_000;
const slowest = 0.7;
const fastest = 1.5;
/** What the newer of two documents allows. */
const longestText = 60_000;
/** More bytes than these hold more characters. */
const longestInput = 4 * longestText;

/** Undefined when voices are only to be listed. Throws CliError before anything is sent. */
export async function readSpeechFlags(
  context: Context,
  text: string | undefined,
  flags: SpeechFlags,
): Promise<SpeechPlan | undefined> {
  const { play, out, language = 'en', speed } = flags;
  if (play === undefined) {
    const stray = text === undefined ? Object.keys(flags)[0] : undefined;
    if (text === undefined && stray === undefined) return undefined;
    throw new CliError('usage', `${stray === undefined ? 'a text to say' : `--${stray}`} goes with --play`, {
      hint: 'for example: agents voices --play eve "Hello"',
    });
  }
  if (play.trim() === '') throw new CliError('usage', '--play needs the name of a voice');
  if (!/^([a-z]{2,3}(-[a-z0-9]{2,8})*|auto)$/i.test(language))
    throw new CliError('usage', `--language ${language} is no language code`, {
      hint: 'for example en or pt-BR',
    });
  const target = out === undefined ? playedBy(context) : checkedOut(context, out);
  return {
    voice: play,
    text: text === undefined ? undefined : await readText(context, text),
    language,
    speed: speed === undefined ? undefined : readSpeed(speed),
    codec: out === undefined ? 'pcm' : codecOf(out),
    out: target,
  };
}

function readSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && speed >= slowest && speed <= fastest) return speed;
  throw new CliError('usage', `--speed must be from ${slowest} to ${fastest}, got ${text || 'nothing'}`);
}

async function readText(context: Context, given: string): Promise<string> {
  const text = given === '-' ? (await context.io.readStdin(longestInput)).toString('utf8') : given;
  if (text.trim() === '') throw new CliError('usage', 'there is nothing to say: the text is empty');
  if (text.length > longestText)
    throw new CliError('usage', `the text has ${text.length} characters; the service takes ${longestText}`);
  return text;
}

function playedBy({ io, host, output }: Context): FoundDevice {
  if (output.json || (io.stdout.isTTY !== true && io.stderr.isTTY !== true)) {
    throw new CliError('usage', 'nobody is at a terminal to hear it', { hint: 'save it: --out hello.wav' });
  }
  try {
    return needDevice('play', playedRate, host, '--play');
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw error.withHint(`${error.hint}; or save it: --out hello.wav`);
  }
}

function codecOf(out: string): SpeechCodec {
  if (out === '-') return 'wav';
  const ending = extname(out).toLowerCase();
  const codec = codecs[ending];
  if (codec !== undefined) return codec;
  const kinds = ['.wav', '.pcm', '.mulaw', '.alaw', '.mp3'].join(', ');
  throw new CliError('usage', `--out ${out}: its ending says no kind of sound`, { hint: `one of ${kinds}` });
}

function checkedOut({ io, output, path }: Context, out: string): string {
  codecOf(out);
  if (out === '-') {
    if (output.json) {
      throw new CliError('usage', '--out - and --json both write to stdout', { hint: 'name a file' });
    }
    if (io.stdout.isTTY === true) {
      throw new CliError('usage', '--out - would write sound to the terminal', {
        hint: 'name a file, pipe it on, or leave --out away to hear it',
      });
    }
    return out;
  }
  const problem = isFolder(path(out)) ? 'it is a folder' : writeProblem(dirname(path(out)));
  if (problem !== undefined) throw new CliError('usage', `--out ${out}: ${problem}`);
  if (isFile(path(out))) {
    throw new CliError('usage', `--out ${out}: it is there already`, {
      hint: 'name another file, or take it away first',
    });
  }
  return out;
}

/** Has it spoken by the service and brings it where it goes. Throws CliError. */
export async function keepOrPlay(
  context: Context,
  api: Api,
  plan: SpeechPlan,
  voice: string,
): Promise<undefined> {
  const { output, io } = context;
  const { out, codec, language, speed } = plan;
  const text =
    plan.text ?? `Hello, I am ${voice.charAt(0).toUpperCase()}${voice.slice(1)}. How can I help you?`;
  const body: SpeechBody = {
    text,
    language,
    voice_id: voice,
    output_format: { codec, ...(typeof out !== 'string' && { sample_rate: playedRate }) },
    ...(speed !== undefined && { speed }),
  };
  const { bytes, type } = await output.during('Speaking', () => api.speak({ body }));
  if (typeof out !== 'string') return play(context, out, bytes);
  if (out === '-') return io.writeBytes(bytes) as undefined;
  await writePrivate(context.path(out), bytes);
  const answer = { file: out, voice_id: voice, content_type: type, bytes: bytes.length };
  output.show(answer, (shown) => `Saved ${shown.file} (${shown.voice_id}, ${shown.bytes} bytes)`);
}

async function play(context: Context, device: FoundDevice, bytes: Uint8Array): Promise<undefined> {
  const { host, signal } = context;
  let problem: string | undefined;
  const onProblem = (said: string) => {
    problem = said;
  };
  const speaker = createSpeaker({ device, rate: playedRate, host, onProblem });
  const stop = () => void speaker.stop();
  signal.addEventListener('abort', stop, { once: true });
  context.onClose(async () => stop());
  const pcm = toPcm(bytes, { type: 'audio/pcm', rate: playedRate });
  speaker.play(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength));
  speaker.endAnswer();
  await context.output.during('Playing', () => speaker.finished());
  signal.throwIfAborted();
  if (problem !== undefined) {
    throw new CliError('program_failed', `it cannot be played: ${problem}`, {
      hint: 'save it with --out hello.wav; agents doctor looks at the programs for sound',
    });
  }
}
