// From a route and its arguments to a request, and the same request as it may be shown.

import { CliError } from '../errors.js';
import { readJson, writeJson } from '../json-text.js';
import { isLoopback } from '../protocol/address.js';
import { agentHeader } from '../protocol/agent.js';
import { hidden, hideInText, hideSecrets } from '../protocol/redact.js';
import { type Effect, type Route, type RouteName, routes } from '../protocol/routes.js';
import type { HttpRequest, ProxyUrl } from './http.js';
import { type Form, multipart } from './multipart.js';

/** A server, and the key that goes there and nowhere else. */
export interface Plane {
  baseUrl: URL;
  key?: string | undefined;
  /** Where to go through. */
  proxy?: ProxyUrl | undefined;
}

export interface Sender extends Plane {
  userAgent: string;
  /** The stored agent that answers are asked of; "" when it is none. */
  agentId?: (() => string | undefined) | undefined;
  newId(): string;
}

/** A call's path parameters, query and body in one object. */
export type LooseArguments = {
  body?: unknown;
  form?: Form;
  at?: string;
  effect?: Effect;
  query?: Record<string, string>;
} & Record<string, unknown>;

/** A request as it would be sent, the key hidden: for `--dry-run`. */
export interface ShownRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: unknown;
}

/**
 * A key goes only over https or to this machine, and must be fit for a header.
 * Throws CliError `usage` or `key_refused`.
 */
export function checkKey({ baseUrl, key }: Plane, variable = 'XAI_API_KEY'): void {
  if (key === undefined) return;
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new CliError('key_refused', 'the API key holds characters that a key cannot have', {
      hint: `check ${variable} for spaces and line breaks; it looks like xai-…`,
    });
  }
  if (baseUrl.protocol !== 'https:' && !isLoopback(baseUrl)) {
    throw new CliError('usage', `the key would travel unencrypted to ${baseUrl.origin}`, {
      hint: `use an https:// base URL, or unset ${variable} if that server needs no key`,
    });
  }
}

/** The request of a call. */
export function requestOf(name: RouteName, args: LooseArguments, sender: Sender): HttpRequest {
  const route: Route = routes[name];
  const form = args.form && multipart(args.form, sender.newId());
  const path = (args.at ?? route.path).replace(/\{(\w+)\}/g, (_, parameter) =>
    pathSegment(String(args[parameter])),
  );
  // Joined as text: resolved as a relative address, "//" at its start would name another host.
  const url = new URL(sender.baseUrl.origin + sender.baseUrl.pathname.replace(/\/+$/, '') + path);
  const agentId = name === 'createChatCompletion' ? sender.agentId?.() : undefined;
  for (const [key, value] of Object.entries(args.query ?? {})) url.searchParams.set(key, value);
  return {
    method: route.method,
    url,
    headers: {
      accept: route.reply === 'bytes' ? '*/*' : 'application/json',
      'user-agent': sender.userAgent,
      'x-client-request-id': sender.newId(),
      ...(agentId !== undefined && { [agentHeader]: agentId }),
      ...(sender.key !== undefined && {
        authorization: `Bearer ${sender.key}`,
      }),
      ...(args.body !== undefined && { 'content-type': 'application/json' }),
      ...(form && { 'content-type': form.contentType, 'content-length': String(form.length) }),
    },
    ...(args.body !== undefined && { body: writeJson(args.body) }),
    ...(form && { body: form }),
  };
}

/** These would name another place, however they were encoded. */
function pathSegment(value: string): string {
  if (['', '.', '..'].includes(value)) {
    throw new CliError('usage', `${JSON.stringify(value)} is no id`, {
      hint: 'agents list shows the ids there are',
    });
  }
  return encodeURIComponent(value);
}

/** "GET /v1/agents": how a request is called in messages. */
export const titleOf = ({ method, url }: HttpRequest) => `${method} ${url.pathname}`;

/** The request with every secret hidden. */
export function shownRequest({ method, url, headers, body }: HttpRequest): ShownRequest {
  return {
    method,
    url: url.href,
    headers: {
      ...headers,
      ...(headers.authorization !== undefined && {
        authorization: `Bearer ${hidden}`,
      }),
    },
    ...(body !== undefined && { body: shownBody(body) }),
  };
}

/** A form is shown without the bytes of its file. */
function shownBody(body: NonNullable<HttpRequest['body']>): unknown {
  if (typeof body === 'string') return hideSecrets(readJson(body));
  const { fields, file } = body.form;
  return { ...fields, file: `${file.name}, ${file.type}, ${file.size} bytes` };
}

/** A body for `--verbose`: secrets hidden, cut where it is very long. */
export function shownText(text: string): string {
  let shown: string;
  try {
    shown = writeJson(hideSecrets(readJson(text)));
  } catch {
    shown = hideInText(text);
  }
  return shown.length > 4000 ? `${shown.slice(0, 4000)}… (${shown.length} characters)` : shown;
}
