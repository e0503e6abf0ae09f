// The routes of phone numbers.

import * as account from './account.js';
import { isObject } from './json.js';
import { ListQuery, reading, route } from './route.js';

function readPhoneNumber(reply: unknown): account.PhoneNumber | undefined {
  const body = isObject(reply) ? (reply.phone_number ?? reply.phoneNumber) : undefined;
  return reading(account.PhoneNumber)(isObject(body) ? body : reply);
}

export const phoneRoutes = {
  createPhoneNumber: route({
    method: 'POST',
    path: '/v1/phone-numbers',
    effect: 'purchase',
    body: account.PhoneNumberBody,
    read: readPhoneNumber,
  }),
  listPhoneNumbers: route({
    method: 'GET',
    path: '/v1/phone-numbers',
    effect: 'read',
    query: ListQuery,
    read: (reply) => (isObject(reply) ? reply : undefined),
  }),
  getPhoneNumber: route({
    method: 'GET',
    path: '/v1/phone-numbers/{phone_number_id}',
    effect: 'read',
    read: readPhoneNumber,
  }),
};
