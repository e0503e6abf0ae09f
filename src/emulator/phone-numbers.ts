// Phone numbers in the local API's store: whose they are, and how each version of the API tells of them. Which agent has
// a number is told by the number's `agent_id`; an agent's `phone_number_id` follows, and is the number it calls from.

import { randomInt } from 'node:crypto';
import { camelPhone } from '../protocol/phone.js';
import type { Document, Store } from './store/store.js';

/** The number that is written like this, "+14155550123". */
export function phoneNumberOf(store: Store, number: string): Document | undefined {
  return store.phoneNumbers.find('phone_number', number)[0];
}

/**
 * A free number of an area, of those that are never given to anybody (555-0100 to 0199); undefined when all are taken.
 * Examples have numbers of one's own among the first fifty, which are given last.
 */
export function freeNumber(store: Store, area: string): string | undefined {
  const start = randomInt(50, 90);
  for (let at = 0; at < 100; at++) {
    const number = `+1${area}55501${String((start + at) % 100).padStart(2, '0')}`;
    if (phoneNumberOf(store, number) === undefined) return number;
  }
  return undefined;
}

/** Gives a number to an agent or, for undefined, to none. An agent takes the place of a webhook. */
export function giveNumber(store: Store, id: string, agentId: string | undefined): void {
  store.together(() => {
    const former = store.phoneNumbers.get(id)?.agent_id;
    store.phoneNumbers.update(id, ({ agent_id: _former, ...number }) => {
      if (agentId === undefined) return number;
      const { webhook: _webhook, ...others } = number;
      return { ...others, agent_id: agentId };
    });
    if (typeof former === 'string' && former !== agentId) followNumbers(store, former);
    if (agentId !== undefined) followNumbers(store, agentId);
  });
}

/** As v1 knows it, an agent has one number or none: the others it has are free then. */
export function giveOnly(store: Store, agentId: string, id: string | undefined): void {
  store.together(() => {
    for (const number of store.phoneNumbers.find('agent_id', agentId)) {
      if (number.phone_number_id !== id) giveNumber(store, String(number.phone_number_id), undefined);
    }
    if (id !== undefined) giveNumber(store, id, agentId);
  });
}

/** For an agent that is gone. */
export function freeNumbersOf(store: Store, agentId: string): void {
  for (const number of store.phoneNumbers.find('agent_id', agentId)) {
    giveNumber(store, String(number.phone_number_id), undefined);
  }
}

/** Takes a number away for good; false when there is none. */
export function removeNumber(store: Store, id: string): boolean {
  return store.together(() => {
    if (store.phoneNumbers.get(id) !== undefined) giveNumber(store, id, undefined);
    return store.phoneNumbers.remove(id);
  });
}

/** An agent calls from the number it had, as long as that is its own, else from the first it has. */
function followNumbers(store: Store, agentId: string): void {
  const own = store.phoneNumbers.find('agent_id', agentId).map((number) => number.phone_number_id);
  store.agents.update(agentId, ({ phone_number_id: present, ...agent }) => {
    const calling = own.includes(present) ? present : own[0];
    return calling === undefined ? agent : { ...agent, phone_number_id: calling };
  });
}

/** A number as v1 tells of it. What signs and what logs in is told once, when it is made, or never. */
export function shownV1({ webhook, sip_auth, ...number }: Document): Document {
  return {
    ...number,
    ...(webhook !== undefined && { webhook: without(webhook, 'signing_secret', 'auth_token') }),
    ...(sip_auth !== undefined && { sip_auth: without(sip_auth, 'auth_password') }),
  };
}

/** The same in camelCase, as v2 does. Numbers from before they had an origin were all bought. */
export function shownV2(number: Document): Document {
  const shown = shownV1(number);
  return camelPhone(shown.origin === undefined ? { ...shown, origin: 'xai_provisioned' } : shown);
}

function without(value: unknown, ...members: string[]): Document {
  return Object.fromEntries(Object.entries(value as Document).filter(([name]) => !members.includes(name)));
}
