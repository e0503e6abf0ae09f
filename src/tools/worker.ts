// The thread in which a module with tools runs: an entry of its own, and with main.ts the only file that names the
// process. A module may print, leave, fail or loop here, and the session goes on.

import { AsyncLocalStorage } from 'node:async_hooks';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, systemCode } from '../errors.js';
import { readJson } from '../json-text.js';
import { isObject } from '../protocol/json.js';
import { resultText } from './failure.js';
import type { Handle, PhoneCall } from './handler.js';
import type { FromModule, ModuleData, PhoneFacts, ToModule } from './module-messages.js';

const { path, isToolsFile, debug } = workerData as ModuleData;
/** The call on whose behalf code runs. */
const running = new AsyncLocalStorage<number>();
const functions = new Map<string, Handle>();
const calls = new Map<number, AbortController>();
/** What was asked of the phone and is not answered yet. */
const asked = new Map<number, (error: string | undefined) => void>();
let questions = 0;

const tell = (message: FromModule) => parentPort?.postMessage(message);
const say = (text: string) => tell({ type: 'log', id: running.getStore(), text });

// As for the program itself: that Node calls a part of its own experimental is no news for users.
if (!debug) process.removeAllListeners('warning');
// stdout is the program's answer, and this is none. Written at once: a thread that does not return control again would
// keep it.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    if (text !== '') say(text.replace(/\r?\n$/, ''));
    const done = rest.find((each) => typeof each === 'function');
    if (done !== undefined) queueMicrotask(done as () => void);
    return true;
  };
}

parentPort?.on('message', (message: ToModule) => {
  if (message.type === 'call') void answer(message);
  else if (message.type === 'phoned') {
    asked.get(message.asked)?.(message.error);
    asked.delete(message.asked);
  } else {
    calls.get(message.id)?.abort(new Error(message.reason));
    tell({ type: 'heard', id: message.id });
  }
});

try {
  const exports: Record<string, unknown> = { ...(await import(pathToFileURL(path).href)) };
  const shown = isToolsFile ? described(exports) : functionsOf(exports);
  tell({ type: 'loaded', exports: shown, functions: [...functions.keys()].map((at) => JSON.parse(at)) });
} catch (error) {
  const isSyntax = error instanceof SyntaxError;
  tell({ type: 'not_loaded', message: messageOf(error), code: systemCode(error), isSyntax });
}

async function answer({ id, at, given, call_id, name, phone }: ToModule & { type: 'call' }): Promise<void> {
  const control = new AbortController();
  calls.set(id, control);
  const handle = functions.get(JSON.stringify(at)) as Handle;
  const log = (...parts: unknown[]) => tell({ type: 'log', id, text: format(...parts) });
  const context = { call_id, name, signal: control.signal, log, phone: phone && phoneOf(phone, id) };
  try {
    const value = await running.run(id, () => handle(readJson(given) as Record<string, unknown>, context));
    tell({ type: 'result', id, text: resultText(value) });
  } catch (error) {
    tell({ type: 'failed', id, message: messageOf(error) });
  } finally {
    calls.delete(id);
  }
}

/** The phone call as a function has it: what it does is done in the session. */
function phoneOf(facts: PhoneFacts, id: number): PhoneCall {
  const ask = (target?: string) =>
    new Promise<void>((resolve, reject) => {
      const question = questions++;
      asked.set(question, (error) => (error === undefined ? resolve() : reject(new Error(error))));
      tell({ type: 'phone', id, asked: question, ...(target !== undefined && { target }) });
    });
  return { ...facts, transfer: (target) => ask(String(target)), hangUp: () => ask() };
}

/** Of exports only the functions: others may be anything, down to a connection to a database. */
function functionsOf(exports: Record<string, unknown>): Record<string, unknown> {
  const found = Object.entries(exports).filter(([, value]) => typeof value === 'function');
  for (const [name, value] of found) functions.set(JSON.stringify([name]), value as Handle);
  return Object.fromEntries(found.map(([name]) => [name, null]));
}

/** A tools file's exports, as far as they can leave the thread. A default export that is an object is all of it. */
function described(exports: Record<string, unknown>): Record<string, unknown> {
  const whole = isObject(exports.default) ? { default: exports.default } : exports;
  return copyOf(whole, [], new Map()) as Record<string, unknown>;
}

/** Objects that stand in several places, or within themselves, do so in the copy. */
function copyOf(value: unknown, at: string[], seen: Map<object, unknown>): unknown {
  if (typeof value === 'symbol') return undefined;
  if (typeof value === 'function') {
    functions.set(JSON.stringify(at), value as Handle);
    return null;
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (seen.has(value)) return seen.get(value);
  const copy: object = Array.isArray(value) ? [] : {};
  seen.set(value, copy);
  for (const name of Object.keys(value)) {
    const member = copyOf((value as Record<string, unknown>)[name], [...at, name], seen);
    Object.defineProperty(copy, name, {
      value: member,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy;
}
