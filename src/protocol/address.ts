// Where something may be sent, by its address alone.

/** A host that is this machine: keys may go there without TLS. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return (
    host === 'localhost' || host.endsWith('.localhost') || /^127(\.\d+){3}$/.test(host) || host === '::1'
  );
}

/** Whether the service can be told to post there: https, or this machine, and no user name or password in it. */
export function isWebhookUrl(text: string): boolean {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
  return isSafe && url.username === '' && url.password === '';
}

/**
 * The address of `path` at a server that speaks as OpenAI's does: `http://host`, `http://host/v1` and the whole address
 * mean the same.
 */
export function addressOf({ origin, pathname, search }: URL, path: string): string {
  const base = pathname.replace(/\/+$/, '');
  if (base.endsWith(`/${path}`)) return `${origin}${base}${search}`;
  return `${origin}${base}${/\/v\d+\w*(\/|$)/.test(base) ? '' : '/v1'}/${path}${search}`;
}
