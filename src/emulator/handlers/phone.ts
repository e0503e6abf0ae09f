// Phone numbers, in the local API.

import { randomBytes, randomInt } from 'node:crypto';
import type { phoneRoutes } from '../../protocol/phone-routes.js';
import type { Handlers } from '../handler.js';
import { notFound } from '../refusal.js';
import { pageStart, pageToken } from './agents.js';

export const phoneHandlers: Pick<Handlers, keyof typeof phoneRoutes> = {
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
