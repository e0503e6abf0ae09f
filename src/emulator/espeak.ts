// Real speech by espeak-ng, where the machine has it: one run a sentence, the text on its stdin, a WAV on its stdout.

import { type ChildProcess, spawn } from 'node:child_process';
import { readWav } from '../audio/wav.js';
import { wavHeaderBytes } from '../audio/wav-header.js';
import { CliError, messageOf, systemCode } from '../errors.js';
import type { Sound } from './realtime/response.js';
import type { Voice } from './realtime/shared.js';

export interface EspeakOptions {
  /** The environment; only what the program needs of it is passed on. */
  env: Record<string, string | undefined>;
  after(ms: number, fire: () => void): () => void;
}

const program = 'espeak-ng';
const wordsPerMinute = 175;
const longestMs = 20_000;
/** Minutes of speech. */
const largestBytes = 16 * 1024 * 1024;
const passedOn = ['PATH', 'Path', 'HOME', 'SystemRoot', 'LANG', 'LC_ALL', 'ESPEAK_DATA_PATH'];

/** A voice that speaks. Throws CliError `usage` when the program is not there. */
export async function createEspeak(options: EspeakOptions): Promise<Voice> {
  try {
    await run(['--version'], '', options);
  } catch (cause) {
    const isAbsent = systemCode(cause) === 'ENOENT';
    const reason = isAbsent ? 'is not on this machine' : `does not run: ${messageOf(cause)}`;
    throw new CliError('usage', `--speech ${program}: ${program} ${reason}`, {
      hint: 'install it (apt install espeak-ng, brew install espeak-ng), or leave out --speech',
      cause,
    });
  }
  return async (words, rate, speed) => {
    // Without the pause after a sentence.
    const args = ['--stdin', '--stdout', '-z', '-s', String(Math.round(wordsPerMinute * speed))];
    const wav = await run(args, words.join('').trim(), options);
    // Signs alone are no speech.
    if (wav.length <= wavHeaderBytes) return [];
    return shared(readWav(wav, rate, program).pcm, words).map((pcm): Sound => ({ pcm, rate }));
  };
}

/** The sound of a sentence, a part for each word by its length. */
function shared(pcm: Int16Array, words: readonly string[]): Int16Array[] {
  const all = words.reduce((sum, { length }) => sum + length, 0);
  let before = 0;
  return words.map(({ length }) => {
    const start = Math.round((before / all) * pcm.length);
    before += length;
    return pcm.slice(start, Math.round((before / all) * pcm.length));
  });
}

function run(args: string[], text: string, { env, after }: EspeakOptions): Promise<Buffer> {
  const own = Object.fromEntries(
    passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])),
  );
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(program, args, { env: own, stdio: ['pipe', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    let size = 0;
    let said = '';
    const stop = (problem: string) => {
      reject(new Error(`${program} ${problem}`));
      child.kill('SIGKILL');
    };
    const cancel = after(longestMs, () => stop(`took longer than ${longestMs / 1000} s`));
    child.stdout?.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > largestBytes) stop('said too much');
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(0, 500);
    });
    child.on('error', (error) => {
      cancel();
      reject(error);
    });
    child.on('close', (code) => {
      cancel();
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(new Error(`${program} ended with ${code}: ${said.trim()}`));
    });
    // Whoever does not read ends, which is told by its code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(text);
  });
}
