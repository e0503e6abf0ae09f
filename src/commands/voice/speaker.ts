// Plays the agent's voice by a program of the machine: one run of it for each answer, one after the other.

import { join } from 'node:path';
import type { Host } from '../../context.js';
import { makeTemporaryFolder } from '../../files.js';
import { type Program, startProgram } from '../../programs.js';
import type { FoundDevice } from './devices.js';
import { createWav } from './saver.js';

export interface Speaker {
  /** A piece of an answer, as 16-bit PCM. */
  play(pcm: Uint8Array): void;
  /** The answer is complete. */
  endAnswer(): void;
  /** Falls silent at once and drops what is still to be played; tells whether there was anything. */
  stop(): boolean;
  /** Resolves when all has been played. */
  finished(): Promise<void>;
}

export interface SpeakerOptions {
  device: FoundDevice;
  rate: number;
  host: Host;
  /** Told once, in the words of the program. */
  onProblem(problem: string): void;
}

interface Answer {
  pieces: Uint8Array[];
  complete: boolean;
  program?: Program;
}

/** Nothing is started before there is something to play. */
export function createSpeaker({ device, rate, host, onProblem }: SpeakerOptions): Speaker {
  let answers: Answer[] = [];
  let playing: Promise<void> | undefined;
  let hasFailed = false;

  /** Plays answers until there are no more. */
  async function playAll(): Promise<void> {
    for (let answer = answers[0]; answer !== undefined; answer = answers[0]) {
      // A program that plays files needs the whole of it.
      if (device.playsFile && !answer.complete) return;
      const { problem } = await (device.playsFile ? playFile(answer) : playStream(answer));
      if (answers[0] === answer) answers.shift();
      if (problem === undefined || hasFailed) continue;
      hasFailed = true;
      onProblem(`${device.program}: ${problem}`);
    }
  }

  function playStream(answer: Answer) {
    const program = startProgram(device.path, device.args, host);
    answer.program = program;
    for (const piece of answer.pieces.splice(0)) program.write(piece);
    if (answer.complete) program.end();
    return program.ended;
  }

  async function playFile(answer: Answer) {
    const folder = await makeTemporaryFolder();
    try {
      const path = join(folder.path, 'answer.wav');
      const wav = createWav(path, rate);
      for (const piece of answer.pieces.splice(0)) wav.write(piece);
      wav.close();
      // Stopped meanwhile.
      if (answers[0] !== answer) return { problem: undefined };
      answer.program = startProgram(device.path, [...device.args, path], host);
      return await answer.program.ended;
    } finally {
      await folder.remove();
    }
  }

  function start(): void {
    playing ??= playAll().finally(() => {
      playing = undefined;
      if (answers.some(({ complete }) => complete || !device.playsFile)) start();
    });
  }

  return {
    play(pcm) {
      if (hasFailed) return;
      let answer = answers.at(-1);
      if (answer === undefined || answer.complete) {
        answer = { pieces: [], complete: false };
        answers.push(answer);
      }
      if (answer.program === undefined) answer.pieces.push(pcm);
      else answer.program.write(pcm);
      start();
    },
    endAnswer() {
      const answer = answers.at(-1);
      if (answer === undefined || answer.complete) return;
      answer.complete = true;
      answer.program?.end();
      start();
    },
    stop() {
      const dropped = answers;
      answers = [];
      for (const { program } of dropped) program?.stop();
      return dropped.length > 0;
    },
    async finished() {
      while (playing !== undefined && answers.length > 0) await playing;
    },
  };
}
