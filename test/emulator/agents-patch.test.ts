// Changing an agent by a field mask: fact sheet A4, with its traps.

import { describe, expect, test } from 'vitest';
import { startTestApi } from '../support/local-api.js';
import { ask, makeAgent } from './support.js';

const before = {
  name: 'Order Support',
  instructions: 'Be brief.',
  tools: [{ type: 'web_search' }],
  voice: { voice_id: 'eve', vad_threshold: 0.5, vad_silence_duration_ms: 300 },
  collection_ids: ['collection_a'],
};
const { name, instructions, tools, voice, collection_ids } = before;

/** Changes a new agent; the answer, and what is stored after it, without the id. */
async function patched(body: unknown, start: object = before) {
  const api = await startTestApi();
  const { agent_id } = await makeAgent(api, start);
  const answer = await ask(api, `PATCH /v1/agents/${agent_id}`, body);
  const stored = await ask(api, `GET /v1/agents/${agent_id}`);
  const { agent } = stored.body as { agent: object };
  return { ...answer, stored: { ...agent, agent_id: undefined } };
}

/** The answer to a change that was made: the whole agent, as it is stored. */
const changedTo = (agent: object) => ({
  status: 200,
  body: { agent: { agent_id: expect.any(String), ...agent } },
  stored: agent,
});

const mask = (...paths: string[]) => ({ paths });

describe('a change', () => {
  test.each<[string, object, object]>([
    [
      'of the name leaves the rest',
      { agent: { name: 'Orders' }, field_mask: mask('name') },
      { ...before, name: 'Orders' },
    ],
    [
      'of several members at once',
      {
        agent: { name: 'Orders', instructions: 'Sing.', collection_ids: ['c', 'd'] },
        field_mask: mask('name', 'instructions', 'collection_ids'),
      },
      { ...before, name: 'Orders', instructions: 'Sing.', collection_ids: ['c', 'd'] },
    ],
    [
      'of everything',
      {
        agent: { name: 'B', instructions: '', tools: [], voice: {}, collection_ids: [] },
        field_mask: mask('name', 'instructions', 'tools', 'voice', 'collection_ids'),
      },
      { name: 'B', instructions: '', tools: [], voice: {}, collection_ids: [] },
    ],
    [
      'does not touch what is sent but not masked',
      { agent: { name: 'Orders', instructions: 'Sing.', voice: {} }, field_mask: mask('name') },
      { ...before, name: 'Orders' },
    ],
    ['with an empty mask changes nothing', { agent: { name: 'Orders' }, field_mask: mask() }, before],
    [
      'with a path named twice is made once',
      { agent: { name: 'Orders' }, field_mask: mask('name', 'name') },
      { ...before, name: 'Orders' },
    ],
    [
      'of the voice replaces it whole',
      { agent: { voice: { voice_id: 'leo' } }, field_mask: mask('voice') },
      { ...before, voice: { voice_id: 'leo' } },
    ],
    [
      'of the tools replaces the list',
      { agent: { tools: [{ type: 'x_search' }] }, field_mask: mask('tools') },
      { ...before, tools: [{ type: 'x_search' }] },
    ],
    [
      'in camelCase and with tools keyed by their kind is the same change',
      {
        agent: {
          collectionIds: ['c'],
          voice: { voiceId: 'leo', vadThreshold: 0.7 },
          tools: [{ function: { name: 'f', parameters: '{"type":"object"}' } }],
        },
        fieldMask: mask('collection_ids', 'voice', 'tools'),
      },
      {
        ...before,
        collection_ids: ['c'],
        voice: { voice_id: 'leo', vad_threshold: 0.7 },
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }],
      },
    ],
    [
      'with the mask as text',
      { agent: { name: 'Orders', voice: { voice_id: 'leo' } }, field_mask: 'name,voice' },
      { ...before, name: 'Orders', voice: { voice_id: 'leo' } },
    ],
    [
      'with blanks in the mask as text',
      { agent: { name: 'Orders' }, fieldMask: ' name , instructions' },
      { name: 'Orders', tools, voice, collection_ids },
    ],
  ])('%s', async (_what, body, after) => {
    expect(await patched(body)).toEqual(changedTo(after));
  });

  test.each<[string, object]>([
    ['instructions', { name, tools, voice, collection_ids }],
    ['tools', { name, instructions, voice, collection_ids }],
    ['voice', { name, instructions, tools, collection_ids }],
    ['collection_ids', { name, instructions, tools, voice }],
  ])('that masks %s without sending any clears it', async (path, after) => {
    expect(await patched({ agent: {}, field_mask: mask(path) })).toEqual(changedTo(after));
  });

  test('that masks all but sends nothing clears all but the name, which is required', async () => {
    const all = mask('name', 'instructions', 'tools', 'voice', 'collection_ids');
    expect(await patched({ agent: {}, field_mask: all })).toEqual(changedTo({ name }));
  });

  test('that clears what is not there is no fault', async () => {
    const body = { agent: {}, field_mask: mask('voice', 'tools') };
    expect(await patched(body, { name: 'Ava' })).toEqual(changedTo({ name: 'Ava' }));
  });
});

describe('a change is refused', () => {
  const paths = 'name, instructions, tools, voice, collection_ids';

  test.each([
    ['agent_id', mask('agent_id')],
    ['voice.voice_id', mask('voice.voice_id')],
    ['Name', mask('Name')],
    ['agent.name', 'agent.name'],
    ['*', mask('*')],
    ['constructor', mask('constructor')],
    ['model', mask('name', 'model')],
    ['names', 'name,names'],
  ])('for the path %s, which is none of an agent', async (path, field_mask) => {
    expect(await patched({ agent: { name: 'Orders' }, field_mask })).toEqual({
      status: 400,
      body: {
        code: 'Client specified an invalid argument',
        error: `Invalid field_mask path: ${path}. Valid paths are: ${paths}`,
      },
      stored: before,
    });
  });

  const shape = 'Failed to deserialize the JSON body into the target type: ';
  test.each<[string, unknown, number, unknown]>([
    ['without a mask', { agent: { name: 'B' } }, 422, expect.stringContaining(`${shape}field_mask `)],
    ['without an agent', { field_mask: mask('name') }, 422, `${shape}agent is missing`],
    [
      'with a mask that is a list',
      { agent: {}, field_mask: ['name'] },
      422,
      expect.stringContaining(`${shape}field_mask `),
    ],
    [
      'with a number in its mask',
      { agent: {}, field_mask: { paths: [1] } },
      422,
      expect.stringContaining(`${shape}field_mask`),
    ],
    [
      'with an unknown member',
      { agent: {}, field_mask: mask('name'), force: true },
      422,
      expect.stringContaining(`${shape}force: unknown field \`force\``),
    ],
    [
      'with an unknown member of the agent',
      { agent: { model: 'grok-4' }, field_mask: mask('name') },
      422,
      expect.stringContaining(`${shape}agent.model: unknown field \`model\``),
    ],
    [
      'with null for a member',
      { agent: { instructions: null }, field_mask: mask('instructions') },
      422,
      `${shape}agent.instructions must be a string, got null`,
    ],
    [
      'beyond a limit',
      { agent: { name: 'n'.repeat(256) }, field_mask: mask('name') },
      400,
      {
        code: 'Client specified an invalid argument',
        error: 'agent.name must be at most 255 characters, got 256',
      },
    ],
    [
      'with an empty name',
      { agent: { name: '' }, field_mask: mask('name') },
      400,
      { code: 'Client specified an invalid argument', error: 'agent.name must not be empty' },
    ],
    ['that is no JSON', '{', 400, 'Failed to parse the request body as JSON'],
  ])('%s', async (_what, body, status, reply) => {
    expect(await patched(body)).toEqual({ status, body: reply, stored: before });
  });
});

describe('a phone number', () => {
  /** An agent, two numbers, and a way to assign them. */
  async function agentAndNumbers() {
    const api = await startTestApi();
    const { agent_id } = await makeAgent(api, before);
    const buy = async (area_code: string) => {
      const { body } = await ask(api, 'POST /v1/phone-numbers', { area_code });
      return (body as { phone_number: { phone_number_id: string } }).phone_number.phone_number_id;
    };
    return {
      numbers: [await buy('415'), await buy('212')] as const,
      patch: (body: object) => ask(api, `PATCH /v1/agents/${agent_id}`, body),
      /** The call as it is documented, which masks the name and sends none. */
      assign: (phone_number_id: string) =>
        ask(api, `PATCH /v1/agents/${agent_id}`, { agent: {}, field_mask: mask('name'), phone_number_id }),
      stored: async () => (await ask(api, `GET /v1/agents/${agent_id}`)).body,
      whole: (members: object) => ({ agent: { agent_id, ...before, ...members } }),
    };
  }

  test('is assigned, reassigned and taken away, and the name stays', async () => {
    const { numbers, assign, stored, whole } = await agentAndNumbers();
    for (const phone_number_id of [...numbers, numbers[0]]) {
      expect(await assign(phone_number_id)).toEqual({ status: 200, body: whole({ phone_number_id }) });
      expect(await stored()).toEqual(whole({ phone_number_id }));
    }
    expect(await assign('')).toEqual({ status: 200, body: whole({}) });
    expect(await stored()).toEqual(whole({}));
    expect(await assign('')).toEqual({ status: 200, body: whole({}) });
  });

  test('is assigned together with a change, in camelCase too', async () => {
    const { numbers, patch, whole } = await agentAndNumbers();
    const change = { agent: { name: 'Orders' }, fieldMask: 'name', phoneNumberId: numbers[0] };
    expect(await patch(change)).toEqual({
      status: 200,
      body: whole({ name: 'Orders', phone_number_id: numbers[0] }),
    });
  });

  test('stays when a change does not speak of it', async () => {
    const { numbers, assign, patch, whole } = await agentAndNumbers();
    await assign(numbers[0]);
    expect(await patch({ agent: {}, field_mask: mask('voice') })).toEqual({
      status: 200,
      body: whole({ voice: undefined, phone_number_id: numbers[0] }),
    });
  });

  test('that nobody has is not found, and nothing changes', async () => {
    const { patch, stored, whole } = await agentAndNumbers();
    const change = { agent: { name: 'Orders' }, field_mask: mask('name'), phone_number_id: 'none' };
    expect(await patch(change)).toEqual({
      status: 404,
      body: { code: 'Some requested entity was not found', error: 'Phone number not found: none' },
    });
    expect(await stored()).toEqual(whole({}));
  });

  test('is no member of the agent that could be sent', async () => {
    const { numbers, patch } = await agentAndNumbers();
    const change = { agent: { phone_number_id: numbers[0] }, field_mask: mask('name') };
    expect((await patch(change)).status).toBe(422);
  });
});
