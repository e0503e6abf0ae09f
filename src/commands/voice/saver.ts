// Keeps the sound of a conversation, both ways: one WAV file a turn and side. Each file is whole at any moment, for
// its header is put right with every piece.

import { join } from 'node:path';
import { type Format, toPcm } from '../../audio/pcm.js';
import { wavHeader } from '../../audio/wav-header.js';
import { CliError } from '../../errors.js';
import { createPrivate, type GrowingFile, namesIn } from '../../files.js';
import type { NoticeBody } from '../../session/notice.js';

export interface Saver {
  /** A piece of 16-bit PCM. */
  take(from: 'user' | 'agent', turn: number, pcm: Uint8Array): void;
  /** The end of a turn with the files of it. */
  told(notice: NoticeBody): NoticeBody;
  close(): void;
}

/** A WAV file of 16-bit mono PCM that grows. Throws CliError as `createPrivate` does. */
export function createWav(path: string, rate: number): GrowingFile {
  return wavIn(createPrivate(path), rate);
}

/** The same in a file that is open. */
export function wavIn(file: GrowingFile, rate: number): GrowingFile {
  let soundBytes = 0;
  file.write(wavHeader(rate, 0));
  return {
    write: (pcm) => {
      file.write(pcm);
      soundBytes += pcm.length;
      file.write(wavHeader(rate, soundBytes), 0);
    },
    close: file.close,
  };
}

/** Sound of a session as bytes of 16-bit PCM. */
export function pcmBytes(audio: Buffer, format: Format): Uint8Array {
  const pcm = toPcm(audio, format);
  return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

type Side = 'user' | 'agent';

interface Kept {
  from: Side;
  turn: number;
  path: string;
  wav: GrowingFile;
}

/**
 * `folder` is made when there is something to keep; throws CliError `usage` at once for one with sound of another
 * conversation. What else it throws is CliError `storage`.
 */
export function createSaver(folder: string, rate: number): Saver {
  const earlier = namesIn(folder).find((name) => /^turn-\d+-(user|agent)\.wav$/.test(name));
  if (earlier !== undefined) {
    throw new CliError('usage', `${join(folder, earlier)} is there already`, {
      hint: 'name another folder, or move it away',
    });
  }
  const kept = new Map<string, Kept>();

  function fileOf(from: Side, turn: number): Kept {
    const name = `turn-${String(turn).padStart(2, '0')}-${from}.wav`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    closeBefore(turn - 1, from);
    const path = join(folder, name);
    const made = { from, turn, path, wav: createWav(path, rate) };
    kept.set(name, made);
    return made;
  }

  /**
   * Of one side: its sound may still come of the turn before, but of none older. A clip of the person's may hold
   * several turns, and its file outlasts all their answers.
   */
  function closeBefore(turn: number, from: Side): void {
    for (const [name, old] of kept) {
      if (old.turn >= turn || old.from !== from) continue;
      old.wav.close();
      kept.delete(name);
    }
  }

  return {
    take: (from, turn, pcm) => fileOf(from, turn).wav.write(pcm),
    told: (notice) => {
      if (notice.type !== 'turn_done') return notice;
      const saved = [...kept.values()].filter(({ turn }) => turn === notice.turn).map(({ path }) => path);
      return saved.length === 0 ? notice : { ...notice, saved };
    },
    close: () => {
      closeBefore(Number.POSITIVE_INFINITY, 'user');
      closeBefore(Number.POSITIVE_INFINITY, 'agent');
    },
  };
}
