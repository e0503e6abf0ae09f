// The tools of one session: each call is checked, run within its time, and answered, whatever happens.

import type { Clock } from '../clock.js';
import { CliError, messageOf } from '../errors.js';
import type { AgentTool } from '../protocol/agent.js';
import { didYouMean } from '../spec/did-you-mean.js';
import { createArgumentCheck } from './arguments.js';
import { type Built, buildHandlers, mcpHandle } from './build.js';
import { Children, type ProcessHost } from './child.js';
import { errorOutput, resultText, ToolFailure } from './failure.js';
import type { ToolFile } from './file.js';
import type { Handler, ToolCall } from './handler.js';
import type { McpServer } from './mcp.js';

export interface ToolboxOptions extends ProcessHost {
  /** Undefined where no file was given and trouble is only rehearsed. */
  file: ToolFile | undefined;
  /** The agent's function tools. */
  tools: readonly AgentTool[];
  env: Record<string, string | undefined>;
  /** The file that runs in the thread of a module. */
  workerFile: string;
  nodeVersion: string;
  version: string;
  timeoutMs: number;
  /** Tools that are to fail, with the reason. */
  failing: ReadonlyMap<string, string>;
  /** Tools that are to take longer, by milliseconds. */
  slow: ReadonlyMap<string, number>;
  /** Gives calls that no handler runs their result. */
  otherwise(call: ToolCall): Promise<string>;
  /** A line for the person. */
  note(text: string): void;
  /** Has something done when the process leaves without waiting, until the function returned is called. */
  onLeave(last: () => void): () => void;
}

export interface Toolbox {
  /** Whether a call of this name is run here, or made to fail. */
  has(name: string): boolean;
  /** The output for a call. Never rejects: a failure is an output too. */
  run(call: ToolCall, signal: AbortSignal): Promise<string>;
  /** The agent's function tools from now on. */
  setTools(tools: readonly AgentTool[]): void;
  /** What the canned answers have made of their state. */
  state(): unknown;
  /** Ends what still runs, programs and connections included. */
  close(): Promise<void>;
}

/**
 * Makes the handlers, and connects to the MCP servers that the agent's tools need. Throws CliError: `invalid_spec`
 * for what cannot be made, `unavailable` for a server that cannot be reached.
 */
export async function openToolbox(options: ToolboxOptions): Promise<Toolbox> {
  const { file, clock, failing, slow, note } = options;
  const children = new Children(options);
  const ending = new AbortController();
  const over = AbortSignal.any([ending.signal, options.signal]);
  const release = options.onLeave(() => children.killNow());
  const built = file && (await buildHandlers(file, { ...options, children }));
  const handlers = new Map(built?.handlers);
  const argumentCheck = createArgumentCheck((text) => note(`note: ${text}`));
  let offered = byName(options.tools);

  async function close(): Promise<void> {
    ending.abort(new ToolFailure('the session is over'));
    await built?.close();
    await children.end();
    release();
  }

  try {
    if (file !== undefined && built !== undefined) await lookForTools(file, built);
  } catch (error) {
    await close();
    throw error;
  }

  for (const [name, tool] of offered) {
    if (handlerFor(name) !== undefined) argumentCheck.prepare(name, tool.function?.parameters);
  }

  /** Asks the servers which tools they have: a wrong name is better told now than in the conversation. */
  async function lookForTools({ source }: ToolFile, { servers, remote }: Built): Promise<void> {
    const listed = new Map<McpServer, Promise<string[]>>();
    const toolsOf = (server: McpServer, place: string) => {
      const asked = listed.get(server) ?? listTools(server, `${source}: ${place}`);
      listed.set(server, asked);
      return asked;
    };
    const asking = [...remote].flatMap(([name, { server, place, tool }]) =>
      offered.has(name)
        ? [
            toolsOf(server, place).then((names) => {
              if (names.includes(tool)) return;
              throw new CliError(
                'invalid_spec',
                `${source}: ${place}: the MCP server has no tool ${tool}${didYouMean(tool, names)}`,
              );
            }),
          ]
        : [],
    );
    const offering = [...servers].map(async ([name, server]) => {
      for (const tool of await toolsOf(server, `mcp.${name}`)) {
        if (!handlers.has(tool)) handlers.set(tool, { handle: mcpHandle(server, tool), safe: false });
      }
    });
    await Promise.all([...asking, ...offering]);
  }

  async function listTools(server: McpServer, place: string): Promise<string[]> {
    const { signal, stop } = limited(over, clock, options.timeoutMs);
    try {
      return await orAborted(server.tools(signal), signal);
    } catch (error) {
      throw new CliError('unavailable', `${place}: ${messageOf(error)}`, { cause: error });
    } finally {
      stop();
    }
  }

  async function run(call: ToolCall, outer: AbortSignal): Promise<string> {
    const tool = offered.get(call.name);
    const handler = handlerFor(call.name);
    const delayMs = slow.get(call.name) ?? 0;
    if (tool === undefined || handler === undefined) {
      const output = await options.otherwise(call);
      if (delayMs > 0) await clock.sleep(delayMs, outer);
      return output;
    }
    const given = await argumentCheck.check(call.name, call.arguments, tool.function?.parameters);
    const attempt = () => tryOnce(handler, { ...call, arguments: given }, delayMs, outer);
    try {
      return await attempt();
    } catch (error) {
      const isAnswer = !(error instanceof ToolFailure) || error.answered;
      if (isAnswer || !handler.safe || outer.aborted || over.aborted) throw error;
      (call.note ?? note)(`${call.name}: ${messageOf(error)}; trying once more`);
      return attempt();
    }
  }

  function handlerFor(name: string): Handler | undefined {
    const reason = failing.get(name);
    if (reason === undefined) return handlers.get(name);
    return {
      handle: () => {
        throw new ToolFailure(reason);
      },
      safe: false,
    };
  }

  async function tryOnce(
    { handle, timeoutMs = options.timeoutMs }: Handler,
    {
      call_id,
      name,
      arguments: given,
      phone,
      note: say = note,
    }: ToolCall & { arguments: Record<string, unknown> },
    delayMs: number,
    outer: AbortSignal,
  ): Promise<string> {
    const { signal, stop } = limited(AbortSignal.any([outer, over]), clock, timeoutMs);
    const log = (text: string) => say(`${name}: ${text}`);
    const work = async () => {
      if (delayMs > 0) await clock.sleep(delayMs, signal);
      // Interrupted while its arguments were checked: what has not begun must not begin.
      signal.throwIfAborted();
      // A copy: what one call does to its arguments is nothing to the next.
      return resultText(await handle(structuredClone(given), { call_id, name, signal, log, phone }));
    };
    try {
      return await orAborted(work(), signal);
    } finally {
      stop();
    }
  }

  return {
    has: (name) => offered.has(name) && handlerFor(name) !== undefined,
    run: (call, signal) => run(call, signal).catch(errorOutput),
    setTools: (tools) => {
      offered = byName(tools);
    },
    state: () => built?.state(),
    close,
  };
}

const byName = (tools: readonly AgentTool[]) =>
  new Map(tools.map((tool) => [tool.function?.name ?? '', tool] as const));

/** A signal that aborts with another, or when the time is over. */
function limited(outer: AbortSignal, clock: Clock, timeoutMs: number): { signal: AbortSignal; stop(): void } {
  const timeUp = new AbortController();
  const stop = clock.after(timeoutMs, () =>
    timeUp.abort(new ToolFailure(`timed out after ${timeoutMs / 1000} s`, { answered: false })),
  );
  return { signal: AbortSignal.any([outer, timeUp.signal]), stop };
}

/** The work's outcome, or the signal's reason if that comes first; the work is then left to end by itself. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
