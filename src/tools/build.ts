// From what a tools file says to what runs: modules are started, variables filled in, servers named.

import { resolve } from 'node:path';
import { messageOf } from '../errors.js';
import { withoutKey } from '../secrets.js';
import { didYouMean } from '../spec/did-you-mean.js';
import { cannedHandler, type Stage } from './canned.js';
import { type Children, programFrom } from './child.js';
import { commandHandler } from './command.js';
import { tableWithVariables, withVariables } from './environment.js';
import { type HandlerSpec, invalid, type ServerSpec, type ToolFile } from './file.js';
import type { Handle, Handler } from './handler.js';
import { httpHandler } from './http.js';
import type { McpServer } from './mcp.js';
import { type Exports, type LoadedModule, loadModule, type ModuleHost } from './module.js';
import { filled } from './template.js';

export interface Workshop extends ModuleHost {
  version: string;
  children: Children;
}

/** A tool of an MCP server that a handler names, so that it can be looked for before it is called. */
export interface RemoteTool {
  place: string;
  tool: string;
  server: McpServer;
}

export interface Built {
  handlers: Map<string, Handler>;
  /** Servers with names, which offer all their tools. */
  servers: Map<string, McpServer>;
  /** By the name of the agent's tool. */
  remote: Map<string, RemoteTool>;
  /** Of the canned answers; undefined where there are none. */
  state(): unknown;
  close(): Promise<void>;
}

/** Makes all handlers of a file. Throws CliError `invalid_spec` naming what cannot be made. */
export async function buildHandlers(file: ToolFile, workshop: Workshop): Promise<Built> {
  const { env, clock, children } = workshop;
  const stage: Stage = { state: filled(file.state, { given: {}, state: {}, nowMs: clock.now() }) };
  /** Others have their state for themselves. */
  let isCanned = false;
  const modules = new Map<string, Promise<LoadedModule>>();
  const connected = new Map<string, McpServer>();
  const remote = new Map<string, RemoteTool>();
  const childEnv = withoutKey(env);

  /** One server for all that name the same. */
  async function serverFor(spec: ServerSpec): Promise<McpServer> {
    if ('server' in spec) return serverFor(file.servers.get(spec.server) as ServerSpec);
    const { tool: _tool, ...where } = spec as Record<string, unknown>;
    const name = JSON.stringify(where);
    const { createMcpServer } = await import('./mcp.js');
    const known = connected.get(name);
    if (known !== undefined) return known;
    const address =
      'command' in spec
        ? { program: programOf(spec) }
        : { url: withVariables(spec.url, env), headers: tableWithVariables(spec.headers, env) };
    const server = createMcpServer(address, children, workshop.version);
    connected.set(name, server);
    return server;
  }

  function programOf(spec: {
    command: string[];
    cwd?: string | undefined;
    env?: Record<string, string> | undefined;
  }) {
    return {
      ...programFrom(spec, file.folder),
      env: { ...childEnv, ...tableWithVariables(spec.env, env) },
    };
  }

  async function handleFor(name: string, spec: HandlerSpec): Promise<Handle> {
    switch (spec.kind) {
      case 'run':
        return spec.run as Handle;
      case 'module':
        return exported((await moduleOf(spec.module)).exports, spec.export ?? name, spec.module);
      case 'command':
        return commandHandler(children, programOf(spec), clock);
      case 'url': {
        const url = withVariables(spec.url, env);
        if (!URL.canParse(url)) throw new RangeError(`url is none, once its variables are filled in`);
        return httpHandler({
          url,
          method: spec.method ?? 'POST',
          headers: tableWithVariables(spec.headers, env),
        });
      }
      case 'mcp': {
        const given = (typeof spec.mcp === 'string' ? { server: spec.mcp } : spec.mcp) as ServerSpec;
        const server = await serverFor(given);
        const tool = given.tool ?? name;
        remote.set(name, { place: spec.place, tool, server });
        return mcpHandle(server, tool);
      }
      case 'answers':
        isCanned = true;
        return cannedHandler(spec.answers, stage, clock);
      case 'canned':
        isCanned = true;
        return cannedHandler([spec], stage, clock);
    }
  }

  function moduleOf(path: string): Promise<LoadedModule> {
    const full = resolve(file.folder, path);
    const loading =
      modules.get(full) ??
      loadModule(full, workshop, { source: path }).catch((error: unknown) => {
        throw new RangeError(`${path}: ${messageOf(error)}`, { cause: error });
      });
    modules.set(full, loading);
    return loading;
  }

  /** What cannot be made is told with its place. */
  async function placed<T>(place: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw invalid(`${file.source}: ${place}`, [messageOf(error)], file.source, error);
    }
  }

  async function close(): Promise<void> {
    const ending = [...modules.values()].map((loading) =>
      loading.then(
        (module) => module.end(),
        () => {},
      ),
    );
    await Promise.all([...ending, ...[...connected.values()].map((server) => server.close())]);
  }

  const handlers = new Map<string, Handler>();
  const servers = new Map<string, McpServer>();
  try {
    for (const [name, spec] of file.handlers) {
      const handle = await placed(spec.place, () => handleFor(name, spec));
      handlers.set(name, { handle, timeoutMs: spec.timeout_ms, safe: spec.safe === true });
    }
    for (const [name, spec] of file.servers) {
      servers.set(name, await placed(`mcp.${name}`, () => serverFor(spec)));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { handlers, servers, remote, state: () => (isCanned ? stage.state : undefined), close };
}

export function mcpHandle(server: McpServer, tool: string): Handle {
  return (given, { signal }) => server.call(tool, given, signal);
}

function exported(exports: Exports, name: string, path: string): Handle {
  const value = Object.hasOwn(exports, name) ? exports[name] : undefined;
  if (typeof value === 'function') return value as Handle;
  const functions = Object.keys(exports).filter((each) => typeof exports[each] === 'function');
  throw new RangeError(`${path} exports no function ${name}${didYouMean(name, functions)}`);
}
