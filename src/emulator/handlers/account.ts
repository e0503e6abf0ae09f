// What a key may use, in the local API: models, voices, the key itself, ephemeral secrets, phone numbers.

import { randomBytes, randomInt } from 'node:crypto';
import { builtInVoices, models, redirectedModel } from '../catalogue.js';
import type { Handlers } from '../handler.js';
import { notFound } from '../refusal.js';
import { pageStart, pageToken } from './agents.js';

type AccountRoutes =
  | 'createClientSecret'
  | 'getApiKey'
  | 'listModels'
  | 'getModel'
  | 'listVoices'
  | 'getVoice'
  | 'createPhoneNumber'
  | 'listPhoneNumbers'
  | 'getPhoneNumber';

/** How an ephemeral secret begins, which is how it is told from a key. */
export const secretPrefix = 'xai-realtime-client-secret-';

const voices = builtInVoices.map((id) => ({
  voice_id: id,
  name: id.charAt(0).toUpperCase() + id.slice(1),
  language: 'multilingual',
}));

export const accountHandlers: Pick<Handlers, AccountRoutes> = {
  createClientSecret({ body }, { store, world }) {
    const value = secretPrefix + randomBytes(24).toString('base64url');
    const expiresAt = Math.floor(world.nowMs() / 1000) + (body.expires_after?.seconds ?? 600);
    store.addSecret(value, expiresAt);
    return { json: { value, expires_at: expiresAt } };
  },

  getApiKey: () => ({
    json: {
      redacted_api_key: 'xai-...local',
      user_id: 'local',
      name: 'local API',
      create_time: '2026-01-01T00:00:00Z',
      modify_time: '2026-01-01T00:00:00Z',
      modified_by: 'local',
      team_id: 'local',
      acls: ['api-key:model:*', 'api-key:endpoint:*'],
      api_key_id: 'local',
      team_blocked: false,
      api_key_blocked: false,
      api_key_disabled: false,
    },
  }),

  listModels: () => ({ json: { object: 'list', data: models } }),

  getModel({ params }) {
    const id = redirectedModel(params.model_id);
    const model = models.find((each) => each.id === id);
    if (model === undefined) throw notFound(`The model ${params.model_id} does not exist`);
    return { json: model };
  },

  listVoices: () => ({ json: { voices } }),

  getVoice({ params }) {
    const voice = voices.find((each) => each.voice_id === params.voice_id.toLowerCase());
    if (voice === undefined) throw notFound(`Voice not found: ${params.voice_id}`);
    return { json: voice };
  },

  createPhoneNumber({ body }, { store }) {
    const id = `phone_number_${randomBytes(8).toString('hex')}`;
    const local = `555${String(randomInt(100, 200)).padStart(4, '0')}`;
    const number = {
      phone_number_id: id,
      phone_number: `+1${body.area_code}${local}`,
      name: body.name ?? '',
    };
    store.phoneNumbers.insert(id, number);
    return { json: { phone_number: number } };
  },

  listPhoneNumbers({ query }, { store }) {
    const limit = Math.min(Number(query.limit ?? 100), 1000) || 100;
    const { documents, next } = store.phoneNumbers.page(pageStart(query.pagination_token), limit);
    return {
      json: { phone_numbers: documents, ...(next !== undefined && { pagination_token: pageToken(next) }) },
    };
  },

  getPhoneNumber({ params }, { store }) {
    const number = store.phoneNumbers.get(params.phone_number_id);
    if (number === undefined) throw notFound(`Phone number not found: ${params.phone_number_id}`);
    return { json: { phone_number: number } };
  },
};
