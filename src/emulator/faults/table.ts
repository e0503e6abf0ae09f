// Every fault the local API can rehearse: where it strikes, and what then happens. The flag, the request header,
// the routes under /__local/, help, completion and the tests all read this one table.

/** Where a fault can strike. Each time something gets there is one occasion. */
export const places = {
  request: 'a REST request',
  agents: 'a request to /v1/agents',
  purchase: 'the purchase of a phone number',
  stream: 'a streamed chat completion',
  handshake: 'the handshake of a realtime socket',
  connect: 'a socket that has been opened',
  configure: 'a `session.updated`',
  reply: 'a reply on the socket',
  word: 'a word of a reply on the socket',
  event: 'an event of a reply on the socket',
  cancel: 'a reply that was cancelled',
  result: 'a tool result given on the socket',
  transcript: 'a transcript of what the person said',
  webhook: 'the webhook of a call that comes in',
  dial: 'a call that is placed',
} as const;
export type Place = keyof typeof places;

interface Row {
  at: readonly Place[];
  /** One line of help: what happens. */
  does: string;
}

// Where several strike at once, the first in this order does.
const rows = {
  'wrong-key': { at: ['request', 'handshake'], does: '400, as the service answers a wrong API key' },
  'unauthorized-401': { at: ['request'], does: '401, the credentials are not valid' },
  'team-blocked-403': { at: ['request'], does: '403, the team is blocked' },
  'agents-not-enabled': { at: ['agents'], does: '403, the team may not use the Agents API' },
  'no-provisioning-403': { at: ['purchase'], does: '403, phone numbers are not sold by the API' },
  'not-found-404': { at: ['request'], does: '404, whatever was asked for' },
  'conflict-409': { at: ['request'], does: '409, it exists already' },
  'unprocessable-422': { at: ['request'], does: '422 in plain text, the body does not fit' },
  'rate-limit-429': { at: ['request'], does: '429 with Retry-After: 1' },
  'no-credits-429': { at: ['request', 'handshake'], does: '429, the credits are spent' },
  'error-500': { at: ['request'], does: '500, an error of the service' },
  'bad-gateway-502': { at: ['request'], does: "502, a proxy's page of HTML" },
  'unavailable-503': { at: ['request'], does: '503, the service is unavailable' },
  'overloaded-529': { at: ['request'], does: '529, the service is overloaded' },
  'empty-reply': { at: ['request'], does: '200 and no body' },
  'html-reply': { at: ['request'], does: '200 and a page of HTML' },
  reset: { at: ['request'], does: 'the connection is reset before a reply' },
  'torn-reply': { at: ['request'], does: 'the reply breaks off in its middle' },
  'slow-reply': { at: ['request'], does: 'the reply comes 3 s late' },
  'stream-error-200': { at: ['stream'], does: 'status 200 and an error as JSON instead of the stream' },
  'error-in-stream': { at: ['stream'], does: 'an error instead of the rest of the stream' },
  'torn-stream': { at: ['stream'], does: 'the connection is cut in the middle of the stream' },
  'stalled-stream': { at: ['stream'], does: 'the stream stops in its middle and stays open' },
  'slow-stream': { at: ['stream'], does: 'half a second passes before each chunk' },
  'handshake-401': { at: ['handshake'], does: '401, the credentials are not valid' },
  'handshake-403': { at: ['handshake'], does: '403, the team is blocked' },
  'handshake-429': { at: ['handshake'], does: '429 with Retry-After: 1, too many sessions' },
  'handshake-503': { at: ['handshake'], does: '503, the service is unavailable' },
  'drop-at-connect': { at: ['connect'], does: 'the line is cut before the first event' },
  'silent-session': { at: ['connect'], does: 'nothing is ever sent' },
  'no-session-updated': { at: ['configure'], does: 'the event is not sent' },
  'silent-reply': { at: ['reply'], does: 'the reply never begins' },
  'drop-in-reply': { at: ['reply'], does: 'the line is cut after the first word (close code 1006)' },
  'close-1011-in-reply': { at: ['reply'], does: 'the socket is closed after the first word (1011)' },
  'max-duration': { at: ['reply'], does: 'after the first word the session is over its time, and closed' },
  'failed-reply': { at: ['reply'], does: 'after the first word an error, and the reply ends as failed' },
  'stalled-reply': { at: ['reply'], does: 'nothing follows the first word' },
  'error-in-reply': { at: ['reply'], does: 'an error after the first word; the reply goes on' },
  'slow-words': { at: ['reply'], does: 'a second passes before each word' },
  'torn-frame': { at: ['word'], does: 'only the first half of its event is sent' },
  'misshapen-event': { at: ['word'], does: 'its event has another shape' },
  'not-json': { at: ['word'], does: 'a frame of HTML comes before it' },
  'unknown-event': { at: ['word'], does: 'an event nobody has heard of comes before it' },
  'out-of-order-events': { at: ['event'], does: 'it changes places with the one that follows' },
  'duplicate-events': { at: ['event'], does: 'it is sent twice' },
  'late-deltas': { at: ['cancel'], does: 'two of its words come after its end' },
  'lost-tool-result': { at: ['result'], does: 'the result is lost, and no answer comes' },
  'interim-only-transcript': { at: ['transcript'], does: 'it never becomes final' },
  'webhook-twice': { at: ['webhook'], does: 'it is told a second time, though it answered' },
  'webhook-forged': { at: ['webhook'], does: 'one with a wrong signature, of another call, comes first' },
  'webhook-stale': { at: ['webhook'], does: 'one signed ten minutes ago, of another call, comes first' },
  'callee-busy': { at: ['dial'], does: 'the line is busy' },
  'callee-no-answer': { at: ['dial'], does: 'nobody picks up within 30 s' },
} satisfies Record<string, Row>;

export type FaultName = keyof typeof rows;
export const faultNames = Object.keys(rows) as FaultName[];
export const faultTable: Readonly<Record<FaultName, Row>> = rows;

/** The faults of a place: who acts on them holds one entry for each, or does not compile. */
export type FaultAt<P extends Place> = {
  [N in FaultName]: [Extract<(typeof rows)[N]['at'][number], P>] extends [never] ? never : N;
}[FaultName];

/** Whether a name is a fault's. */
export function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(rows, name);
}
