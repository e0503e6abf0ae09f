// Chat completions of the local API, whole and as a stream, in the recorded shapes.

import { writeJson } from '../../json-text.js';
import type { FunctionDefinition } from '../../protocol/agent.js';
import { type ChatMessage, type ChatRequest, contentText } from '../../protocol/chat.js';
import { isObject } from '../../protocol/json.js';
import { agentNameFor } from '../agent-name.js';
import { isKnownModel, redirectedModel } from '../catalogue.js';
import type { Call, Handlers, Local, Reply } from '../handler.js';
import { invalidArgument, misshapen, notFound, Refusal } from '../refusal.js';
import { type Heard, type Item, joinedWords, type Part, pause } from '../reply.js';

export const chatHandlers: Pick<Handlers, 'createChatCompletion'> = {
  async createChatCompletion(call, local) {
    const { body } = call;
    checkRequest(call);
    const heard = heardIn(call, local);
    const frame = {
      id: local.world.newId(),
      created: Math.floor(local.world.nowMs() / 1000),
      model: redirectedModel(body.model),
      system_fingerprint: 'fp_local',
    };
    const parts = local.maker.reply(heard, call.signal);
    // A maker that cannot even begin is told by the status.
    if (body.stream === true) return { events: stream(frame, await begun(parts), body, local) };
    return completion(frame, await collected(parts, local), body);
  },
};

function checkRequest({ body, text }: Call<'createChatCompletion'>): void {
  if (body.search_parameters !== undefined && body.search_parameters !== null) {
    throw new Refusal(410, {
      error:
        'Live search is deprecated. Please switch to the Agent Tools API: https://docs.x.ai/docs/guides/tools/overview',
    });
  }
  for (const [at, tool] of (body.tools ?? []).entries()) checkTool(tool, at, text);
  if (!isKnownModel(body.model)) {
    throw notFound(
      `The model ${body.model} does not exist or your team local does not have access to it. ` +
        'Please ensure you are using the correct model name.',
    );
  }
  if (body.model.includes('non-reasoning')) return;
  for (const [member, name] of Object.entries(unsupported)) {
    if (body[member] !== undefined && body[member] !== null) {
      throw invalidArgument(`Argument not supported on this model: ${name}`);
    }
  }
}

/** Members that a reasoning model refuses, by the names the service gives them. */
const unsupported = {
  stop: 'stop',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
} as const;

function checkTool(tool: { type: string; [member: string]: unknown }, at: number, text: string): void {
  if (tool.type !== 'function' && tool.type !== 'live_search') {
    const written = new RegExp(
      `"type"\\s*:\\s*${JSON.stringify(tool.type).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`,
    );
    const found = written.exec(text);
    const column = found === null ? 0 : found.index + found[0].length - JSON.stringify(tool.type).length + 1;
    throw misshapen(
      `tools[${at}].type: unknown variant \`${tool.type}\`, expected \`function\` or \`live_search\` at line 1 column ${column}`,
    );
  }
  if (tool.type !== 'function') return;
  const { function: definition } = tool;
  if (!isObject(definition)) throw misshapen(`tools[${at}]: missing field \`function\``);
  if (typeof definition.name !== 'string') throw misshapen(`tools[${at}].function: missing field \`name\``);
  if (!['undefined', 'string'].includes(typeof definition.description)) {
    throw misshapen(`tools[${at}].function.description: invalid type, expected a string`);
  }
}

/** The conversation so far as a maker hears it. */
function heardIn({ body, agentId }: Call<'createChatCompletion'>, { store }: Local): Heard {
  const { messages, tools, tool_choice } = body;
  const system = messages.filter(({ role }) => role === 'system' || role === 'developer');
  const instructions = system.map(({ content }) => contentText(content)).join('\n');
  const spoken = messages.filter(({ role }) => role === 'user');
  return {
    instructions,
    agentName: agentNameFor(store, agentId, instructions),
    tools:
      tool_choice === 'none'
        ? []
        : (tools ?? []).flatMap((tool) => (tool.function as FunctionDefinition | undefined) ?? []),
    turn: spoken.length,
    said: contentText(spoken.at(-1)?.content),
    results: trailingResults(messages),
    history: messages.flatMap(itemsOf),
  };
}

function itemsOf({ role, content, tool_calls, tool_call_id = '' }: ChatMessage): Item[] {
  const text = contentText(content);
  if (role === 'system' || role === 'developer') return [];
  if (role === 'tool') return [{ type: 'function_call_output', call_id: tool_call_id, output: text }];
  const calls = (tool_calls ?? []).map(
    ({ id, function: { name, arguments: given } }): Item => ({
      type: 'function_call',
      call_id: id,
      name,
      arguments: given,
    }),
  );
  return [...(text === '' && calls.length > 0 ? [] : [{ type: 'message' as const, role, text }]), ...calls];
}

/** The same parts, the first of which has come. */
async function begun(parts: AsyncIterable<Part> | Iterable<Part>): Promise<AsyncIterable<Part>> {
  const iterator = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]();
  const first = await iterator.next();
  return (async function* () {
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

function trailingResults(messages: ChatMessage[]): Heard['results'] {
  const names = new Map(
    messages.flatMap(({ tool_calls }) => (tool_calls ?? []).map((call) => [call.id, call.function.name])),
  );
  const lastOther = messages.findLastIndex(({ role }) => role !== 'tool');
  return messages.slice(lastOther + 1).map(({ tool_call_id = '', content }) => ({
    name: names.get(tool_call_id) ?? 'unknown',
    output: contentText(content),
  }));
}

interface Answer {
  text: string;
  cutOff: boolean;
  calls: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
}

async function collected(parts: AsyncIterable<Part> | Iterable<Part>, { world }: Local): Promise<Answer> {
  const answer: Answer = { text: '', cutOff: false, calls: [] };
  for await (const part of parts) {
    if ('say' in part) {
      answer.text += (answer.text === '' || part.continues ? '' : ' ') + part.say;
      answer.cutOff ||= part.cutOff === true;
    } else answer.calls.push(toolCall(part, world.newId()));
  }
  return answer;
}

function toolCall({ call }: Extract<Part, { call: unknown }>, id: string): Answer['calls'][number] {
  const name = `call_${id.replaceAll('-', '').slice(0, 8)}`;
  return {
    id: name,
    type: 'function',
    function: { name: call.name, arguments: writeJson(call.arguments) },
  };
}

const finishReason = ({ calls, cutOff }: Answer) =>
  cutOff ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop';

function completion(frame: object, answer: Answer, body: ChatRequest): Reply {
  const message = {
    role: 'assistant',
    // Recorded: an answer that calls a tool has no words beside it.
    content: answer.calls.length > 0 ? '' : answer.text,
    ...(answer.calls.length > 0 && { tool_calls: answer.calls }),
    refusal: null,
  };
  return {
    json: {
      object: 'chat.completion',
      ...frame,
      choices: [{ index: 0, message, finish_reason: finishReason(answer) }],
      usage: usage(body, answer),
    },
  };
}

async function* stream(
  frame: object,
  parts: AsyncIterable<Part>,
  body: ChatRequest,
  local: Local,
): AsyncGenerator<string> {
  const chunk = (choices: unknown[], extra: object = {}) =>
    writeJson({ object: 'chat.completion.chunk', ...frame, choices, ...extra });
  const delta = (members: object) => chunk([{ index: 0, delta: members }]);
  const answer: Answer = { text: '', cutOff: false, calls: [] };
  yield delta({ role: 'assistant', content: '' });
  for await (const part of withoutWordsBesideCalls(parts)) {
    if ('say' in part) {
      answer.cutOff ||= part.cutOff === true;
      for (const word of joinedWords(part, answer.text !== '')) {
        await pause(local, word, answer.text !== '');
        answer.text += word;
        yield delta({ content: word });
      }
      continue;
    }
    const call = toolCall(part, local.world.newId());
    // Recorded: a call comes whole, in one chunk.
    yield delta({ tool_calls: [{ index: answer.calls.length, ...call }] });
    answer.calls.push(call);
  }
  yield chunk([{ index: 0, delta: {}, finish_reason: finishReason(answer) }]);
  if (body.stream_options?.include_usage) yield chunk([], { usage: usage(body, answer) });
  yield '[DONE]';
}

/**
 * Recorded: an answer that calls a tool has no words beside it. Each saying waits to see what follows it; only what
 * comes in pieces does not, or nothing would stream.
 */
async function* withoutWordsBesideCalls(parts: AsyncIterable<Part>): AsyncGenerator<Part> {
  let waiting: Part | undefined;
  let called = false;
  for await (const part of parts) {
    if ('call' in part) {
      called = true;
      waiting = undefined;
      yield part;
    } else if (part.continues) {
      yield part;
    } else if (!called) {
      if (waiting !== undefined) yield waiting;
      waiting = part;
    }
  }
  if (waiting !== undefined) yield waiting;
}

/** Counted as a quarter of the characters; the service's own count differs. */
function usage({ messages }: ChatRequest, { text, calls }: Answer): object {
  const tokens = (characters: number) => Math.ceil(characters / 4);
  const prompt = tokens(messages.reduce((sum, { content }) => sum + contentText(content).length, 0));
  const output = tokens(text.length + writeJson(calls).length - 2);
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { text_tokens: prompt, audio_tokens: 0, image_tokens: 0, cached_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    num_sources_used: 0,
    cost_in_usd_ticks: 0,
  };
}
