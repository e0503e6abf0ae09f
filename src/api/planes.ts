// Two ways to collections. Documented is a server of their own, with a Management key; clients were seen to reach them
// by the API's server and the plain key as well. Who is refused at one is told of the other.

import type { CliError } from '../errors.js';
import type { HttpRequest } from './http.js';
import type { Plane } from './request.js';

/** The documented servers. */
export const planes = { api: 'https://api.x.ai', management: 'https://management-api.x.ai' } as const;

/** What to do next after a refusal about collections; `isOwn` where their server is not that of the base URL. */
export function otherPlaneHint(
  error: CliError,
  { url }: HttpRequest,
  { baseUrl }: Plane,
  isOwn = false,
): string | undefined {
  const isThing = /\/collections\/./.test(url.pathname);
  if (error.code === 'not_found' && isThing) return 'agents knowledge list shows what there is';
  if (![401, 403, 404].includes(error.status ?? 0) && error.code !== 'key_refused') return error.hint;
  if (baseUrl.origin === planes.management)
    return `check XAI_MANAGEMENT_API_KEY; some teams reach collections with the plain key: AGENTS_MANAGEMENT_URL=${planes.api}`;
  if (baseUrl.origin === planes.api)
    return `collections are documented at ${planes.management}, with a key of their own: unset AGENTS_MANAGEMENT_URL and set XAI_MANAGEMENT_API_KEY`;
  if (isOwn && error.code === 'key_refused')
    return `check XAI_MANAGEMENT_API_KEY, the key of ${baseUrl.origin}`;
  if (isOwn && (error.code === 'key_missing' || error.hint?.includes('no key was sent')))
    return `no key was sent: set XAI_MANAGEMENT_API_KEY, for XAI_API_KEY does not go to ${baseUrl.origin}`;
  if (error.code === 'not_found')
    return 'is the base URL that of an xAI API? where collections have a server of their own, AGENTS_MANAGEMENT_URL names it';
  return error.hint;
}
