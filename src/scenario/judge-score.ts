// A score in what a model said. Models put words and fences around what they were asked for.

import { isObject, parseJson } from '../protocol/json.js';

export interface Score {
  /** 0 to 1. */
  score: number;
  reason: string;
}

/**
 * The score of an answer. Undefined where there is none, and where it names several that are not the same: one of them
 * may be a quotation.
 */
export function readScore(text: string): Score | undefined {
  const found = objectsIn(text).flatMap((value) => scoreOf(value) ?? []);
  const last = found.at(-1);
  return found.every(({ score }) => score === last?.score) ? last : undefined;
}

/** A score as it is kept or told. Undefined for anything else. */
export function scoreOf(value: unknown): Score | undefined {
  if (!isObject(value)) return undefined;
  const { score: given, reason } = value;
  const isNumeric = typeof given === 'string' && /^\s*\d*\.?\d+\s*$/.test(given);
  const score = isNumeric ? Number(given) : given;
  if (typeof score !== 'number' || !(score >= 0 && score <= 1)) return undefined;
  return { score, reason: typeof reason === 'string' ? reason.trim() : '' };
}

/** More opening braces than this are no answer, and would be tried one after the other. */
const mostTries = 50;

/** The JSON objects in a text, outermost ones only, in order. */
function objectsIn(text: string): unknown[] {
  const found: unknown[] = [];
  let tries = 0;
  for (let at = text.indexOf('{'); at >= 0 && tries < mostTries; tries++) {
    const end = endOf(text, at);
    const value = end === undefined ? undefined : attempt(text.slice(at, end));
    if (value !== undefined) found.push(value);
    at = text.indexOf('{', value === undefined || end === undefined ? at + 1 : end);
  }
  return found;
}

/** Behind the brace that closes the one at `start`; braces in strings are no braces. */
function endOf(text: string, start: number): number | undefined {
  let depth = 0;
  let isString = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (isString) {
      if (character === '\\') at++;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function attempt(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
