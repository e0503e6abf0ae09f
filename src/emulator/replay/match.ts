// Whether what a client sends is what was sent when the recording was made. What differs from run to run counts for
// nothing: event ids, ids a client chose, how the session is set up, how sound is cut into pieces.

import { writeJson } from '../../json-text.js';
import { isObject } from '../../protocol/json.js';
import { hidden, hideInText, maskNumbers } from '../../protocol/redact.js';

type Event = Record<string, unknown>;

/** What matters of a client's event, in words; two events are the same where these are. */
export function gist(event: Event): string {
  switch (event.type) {
    case 'conversation.item.create':
      return `conversation.item.create with ${isObject(event.item) ? itemGist(event.item) : 'no item'}`;
    case 'conversation.item.delete':
    case 'conversation.item.truncate':
      return `${event.type} of ${quoted(event.item_id)}`;
    case 'response.create': {
      const instructions = isObject(event.response) ? event.response.instructions : undefined;
      return `response.create${instructions === undefined ? '' : ` with the instructions ${quoted(instructions)}`}`;
    }
    default:
      return typeof event.type === 'string' ? event.type : 'an event without a type';
  }
}

function itemGist(item: Event): string {
  if (item.type === 'function_call_output') {
    return `the result ${quoted(item.output)} of call ${quoted(item.call_id)}`;
  }
  if (item.type === 'function_call') return `the call ${quoted(item.name)} ${quoted(item.arguments)}`;
  const parts = Array.isArray(item.content) ? item.content.filter(isObject) : [];
  const texts = parts.map(({ text }) => text).filter((text) => typeof text === 'string');
  const who = item.type === 'message' ? String(item.role) : String(item.type);
  return texts.length > 0 ? `the ${who}'s words ${quoted(texts.join(''))}` : `sound of the ${who}`;
}

/** JSON text is told without the blanks between its members. */
function quoted(value: unknown): string {
  if (typeof value !== 'string') return writeJson(value) ?? 'nothing';
  // Whether or not the recording kept phone numbers whole, what is said with them is the same.
  const text = maskNumbers(hideInText(value.trim()));
  try {
    return writeJson(writeJson(sorted(JSON.parse(text))));
  } catch {
    return writeJson(text);
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}

/** Whether the client's event stands for the recorded one; a secret that was taken out may have been anything. */
export function isSame(recorded: Event, given: Event): boolean {
  const wanted = gist(recorded);
  if (!wanted.includes(hidden)) return wanted === gist(given);
  const parts = wanted.split(hidden).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*?')}$`).test(gist(given));
}

/** The call a result is for; undefined for any other event. */
export function callOf(event: Event): string | undefined {
  const { item } = event;
  if (event.type !== 'conversation.item.create' || !isObject(item)) return undefined;
  if (item.type !== 'function_call_output') return undefined;
  return typeof item.call_id === 'string' ? item.call_id : undefined;
}

/** Bytes of sound that an event appends; undefined for any other event. */
export function soundOf(event: Event): number | undefined {
  if (event.type !== 'input_audio_buffer.append') return undefined;
  return typeof event.audio === 'string' ? Buffer.byteLength(event.audio, 'base64') : 0;
}
