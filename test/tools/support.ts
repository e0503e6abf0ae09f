// A toolbox for a test: what a tools file holds in, outputs out.

import { createServer } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AgentTool } from '../../src/protocol/agent.js';
import { readToolFile } from '../../src/tools/file.js';
import type { ToolCall } from '../../src/tools/handler.js';
import { openToolbox, type Toolbox, type ToolboxOptions } from '../../src/tools/toolbox.js';
import { root, testClock } from '../support/agents.js';

/** What runs in the thread of a module: as the package has it, so it has to be built. */
export const workerFile = join(root, 'dist', 'tool-worker.js');

/** A function tool of an agent; without parameters it takes anything. */
export function tool(name: string, parameters?: unknown): AgentTool {
  return { type: 'function', function: { name, ...(parameters !== undefined && { parameters }) } };
}

export interface TestBox extends Toolbox {
  notes: string[];
  /** What happens when the process leaves without waiting. */
  leave(): void;
  /** Runs a tool; what comes out, parsed where it is JSON. */
  call(name: string, given?: unknown, signal?: AbortSignal): Promise<unknown>;
}

/** Opens a toolbox for an agent that has just the tools that the value handles, unless told otherwise. */
export async function openBox(
  value: unknown,
  { folder = '/', ...options }: Partial<ToolboxOptions> & { folder?: string } = {},
): Promise<TestBox> {
  const notes: string[] = [];
  const lasts: (() => void)[] = [];
  const file = value === undefined ? undefined : readToolFile(value, 'tools.yaml', folder);
  const toolbox = await openToolbox({
    file,
    tools: [...(file?.handlers.keys() ?? [])].map((name) => tool(name)),
    env: { PATH: process.env.PATH ?? '' },
    workerFile,
    nodeVersion: process.versions.node,
    version: '0.0.0-test',
    platform: process.platform,
    kill: (pid, signal) => void process.kill(pid, signal),
    clock: testClock,
    timeoutMs: 20_000,
    failing: new Map(),
    slow: new Map(),
    otherwise: async ({ name }: ToolCall) => `(${name} is run by nobody)`,
    note: (text) => notes.push(text),
    signal: new AbortController().signal,
    onLeave: (last) => {
      lasts.push(last);
      return () => {};
    },
    ...options,
  });
  onTestFinished(() => toolbox.close());
  let calls = 0;
  return {
    ...toolbox,
    notes,
    leave: () => {
      for (const last of lasts) last();
    },
    call: async (name, given = {}, signal = new AbortController().signal) => {
      const output = await toolbox.run({ call_id: `c${calls++}`, name, arguments: given }, signal);
      try {
        return JSON.parse(output);
      } catch {
        return output;
      }
    },
  };
}

/** A program for Node, as a command handler takes it. */
export const script = (code: string) => [process.execPath, '-e', code];

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** How a tools file names a variable of the environment. */
export const variable = (name: string) => `\${${name}}`;

/** A port of loopback on which nobody listens. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
