// The one error a user ever sees, and the one table of exit codes. A leaf: it imports nothing.

/** What a process ends with. The table users rely on is printed by `agents help exit-codes`. */
export const exit = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  unavailable: 5,
  negative: 6,
  interrupted: 130,
  pipeClosed: 141,
  terminated: 143,
} as const;

/** Every `error.code` the tool can print, with the exit code it leads to. */
export const errorCodes = {
  /** The service read the request and refused it. */
  refused: exit.failed,
  /** 409: the thing exists already, or is in another state. */
  conflict: exit.failed,
  /** 410: the service has removed what was asked for. */
  gone: exit.failed,
  /** 413: the request is larger than the service takes. */
  too_large: exit.failed,
  /** The reply is not what the API sends: HTML, another shape, too much of it. */
  invalid_reply: exit.failed,
  /** The server pointed at another address. Redirects are not followed, so that the key stays home. */
  redirected: exit.failed,
  /** The conversation ended because of an error of the session itself. */
  session_failed: exit.failed,
  /** A phone call broke off. */
  call_failed: exit.failed,
  /** Part of several things asked for was not done. */
  batch_failed: exit.failed,
  /** The model went on calling tools beyond the number of rounds it was allowed. */
  tool_rounds: exit.failed,
  /** A file or the local store cannot be written or is damaged. */
  storage: exit.failed,
  /** A program of this machine did not do what it was run for. */
  program_failed: exit.failed,
  /** A fault of this tool. */
  internal: exit.failed,
  /** A flag or an argument is wrong. */
  usage: exit.usage,
  /** A file cannot be read. */
  unreadable: exit.usage,
  /** A spec or a script does not hold what it should. */
  invalid_spec: exit.usage,
  not_found: exit.notFound,
  key_missing: exit.notAllowed,
  key_refused: exit.notAllowed,
  forbidden: exit.notAllowed,
  /** The team may not use the Agents API at all. */
  agents_not_enabled: exit.notAllowed,
  /** No credits left: trying again does not help, adding credits does. */
  credits_exhausted: exit.notAllowed,
  rate_limited: exit.unavailable,
  /** 5xx: the service is at fault. */
  unavailable: exit.unavailable,
  network: exit.unavailable,
  tls: exit.unavailable,
  timeout: exit.unavailable,
  /** The socket closed before the conversation was over. */
  dropped: exit.unavailable,
  /** A call that nobody answered, that was busy, or turned down. */
  not_answered: exit.negative,
  /** A limit the user set. */
  budget_reached: exit.negative,
  interrupted: exit.interrupted,
  terminated: exit.terminated,
} as const;

export type ErrorCode = keyof typeof errorCodes;

export interface ErrorDetails {
  /** What to do next, as a command where there is one. */
  hint?: string | undefined;
  /** HTTP status, where a server answered. */
  status?: number | undefined;
  /** The service's own name for the request (`x-request-id`), to quote to its support. */
  requestId?: string | undefined;
  /** The `Retry-After` header as it came. */
  retryAfter?: string | undefined;
  cause?: unknown;
}

/**
 * A failure told to the user. `message` says what failed, with the value: lower case, no full stop.
 * It may hold text from a server: whoever prints it removes control characters.
 */
export class CliError extends Error {
  readonly code: ErrorCode;
  readonly exit: number;
  readonly hint: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'CliError';
    this.code = code;
    this.exit = errorCodes[code];
    this.hint = details.hint;
    this.status = details.status;
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
  }

  /** The same failure with another hint. */
  withHint(hint: string | undefined): CliError {
    const { message, code, status, requestId, retryAfter, cause } = this;
    return new CliError(code, message, { hint, status, requestId, retryAfter, cause });
  }

  /** The `error` member of the JSON line on stderr. */
  toJSON(): Record<string, unknown> {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint !== undefined && { hint: this.hint }),
      ...(this.status !== undefined && { status: this.status }),
      ...(this.requestId !== undefined && { request_id: this.requestId }),
    };
  }
}

/** The `code` of a Node or library error ("ECONNREFUSED"), looked for along its causes as well. */
export function systemCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 5; depth++) {
    const code = (current as NodeJS.ErrnoException).code;
    if (typeof code === 'string') return code;
    if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0];
    else current = current.cause;
  }
  return undefined;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
