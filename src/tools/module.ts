// JavaScript of the user's own. Each module runs in a thread of its own (worker.ts), so that whatever it does (print,
// leave, loop without end) is that call's failure and not the session's.

import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../clock.js';
import { messageOf } from '../errors.js';
import { writeJson } from '../json-text.js';
import { isObject } from '../protocol/json.js';
import { withoutKey } from '../secrets.js';
import { ToolFailure } from './failure.js';
import type { CallContext, Handle, PhoneCall } from './handler.js';
import type { FromModule, ModuleData, ToModule } from './module-messages.js';

export type Exports = Record<string, unknown>;

export interface ModuleHost {
  /** The file that runs in a module's thread: worker.ts, bundled. */
  workerFile: string;
  /** The key is taken out of it. */
  env: Record<string, string | undefined>;
  nodeVersion: string;
  clock: Clock;
  /** A line for the person. */
  note(text: string): void;
}

export interface ModuleOptions {
  /** As the user named it. */
  source: string;
  /** Whether it is a tools file itself: then all it exports is told, not only its functions. */
  isToolsFile?: boolean;
}

export interface LoadedModule {
  /** Its functions run in its thread, as handlers; an error of theirs, or its end, is a ToolFailure. */
  exports: Exports;
  /** Ends the thread, and resolves when it has ended. */
  end(): Promise<void>;
}

/** For a call that was told to stop: one that does not even take notice holds its thread, and the thread is ended. */
const noticeGraceMs = 1000;
/** The same when all is over. */
const lastGraceMs = 200;

/**
 * All that a module exports. Its state lives as long as its thread: one that leaves, fails outside of a call, or does
 * not return control is ended, its calls fail, and the next call loads it again. Throws RangeError in words that
 * continue "orders.mjs: …".
 */
export async function loadModule(
  path: string,
  host: ModuleHost,
  { source, isToolsFile = false }: ModuleOptions,
): Promise<LoadedModule> {
  if (!existsSync(path)) throw new RangeError('no such file');
  const data = { path, isToolsFile, debug: Boolean(host.env.AGENTS_DEBUG) };
  const thread = new ModuleThread(data, host, source);
  const { exports, functions } = await thread.load();
  for (const at of functions) {
    const [last = '', ...above] = [...at].reverse();
    const owner = above.reduceRight((value, name) => value[name] as Exports, exports);
    owner[last] = ((given, context) => thread.call(at, given, context)) satisfies Handle;
  }
  return { exports, end: () => thread.end() };
}

const partiesOf = ({ from, to }: PhoneCall) => ({
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
});

type Loaded = FromModule & { type: 'loaded' };

interface Pending {
  context: CallContext;
  resolve(text: string): void;
  reject(error: unknown): void;
}

class ModuleThread {
  readonly #data: ModuleData;
  readonly #host: ModuleHost;
  readonly #source: string;
  #worker: Worker | undefined;
  #loading: Promise<Loaded> | undefined;
  #isOver = false;
  #ids = 0;
  readonly #calls = new Map<number, Pending>();
  /** By the tool calls made in them, which they outlive: "goodbye" may be said before the caller is handed over. */
  readonly #phones = new Map<number, PhoneCall>();
  /** Calls that were told to stop and have not taken notice, with what stops the wait for it. */
  readonly #unheard = new Map<number, () => void>();
  #whenHeard: (() => void)[] = [];

  constructor(data: ModuleData, host: ModuleHost, source: string) {
    this.#data = data;
    this.#host = host;
    this.#source = source;
  }

  /** Starts the thread, unless it runs already. Throws RangeError. */
  load(): Promise<Loaded> {
    this.#loading ??= new Promise<Loaded>((resolve, reject) => {
      if (this.#isOver) return reject(new RangeError('the session is over'));
      const { workerFile, env } = this.#host;
      const worker = new Worker(workerFile, {
        workerData: this.#data,
        env: withoutKey(env) as NodeJS.ProcessEnv,
        stdout: true,
        stderr: true,
      });
      this.#worker = worker;
      let failure: string | undefined;
      worker.on('message', (message: FromModule) => {
        if (message.type === 'loaded') resolve(message);
        else if (message.type === 'not_loaded') {
          reject(new RangeError(this.#problem(message)));
          void this.#lose('', false);
        } else this.#take(message);
      });
      worker.on('error', (error) => {
        failure = `failed outside of any call: ${messageOf(error)}`;
      });
      worker.on('exit', (code) => {
        if (this.#worker !== worker) return;
        const reason = failure ?? `ended itself by process.exit(${code})`;
        reject(new RangeError(`cannot be loaded: ${reason}`));
        void this.#lose(reason);
      });
    });
    return this.#loading;
  }

  async call(at: string[], given: Record<string, unknown>, context: CallContext): Promise<string> {
    const { call_id, name, signal, phone } = context;
    // A thread that may be about to end is not given more.
    await this.#allHeard();
    await this.#loadAgain();
    signal.throwIfAborted();
    const id = this.#ids++;
    const abort = () => {
      this.#phones.delete(id);
      this.#abort(id, messageOf(signal.reason));
    };
    if (phone !== undefined) this.#keep(id, phone);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<string>((resolve, reject) => {
        this.#calls.set(id, { context, resolve, reject });
        const facts = phone && { call_id: phone.call_id, ...partiesOf(phone) };
        this.#post({
          ...{ type: 'call', id, at, given: writeJson(given), call_id, name },
          ...(facts && { phone: facts }),
        });
      });
    } finally {
      signal.removeEventListener('abort', abort);
      this.#calls.delete(id);
    }
  }

  async end(): Promise<void> {
    this.#isOver = true;
    if (this.#unheard.size > 0) {
      await new Promise<void>((resolve) => {
        const stop = this.#host.clock.after(lastGraceMs, resolve);
        void this.#allHeard().then(() => {
          stop();
          resolve();
        });
      });
    }
    await this.#lose('is no longer there: the session is over', false);
  }

  async #loadAgain(): Promise<void> {
    if (this.#loading === undefined && !this.#isOver) {
      this.#host.note(`note: ${this.#source} is loaded again: what it remembered is gone`);
    }
    try {
      await this.load();
    } catch (cause) {
      this.#loading = undefined;
      throw new ToolFailure(messageOf(cause), { answered: false, cause });
    }
  }

  #post(message: ToModule): void {
    this.#worker?.postMessage(message);
  }

  #take(message: FromModule): void {
    switch (message.type) {
      case 'log':
        for (const line of message.text.split('\n')) {
          const context = message.id === undefined ? undefined : this.#calls.get(message.id)?.context;
          if (context === undefined) this.#host.note(`${this.#source}: ${line}`);
          else context.log(line);
        }
        break;
      case 'phone':
        void this.#phone(message);
        break;
      case 'heard':
        this.#heard(message.id);
        break;
      case 'result':
        this.#calls.get(message.id)?.resolve(message.text);
        break;
      case 'failed':
        this.#calls.get(message.id)?.reject(new ToolFailure(message.message));
    }
  }

  #keep(id: number, phone: PhoneCall): void {
    this.#phones.set(id, phone);
    void phone.ended?.then(() => this.#phones.delete(id));
  }

  async #phone({ id, asked, target }: FromModule & { type: 'phone' }): Promise<void> {
    const phone = this.#phones.get(id);
    let error: string | undefined;
    try {
      if (phone === undefined) throw new Error('the phone call is over, or the tool was told to stop');
      await (target === undefined ? phone.hangUp() : phone.transfer(target));
    } catch (thrown) {
      error = messageOf(thrown);
    }
    this.#post({ type: 'phoned', asked, ...(error !== undefined && { error }) });
  }

  #abort(id: number, reason: string): void {
    const giveUp = () => this.#lose('does not return control, and is ended');
    this.#unheard.set(id, this.#host.clock.after(noticeGraceMs, giveUp));
    this.#post({ type: 'abort', id, reason });
  }

  #heard(id: number): void {
    this.#unheard.get(id)?.();
    this.#unheard.delete(id);
    if (this.#unheard.size > 0) return;
    for (const next of this.#whenHeard.splice(0)) next();
  }

  async #allHeard(): Promise<void> {
    if (this.#unheard.size > 0) await new Promise<void>((resolve) => this.#whenHeard.push(resolve));
  }

  /** The thread is no more: its calls fail, and the next one starts another. */
  async #lose(reason: string, isNews = true): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#loading = undefined;
    if (isNews && worker !== undefined) this.#host.note(`note: ${this.#source} ${reason}`);
    for (const { reject } of this.#calls.values()) {
      reject(new ToolFailure(`the module ${reason}`, { answered: false }));
    }
    for (const id of [...this.#unheard.keys()]) this.#heard(id);
    await worker?.terminate();
  }

  #problem({ message, code, isSyntax }: FromModule & { type: 'not_loaded' }): string {
    const { path } = this.#data;
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[mc]?ts$/i.test(path)) {
      return `TypeScript needs Node 22.18 or newer, this is ${this.#host.nodeVersion}; write it as .mjs, or use another Node`;
    }
    // Node keeps the place of a fault of form to itself when it loads on demand.
    const next = isSyntax ? ` (node --check ${path} may show where)` : '';
    return `cannot be loaded: ${message.split('\n')[0] ?? ''}${next}`;
  }
}

/**
 * The value of a tools file that is a module: its default export, or else its exports by their names, of which
 * `state` and `mcp` mean what they mean in other tools files. Throws RangeError.
 */
export function toolFileValue({ default: whole, state, mcp, ...exports }: Exports): unknown {
  if (isObject(whole)) return whole;
  if (typeof whole === 'function')
    throw new RangeError('a default export has no name for a tool: export it by name');
  // Helpers that are neither stay out of it.
  const tools = Object.entries(exports).filter(
    ([, value]) => typeof value === 'function' || typeof value === 'object',
  );
  return {
    tools: Object.fromEntries(tools),
    ...(state !== undefined && { state }),
    ...(mcp !== undefined && { mcp }),
  };
}
