// What a key may use, in the local API: models, voices, the key itself, ephemeral secrets.

import { randomBytes } from 'node:crypto';
import type { accountRoutes } from '../../protocol/account-routes.js';
import { builtInVoices, models, redirectedModel } from '../catalogue.js';
import type { Handlers } from '../handler.js';
import { notFound } from '../refusal.js';
import { speak } from './speech.js';

/** How an ephemeral secret begins, which is how it is told from a key. */
export const secretPrefix = 'xai-realtime-client-secret-';

const voices = builtInVoices.map((id) => ({
  voice_id: id,
  name: id.charAt(0).toUpperCase() + id.slice(1),
  language: 'multilingual',
}));

export const accountHandlers: Pick<Handlers, keyof typeof accountRoutes> = {
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

  // Nobody can make one here.
  listCustomVoices: () => ({ json: { voices: [] } }),

  speak,
};
