// What the pretend model says. It hears what a model would be given and answers in parts; who decides is behind
// one small interface, so that rules, a script, a recording or a real model are interchangeable.

import type { FunctionDefinition } from '../protocol/agent.js';

export interface ToolResult {
  name: string;
  /** As the client sent it: JSON text, or any text. */
  output: string;
}

/** One thing of a conversation, as a model is told it again. */
export type Item =
  | { type: 'message'; role: 'user' | 'assistant' | 'system'; text: string }
  /** `arguments` is JSON text. */
  | { type: 'function_call'; call_id: string; name: string; arguments: string }
  | { type: 'function_call_output'; call_id: string; output: string };

/** A passage of the agent's knowledge that fits what was asked. */
export interface Finding {
  /** The name of its file. */
  source: string;
  passage: string;
}

/** What there is to answer. */
export interface Heard {
  instructions: string;
  /** The agent's name, where the local API can tell. */
  agentName: string | undefined;
  /** Function tools only; empty when they may not be used. */
  tools: readonly FunctionDefinition[];
  /** How many times the person has spoken, this time included. */
  turn: number;
  /** What the person said last. */
  said: string;
  /** Results that came since; then these are answered, not the words. */
  results: readonly ToolResult[];
  /** The conversation so far, oldest first, what is to be answered included; without the instructions. */
  history: Iterable<Item>;
  /**
   * Why there are no words, in a spoken conversation: nobody has spoken for a while, or what was spoken could not be
   * made out.
   */
  silence?: 'idle' | 'unclear';
  /** Looks words up in the agent's knowledge, best first; not there when it has none. */
  search?: ((words: string) => readonly Finding[]) | undefined;
}

interface Saying {
  say: string;
  /** Stands beside what was said before as it is, without a blank between: an answer that comes in pieces. */
  continues?: boolean;
  /** The answer was ended here for its length. */
  cutOff?: boolean;
}

export type Part = Saying | { call: { name: string; arguments: Record<string, unknown> } };

export interface ReplyMaker {
  /**
   * The answer in parts. What it throws is told to the client as an error of the service. `signal` aborts when
   * nobody waits for the answer any more.
   */
  reply(heard: Heard, signal?: AbortSignal): AsyncIterable<Part> | Iterable<Part>;
}

/**
 * The words of an answer as they are spoken: each with the blank before it. Unbroken text is spoken in pieces of 64
 * characters: minutes of sound at once would be more than a frame may hold.
 */
export function spokenWords(text: string): string[] {
  // Blanks at the end are tried from each of them otherwise.
  return text.trimEnd().match(/\s*\S{1,64}/gu) ?? [];
}

/** How fast is spoken. */
interface Pace {
  /** Between two words, in ms. */
  wordDelayMs: number;
  sleep(ms: number): Promise<void>;
}

/** Waits before the next piece of an answer. What goes on with a word that was begun only lets others have a turn. */
export async function pause({ wordDelayMs, sleep }: Pace, piece: string, isBegun: boolean): Promise<void> {
  if (wordDelayMs > 0) await sleep(isBegun && /^\S/.test(piece) ? 0 : wordDelayMs);
}

/** A part's words; there may be others before it. */
export function joinedWords({ say, continues }: Saying, isBegun: boolean): string[] {
  return spokenWords(isBegun && !continues ? ` ${say}` : say);
}
