// A session whose agent may search files: what is searched, what is told of it, and what a model is given.

import { describe, expect, test } from 'vitest';
import { chatMessages } from '../../../src/emulator/model/messages.js';
import { createModel } from '../../../src/emulator/model/model.js';
import type { Heard, ReplyMaker } from '../../../src/emulator/reply.js';
import { createRules } from '../../../src/emulator/rules.js';
import { startFakeServer } from '../../support/fake-server.js';
import { startTestApi, type TestApi, today } from '../../support/local-api.js';
import { converse, type Line, makeAgent, type Wire } from '../support.js';

/** A collection with one document of one passage. */
function stock({ store }: TestApi, id: string, name: string, passage: string): void {
  store.knowledge.addCollection(id, { collection_id: id, collection_name: id });
  store.knowledge.addFile(`file_${id}`, { id: `file_${id}` }, new Uint8Array([1]));
  const body = { file_metadata: { file_id: `file_${id}`, name } };
  store.knowledge.addDocument({ collection_id: id, file_id: `file_${id}`, ready_at: 0, body }, [passage]);
}

async function asked(line: Line, text: string): Promise<{ said: string; events: Wire[] }> {
  line.send(
    {
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
    },
    { type: 'response.create' },
  );
  const events = await line.until('response.done');
  const words = events.filter(({ type }) => type === 'response.output_audio_transcript.delta');
  return { said: words.map(({ delta }) => delta).join(''), events };
}

const searching = (...vector_store_ids: string[]) => ({
  type: 'session.update',
  session: { tools: [{ type: 'file_search', vector_store_ids }] },
});

describe('a session that may search files', () => {
  test('answers from them, names the file, and tells of the search as of a tool', async () => {
    const api = await startTestApi();
    stock(api, 'one', 'returns.md', 'Refunds take five days.');
    stock(api, 'two', 'other.md', 'Refunds are a secret.');
    const line = await converse(api);
    line.send(searching('one'));
    const { said, events } = await asked(line, 'How long do refunds take?');
    expect(said).toBe('According to returns.md: Refunds take five days.');
    const call = {
      id: expect.any(String),
      object: 'realtime.item',
      type: 'file_search_call',
      status: 'completed',
      queries: ['How long do refunds take?'],
    };
    const done = events.find(
      ({ type, item }) => type === 'response.output_item.done' && item.type !== 'message',
    );
    expect(done?.item).toEqual(call);
    expect(events.at(-1)?.response.output[0]).toEqual(call);
    const nothing = await asked(line, 'Hello, how are you?');
    expect(nothing.said).toContain('You said: Hello, how are you?');
    expect(nothing.events.some(({ item }) => item?.type === 'file_search_call')).toBe(false);
    const unknown = await asked(line, 'Tell me about elephants');
    expect(unknown.said).toContain('You said: Tell me about elephants');
  });

  test('of a stored agent that the service loads, its tool named bare or not at all', async () => {
    const api = await startTestApi();
    stock(api, 'one', 'returns.md', 'Refunds take five days.');
    for (const tools of [
      [],
      [{ type: 'file_search' }],
      [{ type: 'file_search', vector_store_ids: ['nope'] }],
    ]) {
      const { agent_id } = await makeAgent(api, { name: 'Ava', tools, collection_ids: ['one'] });
      const line = await converse(api, { path: `/v1/realtime?model=grok-voice-latest&agent_id=${agent_id}` });
      expect((await asked(line, 'refunds?')).said).toBe('According to returns.md: Refunds take five days.');
    }
  });

  test('of collections that are gone answers as if there were none', async () => {
    const api = await startTestApi();
    const line = await converse(api);
    line.send(searching('gone'));
    expect((await asked(line, 'refunds?')).said).toContain('You said: refunds?');
  });

  test('has nothing to search where no collection is named', async () => {
    const heard: Heard[] = [];
    const maker: ReplyMaker = {
      reply: (each) => {
        heard.push(each);
        return [{ say: 'Yes.' }];
      },
    };
    const api = await startTestApi({ maker });
    const line = await converse(api);
    line.send(searching());
    await asked(line, 'refunds?');
    expect(heard[0]?.search).toBeUndefined();
  });
});

describe('who answers', () => {
  const heard: Heard = {
    instructions: 'Be brief.',
    agentName: 'Ava',
    tools: [],
    turn: 1,
    said: 'How long do refunds take?',
    results: [],
    history: [{ type: 'message', role: 'user', text: 'How long do refunds take?' }],
    search: () => [{ source: 'returns.md', passage: 'Refunds take five days.' }],
  };
  const said = (maker: ReplyMaker, about: Heard) => [...(maker.reply(about) as Iterable<object>)];

  test('by rules: a fitting function tool comes first, then knowledge, then the name', () => {
    const rules = createRules(today);
    expect(said(rules, heard)).toEqual([{ say: 'According to returns.md: Refunds take five days.' }]);
    const tool = { name: 'refunds', parameters: { type: 'object', properties: {} } };
    expect(said(rules, { ...heard, tools: [tool] })).toContainEqual({
      call: { name: 'refunds', arguments: {} },
    });
    expect(said(rules, { ...heard, search: () => [] })[0]).toMatchObject({
      say: expect.stringMatching(/^Hello, this is Ava/),
    });
  });

  test('a model is given the passages beside its instructions', () => {
    expect(chatMessages(heard, heard.search?.(heard.said))).toEqual([
      {
        role: 'system',
        content: expect.stringMatching(
          /^Be brief\.\n\nPassages .*\n\n\[returns\.md\]\nRefunds take five days\.$/,
        ),
      },
      { role: 'user', content: 'How long do refunds take?' },
    ]);
    expect(chatMessages({ ...heard, instructions: '' })[0]?.role).toBe('user');
  });

  test('a model server is sent them', async () => {
    const server = await startFakeServer(() => ({
      headers: { 'content-type': 'text/event-stream' },
      body: 'data: {"choices":[{"index":0,"delta":{"content":"Five days."},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
    }));
    const model = createModel({
      url: new URL(server.url),
      name: 'm',
      silenceMs: 5000,
      after: () => () => {},
    });
    const parts = [];
    for await (const part of model.reply(heard)) parts.push(part);
    expect(parts.map((part) => ('say' in part ? part.say : '')).join('')).toBe('Five days.');
    const sent = server.seen[0]?.body as { messages: { content: string }[] } | undefined;
    expect(sent?.messages[0]?.content).toContain('[returns.md]\nRefunds take five days.');
  });
});
