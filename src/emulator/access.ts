// Who may use the local API. It takes any key or none unless told otherwise, knows its own ephemeral secrets, and
// keeps web pages of other origins out: it listens on the user's machine, where every page could reach it.

import { secretPrefix } from './handlers/account.js';
import { type Refusal, unauthenticated } from './refusal.js';

/** Throws the Refusal a REST request deserves, if any. */
export function checkAccess(authorization: string | undefined): void {
  if (bearer(authorization)?.startsWith(secretPrefix))
    throw unauthenticated('An ephemeral secret is only good for the realtime socket');
}

/** The same for the realtime socket: there a secret may also stand in the subprotocol. Returns the Refusal. */
export function refusalOfSocket(
  authorization: string | undefined,
  protocols: readonly string[],
  isSecretValid: (secret: string) => boolean,
): Refusal | undefined {
  const inProtocol = protocols.find((name) => name.startsWith(secretProtocol))?.slice(secretProtocol.length);
  let token: string | undefined;
  try {
    token = inProtocol ?? bearer(authorization);
  } catch (error) {
    return error as Refusal;
  }
  const isSecret = inProtocol !== undefined || token?.startsWith(secretPrefix);
  if (isSecret && !isSecretValid(token ?? ''))
    return unauthenticated('The client secret is unknown or has expired');
  return undefined;
}

/** How a browser, which can set no header on a socket, gives its secret. */
export const secretProtocol = 'xai-client-secret.';

function bearer(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const found = /^Bearer\s+(\S+)$/i.exec(authorization.trim());
  if (found === null) throw unauthenticated('The Authorization header is not of the form "Bearer <key>"');
  return found[1];
}

/** Whether what listens on an address is reached from this machine alone. */
export function isLoopbackAddress(host: string): boolean {
  return /^(127\.|localhost$|::1$)/i.test(host);
}

/** Whether a page's origin is this machine. */
export function isLocalOrigin(origin: string): boolean {
  return /^https?:\/\/(localhost|127(\.\d+){3}|\[::1\]|[\w-]+\.localhost)(:\d+)?$/i.test(origin);
}

/**
 * Whether a request comes from a page that has no business here: from another origin, or by a name that somebody
 * else resolves to this machine (DNS rebinding). `host` is what the server was told to listen on.
 */
export function isForeign(
  headers: { host?: string | undefined; origin?: string | undefined },
  host: string,
): boolean {
  if (headers.origin !== undefined && !isLocalOrigin(headers.origin)) return true;
  // Whoever listens beyond this machine wants to be reached by other names.
  if (!isLoopbackAddress(host)) return false;
  const named = (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const isAddress = /^\d+(\.\d+){3}$|^\[.*\]$/.test(named);
  return !(
    isAddress ||
    named === '' ||
    named === 'localhost' ||
    named.endsWith('.localhost') ||
    named === host.toLowerCase()
  );
}
