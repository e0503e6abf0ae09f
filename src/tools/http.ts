// A tool behind an address: the arguments are posted as JSON, the body of the reply is the result.

import { writeJson } from '../json-text.js';
import { isObject } from '../protocol/json.js';
import { largestResultBytes, networkReason, ToolFailure, tooLarge } from './failure.js';
import type { Handle } from './handler.js';

export interface Endpoint {
  url: string;
  method: string;
  headers: Record<string, string>;
}

export function httpHandler({ url, method, headers }: Endpoint): Handle {
  return async (given, { call_id, name, signal }) => {
    const reply = await reach(url, {
      method,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
        'x-tool-name': name,
        'x-call-id': call_id,
        ...headers,
      },
      body: writeJson(given),
      // Headers may hold a token, which is for this address alone.
      redirect: 'manual',
      signal,
    });
    const text = await bodyOf(reply);
    if (reply.ok) return text;
    const reason = reasonIn(text);
    throw new ToolFailure(`HTTP ${reply.status}${reason === '' ? '' : `: ${reason}`}`, {
      answered: reply.status < 500,
    });
  };
}

async function reach(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (error) {
    throw lost(`cannot reach ${new URL(url).host}`, error);
  }
}

async function bodyOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body ?? []) {
      size += chunk.length;
      if (size > largestResultBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof ToolFailure ? error : lost('the reply broke off', error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function lost(what: string, error: unknown): ToolFailure {
  return new ToolFailure(`${what}: ${networkReason(error)}`, {
    answered: false,
    cause: error,
  });
}

/** The words in an error's body: a member that holds them, or the text itself. */
function reasonIn(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text.trim().slice(0, 500);
  }
  const error = isObject(value) ? (value.error ?? value.message ?? value.detail) : undefined;
  const told = isObject(error) ? error.message : error;
  return (typeof told === 'string' ? told : text.trim()).slice(0, 500);
}
