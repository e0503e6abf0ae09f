// How the local API says no: in the shapes the service was seen to use. Handlers throw a Refusal, one function
// writes it.

import { CliError, messageOf } from '../errors.js';
import { knownMembers } from '../protocol/agent.js';
import type { Fault } from '../protocol/faults.js';

export class Refusal extends Error {
  readonly status: number;
  /** An object is sent as JSON, text as plain text. */
  readonly body: Record<string, unknown> | string;
  /** Beside the content type, which may be named too. */
  readonly headers: Record<string, string>;

  constructor(status: number, body: Record<string, unknown> | string, headers: Record<string, string> = {}) {
    super(typeof body === 'string' ? body : String(body.error));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export function invalidArgument(error: string): Refusal {
  return new Refusal(400, { code: 'Client specified an invalid argument', error });
}

export function notFound(error: string): Refusal {
  return new Refusal(404, { code: 'Some requested entity was not found', error });
}

export function unauthenticated(error: string): Refusal {
  return new Refusal(401, { code: 'The request does not have valid authentication credentials', error });
}

export function forbidden(error: string): Refusal {
  return new Refusal(403, {
    code: 'The caller does not have permission to execute the specified operation',
    error,
  });
}

/** What the service answers to every purchase of a number by v2, seen live, and what its documents say now. */
export const noProvisioning = () =>
  forbidden(
    'Provisioning SpaceXAI phone numbers via the API is not supported. Use the console (Voice Agents) instead.',
  );

export function conflict(error: string): Refusal {
  return new Refusal(409, { code: 'Some entity that we attempted to create already exists', error });
}

/** Too much at once: what fits later is not refused then. */
export function exhausted(error: string): Refusal {
  return new Refusal(429, { code: 'Some resource has been exhausted', error });
}

/** What the service says of a wrong key: with status 400. */
export function incorrectKey(key: string): Refusal {
  return invalidArgument(
    `Incorrect API key provided: ${key.slice(0, 4)}****. You can obtain an API key from https://console.x.ai.`,
  );
}

export function unavailable(error: string): Refusal {
  return new Refusal(503, { code: 'The service is currently unavailable', error });
}

/** What is asked for does not go with what there is. */
export function inOtherState(error: string): Refusal {
  return new Refusal(409, {
    code: 'The operation was rejected because the system is in another state',
    error,
  });
}

/** A body that does not fit: 422 in plain text for its shape, 400 for a value out of bounds. */
export function unfitBody(fault: Fault, body: unknown): Refusal {
  if (fault.unknown !== undefined) {
    const known = knownMembers(body, fault.keys).map((name) => `\`${name}\``);
    const expected = known.length > 0 ? `, expected one of ${known.join(', ')}` : '';
    return misshapen(`${fault.path}: unknown field \`${fault.unknown}\`${expected}`);
  }
  const place = fault.path === '' ? 'the body' : fault.path;
  return fault.misshapen
    ? misshapen(`${place} ${fault.problem}`)
    : invalidArgument(`${place} ${fault.problem}`);
}

/** What a handler could not do for a reason of its own: 500, and the store's own words, which name the file. */
export function failed(error: unknown, onFailure: ((error: CliError) => void) | undefined): Refusal {
  if (error instanceof CliError) onFailure?.(error);
  const said = error instanceof CliError ? error.message : `The local API failed: ${messageOf(error)}`;
  return new Refusal(500, { code: 'Internal error', error: said });
}

export function misshapen(problem: string): Refusal {
  return new Refusal(422, `Failed to deserialize the JSON body into the target type: ${problem}`);
}
