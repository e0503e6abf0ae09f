// JSON from outside: the one question asked of it everywhere, parsing that survives hostile nesting, names in their
// documented form.

import { readJson } from '../json-text.js';

/** An object, neither null nor an array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deeper than any JSON Schema seen, and far from where recursion over the value would end the process. */
export const deepestJson = 256;

/** `readJson`, refusing what is nested deeper than `deepestJson`. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  const value = readJson(text);
  // What is that deep has as many brackets, twice.
  if (text.length > 2 * deepestJson && nestsTooDeep(value))
    throw new SyntaxError(`nested deeper than ${deepestJson} levels`);
  return value;
}

// Level by level: recursion is what hostile nesting would break.
function nestsTooDeep(value: unknown): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepestJson) return true;
    const inner: unknown[] = [];
    for (const entry of level) {
      if (typeof entry !== 'object' || entry === null) continue;
      for (const member of Object.values(entry)) if (typeof member === 'object') inner.push(member);
    }
    level = inner;
  }
  return false;
}

/** Renames the members given; a name that is there already in its documented form wins. */
export function rename(
  value: Record<string, unknown>,
  names: Record<string, string>,
): Record<string, unknown> {
  const renamed: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const target = Object.hasOwn(names, key) ? (names[key] as string) : key;
    if (target !== key && Object.hasOwn(value, target)) continue;
    // Plain assignment would call the setter of `__proto__` instead of keeping the member.
    Object.defineProperty(renamed, target, { value: member, ...ownMember });
  }
  return renamed;
}
const ownMember = { enumerable: true, writable: true, configurable: true };
