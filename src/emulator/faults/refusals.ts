// The refusals that can be rehearsed, in the words and shapes the service and its proxies were seen to use.

import {
  conflict,
  forbidden,
  incorrectKey,
  noProvisioning,
  notFound,
  Refusal,
  unauthenticated,
  unavailable,
} from '../refusal.js';

/** What a refusal may speak of. */
export interface Refused {
  /** "/v1/agents". */
  path: string;
  /** The key that was sent, or "none". */
  key: string;
}

const exhausted = 'Some resource has been exhausted';
const page = (title: string) => `<!doctype html>\n<html><body><h1>${title}</h1></body></html>\n`;
const html = { 'content-type': 'text/html' };
/** Long enough to be seen, short enough to be waited for. */
const retryAfter = { 'retry-after': '1' };

const blocked = () => forbidden('Your team is blocked. Please contact support@x.ai.');
const noSuchUser = () => unauthenticated('The credentials are missing or have expired');
const down = () => unavailable('The service is currently unavailable. Please try again later.');

/** By the name of the fault. */
export const refusals = {
  'wrong-key': ({ key }) => incorrectKey(key),
  'unauthorized-401': noSuchUser,
  'team-blocked-403': blocked,
  'agents-not-enabled': () => forbidden('agents endpoint is not enabled for this team'),
  'no-provisioning-403': noProvisioning,
  'not-found-404': ({ path }) => notFound(`Nothing was found at ${path}`),
  'conflict-409': () => conflict('It exists already'),
  'unprocessable-422': () =>
    new Refusal(
      422,
      'Failed to deserialize the JSON body into the target type: missing field `fault` at line 1 column 1',
    ),
  'rate-limit-429': () => new Refusal(429, { code: exhausted, error: 'Too many requests' }, retryAfter),
  'no-credits-429': () =>
    new Refusal(429, {
      code: exhausted,
      error:
        'Your team local has either used all available credits or reached its monthly spending limit. ' +
        'To continue making API requests, please purchase more credits or raise your spending limit.',
    }),
  'error-500': () => new Refusal(500, { code: 'Internal error', error: 'Something went wrong' }),
  'bad-gateway-502': () => new Refusal(502, page('502 Bad Gateway'), html),
  'unavailable-503': down,
  'overloaded-529': () => new Refusal(529, { error: { message: 'Overloaded', type: 'overloaded_error' } }),
  'empty-reply': () => new Refusal(200, '', { 'content-type': 'application/json' }),
  'html-reply': () => new Refusal(200, page('Welcome'), html),
  'handshake-401': noSuchUser,
  'handshake-403': blocked,
  'handshake-429': () =>
    new Refusal(429, { code: exhausted, error: 'Too many concurrent sessions' }, retryAfter),
  'handshake-503': down,
} satisfies Record<string, (refused: Refused) => Refusal>;
