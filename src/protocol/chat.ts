// Chat completions: `POST /v1/chat/completions`, as recorded. xAI's documentation calls the endpoint legacy,
// so it is kept behind this one file.

import * as z from 'zod/mini';
import { isObject } from './json.js';

export const ToolCall = z.looseObject({
  id: z.string(),
  type: z.optional(z.string()),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
});
export type ToolCall = z.infer<typeof ToolCall>;

const Content = z.nullish(z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]));

export const ChatMessage = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: Content,
  tool_calls: z.nullish(z.array(ToolCall)),
  tool_call_id: z.optional(z.string()),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/**
 * The request. `tools` is loose here because the service refuses other kinds than `function` with words of its
 * own, which the local API repeats.
 */
export const ChatRequest = z.looseObject({
  model: z.string().check(z.minLength(1)),
  messages: z.array(ChatMessage).check(z.minLength(1)),
  stream: z.nullish(z.boolean()),
  stream_options: z.nullish(z.looseObject({ include_usage: z.nullish(z.boolean()) })),
  tools: z.nullish(z.array(z.looseObject({ type: z.string() })).check(z.maxLength(350))),
  tool_choice: z.optional(z.unknown()),
  temperature: z.nullish(z.number().check(z.gte(0), z.lte(2))),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

export const ChatUsage = z.looseObject({
  prompt_tokens: z.optional(z.number()),
  completion_tokens: z.optional(z.number()),
  total_tokens: z.optional(z.number()),
});
export type ChatUsage = z.infer<typeof ChatUsage>;

export const ChatCompletion = z.looseObject({
  id: z.optional(z.string()),
  model: z.optional(z.string()),
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({
          content: z.nullish(z.string()),
          tool_calls: z.nullish(z.array(ToolCall)),
        }),
        finish_reason: z.nullish(z.string()),
      }),
    )
    .check(z.minLength(1)),
  usage: z.nullish(ChatUsage),
});
export type ChatCompletion = z.infer<typeof ChatCompletion>;

const ToolCallDelta = z.looseObject({
  index: z.optional(z.number()),
  id: z.nullish(z.string()),
  function: z.optional(
    z.looseObject({
      name: z.nullish(z.string()),
      arguments: z.nullish(z.string()),
    }),
  ),
});

export const ChatChunk = z.looseObject({
  model: z.optional(z.string()),
  choices: z.array(
    z.looseObject({
      delta: z.looseObject({
        content: z.nullish(z.string()),
        tool_calls: z.nullish(z.array(ToolCallDelta)),
      }),
      finish_reason: z.nullish(z.string()),
    }),
  ),
  usage: z.nullish(ChatUsage),
});
export type ChatChunk = z.infer<typeof ChatChunk>;

/** The words in a message's content, which may be text or a list of parts. */
export function contentText(content: z.infer<typeof Content>): string {
  if (typeof content === 'string') return content;
  return (content ?? [])
    .map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('');
}
