// Starts the local API with what a context has: the user's folders, its clock, its programs. For `dev`, and inside a
// command for `--local`.

import { join } from 'node:path';
import type { Context } from './context.js';
import type {
  LocalApi,
  LoggedFault,
  LoggedRequest,
  RealtimeSettings,
  Rehearsal,
  Replay,
} from './emulator/local.js';
import type { CliError } from './errors.js';
import { isFile } from './files.js';

export interface LocalOptions {
  port: number;
  host: string;
  /** A folder, instead of the user's data folder. */
  data?: string | undefined;
  memory?: boolean | undefined;
  /** Starts also where the data cannot be opened: what needs them fails then. */
  storeless?: boolean | undefined;
  /** The value of a script file, and its name. */
  script?: { value: unknown; source: string } | undefined;
  faults?: readonly Rehearsal[] | undefined;
  /** Decides when they strike. */
  seed?: number | undefined;
  /** Between two words, in ms; the pace of speech unless given. */
  wordDelayMs?: number | undefined;
  /** Who answers instead of the built-in rules. */
  model?: { url: URL; name: string; key: string | undefined } | undefined;
  speech?: Speech | undefined;
  /** A recording to serve to sockets. */
  replay?: Replay | undefined;
  onRequest?: ((request: LoggedRequest) => void) | undefined;
  onFault?: ((fault: LoggedFault) => void) | undefined;
  onFailure?: ((error: CliError) => void) | undefined;
}

/** Who speaks and who listens, where the local API does not itself. */
interface Speech {
  voice: 'espeak-ng' | undefined;
  listener: { url: URL; model: string } | undefined;
}

/** The pace of speech: fast enough not to wait for, slow enough to see it stream and to interrupt it. */
const wordDelayMs = 15;

async function speechOf({ host, clock }: Context, { voice, listener }: Speech): Promise<RealtimeSettings> {
  const { after } = clock;
  const [{ createEspeak }, { createTranscriber }] = await Promise.all([
    import('./emulator/espeak.js'),
    import('./emulator/stt.js'),
  ]);
  return {
    voice: voice === undefined ? undefined : await createEspeak({ env: host.env, after }),
    transcriber: listener && createTranscriber({ ...listener, after }),
  };
}

/** Starts the local API over the user's data. It is closed with the context. */
export async function startLocal(context: Context, options: LocalOptions): Promise<LocalApi> {
  const { startLocalApi, openStore, brokenStore, createMaker, wordsOf } = await import('./emulator/local.js');
  const { host, clock, newId, folders } = context;
  const file = options.memory ? ':memory:' : join(options.data ?? folders.data, 'local.db');
  const model = options.model && {
    ...options.model,
    silenceMs: context.settings.timeoutMs,
    after: clock.after,
  };
  const maker = createMaker(options.script, () => new Date(clock.now()), model);
  const { voice, listener } = options.speech ?? {};
  const speech = (voice ?? listener) ? await speechOf(context, { voice, listener }) : {};
  const store = await openStore({ path: file, processes: host }).catch((error: unknown) => {
    if (!options.storeless) throw error;
    return brokenStore(error);
  });
  context.onClose(async () => store.close());
  const local = await startLocalApi({
    store,
    maker,
    world: { newId, nowMs: clock.now },
    wordDelayMs: options.wordDelayMs ?? wordDelayMs,
    sleep: clock.sleep,
    after: clock.after,
    realtime: { ...speech, hears: wordsOf(options.script) },
    port: options.port,
    host: options.host,
    faults: options.faults,
    seed: options.seed,
    replay: options.replay,
    onRequest: options.onRequest,
    onFault: options.onFault,
    onFailure: options.onFailure,
  });
  context.onClose(() => local.close());
  return local;
}

/**
 * Whether the local API works here: starts it on a port of its own, over the user's data where there are any, and
 * makes none. `isStarted` says that this command runs it already. Throws CliError.
 */
export async function tryLocal(
  context: Context,
  isStarted: boolean,
): Promise<{ build: 'native' | 'wasm'; file: string | undefined }> {
  const { sqliteBuild } = await import('./emulator/local.js');
  const path = join(context.folders.data, 'local.db');
  const file = isFile(path) ? path : undefined;
  if (isStarted) await context.server();
  else {
    const local = await startLocal(context, { port: 0, host: '127.0.0.1', memory: file === undefined });
    local.check();
  }
  return { build: sqliteBuild(), file };
}
