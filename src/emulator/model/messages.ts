// A conversation as a chat model takes it.

import type { ChatMessage } from '../../protocol/chat.js';
import type { Finding, Heard, Item } from '../reply.js';

/**
 * The instructions, then the conversation. Calls that follow one another are one message, and their results stand
 * right behind it, whatever came in between: models take it in no other order, and none without a result. `found` is what
 * the agent's knowledge has about it.
 */
export function chatMessages(
  { instructions, history: told }: Heard,
  found: readonly Finding[] = [],
): ChatMessage[] {
  const history = [...told];
  const system = [instructions, knowledgeText(found)].filter((text) => text !== '').join('\n\n');
  const messages: ChatMessage[] = system === '' ? [] : [{ role: 'system', content: system }];
  const results = new Map(
    history.flatMap((item) => (item.type === 'function_call_output' ? [[item.call_id, item.output]] : [])),
  );
  for (let at = 0; at < history.length; at++) {
    const item = history[at] as Item;
    if (item.type === 'message') messages.push({ role: item.role, content: spokenText(item) });
    if (item.type !== 'function_call') continue;
    const calls = [item];
    for (let next = history[at + 1]; next?.type === 'function_call'; next = history[at + 1]) {
      calls.push(next);
      at++;
    }
    messages.push({ role: 'assistant', content: '', tool_calls: calls.map(toolCall) });
    for (const { call_id } of calls)
      messages.push({ role: 'tool', tool_call_id: call_id, content: results.get(call_id) ?? noResult });
  }
  // An answer nobody asked for in words: a greeting, a check-in. Models want something to answer.
  const last = messages.at(-1)?.role;
  if (last !== 'user' && last !== 'tool') messages.push({ role: 'user', content: '(silence)' });
  return messages;
}

/** What was found, for a model to answer from. */
function knowledgeText(found: readonly Finding[]): string {
  if (found.length === 0) return '';
  const passages = found.map(({ source, passage }) => `[${source}]\n${passage}`);
  return `Passages of your documents that may hold the answer; name the document you take it from:\n\n${passages.join('\n\n')}`;
}

const noResult = '{"error":"no result came"}';

function toolCall({ call_id, name, arguments: given }: Extract<Item, { type: 'function_call' }>) {
  return { id: call_id, type: 'function', function: { name, arguments: given === '' ? '{}' : given } };
}

/** What was said but not understood is said to have been: a model takes an empty message for a mistake. */
function spokenText({ role, text }: Extract<Item, { type: 'message' }>): string {
  return text === '' && role === 'user' ? '(inaudible)' : text;
}
