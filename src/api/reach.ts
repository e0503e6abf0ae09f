// The way to a server, step by step: for whoever wants to know at which one it ends. What is wrong is thrown as the
// system's own error, as it comes; `connectionFailure` has the words for it.

import { lookup } from 'node:dns/promises';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type PeerCertificate } from 'node:tls';
import { createHttp } from './http.js';

interface Limits {
  /** Aborts when there is no more use for an answer. */
  signal: AbortSignal;
}

/** The port of a URL, where it names none that of its protocol. */
export const portOf = ({ port, protocol }: URL) =>
  Number(port) || (/^(https|wss):$/.test(protocol) ? 443 : 80);

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');

/** The addresses a host's name stands for. */
export async function addressesOf(url: URL): Promise<string[]> {
  return (await lookup(hostOf(url), { all: true })).map(({ address }) => address);
}

/** Opens a connection to a URL's host and closes it again. */
export async function touch(url: URL, { signal }: Limits): Promise<void> {
  const socket = connectTcp({ host: hostOf(url), port: portOf(url) });
  const stop = () => socket.destroy(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

export interface TlsAnswer {
  /** Why the certificate is not trusted; undefined when it is. */
  problem: string | undefined;
  /** "TLSv1.3". */
  protocol: string;
  /** When the certificate ends, in Unix milliseconds; undefined when it does not say. */
  validUntilMs: number | undefined;
  issuer: string;
}

/** The certificate of an https server, trusted or not; through a proxy where there is one. */
export async function tlsOf(url: URL, proxy: URL | undefined, { signal }: Limits): Promise<TlsAnswer> {
  const through = proxy === undefined ? undefined : await tunnel(url, proxy, { signal });
  const host = hostOf(url);
  const socket = connectTls({
    ...(through === undefined ? { host, port: portOf(url) } : { socket: through }),
    // An address cannot be asked for by name.
    ...(isIP(host) === 0 && { servername: host }),
    // It is to be looked at also where it is not trusted. Nothing is sent over this connection.
    rejectUnauthorized: false,
  });
  const stop = () => socket.destroy(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    const { valid_to, issuer }: Partial<PeerCertificate> = socket.getPeerCertificate();
    const until = Date.parse(valid_to ?? '');
    return {
      problem: socket.authorized ? undefined : String(socket.authorizationError ?? 'not trusted'),
      protocol: socket.getProtocol() ?? 'TLS',
      validUntilMs: Number.isNaN(until) ? undefined : until,
      issuer: String(issuer?.O ?? issuer?.CN ?? 'nobody named'),
    };
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

/** A connection to a URL's host through a proxy. */
function tunnel(url: URL, proxy: URL, { signal }: Limits): Promise<Socket> {
  const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const target = `${url.hostname}:${portOf(url)}`;
  return new Promise((resolve, reject) => {
    const asked = request({
      method: 'CONNECT',
      host: hostOf(proxy),
      port: portOf(proxy),
      path: target,
      headers: {
        host: target,
        ...(credentials !== ':' && {
          'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
        }),
      },
      agent: false,
      signal,
    });
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new Error(`the proxy refuses the way to ${target} with status ${statusCode}`));
    });
    asked.once('response', ({ statusCode }) => {
      asked.destroy();
      reject(new Error(`the proxy answers the way to ${target} with status ${statusCode}`));
    });
    asked.once('error', reject);
    asked.end();
  });
}

export interface Glance {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The beginning of the body. */
  text: string;
}

const glanceBytes = 4096;

/** What a server answers to a GET without a key. Throws CliError. */
export async function glance(
  url: URL,
  { proxy, timeoutMs, userAgent }: { proxy?: URL | undefined; timeoutMs: number; userAgent: string },
  { signal }: Limits,
): Promise<Glance> {
  const http = await createHttp({ origin: url, timeoutMs, proxy, shortLived: true });
  try {
    const headers = { accept: 'application/json', 'user-agent': userAgent };
    const { status, headers: told, chunks } = await http.send({ method: 'GET', url, headers }, signal);
    let text = '';
    for await (const chunk of chunks()) {
      text += Buffer.from(chunk).toString('latin1');
      if (text.length >= glanceBytes) break;
    }
    return { status, headers: told, text };
  } finally {
    await http.close();
  }
}
