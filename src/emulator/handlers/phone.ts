// Phone numbers, in the local API: v1, which sells them, and v2, which registers one's own.

import { randomBytes } from 'node:crypto';
import { type PhonePath, phonePaths, type RegisterBody } from '../../protocol/phone.js';
import type { phoneRoutes } from '../../protocol/phone-routes.js';
import type { Call, Handlers, Local, Reply } from '../handler.js';
import { freeNumber, giveNumber, phoneNumberOf, removeNumber, shownV1, shownV2 } from '../phone-numbers.js';
import { conflict, invalidArgument, noProvisioning, notFound } from '../refusal.js';
import type { Document, Store } from '../store/store.js';
import { pageStart, pageToken } from './agents.js';

export const phoneHandlers: Pick<Handlers, keyof typeof phoneRoutes> = {
  createPhoneNumber({ body }, { store, world }) {
    return store.together(() => {
      const phone_number = freeNumber(store, body.area_code);
      if (phone_number === undefined)
        throw invalidArgument(`No phone number is left in area code ${body.area_code}`);
      const number = newNumber(world.nowMs(), {
        phone_number,
        name: body.name ?? '',
        origin: 'xai_provisioned',
      });
      store.phoneNumbers.insert(String(number.phone_number_id), number);
      return { json: { phone_number: shownV1(number) } };
    });
  },

  listPhoneNumbers(call, { store }) {
    const { documents, token } = pageOf(call, store);
    return {
      json: {
        phone_numbers: documents.map(shownV1),
        ...(token !== undefined && { pagination_token: token }),
      },
    };
  },

  getPhoneNumber: ({ params }, { store }) => ({
    json: { phone_number: shownV1(numberOf(store, params.phone_number_id)) },
  }),

  deletePhoneNumber: release,

  createPhoneNumberV2({ body }, { store, world }) {
    return store.together(() => {
      checkRegistration(store, body);
      const { webhook, agent_id, ...members } = body;
      const number = newNumber(world.nowMs(), {
        name: '',
        ...members,
        // Nothing answers SIP here: whoever dials it should not reach the service instead.
        sip_host: 'sip.localhost',
        ...(webhook !== undefined && {
          webhook: { webhook_id: newId('webhook'), ...webhook, ...newSecret() },
        }),
      });
      const id = String(number.phone_number_id);
      store.phoneNumbers.insert(id, number);
      if (agent_id !== undefined) giveNumber(store, id, agent_id);
      return { json: told(numberOf(store, id), webhook !== undefined) };
    });
  },

  listPhoneNumbersV2(call, { store }) {
    const { documents, token } = pageOf(call, store);
    return {
      json: { phoneNumbers: documents.map(shownV2), ...(token !== undefined && { paginationToken: token }) },
    };
  },

  getPhoneNumberV2: ({ params }, { store }) => ({
    json: { phoneNumber: shownV2(numberOf(store, params.phone_number_id)) },
  }),

  updatePhoneNumberV2: (call, local) => local.store.together(() => updated(call, local)),

  deletePhoneNumberV2: release,
};

const newId = (kind: string) => `${kind}_${randomBytes(8).toString('hex')}`;

/** What a webhook's posts are signed with, as Standard Webhooks write it. */
const newSecret = () => ({ signing_secret: `whsec_${randomBytes(32).toString('base64')}` });

function newNumber(nowMs: number, members: Document): Document {
  const update_time = new Date(nowMs).toISOString();
  return { phone_number_id: newId('phone_number'), ...members, team_id: 'local', update_time };
}

function numberOf(store: Store, id: string): Document {
  const number = store.phoneNumbers.get(id);
  if (number === undefined) throw notFound(`Phone number not found: ${id}`);
  return number;
}

function pageOf({ query }: Pick<Call<'listPhoneNumbers'>, 'query'>, store: Store) {
  const limit = Math.min(Number(query.limit ?? 100), 1000) || 100;
  const { documents, next } = store.phoneNumbers.page(pageStart(query.pagination_token), limit);
  return { documents, token: next === undefined ? undefined : pageToken(next) };
}

function release({ params }: Pick<Call<'deletePhoneNumber'>, 'params'>, { store }: Local): Reply {
  if (!removeNumber(store, params.phone_number_id)) {
    throw notFound(`Phone number not found: ${params.phone_number_id}`);
  }
  return { json: {} };
}

/** The reply about a number, with the webhook's secret where it has just been made. */
function told(number: Document, isNew: boolean): Document {
  const webhook = number.webhook as Document | undefined;
  return {
    phoneNumber: shownV2(number),
    ...(isNew && {
      webhook: { dispatchSigningSecret: webhook?.signing_secret, webhookId: webhook?.webhook_id },
    }),
  };
}

/** Throws the Refusal of a registration that cannot be. */
function checkRegistration(store: Store, body: RegisterBody): void {
  const { origin, phone_number: number, area_code, agent_id, webhook } = body;
  if (origin === 'xai_provisioned') throw noProvisioning();
  if (area_code !== undefined) throw invalidArgument('area_code is for xai_provisioned numbers');
  if (number === undefined) throw invalidArgument('phone_number is missing');
  if ((agent_id === undefined) === (webhook === undefined)) {
    throw invalidArgument('Exactly one of agent_id and webhook must be given');
  }
  checkSipAuth(body.sip_auth);
  checkAgent(store, agent_id);
  if (phoneNumberOf(store, number) !== undefined)
    throw conflict(`Phone number ${number} is already registered`);
}

function checkSipAuth(auth: RegisterBody['sip_auth']): void {
  if (auth === undefined) return;
  const { allowed_addresses, auth_username, auth_password } = auth;
  const isDigest = auth_username !== undefined && auth_password !== undefined;
  const isOpen = allowed_addresses !== undefined;
  const isHalf = (auth_username ?? auth_password) !== undefined && !isDigest;
  if (isHalf || isDigest === isOpen) {
    throw invalidArgument('sip_auth must hold either allowed_addresses, or auth_username and auth_password');
  }
}

function checkAgent(store: Store, id: string | undefined): void {
  if (id !== undefined && id !== '' && store.agents.get(id) === undefined) {
    throw notFound(`Agent not found: ${id}`);
  }
}

function updated({ params, body }: Call<'updatePhoneNumberV2'>, { store, world }: Local): Reply {
  const { phone_number_id: id } = params;
  const before = numberOf(store, id);
  const given = body.phone_number;
  const paths = body.field_mask.paths.map(maskPath);
  if (paths.includes('agent_id') && paths.includes('webhook') && given.agent_id && given.webhook) {
    throw invalidArgument('Only one of agent_id and webhook can be given');
  }
  if (paths.includes('sip_auth')) checkSipAuth(given.sip_auth);
  const isNew = paths.includes('webhook') && given.webhook !== undefined && before.webhook === undefined;
  for (const path of paths) {
    if (path === 'agent_id') {
      checkAgent(store, given.agent_id);
      giveNumber(store, id, given.agent_id || undefined);
    } else if (path === 'webhook') setWebhook(store, id, given.webhook);
    else store.phoneNumbers.update(id, (number) => withMember(number, path, given[path]));
  }
  const update_time = new Date(world.nowMs()).toISOString();
  store.phoneNumbers.update(id, (number) => ({ ...number, update_time }));
  return { json: told(numberOf(store, id), isNew) };
}

/** A webhook takes the place of an agent. One that is changed keeps its id and its secret. */
function setWebhook(store: Store, id: string, webhook: Document | undefined): void {
  if (webhook !== undefined) giveNumber(store, id, undefined);
  store.phoneNumbers.update(id, ({ webhook: present, ...number }) => {
    if (webhook === undefined) return number;
    const { webhook_id, signing_secret } = (present ?? {
      webhook_id: newId('webhook'),
      ...newSecret(),
    }) as Document;
    return { ...number, webhook: { webhook_id, ...webhook, signing_secret } };
  });
}

/** What is masked but not given is cleared. */
function withMember(number: Document, path: 'name' | 'sip_auth', value: unknown): Document {
  const { [path]: _former, ...others } = number;
  if (path === 'name') return { ...others, name: value ?? '' };
  return value === undefined ? others : { ...others, sip_auth: value };
}

function maskPath(path: string): PhonePath {
  const known = phonePaths.find((each) => each === path);
  if (known !== undefined) return known;
  throw invalidArgument(`Invalid field_mask path: ${path}. Valid paths are: ${phonePaths.join(', ')}`);
}
