// The way to the server: proxy, name, connection, certificate, clock.

import { connectionFailure, type ProxyUrl } from '../../api/http.js';
import { proxyFor } from '../../api/proxy.js';
import { addressesOf, glance, portOf, type TlsAnswer, tlsOf, touch } from '../../api/reach.js';
import { type Context, userAgent } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile } from '../../files.js';
import { readProblem } from '../../folders.js';
import { isLoopback } from '../../protocol/address.js';
import { type Check, type Finding, failedBy, failure, ok, warning } from './check.js';

export const networkChecks: readonly Check[] = [
  { name: 'proxy', look: checkProxy },
  { name: 'network', look: checkNetwork },
  { name: 'tls', look: checkTls },
  { name: 'clock', look: checkClock },
];

/** How long one step may take; the check as a whole has a limit of its own. */
const stepMs = 5000;

const proxyVariables = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'];

async function checkProxy({ settings, host }: Context, signal: AbortSignal): Promise<Finding | undefined> {
  const { baseUrl } = settings;
  const set = proxyVariables.flatMap((name) => [name, name.toLowerCase()]).filter((name) => host.env[name]);
  if (baseUrl === undefined) return undefined;
  try {
    const proxy = proxyFor(baseUrl, host.env);
    if (proxy === undefined) return ok(withoutProxy(baseUrl, set));
    await steps(() => touch(proxy, { signal }), baseUrl, proxy);
    return ok(`${baseUrl.host} is reached through ${proxy.origin} (${set.join(', ')})`);
  } catch (error) {
    signal.throwIfAborted();
    const { message, hint } = failedBy(error);
    return failure(
      message,
      set.length === 0 ? hint : `check ${set.join(', ')}, or name the host in NO_PROXY`,
    );
  }
}

function withoutProxy(baseUrl: URL, set: string[]): string {
  if (set.length === 0) return 'none';
  const why = isLoopback(baseUrl)
    ? 'this machine is reached directly'
    : 'NO_PROXY, or no proxy for this kind of address';
  return `not used for ${baseUrl.host}, though ${set.join(', ')} is set: ${why}`;
}

async function checkNetwork({ settings, host }: Context, signal: AbortSignal): Promise<Finding | undefined> {
  const { baseUrl } = settings;
  // Behind a proxy it is the proxy that knows names.
  if (baseUrl === undefined || isProxied(baseUrl, host.env)) return undefined;
  try {
    const addresses = await steps(() => addressesOf(baseUrl), baseUrl);
    await steps(() => touch(baseUrl, { signal }), baseUrl);
    const [first = 'an address', ...others] = addresses;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return ok(`${baseUrl.hostname} is ${first}${more}; port ${portOf(baseUrl)} answers`);
  } catch (error) {
    signal.throwIfAborted();
    return failedBy(error);
  }
}

async function checkTls(
  { settings, host, clock }: Context,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  const { baseUrl } = settings;
  const file = host.env.NODE_EXTRA_CA_CERTS;
  const extra = file ? extraProblem(file) : undefined;
  if (baseUrl?.protocol !== 'https:') return extra;
  try {
    const proxy = proxyFor(baseUrl, host.env);
    const found = tlsFinding(
      await steps(() => tlsOf(baseUrl, proxy, { signal }), baseUrl, proxy),
      clock.now(),
      file,
    );
    return found.status === 'ok' && extra !== undefined ? extra : found;
  } catch (error) {
    signal.throwIfAborted();
    // What stands in the way before TLS begins is told by the check of the network, where there is one.
    const isTold = error instanceof CliError && error.code !== 'tls' && !isProxied(baseUrl, host.env);
    return isTold ? extra : failedBy(error);
  }
}

function extraProblem(file: string): Finding | undefined {
  const problem = isFile(file) ? readProblem(file) : 'no such file';
  if (problem === undefined) return undefined;
  return warning(
    `NODE_EXTRA_CA_CERTS names ${file}: ${problem}`,
    'name a readable file of certificates (PEM)',
  );
}

const dayMs = 24 * 3600 * 1000;
/** Before this many days are over somebody had better look after it. */
const soonDays = 7;

/** What a certificate is worth at the moment `nowMs`; `file` is what NODE_EXTRA_CA_CERTS names. */
export function tlsFinding(answer: TlsAnswer, nowMs: number, file?: string): Finding {
  const { problem, protocol, validUntilMs, issuer } = answer;
  const until =
    validUntilMs === undefined ? '' : `, good until ${new Date(validUntilMs).toISOString().slice(0, 10)}`;
  if (problem !== undefined) {
    const also = file
      ? `it is not in ${file}`
      : 'set NODE_EXTRA_CA_CERTS to the certificate file of a private authority';
    return failure(
      `the certificate, by ${issuer}${until}, is not trusted: ${problem}`,
      `${also}; is there something between you and the server?`,
    );
  }
  const days = validUntilMs === undefined ? Number.POSITIVE_INFINITY : (validUntilMs - nowMs) / dayMs;
  const shown = `${protocol}, trusted${until}, by ${issuer}`;
  return days < soonDays
    ? warning(shown, 'it ends within days: whoever keeps the server renews it')
    : ok(shown);
}

async function checkClock(context: Context, signal: AbortSignal): Promise<Finding | undefined> {
  const { settings, host, clock } = context;
  const { baseUrl } = settings;
  // This machine's clock is right by itself.
  if (baseUrl === undefined || isLoopback(baseUrl)) return undefined;
  try {
    const proxy = proxyFor(baseUrl, host.env);
    const options = { proxy, timeoutMs: stepMs, userAgent: userAgent(host) };
    const { headers } = await glance(new URL(baseUrl.origin), options, { signal });
    return clockFinding(Date.parse(headers.date ?? ''), clock.now());
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CliError)) throw error;
    // Told by the checks before.
    return undefined;
  }
}

const warnMs = 60_000;
/** Webhooks whose time is farther off are refused. */
const failMs = 5 * 60_000;

/** How far this machine's clock is off the server's; both in Unix milliseconds. Undefined where that is not known. */
export function clockFinding(serverMs: number, nowMs: number): Finding | undefined {
  if (Number.isNaN(serverMs)) return undefined;
  const offMs = nowMs - serverMs;
  const seconds = Math.round(Math.abs(offMs) / 1000);
  const shown = `${seconds} s ${offMs < 0 ? 'behind' : 'ahead of'} the server's`;
  const hint = 'set it, or let the system keep it (NTP)';
  if (Math.abs(offMs) > failMs)
    return failure(`${shown}: webhooks and secrets are refused by their time`, hint);
  if (Math.abs(offMs) > warnMs) return warning(shown, hint);
  return ok(seconds <= 1 ? "as the server's" : shown);
}

function isProxied(url: URL, env: Record<string, string | undefined>): boolean {
  try {
    return proxyFor(url, env) !== undefined;
  } catch {
    return true;
  }
}

/** A step on the way; what fails is told in the words of every other connection. */
async function steps<T>(step: () => Promise<T>, url: URL, proxy?: ProxyUrl): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof CliError ? error : connectionFailure(error, url, stepMs, { proxy });
  }
}
