// What a caller does, turn by turn: from flags, from a pipe, or typed at a terminal.

import type { Command } from 'commander';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { readBytes } from '../../files.js';
import { type CallerMessage, phoneKeys } from '../../protocol/caller.js';
import { wordsBeside } from '../voice/clips.js';

/** As it was given. */
export type Turn = { say: string } | { file: string } | { dtmf: string } | { hang_up: true };

export interface TurnFlags {
  message?: Turn[];
  audio?: Turn[];
  dtmf?: Turn[];
}

/** Adds -m, --audio and --dtmf: one list, for commander keeps no order between flags. */
export function addTurnFlags(command: Command): Command {
  const turns: Turn[] = [];
  const add = (turn: Turn) => {
    turns.push(turn);
    return turns;
  };
  return command
    .option('-m, --message <text>', 'the caller says this (repeatable: one turn each)', (text: string) =>
      add({ say: text }),
    )
    .option(
      '--audio <file.wav>',
      'the caller is heard saying this (repeatable, in order with -m)',
      (file: string) => add({ file }),
    )
    .option(
      '--dtmf <keys>',
      'the caller presses these: 0-9 A-D * # (repeatable, in order with -m)',
      (keys: string) => add({ dtmf: keys }),
    );
}

/** The turns of the flags, in their order; undefined when none was given. Throws CliError `usage`. */
export function readTurns({ message, audio, dtmf }: TurnFlags): readonly Turn[] | undefined {
  const turns = message ?? audio ?? dtmf;
  for (const turn of turns ?? []) {
    if ('say' in turn && turn.say.trim() === '') throw new CliError('usage', 'the message is empty');
    if ('dtmf' in turn && !phoneKeys.test(turn.dtmf)) throw noKeys(turn.dtmf);
  }
  return turns;
}

const noKeys = (keys: string) =>
  new CliError('usage', `--dtmf ${keys} are no keys of a telephone`, {
    hint: 'up to 64 of 0-9, A-D, * and #, with nothing in between: --dtmf 12#',
  });

/** A line a caller types: words, `#12` or `/dtmf 12#` for keys, `/hangup`. A text says what is wrong with it. */
export function readLine(line: string): Turn | string | undefined {
  const text = line.trim();
  if (text === '') return undefined;
  if (text === '/hangup' || text === '/quit') return { hang_up: true };
  const keys = /^\/dtmf\s+(\S+)$/.exec(text)?.[1] ?? /^#([0-9A-Da-d*#]+)$/.exec(text)?.[1];
  if (keys !== undefined) return phoneKeys.test(keys) ? { dtmf: keys } : `${keys} are no keys of a telephone`;
  if (!/^\/(?!\/)/.test(text)) return { say: text.replace(/^\/\//, '/') };
  return text === '/help' ? help : `There is no ${text}; ${help}`;
}

const help = 'type what the caller says; #12 or /dtmf 12# presses keys, /hangup ends the call.';

/** A telephone carries no more. */
const telephoneRate = 8000;
/** What fits into one message. */
const longestSeconds = 600;

/** Turns as they are sent; sound is read and looked at now. Throws CliError `unreadable`. */
export async function loadTurn(context: Context, turn: Turn): Promise<CallerMessage> {
  if (!('file' in turn)) return turn;
  const { file } = turn;
  const [{ largestWavBytes, readWav }, { fromPcm }, { wavHeader }] = await Promise.all([
    import('../../audio/wav.js'),
    import('../../audio/pcm.js'),
    import('../../audio/wav-header.js'),
  ]);
  const path = context.path(file);
  const { pcm, seconds, warnings } = readWav(
    await readBytes(path, largestWavBytes, file),
    telephoneRate,
    file,
  );
  if (seconds > longestSeconds)
    throw new CliError(
      'unreadable',
      `${file} lasts ${Math.round(seconds)} s; a turn may last ${longestSeconds} s`,
    );
  for (const { message } of warnings) context.output.note(`note: ${file} ${message}`);
  const sound = fromPcm(pcm, { type: 'audio/pcm', rate: telephoneRate });
  const words = await wordsBeside(path);
  return {
    audio: Buffer.concat([wavHeader(telephoneRate, sound.length), sound]).toString('base64'),
    ...(words !== undefined && { words }),
  };
}
