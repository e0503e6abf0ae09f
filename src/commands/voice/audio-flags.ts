// The flags of sound: what was asked for, and what contradicts itself.

import type { Command } from 'commander';
import type { Format } from '../../audio/pcm.js';
import { CliError } from '../../errors.js';
import { audioRates } from '../../protocol/realtime-session.js';

export type SessionFormat = { type: Format['type']; rate: (typeof audioRates)[number] };

/** One turn of a script: words, or a WAV file. */
export type ScriptTurn = { text: string } | { file: string };

export interface AudioFlags {
  /** Turns by -m and --audio, in the order they were given. */
  message?: ScriptTurn[];
  audio?: ScriptTurn[];
  vad?: boolean;
  fast?: boolean;
  format?: string;
  rate?: string;
  saveAudio?: string;
  audioOut?: string;
  mic?: boolean;
  speaker?: boolean;
}

export interface AudioOptions {
  /** Undefined when no turns were given. */
  turns: readonly ScriptTurn[] | undefined;
  format: SessionFormat;
  manualTurns: boolean;
  fast: boolean;
  saveFolder: string | undefined;
  out: string | undefined;
  mic: boolean;
  speaker: boolean;
}

/** Adds -m and the flags of sound. */
export function addAudioFlags(command: Command): Command {
  // One list for both flags: commander keeps no order between options.
  const turns: ScriptTurn[] = [];
  const add = (turn: ScriptTurn) => {
    turns.push(turn);
    return turns;
  };
  return command
    .option(
      '-m, --message <text>',
      'say this instead of asking for words (repeatable: one turn each)',
      (text: string) => add({ text }),
    )
    .option(
      '--audio <file.wav>',
      'send this sound as a turn (repeatable, in order with -m)',
      (file: string) => add({ file }),
    )
    .option('--vad', 'let the service hear where a turn of --audio ends')
    .option('--fast', 'send --audio as fast as the service takes it, not as it would be spoken')
    .option('--mic', 'talk by the microphone (with sox, arecord or ffmpeg)')
    .option('--speaker', 'play the answers (with sox, aplay, ffplay or afplay)')
    .option('--save-audio <folder>', 'keep the sound of each turn, both ways, as WAV')
    .option('--audio-out <file>', 'write the answers as 16-bit PCM to a file, or to stdout: -')
    .option('--format <name>', 'the sound of the session: pcm, pcmu or pcma (default pcm)')
    .option('--rate <hz>', `samples a second: ${audioRates.join(', ')} (default 24000; pcmu and pcma 8000)`);
}

const types = { pcm: 'audio/pcm', pcmu: 'audio/pcmu', pcma: 'audio/pcma' } as const;

/** Throws CliError `usage`. */
export function readAudioFlags(flags: AudioFlags, json: boolean): AudioOptions {
  const turns = flags.message ?? flags.audio;
  const contradiction = (message: string, hint: string) => new CliError('usage', message, { hint });
  if (flags.mic && turns !== undefined) {
    throw contradiction('--mic and given turns (-m, --audio) are two ways to talk', 'give one of them');
  }
  if (flags.mic && flags.fast) {
    throw contradiction('--fast is for --audio: a microphone has a pace of its own', 'leave out --fast');
  }
  if (flags.audioOut === '-' && json) {
    throw contradiction(
      '--audio-out - and --json both write to stdout',
      'name a file: --audio-out answers.pcm',
    );
  }
  const format = readFormat(flags);
  const isSpoken = flags.audio !== undefined && turns?.some((turn) => 'file' in turn) === true;
  return {
    turns,
    format,
    manualTurns: isSpoken && flags.vad !== true,
    fast: flags.fast === true,
    saveFolder: flags.saveAudio,
    out: flags.audioOut,
    mic: flags.mic === true,
    speaker: flags.speaker === true,
  };
}

/** What is said of sound that will never come: none was given, and nobody can type /audio. Throws CliError `usage`. */
export function refuseIdleFlags({ vad, fast, mic, audio }: AudioFlags): void {
  if (audio !== undefined) return;
  const idle = [...(vad && !mic ? ['--vad'] : []), ...(fast ? ['--fast'] : [])];
  if (idle.length === 0) return;
  const are = idle.length === 1 ? 'is' : 'are';
  throw new CliError('usage', `${idle.join(' and ')} ${are} about --audio, and there is none`, {
    hint: `give sound with --audio <file.wav>, or leave out ${idle.join(' and ')}`,
  });
}

function readFormat({ format = 'pcm', rate }: AudioFlags): SessionFormat {
  if (!Object.hasOwn(types, format)) {
    throw new CliError('usage', `--format must be pcm, pcmu or pcma, got ${format}`);
  }
  const type = types[format as keyof typeof types];
  const given = rate === undefined ? undefined : audioRates.find((each) => String(each) === rate);
  if (rate !== undefined && given === undefined) {
    throw new CliError('usage', `--rate must be one of ${audioRates.join(', ')}, got ${rate}`);
  }
  if (type === 'audio/pcm') return { type, rate: given ?? 24_000 };
  if (given !== undefined && given !== 8000) {
    throw new CliError('usage', `--format ${format} has 8000 samples a second, got --rate ${rate}`, {
      hint: 'leave out --rate, or use --format pcm',
    });
  }
  return { type, rate: 8000 };
}
