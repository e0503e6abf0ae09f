// The sound of a recording, of both sides, by the program that plays.

import type { Format } from '../../audio/pcm.js';
import type { Context } from '../../context.js';
import { isObject } from '../../protocol/json.js';
import type { Onlooker } from '../../session/replay.js';
import { needDevice } from '../voice/devices.js';
import { pcmBytes } from '../voice/saver.js';
import { createSpeaker, type Speaker } from '../voice/speaker.js';

export interface Playback {
  onlooker: Onlooker;
  /** Resolves when all has been played. */
  finished(): Promise<void>;
}

const usual: Format = { type: 'audio/pcm', rate: 24_000 };

/** Throws CliError where the machine has no program that plays. */
export function createPlayback(context: Context): Playback {
  const { host, output, signal } = context;
  const formats = { input: usual, output: usual };
  /** A program is told its rate when it starts: the two sides may differ. */
  const speakers = new Map<number, Speaker>();
  signal.addEventListener('abort', stop, { once: true });
  context.onClose(async () => stop());
  needDevice('play', usual.rate, host, '--audio');

  function stop(): void {
    for (const speaker of speakers.values()) speaker.stop();
  }

  function speakerOf(rate: number): Speaker {
    const known = speakers.get(rate);
    if (known !== undefined) return known;
    const speaker = createSpeaker({
      device: needDevice('play', rate, host, '--audio'),
      rate,
      host,
      onProblem: (problem) => output.note(`note: the recording cannot be played: ${problem}`),
    });
    speakers.set(rate, speaker);
    return speaker;
  }

  function play(side: keyof typeof formats, audio: unknown): void {
    // In recordings that were made to be looked at, sound may be cut anywhere.
    const bytes = Buffer.from(typeof audio === 'string' ? audio : '', 'base64');
    const format = formats[side];
    const whole = format.type === 'audio/pcm' ? bytes.subarray(0, bytes.length - (bytes.length % 2)) : bytes;
    if (whole.length > 0) speakerOf(format.rate).play(pcmBytes(whole, format));
  }

  const end = (side: keyof typeof formats) => speakers.get(formats[side].rate)?.endAnswer();

  return {
    onlooker: {
      sent: ({ type, session, audio }) => {
        if (type === 'session.update') takeFormats(formats, session);
        if (type === 'input_audio_buffer.append') play('input', audio);
        if (type === 'input_audio_buffer.commit') end('input');
        return [];
      },
      received: (frame) => {
        if (frame.kind !== 'event') return [];
        const { event } = frame;
        if (event.type === 'response.created') end('input');
        if (event.type === 'response.output_audio.delta') play('output', event.delta);
        if (event.type === 'response.done') end('output');
        return [];
      },
    },
    finished: async () => {
      for (const speaker of speakers.values()) {
        speaker.endAnswer();
        await speaker.finished();
      }
    },
  };
}

function takeFormats(formats: Record<'input' | 'output', Format>, session: unknown): void {
  const audio = isObject(session) && isObject(session.audio) ? session.audio : {};
  for (const side of ['input', 'output'] as const) {
    const format = isObject(audio[side]) ? audio[side].format : undefined;
    if (!isObject(format)) continue;
    if (format.type === 'audio/pcmu' || format.type === 'audio/pcma') {
      formats[side] = { type: format.type, rate: 8000 };
    } else if (format.type === 'audio/pcm') {
      formats[side] = { type: 'audio/pcm', rate: typeof format.rate === 'number' ? format.rate : usual.rate };
    }
  }
}
