// Everything a command may use, made when it is first asked for. `--local` is only another base URL: the embedded
// local API is started here, and nobody else knows.

import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Api, createApi } from './api/client.js';
import { proxyFor } from './api/proxy.js';
import type { Clock } from './clock.js';
import { CliError } from './errors.js';
import { readBytes } from './files.js';
import { type Folders, foldersFor } from './folders.js';
import type { Interrupts } from './interrupts.js';
import { maskNumbers } from './protocol/redact.js';
import { type KeySource, managementPlane, programFor, readKey } from './reaching.js';
import type { Transport } from './session/transport.js';
import { defaults, type GlobalFlags, readSettings, type Settings } from './settings.js';
import type { Io, Streams } from './terminal/io.js';
import type { Output } from './terminal/output.js';

/** What main knows of the process, handed down. */
export interface Host extends Streams {
  env: Record<string, string | undefined>;
  platform: string;
  home: string;
  cwd: string;
  /** The folder of this package, ending in a slash. */
  root: string;
  /** This package's. */
  version: string;
  nodeVersion: string;
  pid: number;
  /** This machine's, or this container's. */
  hostname: string;
  /** How much this machine can do at a time. */
  cores: number;
  isAlive(pid: number): boolean;
  /** Sends a signal to a process or, for a negative number, to its group. Throws when there is none. */
  kill(pid: number, signal: NodeJS.Signals): void;
  interrupts: Interrupts;
  clock: Clock;
}

export interface Server {
  baseUrl: URL;
  key: string | undefined;
  /** Where the key was found. */
  keyFrom?: KeySource | undefined;
}

export interface Described {
  program: Command;
  command: Command | undefined;
  word: string | undefined;
}

interface ApiWishes {
  timeoutMs?: number;
  signal?: AbortSignal;
  connections?: number;
  /** False for what has nothing to do with the agent of this run. */
  aboutAgent?: boolean;
}

export interface Context {
  host: Host;
  io: Io;
  output: Output;
  settings: Settings;
  folders: Folders;
  /** What `--verbose` shows; undefined when it was not asked for. */
  trace: ((line: string) => void) | undefined;
  /** Aborts when the run is to stop. */
  signal: AbortSignal;
  clock: Clock;
  newId(): string;
  /** The stored agent this run talks with, "" for one of a file; undefined before that is known. */
  agentId: string | undefined;
  /** How the next command has to begin to reach the same server: "agents --local". */
  readonly program: string;
  /** Whether a question can be asked and seen. */
  readonly canAsk: boolean;
  /** Runs another command line, as if it were typed, with parts of the host replaced. */
  again(argv: readonly string[], changes: Partial<Host>): Promise<number>;
  /** The command line's own description: all commands by name, the one that `words` call in full. */
  describe(words: readonly string[]): Promise<Described>;
  /**
   * `timeoutMs` stands in for the default where nothing was said. With a `signal` it is another one, which ends with that
   * and not with the run: for what is still to be asked when the run is stopped, and `connections` is how many of its
   * requests go out at a time.
   */
  api(options?: ApiWishes): Promise<Api>;
  /** Where requests go. Throws CliError `key_missing` when the key is needed and not there. */
  server(): Promise<Server>;
  /** Opens the realtime socket. */
  connect(query: Record<string, string>): Promise<Transport>;
  /** Text of a file or, for `-`, of stdin. Throws CliError. */
  read(path: string): Promise<{ text: string; source: string }>;
  /** A path as the user means it. */
  path(path: string): string;
  /** Run when the context closes, newest first. */
  onClose(close: () => Promise<void>): void;
  /** Throws the first failure of what was run, when all was. */
  close(): Promise<void>;
}

/** More than any list of agents within the documented limits that a person would pipe. */
const largestInputBytes = 64 * 1024 * 1024;

export interface ContextParts {
  host: Host;
  io: Io;
  output: Output;
  flags: GlobalFlags;
  again(argv: readonly string[], host: Host): Promise<number>;
  describe: Context['describe'];
}

/** Throws CliError `usage` when flags or environment are wrong. */
export function createContext({ host, io, output, flags, again, describe }: ContextParts): Context {
  const settings = readSettings(flags, host.env);
  const folders = foldersFor(host);
  const closers: (() => Promise<void>)[] = [];
  let api: Promise<Api> | undefined;
  let server: Promise<Server> | undefined;
  let agentId: string | undefined;
  const path = (given: string) => resolve(host.cwd, given);

  const context: Context = {
    host,
    io,
    output,
    settings,
    folders,
    trace: tracer(settings, output),
    signal: host.interrupts.signal,
    clock: host.clock,
    newId: randomUUID,
    // Of the run, and so of every context made from this one.
    get agentId() {
      return agentId;
    },
    set agentId(id) {
      agentId = id;
    },
    program: programFor(settings, host.env),
    get canAsk() {
      return settings.input && !output.json && host.stdin.isTTY === true && host.stderr.isTTY === true;
    },
    describe,
    again: (argv, changes) => again(argv, Object.assign(hostOf(host), changes)),
    api: (options = {}) => {
      const open = () => serverOfApi(context).then((where) => openApi(context, where, options));
      if (options.signal !== undefined) return open();
      api ??= open();
      return api;
    },
    server: () => {
      server ??= settings.baseUrl === undefined ? embedded(context) : remote(context, settings.baseUrl);
      return server;
    },
    connect: async (query) => {
      const { connect } = await import('./connect.js');
      return connect(context, await context.server(), query);
    },
    read: async (given) => {
      const { decodeText } = await import('./spec/parse.js');
      if (given === '') {
        throw new CliError('usage', 'an empty name is no file', { hint: 'name a file, or - for stdin' });
      }
      const isStdin = given === '-';
      const source = isStdin ? 'stdin' : given;
      const bytes = isStdin
        ? await io.readStdin(largestInputBytes)
        : await readBytes(path(given), largestInputBytes, given);
      return { text: decodeText(bytes, source), source };
    },
    path,
    onClose: (close) => closers.unshift(close),
    close: async () => {
      const failures: unknown[] = [];
      for (const close of closers.splice(0)) await close().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    },
  };
  return context;
}

/** Phone numbers belong to those who call: whole only where that was asked for. */
function tracer({ verbose, showNumbers }: Settings, output: Output): Context['trace'] {
  if (!verbose) return undefined;
  return showNumbers ? output.trace : (line) => output.trace(maskNumbers(line));
}

/** A copy that still opens stdin only when it is asked for. */
function hostOf(host: Host): Host {
  return Object.defineProperties({}, Object.getOwnPropertyDescriptors(host)) as Host;
}

/** Who has only a Management key may use what needs no more; `missing` is thrown where anything else is asked for. */
async function serverOfApi(context: Context): Promise<Server & { missing?: CliError }> {
  try {
    return await context.server();
  } catch (error) {
    const { baseUrl, managementUrl } = context.settings;
    const isMissing = error instanceof CliError && error.code === 'key_missing';
    if (!isMissing || baseUrl === undefined || managementUrl === undefined) throw error;
    const other = await readKey(context.host, 'XAI_MANAGEMENT_API_KEY').catch(() => undefined);
    if (other === undefined) throw error;
    return { baseUrl, key: undefined, missing: error };
  }
}

/** A client of a server, closed with the context. Throws CliError when the key may not travel there. */
export async function openApi(
  context: Context,
  { baseUrl, key, missing }: Server & { missing?: CliError },
  { timeoutMs, signal = context.signal, connections, aboutAgent = true }: ApiWishes,
): Promise<Api> {
  const { host, settings, output, clock, newId, trace } = context;
  const api = createApi({
    baseUrl,
    key,
    missing,
    timeoutMs: settings.timeoutGiven ? settings.timeoutMs : (timeoutMs ?? settings.timeoutMs),
    userAgent: userAgent(host),
    agentId: () => (aboutAgent ? context.agentId : undefined),
    proxy: proxyFor(baseUrl, host.env),
    management: settings.managementUrl && (() => openManagement(context, settings.managementUrl as URL)),
    shortLived: true,
    connections,
    signal,
    clock,
    newId,
    trace,
    onRetry: output.note,
  });
  context.onClose(() => api.close());
  return api;
}

async function openManagement({ host, io }: Context, url: URL) {
  const plane = await managementPlane(host, url);
  if (plane.key !== undefined) io.hide(plane.key);
  return plane;
}

/** "agents/1.0.0 node/20.19.0". */
export function userAgent({ version, nodeVersion }: Host): string {
  return `agents/${version} node/${nodeVersion}`;
}

async function remote({ host, io, settings }: Context, baseUrl: URL): Promise<Server> {
  const found = await readKey(host);
  const key = found?.key;
  // Whatever a server says back, in whichever place: the key does not leave here.
  if (key !== undefined) io.hide(key);
  if (key === undefined && !settings.baseUrlGiven) {
    throw new CliError('key_missing', `no API key for ${defaults.baseUrl}`, {
      hint: 'set XAI_API_KEY (keys are made at https://console.x.ai), or work offline: add --local',
    });
  }
  return { baseUrl, key, keyFrom: found?.from };
}

/** No key goes there: it needs none. */
async function embedded(context: Context): Promise<Server> {
  // A damaged file is this command's own failure, not that of a server that may recover.
  const onFailure = (error: CliError) => context.host.interrupts.stop(error);
  // A conversation with a spec file needs no data.
  const options = { port: 0, host: '127.0.0.1', storeless: true, onFailure };
  const { startLocal } = await import('./local-server.js');
  const local = await startLocal(context, options);
  return { baseUrl: local.url, key: undefined };
}
