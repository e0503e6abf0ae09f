// Events a client sends over the realtime socket. The local API parses every frame with these.

import * as z from 'zod/mini';
import { SessionUpdate } from './realtime-session.js';

const event = { event_id: z.optional(z.string()) };

const Text = z.looseObject({
  type: z.enum(['input_text', 'output_text', 'text']),
  text: z.string(),
});
const Audio = z.looseObject({
  type: z.literal('input_audio'),
  audio: z.string(),
});

export const CreatedItem = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('message'),
    id: z.optional(z.string()),
    role: z.enum(['user', 'assistant', 'system']),
    content: z.array(z.union([Text, Audio])).check(z.minLength(1)),
  }),
  z.looseObject({
    type: z.literal('function_call'),
    id: z.optional(z.string()),
    call_id: z.string(),
    name: z.string(),
    arguments: z.string(),
  }),
  z.looseObject({
    type: z.literal('function_call_output'),
    id: z.optional(z.string()),
    call_id: z.string(),
    output: z.string(),
  }),
  // Spoken as it stands; it starts a response of its own, so no response.create follows it.
  z.looseObject({
    type: z.literal('force_message'),
    id: z.optional(z.string()),
    role: z.optional(z.literal('assistant')),
    content: z.array(Text).check(z.minLength(1)),
  }),
]);
export type CreatedItem = z.infer<typeof CreatedItem>;

const events = {
  'session.update': z.looseObject({
    ...event,
    type: z.literal('session.update'),
    session: SessionUpdate,
  }),
  'input_audio_buffer.append': z.looseObject({
    ...event,
    type: z.literal('input_audio_buffer.append'),
    audio: z.string(),
  }),
  'input_audio_buffer.commit': z.looseObject({
    ...event,
    type: z.literal('input_audio_buffer.commit'),
  }),
  'input_audio_buffer.clear': z.looseObject({
    ...event,
    type: z.literal('input_audio_buffer.clear'),
  }),
  'conversation.item.create': z.looseObject({
    ...event,
    type: z.literal('conversation.item.create'),
    item: CreatedItem,
    previous_item_id: z.nullish(z.string()),
  }),
  'conversation.item.delete': z.looseObject({
    ...event,
    type: z.literal('conversation.item.delete'),
    item_id: z.string(),
  }),
  'conversation.item.truncate': z.looseObject({
    ...event,
    type: z.literal('conversation.item.truncate'),
    item_id: z.string(),
    content_index: z.optional(z.int()),
    audio_end_ms: z.optional(z.number()),
  }),
  'response.create': z.looseObject({
    ...event,
    type: z.literal('response.create'),
    response: z.optional(
      z.looseObject({
        instructions: z.optional(z.string()),
        metadata: z.optional(z.record(z.string(), z.string())),
      }),
    ),
  }),
  'response.cancel': z.looseObject({
    ...event,
    type: z.literal('response.cancel'),
    response_id: z.optional(z.string()),
  }),
};
type Events = typeof events;

/** Schemas by event type. */
export const clientEvents: { [T in keyof Events]: Events[T] } = events;
export type ClientEventType = keyof Events;
export type ClientEvent = {
  [T in ClientEventType]: z.infer<Events[T]>;
}[ClientEventType];
export type ClientEventOf<T extends ClientEventType> = z.infer<Events[T]>;
