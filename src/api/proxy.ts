// Which proxy a URL goes through, by the environment variables every tool reads. One rule for HTTP and for the
// socket.

import { CliError } from '../errors.js';
import { isLoopback } from '../protocol/address.js';
import type { ProxyUrl } from './http.js';

/**
 * The proxy for a URL (ws and wss count as http and https), or undefined for a direct connection. This machine
 * itself is always reached directly. Throws CliError `usage` when the variable holds no URL.
 */
export function proxyFor(url: URL, env: Record<string, string | undefined>): ProxyUrl | undefined {
  if (isLoopback(url) || isExempt(url, read(env, 'NO_PROXY') ?? '')) return undefined;
  const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
  // HTTP_PROXY in capitals can be set by a request's header where a program runs as CGI; curl ignores it too.
  const own = isSecure ? ['https_proxy', 'HTTPS_PROXY'] : ['http_proxy'];
  const variable = [...own, 'all_proxy', 'ALL_PROXY'].find((name) => env[name]);
  if (variable === undefined) return undefined;
  return Object.assign(readAddress(env[variable] ?? '', variable), { variable });
}

function readAddress(text: string, variable: string): URL {
  // The address may hold a password, which is nobody's to see, and may itself hold "@" and "/".
  const at = text.lastIndexOf('@');
  const shown = at < 0 ? text : `…${text.slice(at)}`;
  const address = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(address)) {
    throw new CliError('usage', `the proxy address in ${variable} is not a URL: ${shown}`);
  }
  const proxy = new URL(address);
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw new CliError('usage', `the proxy in ${variable} is not an http proxy: ${shown}`, {
      hint: `${variable} looks like http://proxy.example:3128`,
    });
  }
  return proxy;
}

const read = (env: Record<string, string | undefined>, name: string) => env[name.toLowerCase()] || env[name];

/** `NO_PROXY`: hosts separated by commas or blanks; each stands for its subdomains too, `*` for everything. */
function isExempt(url: URL, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [host = '', port] = entry.replace(/^\*?\./, '').split(':');
      if (port !== undefined && port !== (url.port || (/s:$/.test(url.protocol) ? '443' : '80')))
        return false;
      const name = url.hostname.toLowerCase();
      return name === host.toLowerCase() || name.endsWith(`.${host.toLowerCase()}`);
    });
}
