// What becomes of the sound of a conversation: kept, written, played; and where a microphone's comes from.

import { fromPcm, toPcm, wholeSamples } from '../../audio/pcm.js';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { GrowingFile } from '../../files.js';
import { startProgram } from '../../programs.js';
import type { Conversation, Observer } from '../../session/conversation.js';
import type { NoticeBody } from '../../session/notice.js';
import type { AudioOptions } from './audio-flags.js';
import { needDevice } from './devices.js';
import { checkNamedFolder, createNamed } from './named-file.js';
import { createSaver, pcmBytes, wavIn } from './saver.js';
import { createSpeaker, type Speaker } from './speaker.js';

export interface Sound {
  onAudio(from: 'user' | 'agent', turn: number, audio: Buffer): void;
  observer: Observer;
  speaker: Speaker | undefined;
  /** Opens the microphone, where it was asked for. */
  listen(conversation: Conversation): void;
}

/** Throws CliError before anything is connected: for programs that are not there, and files that cannot be made. */
export function createSound(context: Context, options: AudioOptions): Sound {
  const { host } = context;
  const { format } = options;
  if (options.saveFolder !== undefined) checkNamedFolder(context, '--save-audio', options.saveFolder);
  const saver =
    options.saveFolder === undefined ? undefined : createSaver(context.path(options.saveFolder), format.rate);
  const out = options.out === undefined ? undefined : openOut(context, options.out, format.rate);
  const speaker = options.speaker
    ? createSpeaker({
        device: needDevice('play', format.rate, host),
        rate: format.rate,
        host,
        onProblem: (problem) => context.output.note(`note: the answers cannot be played: ${problem}`),
      })
    : undefined;
  const microphone = options.mic ? needDevice('record', format.rate, host) : undefined;
  context.signal.addEventListener('abort', () => speaker?.stop(), { once: true });
  context.onClose(async () => {
    saver?.close();
    out?.close();
    speaker?.stop();
  });

  /** What cannot be kept ends the run, whoever was at work when it happened. */
  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      host.interrupts.stop(error as Error);
    }
  }

  function listen(conversation: Conversation): void {
    if (microphone === undefined) return;
    const program = startProgram(microphone.path, microphone.args, host);
    let isOver = false;
    context.onClose(async () => {
      isOver = true;
      program.stop();
    });
    const pieceBytes = (format.rate / 10) * 2;
    let rest = Buffer.alloc(0);
    const read = async () => {
      for await (const chunk of program.stdout) {
        rest = Buffer.concat([rest, chunk]);
        for (; rest.length >= pieceBytes; rest = rest.subarray(pieceBytes)) {
          const pcm = toPcm(rest.subarray(0, pieceBytes), { type: 'audio/pcm', rate: format.rate });
          conversation.hear(fromPcm(pcm, format), 100);
        }
      }
      const { problem } = await program.ended;
      if (isOver) return;
      const why = problem === undefined ? 'it ended' : problem;
      host.interrupts.stop(
        new CliError('session_failed', `the microphone gives no sound: ${microphone.program}: ${why}`, {
          hint: 'agents doctor looks at the programs for sound',
        }),
      );
    };
    void read().catch((error: Error) => host.interrupts.stop(error));
  }

  const whole = { user: wholeSamples(format), agent: wholeSamples(format) };
  return {
    onAudio: (from, turn, audio) =>
      attempt(() => {
        const pcm = pcmBytes(whole[from](audio), format);
        saver?.take(from, turn, pcm);
        if (from === 'user') return;
        out?.write(pcm);
        speaker?.play(pcm);
      }),
    observer: {
      told: (notice: NoticeBody) => {
        if (silences(notice)) speaker?.stop();
        else if (notice.type === 'response_done' || notice.type === 'turn_done') speaker?.endAnswer();
        return saver?.told(notice) ?? notice;
      },
    },
    speaker,
    listen,
  };
}

/** Whoever speaks is not spoken to. */
function silences(notice: NoticeBody): boolean {
  return (
    ['speech_started', 'interrupted', 'user'].includes(notice.type) ||
    (notice.type === 'turn_done' && notice.status !== 'completed')
  );
}

function openOut(context: Context, name: string, rate: number): Pick<GrowingFile, 'write' | 'close'> {
  if (name === '-') return { write: (bytes) => context.io.writeBytes(bytes), close: () => {} };
  const named = { flag: '--audio-out', named: name, what: 'sound', devices: true };
  const file = createNamed(context, named);
  return /\.wav$/i.test(name) ? wavIn(file, rate) : file;
}
