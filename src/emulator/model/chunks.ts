// The chunks of a model's answer, made into parts: whole words as soon as they are whole, calls when all is said.

import { ChatChunk } from '../../protocol/chat.js';
import { isObject } from '../../protocol/json.js';
import { readErrorValue } from '../../protocol/wire-error.js';
import { jsonIn } from '../other-server.js';
import type { Part } from '../reply.js';

export interface ChunkReader {
  /** The parts that one event brings. Throws RangeError when it is no chunk, or tells of an error. */
  take(data: string): Part[];
  /** What was still open. Throws RangeError when the answer had not ended, or a call cannot be read. */
  end(): Part[];
}

interface Call {
  index: number;
  id: string;
  name: string;
  arguments: string;
}

/** Text without a blank is not waited for beyond this: some languages have none. */
const longestWord = 24;

export function createChunkReader(): ChunkReader {
  const calls: Call[] = [];
  let waiting = '';
  let hasSpoken = false;
  let finished: string | undefined;

  function spoken(text: string, cutOff = false): Part[] {
    const say = hasSpoken ? text : text.trimStart();
    if (!/\S/.test(say) && !cutOff) return [];
    hasSpoken = true;
    return [{ say, continues: true, ...(cutOff && { cutOff }) }];
  }

  function takeText(text: string): Part[] {
    waiting += text;
    // The last word may go on in the next chunk; the blank before it belongs to it.
    let word = waiting.length;
    while (word > 0 && /\S/.test(waiting.charAt(word - 1))) word--;
    const isLong = waiting.length - word > longestWord;
    const whole = isLong ? waiting.length : waiting.slice(0, word).trimEnd().length;
    const parts = spoken(waiting.slice(0, whole));
    waiting = waiting.slice(whole);
    return parts;
  }

  return {
    take(data) {
      const chunk = ChatChunk.safeParse(jsonIn(data));
      if (!chunk.success) throw new RangeError(readErrorValue(jsonIn(data))?.message ?? 'it sent no answer');
      const [choice] = chunk.data.choices;
      if (choice === undefined) return [];
      finished = choice.finish_reason ?? finished;
      for (const piece of choice.delta.tool_calls ?? []) gather(calls, piece);
      return takeText(choice.delta.content ?? '');
    },
    end() {
      if (finished === undefined) throw new RangeError('its answer broke off');
      const parts = spoken(waiting, finished === 'length');
      // A call that was cut off cannot be made.
      return finished === 'length' ? parts : [...parts, ...calls.map(callPart)];
    },
  };
}

interface Piece {
  index?: number | undefined;
  id?: string | null | undefined;
  function?: { name?: string | null | undefined; arguments?: string | null | undefined } | undefined;
}

/** Pieces of one call share their index. Some servers give every call the index 0: there another id is another call. */
function gather(
  calls: Call[],
  { index = calls.length === 0 ? 0 : calls.length - 1, id, function: piece }: Piece,
): void {
  let call = calls.findLast((each) => each.index === index);
  if (call === undefined || (id && call.id !== '' && id !== call.id)) {
    call = { index, id: '', name: '', arguments: '' };
    calls.push(call);
  }
  call.id ||= id ?? '';
  call.name += piece?.name ?? '';
  call.arguments += piece?.arguments ?? '';
}

function callPart({ name, arguments: text }: Call): Part {
  const given = text.trim() === '' ? {} : jsonIn(text);
  if (name === '') throw new RangeError('it called a tool without a name');
  if (!isObject(given)) throw new RangeError(`it called ${name} with arguments that are no JSON object`);
  return { call: { name, arguments: given } };
}
