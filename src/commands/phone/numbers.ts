// Phone numbers as the commands see them: found by id, number or name, by whichever version of the API a server has.

import type { Context } from '../../context.js';
import { CliError, systemCode } from '../../errors.js';
import { e164, type PhoneNumber, textOf, withoutBlanks } from '../../protocol/phone.js';
import type { PhonePage } from '../../protocol/phone-routes.js';
import { titled } from '../../terminal/table.js';
import { collectPages } from '../pages.js';
import { type Kind, theOneCalled } from '../pick.js';

export type Version = 'v1' | 'v2';

export interface Found {
  number: PhoneNumber;
  /** By which version it was found. */
  version: Version;
}

/**
 * By one version of the API or, where a server does not have that or does not give it to this team (404, 403), by the
 * other. Where both are closed v2 says why: v1 is closed to many by now, whatever the reason.
 */
export async function byEither<T>(
  one: () => Promise<T>,
  other: () => Promise<T>,
  v2: 'one' | 'other' = 'one',
): Promise<T> {
  try {
    return await one();
  } catch (first) {
    if (!isClosed(first)) throw first;
    return other().catch((second: unknown) => {
      const isClosedToo = isClosed(second) && v2 === 'one';
      // That the other is not there either says less than why the first is closed.
      throw isClosedToo || (second instanceof CliError && second.status === 404) ? first : second;
    });
  }
}

/** Whether an error says that a route is not there, or not for this team. */
export const isClosed = (error: unknown): boolean =>
  error instanceof CliError && (error.status === 404 || error.status === 403);

/** All numbers, or as many as `limit`, and by which version they were told. */
export async function listNumbers(
  context: Context,
  limit?: number,
): Promise<{ numbers: PhoneNumber[]; version: Version }> {
  const api = await context.api();
  const all = async (version: Version, fetch: (query: Record<string, string>) => Promise<PhonePage>) => {
    const page = async (query: Record<string, string>) => {
      const { numbers, next } = await fetch(query);
      return { entries: numbers, next };
    };
    return { version, numbers: await collectPages(page, limit) };
  };
  return byEither(
    () => all('v2', (query) => api.listPhoneNumbersV2({ query })),
    () => all('v1', (query) => api.listPhoneNumbers({ query })),
  );
}

const numberKind: Kind<PhoneNumber> = {
  noun: 'phone number',
  list: 'agents phone list',
  ids: (number) => [number.phone_number_id, textOf(number, 'phone_number')],
  name: (number) => textOf(number, 'name'),
};

/**
 * The number of this id, of this E.164 form (blanks and dashes do not matter), or of exactly this name. Throws CliError
 * `not_found`, or `usage` naming all that a name fits.
 */
export async function numberByAny(context: Context, text: string): Promise<Found> {
  const { numbers, version } = await context.output.during('Fetching phone numbers', () =>
    listNumbers(context),
  );
  const written = text.startsWith('+') ? withoutBlanks(text) : text;
  const number = theOneCalled(written, numbers, numberKind);
  return { number, version };
}

/** "Support Line (+14155550123)", as far as it is known. */
export function titleOf(number: PhoneNumber): string {
  const written = textOf(number, 'phone_number') ?? number.phone_number_id;
  const name = textOf(number, 'name');
  return titled(name, written);
}

/** What E.164 leaves of a number that was typed, as the value of `flag` where it is one. Throws CliError `usage`. */
export function readE164(text: string, flag?: string): string {
  const number = withoutBlanks(text);
  if (e164.test(number)) return number;
  throw new CliError(
    'usage',
    `${flag === undefined ? '' : `${flag} `}${text} is no phone number as E.164 writes it`,
    {
      hint: 'it begins with + and the country: +14155550123',
    },
  );
}

/** The number to dial: written out, or by the id or name of one that there is. Throws CliError. */
export async function dialled(context: Context, text: string, flag: string): Promise<string> {
  if (/^\+|^[\d\s().-]*$/.test(text)) return readE164(text, flag);
  const { number } = await numberByAny(context, text);
  return readE164(textOf(number, 'phone_number') ?? '', flag);
}

/**
 * Work that must not be done twice. Throws what it throws; where the answer was lost and not the question, the error says
 * that it may have been `done` ("bought") all the same.
 */
export async function once<T>(context: Context, done: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const look = 'look with agents phone list before trying again';
    if (context.signal.aborted) {
      const command = look.replace('agents', context.program);
      context.output.note(`The number may have been ${done} all the same: ${command}`);
    } else if (error instanceof CliError && mayBeDone(error)) {
      const told = error.withHint(look);
      told.message += `; the number may have been ${done} all the same`;
      throw told;
    }
    throw error;
  }
}

/** Nothing was sent where there was nobody to send it to. */
const unsent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/;

function mayBeDone(error: CliError): boolean {
  if (!['network', 'timeout', 'unavailable', 'invalid_reply'].includes(error.code)) return false;
  return !unsent.test(systemCode(error.cause) ?? '') || wasConnected(error.cause);
}

/** A line that stood may time out as well, with the question on its way. */
function wasConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('syscall' in error && /^(read|write)/.test(String(error.syscall))) || wasConnected(error.cause);
}
