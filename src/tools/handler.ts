// What runs a tool, whatever kind it is of.

export interface ToolCall {
  call_id: string;
  name: string;
  /** As the model gave them: an object, or whatever else it wrote. */
  arguments: unknown;
  /** Where lines for the person go, if not to where all do. */
  note?: ((text: string) => void) | undefined;
  /** Where the agent is on the phone. */
  phone?: PhoneCall | undefined;
}

/** The phone call a tool is called in, for functions: it may hand the caller over. */
export interface PhoneCall {
  readonly call_id: string;
  /** As the service tells them; absent where it does not. */
  readonly from?: string;
  readonly to?: string;
  /** Hands the caller over: to a number such as +14155550123, or a SIP address. Rejects when that is refused. */
  transfer(target: string): Promise<void>;
  hangUp(): Promise<void>;
  /** Resolves when the phone call is over, for whoever keeps it: it outlives the calls of tools made in it. */
  readonly ended?: Promise<void>;
}

/** What a handler is given beside the arguments. */
export interface CallContext {
  call_id: string;
  name: string;
  /** Aborts when the result is no longer wanted: out of time, interrupted, the session over. */
  signal: AbortSignal;
  /** A line for the person, beside the answer. */
  log(text: string): void;
  /** In agents listen. */
  phone?: PhoneCall | undefined;
}

export type Handle = (given: Record<string, unknown>, context: CallContext) => unknown;

export interface Handler {
  handle: Handle;
  /** Instead of the limit of all tools. */
  timeoutMs?: number | undefined;
  /** Whether a call that failed without an answer may be made once more. */
  safe: boolean;
}
