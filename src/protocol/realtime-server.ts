// Events the service sends over the realtime socket, as recorded; every object is loose, so members and
// events that are new break nothing. Reading a frame has five outcomes, never two: a known event whose shape
// drifted must not vanish among the unknown ones.

import * as z from 'zod/mini';
import { faultsOf } from './faults.js';
import { isObject, parseJson } from './json.js';

const text = z.string();
const optional = z.nullish(text);

export const Item = z.looseObject({
  id: optional,
  type: text,
  role: optional,
  status: optional,
  content: z.nullish(
    z.array(
      z.looseObject({
        type: optional,
        text: optional,
        transcript: optional,
        audio: optional,
      }),
    ),
  ),
  call_id: optional,
  name: optional,
  arguments: optional,
  output: optional,
});
export type Item = z.infer<typeof Item>;

export const Usage = z.looseObject({
  input_tokens: z.optional(z.number()),
  output_tokens: z.optional(z.number()),
  total_tokens: z.optional(z.number()),
  output_audio_seconds: z.optional(z.number()),
  billable_audio_seconds: z.optional(z.number()),
});
export type Usage = z.infer<typeof Usage>;

const Response = z.looseObject({
  id: optional,
  status: optional,
  status_details: z.optional(z.unknown()),
  output: z.nullish(z.array(Item)),
  usage: z.nullish(Usage),
});

const delta = { response_id: optional, item_id: optional, delta: text };
const itemText = {
  response_id: optional,
  item_id: optional,
  transcript: optional,
};
const outputItem = { response_id: optional, item: Item };
const transcription = { item_id: optional, transcript: text, status: optional };

const schemas = {
  'session.created': z.looseObject({
    session: z.nullish(z.looseObject({ id: optional, model: optional })),
  }),
  'session.updated': z.looseObject({
    session: z.nullish(z.looseObject({ model: optional })),
  }),
  'conversation.created': z.looseObject({
    conversation: z.nullish(z.looseObject({ id: optional })),
  }),
  'conversation.item.added': z.looseObject({
    item: Item,
    previous_item_id: optional,
  }),
  'response.created': z.looseObject({ response: Response }),
  'response.output_item.added': z.looseObject(outputItem),
  'response.output_item.done': z.looseObject(outputItem),
  'response.output_audio.delta': z.looseObject(delta),
  'response.output_audio_transcript.delta': z.looseObject(delta),
  'response.output_audio_transcript.done': z.looseObject(itemText),
  'response.output_text.delta': z.looseObject(delta),
  'response.output_text.done': z.looseObject({
    response_id: optional,
    item_id: optional,
    text: optional,
  }),
  'response.function_call_arguments.done': z.looseObject({
    response_id: optional,
    item_id: optional,
    call_id: text,
    name: optional,
    arguments: optional,
  }),
  'response.done': z.looseObject({
    response: Response,
    response_id: optional,
    usage: z.nullish(Usage),
  }),
  'conversation.item.input_audio_transcription.updated': z.looseObject(transcription),
  'conversation.item.input_audio_transcription.completed': z.looseObject(transcription),
  'input_audio_buffer.speech_started': z.looseObject({ item_id: optional }),
  'input_audio_buffer.speech_stopped': z.looseObject({ item_id: optional }),
  'input_audio_buffer.committed': z.looseObject({ item_id: optional }),
  // Phone calls only: a key of the caller's.
  'input_audio_buffer.dtmf_event_received': z.looseObject({
    event: text,
    received_at: z.nullish(z.number()),
  }),
  error: z.looseObject({
    error: z.optional(
      z.looseObject({
        type: optional,
        code: optional,
        message: optional,
        param: optional,
        event_id: optional,
      }),
    ),
    message: optional,
    code: optional,
  }),
};
type Schemas = typeof schemas;
export type ServerEventType = keyof Schemas;
export type ServerEventOf<T extends ServerEventType> = z.infer<Schemas[T]> & {
  type: T;
  /** What the service called it, where that is another name for the same. */
  called?: string;
};
export type ServerEvent = {
  [T in ServerEventType]: ServerEventOf<T>;
}[ServerEventType];

/** Names seen for the same event elsewhere: other clients' spelling, the published AsyncAPI, older servers. */
const aliases: Record<string, ServerEventType> = {
  'response.audio.delta': 'response.output_audio.delta',
  'response.audio_transcript.delta': 'response.output_audio_transcript.delta',
  'response.audio_transcript.done': 'response.output_audio_transcript.done',
  'response.text.delta': 'response.output_text.delta',
  'response.text.done': 'response.output_text.done',
  'conversation.item.created': 'conversation.item.added',
  'input_audio_transcription.completed': 'conversation.item.input_audio_transcription.completed',
  'input_audio_transcription.updated': 'conversation.item.input_audio_transcription.updated',
};

/** Documented or recorded events that tell nothing which others do not tell as well. */
const unused = new Set([
  'ping',
  'conversation.item.deleted',
  'conversation.item.truncated',
  'input_audio_buffer.cleared',
  'input_audio_buffer.timeout_triggered',
  'response.content_part.added',
  'response.content_part.done',
  'response.output_audio.done',
  'response.audio.done',
  'response.function_call_arguments.delta',
  'mcp_list_tools.in_progress',
  'mcp_list_tools.completed',
  'response.mcp_call_arguments.delta',
  'response.mcp_call_arguments.done',
  'response.mcp_call.in_progress',
  'response.mcp_call.completed',
]);

export type Frame =
  | { kind: 'event'; event: ServerEvent }
  /** A type known to need no action. */
  | { kind: 'unused'; type: string }
  /** A type this tool does not know. */
  | { kind: 'unknown'; event: Record<string, unknown> }
  /** A known type with the wrong shape. */
  | { kind: 'malformed'; type: string; problem: string }
  | { kind: 'not-json'; text: string };

export function readServerFrame(frame: string): Frame {
  let value: unknown;
  try {
    value = parseJson(frame);
  } catch {
    return { kind: 'not-json', text: frame.slice(0, 80) };
  }
  if (!isObject(value) || typeof value.type !== 'string')
    return { kind: 'not-json', text: frame.slice(0, 80) };
  const type = aliases[value.type] ?? value.type;
  if (unused.has(type)) return { kind: 'unused', type };
  if (!Object.hasOwn(schemas, type)) return { kind: 'unknown', event: value };
  const schema = schemas[type as ServerEventType];
  const result = schema.safeParse(value);
  const called = type === value.type ? {} : { called: value.type };
  if (result.success) return { kind: 'event', event: { ...result.data, type, ...called } as ServerEvent };
  const fault = faultsOf(schema, value)[0];
  return {
    kind: 'malformed',
    type: value.type,
    problem: fault === undefined ? 'has an unknown shape' : `${fault.path} ${fault.problem}`,
  };
}
