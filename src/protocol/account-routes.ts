// The routes of what a key may use.

import * as account from './account.js';
import { ListQuery, reading, readSound, route } from './route.js';

export const accountRoutes = {
  createClientSecret: route({
    method: 'POST',
    path: '/v1/realtime/client_secrets',
    effect: 'write',
    body: account.ClientSecretBody,
    read: account.readSecretReply,
  }),
  getApiKey: route({
    method: 'GET',
    path: '/v1/api-key',
    effect: 'read',
    read: account.readApiKey,
  }),
  listModels: route({
    method: 'GET',
    path: '/v1/models',
    effect: 'read',
    read: reading(account.ModelList),
  }),
  getModel: route({
    method: 'GET',
    path: '/v1/models/{model_id}',
    effect: 'read',
    read: reading(account.Model),
  }),
  listVoices: route({
    method: 'GET',
    path: '/v1/tts/voices',
    effect: 'read',
    read: reading(account.VoiceList),
  }),
  getVoice: route({
    method: 'GET',
    path: '/v1/tts/voices/{voice_id}',
    effect: 'read',
    read: reading(account.VoiceEntry),
  }),
  listCustomVoices: route({
    method: 'GET',
    path: '/v1/custom-voices',
    effect: 'read',
    query: ListQuery,
    read: reading(account.VoiceList),
  }),
  speak: route({
    method: 'POST',
    path: '/v1/tts',
    effect: 'write',
    body: account.SpeechBody,
    reply: 'bytes',
    read: readSound,
  }),
};
