// What a status and its body mean. The service answers a wrong key with 400, a missing permission with three
// kinds of 403, spent credits with 429: the text decides as much as the number.

import { CliError, type ErrorCode } from '../errors.js';
import { readWireError } from '../protocol/wire-error.js';

export interface Refused {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** What was asked: "GET /v1/agents/agent_1". */
  request: string;
  /** Where it was asked. */
  server: string;
  /** Whether a key was sent along. */
  keySent: boolean;
}

interface Meaning {
  code: ErrorCode;
  hint?: string;
}

const keyHint = 'check XAI_API_KEY; keys are made at https://console.x.ai';

/** Whether words from the service say that the key itself is wrong. */
const saysWrongKey =
  /(incorrect|invalid|no|missing) api key|api key (is )?(invalid|missing|not)|bad-credentials/i;

const noPhoneNumber: Meaning = { code: 'not_found', hint: 'agents phone list shows what there is' };

/** Told by text first: these hold whatever the status. */
const byText: { status: number[]; words: RegExp; meaning: Meaning }[] = [
  {
    status: [400, 401, 403],
    words: saysWrongKey,
    meaning: { code: 'key_refused', hint: keyHint },
  },
  {
    status: [403],
    words: /not enabled for this team/i,
    meaning: {
      code: 'agents_not_enabled',
      hint:
        'this team may not use the Agents API; agents can still be made at https://console.x.ai, ' +
        'and agents voice <spec file>, agents run <spec file> and everything with --local work',
    },
  },
  {
    status: [403],
    words: /team is not authori[sz]ed|team.*blocked|blocked.*team/i,
    meaning: {
      code: 'forbidden',
      hint: 'the team, not the key, lacks this right: ask its admin, or see https://console.x.ai',
    },
  },
  // The words are advice in themselves: "… via the API is not supported. Use the console instead."
  { status: [403], words: /not supported/i, meaning: { code: 'forbidden' } },
  {
    status: [429],
    words: /credits|spending limit/i,
    meaning: {
      code: 'credits_exhausted',
      hint: 'add credits or raise the limit at https://console.x.ai; trying again does not help',
    },
  },
  {
    status: [404],
    words: /phone.?number/i,
    meaning: noPhoneNumber,
  },
  {
    status: [404],
    words: /model/i,
    meaning: {
      code: 'not_found',
      hint: 'agents models lists those there are; another one is named with --model',
    },
  },
];

const noKeyHint = 'no key was sent: set XAI_API_KEY, or work offline with --local';
const lookCloser = '--verbose shows what was sent and what came back';

const byStatus: Record<number, Meaning> = {
  400: { code: 'refused', hint: lookCloser },
  401: { code: 'key_refused', hint: keyHint },
  403: {
    code: 'forbidden',
    hint: "the key lacks this permission: see the key's access list at https://console.x.ai",
  },
  404: { code: 'not_found', hint: 'agents list shows what there is' },
  405: { code: 'refused', hint: 'is the base URL that of an xAI API?' },
  408: { code: 'timeout', hint: 'try again' },
  409: { code: 'conflict', hint: 'it is there already, or in another state: look at it first' },
  410: { code: 'gone', hint: 'the service no longer offers this' },
  413: { code: 'too_large', hint: 'send less: the service limits the size of a request' },
  422: { code: 'refused', hint: lookCloser },
  429: { code: 'rate_limited', hint: 'wait a little and try again' },
};

/** The failure a refused request is told as. */
export function refusal(refused: Refused): CliError {
  const { status, headers, body, request, server } = refused;
  const error = readWireError(body);
  const requestId = headers['x-request-id'];
  const details = { status, requestId, retryAfter: headers['retry-after'] };
  if (status >= 300 && status < 400) {
    return new CliError(
      'redirected',
      `${request}: ${server} redirects to ${headers.location ?? 'another address'}`,
      {
        ...details,
        hint: 'redirects are not followed, so that the key goes nowhere else; name the right server with --base-url',
      },
    );
  }
  // A page of HTML says nothing; a tag that people are spared may say it all.
  const tag = /\[WKE=[^\]]*\]/.exec(body)?.[0] ?? '';
  const meaning = meaningOf(
    refused,
    error === undefined ? '' : `${error.code ?? ''} ${error.message} ${tag}`,
  );
  const said = error?.message ?? `${statusText(status)} (no readable reason given)`;
  return new CliError(meaning.code, `${request}: ${said}`, {
    ...details,
    hint: meaning.hint,
  });
}

function meaningOf({ status, headers, keySent, request }: Refused, words: string): Meaning {
  const told = byText.find((row) => row.status.includes(status) && row.words.test(words))?.meaning;
  const isOfNumbers = status === 404 && request.includes('/phone-numbers');
  const meaning = told ?? (isOfNumbers ? noPhoneNumber : (byStatus[status] ?? otherwise(status)));
  if (meaning.code === 'key_refused' && !keySent) return { code: 'key_missing', hint: noKeyHint };
  if (meaning === byStatus[403] && !keySent) return { ...meaning, hint: noKeyHint };
  if (meaning === byStatus[404] && /\/realtime\/calls\//.test(request)) {
    return { ...meaning, hint: 'the call may be over already' };
  }
  // Where the list itself is not found, pointing at it would be no help.
  const pointsAtList = meaning === byStatus[404] || meaning === noPhoneNumber;
  if (pointsAtList && !/\/(agents|phone-numbers)\/./.test(request)) {
    return { ...meaning, hint: 'is the base URL that of an xAI API?' };
  }
  const wait = headers['retry-after'];
  if (meaning.code === 'rate_limited' && wait !== undefined) {
    return { ...meaning, hint: `the service asks to wait: Retry-After ${wait}` };
  }
  return meaning;
}

function otherwise(status: number): Meaning {
  if (status >= 500) return { code: 'unavailable', hint: 'the fault is on the server; try again later' };
  return { code: 'refused', hint: lookCloser };
}

function statusText(status: number): string {
  if (status === 529) return '529 overloaded';
  if (status >= 500) return `${status} server error`;
  return `status ${status}`;
}
