// The routes of phone numbers: v1 of xAI's Voice Agent Builder page, v2 of its SIP guide. Which of the two a server has
// is only seen by asking.

import * as z from 'zod/mini';
import { FieldMask } from './agent-routes.js';
import {
  type PhoneNumber,
  PhoneNumberBody,
  PhonePatch,
  RegisterBody,
  readPhoneNumber,
  readPhoneNumbers,
  readRegistered,
} from './phone.js';
import { ListQuery, nextPage, route } from './route.js';

/** `PATCH /v2/phone-numbers/{id}`, its names brought to snake_case. The members stand under `phoneNumber`: flat ones do nothing. */
export const PatchPhoneBody = z.strictObject({ phone_number: PhonePatch, field_mask: FieldMask });
export type PatchPhoneBody = z.infer<typeof PatchPhoneBody>;

export interface PhonePage {
  numbers: PhoneNumber[];
  /** Undefined on the last page. */
  next: string | undefined;
}

function readPhonePage(reply: unknown): PhonePage | undefined {
  const numbers = readPhoneNumbers(reply);
  return numbers && { numbers, next: nextPage(reply) };
}

export const phoneRoutes = {
  createPhoneNumber: route({
    method: 'POST',
    path: '/v1/phone-numbers',
    effect: 'purchase',
    body: PhoneNumberBody,
    read: readPhoneNumber,
  }),
  listPhoneNumbers: route({
    method: 'GET',
    path: '/v1/phone-numbers',
    effect: 'read',
    query: ListQuery,
    read: readPhonePage,
  }),
  getPhoneNumber: route({
    method: 'GET',
    path: '/v1/phone-numbers/{phone_number_id}',
    effect: 'read',
    read: readPhoneNumber,
  }),
  deletePhoneNumber: route({
    method: 'DELETE',
    path: '/v1/phone-numbers/{phone_number_id}',
    effect: 'remove',
    read: () => null,
  }),
  /** Buys a number or registers one's own; either way its reply tells what is told once. */
  createPhoneNumberV2: route({
    method: 'POST',
    path: '/v2/phone-numbers',
    effect: 'purchase',
    body: RegisterBody,
    read: readRegistered,
  }),
  listPhoneNumbersV2: route({
    method: 'GET',
    path: '/v2/phone-numbers',
    effect: 'read',
    query: ListQuery,
    read: readPhonePage,
  }),
  getPhoneNumberV2: route({
    method: 'GET',
    path: '/v2/phone-numbers/{phone_number_id}',
    effect: 'read',
    read: readPhoneNumber,
  }),
  updatePhoneNumberV2: route({
    method: 'PATCH',
    path: '/v2/phone-numbers/{phone_number_id}',
    effect: 'write',
    body: PatchPhoneBody,
    // The reply's envelope is not documented: an answer without a number is still a success.
    read: (reply) => readRegistered(reply) ?? null,
  }),
  deletePhoneNumberV2: route({
    method: 'DELETE',
    path: '/v2/phone-numbers/{phone_number_id}',
    effect: 'remove',
    read: () => null,
  }),
};
