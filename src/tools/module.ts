// JavaScript of the user's own, loaded into this process.

import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../errors.js';
import { isObject } from '../protocol/json.js';

export type Exports = Record<string, unknown>;

/** All that a module exports. Throws RangeError in words that continue "orders.mjs: …". */
export async function loadModule(path: string, nodeVersion: string): Promise<Exports> {
  if (!existsSync(path)) throw new RangeError('no such file');
  try {
    return { ...((await import(pathToFileURL(path).href)) as Exports) };
  } catch (error) {
    throw new RangeError(problem(error, path, nodeVersion), { cause: error });
  }
}

function problem(error: unknown, path: string, nodeVersion: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[mc]?ts$/i.test(path)) {
    return `TypeScript needs Node 22.18 or newer, this is ${nodeVersion}; write it as .mjs, or use another Node`;
  }
  const message = messageOf(error).split('\n')[0] ?? '';
  // Node keeps the place of a fault of form to itself when it loads on demand.
  const next = error instanceof SyntaxError ? ` (node --check ${path} may show where)` : '';
  return `cannot be loaded: ${message}${next}`;
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
