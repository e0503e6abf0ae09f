// An MCP server that is a program: JSON-RPC messages, one a line, over its stdin and stdout. The SDK's own transport
// knows neither process groups nor when to give up waiting, so this one stands on our children instead.

import { ReadBuffer } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { writeJson } from '../json-text.js';
import type { Child, Children, Program } from './child.js';

const longestComplaint = 2000;

export class ProgramTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #children: Children;
  readonly #program: Program;
  #child: Child | undefined;
  #complaint = '';

  constructor(children: Children, program: Program) {
    this.#children = children;
    this.#program = program;
  }

  /** The end of what the server wrote to stderr. */
  get complaint(): string {
    return this.#complaint.trim();
  }

  async start(): Promise<void> {
    const child = this.#children.start(this.#program);
    this.#child = child;
    const buffer = new ReadBuffer();
    child.streams.stdout.on('data', (chunk: Buffer) => {
      try {
        buffer.append(chunk);
      } catch (error) {
        this.onerror?.(error as Error);
        void this.close();
      }
      this.#read(buffer);
    });
    child.streams.stderr.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString('utf8')).slice(-longestComplaint);
    });
    child.exited.then(
      () => this.close(),
      () => this.close(),
    );
    await started(child);
  }

  #read(buffer: ReadBuffer): void {
    for (;;) {
      try {
        const message = buffer.readMessage();
        if (message === null) return;
        this.onmessage?.(message);
      } catch (error) {
        // A line that is no message, such as a greeting printed to the wrong stream.
        this.onerror?.(error as Error);
      }
    }
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.#child?.streams.stdin.write(`${writeJson(message)}\n`);
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    // The polite way to tell a server that it is over; the signal comes right after.
    child.streams.stdin.end();
    await child.end();
    this.onclose?.();
  }
}

/** Rejects where the program cannot be started at all. */
function started({ streams, exited }: Child): Promise<void> {
  return new Promise((resolve, reject) => {
    streams.once('spawn', () => resolve());
    exited.catch(reject);
  });
}
