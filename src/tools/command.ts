// A tool that is a program: arguments as JSON on stdin and in AGENTS_TOOL_ARGS, the result from stdout. A program that
// ends with another code than 0 has failed, and stderr says why.

import type { Clock } from '../clock.js';
import { writeJson } from '../json-text.js';
import type { Child, Children, Program } from './child.js';
import { largestResultBytes, ToolFailure, tooLarge } from './failure.js';
import type { Handle } from './handler.js';

/** Systems refuse to start a program with a longer one; stdin has no such limit. */
const longestVariable = 30_000;
/** Of what a program that fails writes to stderr, the end is told. */
const longestReason = 2000;
/** For the output of what the program started, once it has ended itself. */
const outputGraceMs = 250;

export function commandHandler(children: Children, program: Program, clock: Clock): Handle {
  return async (given, { call_id, name, signal }) => {
    const json = writeJson(given);
    const child = children.start({
      ...program,
      env: {
        ...program.env,
        AGENTS_TOOL_NAME: name,
        AGENTS_CALL_ID: call_id,
        ...(json.length <= longestVariable && { AGENTS_TOOL_ARGS: json }),
      },
    });
    const end = () => void child.end();
    signal.addEventListener('abort', end, { once: true });
    try {
      child.streams.stdin.end(json);
      return await resultOf(child, clock);
    } finally {
      signal.removeEventListener('abort', end);
      await child.end();
    }
  };
}

async function resultOf(child: Child, clock: Clock): Promise<string> {
  const { streams, exited } = child;
  const reason = tail(streams.stderr, longestReason);
  const output = head(streams.stdout, largestResultBytes);
  const { code, signal } = await Promise.race([exited, output.overflow]);
  await new Promise<void>((resolve) => {
    const stop = clock.after(outputGraceMs, resolve);
    void Promise.all([output.ended, reason.ended]).then(() => {
      stop();
      resolve();
    });
  });
  if (signal !== null) {
    throw new ToolFailure(reason.text() || `the program was ended by ${signal}`, { answered: false });
  }
  if (code !== 0) throw new ToolFailure(reason.text() || `the program ended with code ${code}`);
  return output.text().replace(/\r?\n$/, '');
}

/** What a stream begins with; `overflow` rejects when it holds more. */
function head(stream: NodeJS.ReadableStream, limit: number) {
  const chunks: Buffer[] = [];
  let size = 0;
  const overflow = new Promise<never>((_, reject) => {
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else reject(tooLarge());
    });
  });
  overflow.catch(() => {});
  return { overflow, ended: closed(stream), text: () => Buffer.concat(chunks).toString('utf8') };
}

/** What a stream ends with. */
function tail(stream: NodeJS.ReadableStream, limit: number) {
  let kept = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    kept = Buffer.concat([kept, chunk]).subarray(-limit);
  });
  return { ended: closed(stream), text: () => kept.toString('utf8').trim() };
}

function closed(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.on('close', () => resolve());
  });
}
