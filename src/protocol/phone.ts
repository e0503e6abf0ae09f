// Phone numbers: what may be sent, and how the shapes seen in replies are read.
// Facts: xAI's Voice Agent Builder page (v1), its SIP guide and replies seen live (v2, wholly camelCase).

import * as z from 'zod/mini';
import { isWebhookUrl } from './address.js';
import { isObject, rename } from './json.js';
import { listIn } from './route.js';

/** A number as E.164 writes it: a plus, the country, the rest; at most 15 digits. */
export const e164 = /^\+[1-9]\d{6,14}$/;
/** US area codes. */
export const areaCode = /^[2-9]\d{2}$/;

/** Where the service's trunk is reached, for replies that do not say. */
export const sipHost = 'sip.voice.x.ai';

/** A number as a person writes it, "+1 (415) 555-0123", without what E.164 leaves out. */
export const withoutBlanks = (number: string): string => number.replace(/[\s().-]/g, '');

const name = z.string().check(z.maxLength(255));
const url = z.string().check(z.refine(isWebhookUrl, 'must be an https URL, or one of this machine'));
const areaCodeText = z.string().check(z.regex(areaCode));

/** `POST /v1/phone-numbers`: a purchase, never repeated by itself. */
export const PhoneNumberBody = z.strictObject({ area_code: areaCodeText, name: z.optional(name) });
export type PhoneNumberBody = z.infer<typeof PhoneNumberBody>;

/** Addresses that may call the trunk, "1.2.3.0/24". */
export const AllowedAddress = z.union([z.cidrv4(), z.cidrv6()]);

const Webhook = z.strictObject({
  name: z.optional(name),
  url,
  auth_url: z.optional(url),
  auth_token: z.optional(z.string().check(z.minLength(1))),
});
const SipAuth = z.strictObject({
  allowed_addresses: z.optional(z.array(AllowedAddress).check(z.minLength(1))),
  auth_username: z.optional(z.string().check(z.minLength(1))),
  auth_password: z.optional(z.string().check(z.minLength(1))),
});

/** `POST /v2/phone-numbers`. Which members go together is for the local API's handler to say. */
export const RegisterBody = z.strictObject({
  origin: z.enum(['byo_trunk', 'xai_provisioned']),
  name: z.optional(name),
  phone_number: z.optional(z.string().check(z.regex(e164))),
  area_code: z.optional(areaCodeText),
  agent_id: z.optional(z.string().check(z.minLength(1))),
  webhook: z.optional(Webhook),
  sip_auth: z.optional(SipAuth),
});
export type RegisterBody = z.infer<typeof RegisterBody>;

/** The members of a number that `PATCH /v2/phone-numbers/{id}` changes; its mask names them in snake_case. */
export const PhonePatch = z.strictObject({
  name: z.optional(name),
  /** "" takes the agent away. */
  agent_id: z.optional(z.string()),
  webhook: z.optional(Webhook),
  sip_auth: z.optional(SipAuth),
});
export const phonePaths = ['name', 'agent_id', 'webhook', 'sip_auth'] as const;
export type PhonePath = (typeof phonePaths)[number];

const phoneNames: Record<string, string> = {
  phoneNumberId: 'phone_number_id',
  phoneNumber: 'phone_number',
  areaCode: 'area_code',
  agentId: 'agent_id',
  teamId: 'team_id',
  sipHost: 'sip_host',
  sipAuth: 'sip_auth',
  createTime: 'create_time',
  updateTime: 'update_time',
};
const webhookNames: Record<string, string> = {
  webhookId: 'webhook_id',
  authUrl: 'auth_url',
  authToken: 'auth_token',
  dispatchSigningSecret: 'dispatch_signing_secret',
};
const sipNames: Record<string, string> = {
  allowedAddresses: 'allowed_addresses',
  authUsername: 'auth_username',
  authPassword: 'auth_password',
};

/** Brings the names of a number, and of what is in it, to snake_case. */
export function normalisePhone(value: Record<string, unknown>): Record<string, unknown> {
  const phone = rename(value, phoneNames);
  if (isObject(phone.webhook)) phone.webhook = rename(phone.webhook, webhookNames);
  if (isObject(phone.sip_auth)) phone.sip_auth = rename(phone.sip_auth, sipNames);
  return phone;
}

/** The same for the body of a change, which holds the number as it is to be. */
export function normalisePatch(value: Record<string, unknown>): Record<string, unknown> {
  const body = rename(value, { phoneNumber: 'phone_number', fieldMask: 'field_mask' });
  const phone = body.phone_number;
  return isObject(phone) ? { ...body, phone_number: normalisePhone(phone) } : body;
}

/** The same number as v2 writes it, in camelCase. */
export function camelPhone(phone: Record<string, unknown>): Record<string, unknown> {
  return {
    ...rename(phone, inverse(phoneNames)),
    ...(isObject(phone.webhook) && { webhook: rename(phone.webhook, inverse(webhookNames)) }),
    ...(isObject(phone.sip_auth) && { sipAuth: rename(phone.sip_auth, inverse(sipNames)) }),
  };
}

const inverse = (names: Record<string, string>) =>
  Object.fromEntries(Object.entries(names).map(([camel, snake]) => [snake, camel]));

/** A number as the API tells of it. Members this tool does not know stay where they are, and any may have any shape. */
export interface PhoneNumber {
  phone_number_id: string;
  [member: string]: unknown;
}

/** A number in its envelope of either version, or bare; undefined without an id. */
export function readPhoneNumber(reply: unknown): PhoneNumber | undefined {
  const inside = isObject(reply) ? (reply.phone_number ?? reply.phoneNumber) : undefined;
  const body = isObject(inside) ? inside : reply;
  if (!isObject(body)) return undefined;
  const phone = normalisePhone(body);
  const id = phone.phone_number_id ?? phone.id;
  return typeof id === 'string' && id !== '' ? { ...phone, phone_number_id: id } : undefined;
}

/** Numbers under any of the names that lists were seen with. */
export function readPhoneNumbers(reply: unknown): PhoneNumber[] | undefined {
  const numbers = listIn(reply, ['phone_numbers', 'phoneNumbers'])?.map(readPhoneNumber);
  return numbers?.every((each) => each !== undefined) ? numbers : undefined;
}

/** The answer to a registration: the number and, this once, what its webhook signs with. */
export interface Registered {
  phone_number: PhoneNumber;
  [member: string]: unknown;
}

/** With the names of both versions brought to snake_case; everything else as it came. */
export function readRegistered(reply: unknown): Registered | undefined {
  const phone = readPhoneNumber(reply);
  if (phone === undefined || !isObject(reply)) return undefined;
  const { phone_number: snake, phoneNumber: camel, ...beside } = reply;
  // Bare: there is nothing beside it.
  if (!isObject(snake ?? camel)) return { phone_number: phone };
  return { phone_number: phone, ...normalisePhone(beside) };
}

/**
 * The secret that signs what a webhook is posted: any member whose name holds "secret", beside the number, in its webhook,
 * or in the number itself. Where the service puts it differs from report to report.
 */
export function signingSecretOf(registered: Registered): string | undefined {
  const { phone_number: phone } = registered;
  for (const place of [registered.webhook, registered, phone.webhook, phone]) {
    const found = isObject(place) && Object.entries(place).find(isSecret);
    if (found) return String(found[1]);
  }
  return undefined;
}

const isSecret = ([member, value]: [string, unknown]) =>
  /secret/i.test(member) && typeof value === 'string' && value !== '';

/** A member of a number as far as it is text; "" counts as none, as proto-JSON writes it. */
export function textOf(phone: Record<string, unknown>, member: string): string | undefined {
  const value = phone[member];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
