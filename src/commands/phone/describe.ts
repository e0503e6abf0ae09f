// A phone number in words: who answers it, and what is known of it. What a server sends under a known name may have
// another shape than documented: it is shown as it is then.

import type { Context } from '../../context.js';
import { oneLine } from '../../one-line.js';
import { isObject } from '../../protocol/json.js';
import { type PhoneNumber, sipHost, textOf } from '../../protocol/phone.js';
import { memberRows } from '../../terminal/agent-view.js';
import { type PhoneRow, phoneCard } from '../../terminal/phone-view.js';
import { cleanText, type Style } from '../../terminal/style.js';

/** Names of agents by their ids. */
export type Names = ReadonlyMap<string, string>;

/** More agents than these are shown by their ids: each name is a request of its own. */
const mostNames = 20;

/** The names of the agents that answer these numbers, as far as they can be had: nothing fails without them. */
export async function namesFor(context: Context, numbers: readonly PhoneNumber[]): Promise<Names> {
  const ids = [...new Set(numbers.flatMap((number) => textOf(number, 'agent_id') ?? []))];
  const api = await context.api();
  const names = new Map<string, string>();
  // One after the other: they share one connection.
  for (const agent_id of ids.slice(0, mostNames)) {
    const agent = await api.getAgent({ agent_id }).catch(() => undefined);
    if (typeof agent?.name === 'string') names.set(agent_id, cleanText(oneLine(agent.name)));
  }
  return names;
}

/** "Order Support", or its id, or "webhook https://…"; "" where nobody answers that is told of. */
export function answeredBy(number: PhoneNumber, names: Names = new Map()): string {
  const agentId = textOf(number, 'agent_id');
  if (agentId !== undefined) return names.get(agentId) ?? agentId;
  const { webhook } = number;
  if (!isObject(webhook)) return '';
  return `webhook ${textOf(webhook, 'url') ?? textOf(webhook, 'webhook_id') ?? ''}`.trim();
}

/** A line of the list. */
export function rowOf(number: PhoneNumber, names: Names): PhoneRow {
  return {
    number: textOf(number, 'phone_number') ?? '',
    name: textOf(number, 'name') ?? '',
    answeredBy: answeredBy(number, names),
    origin: textOf(number, 'origin') ?? '',
    id: number.phone_number_id,
  };
}

/** Where one's own trunk has to send the calls of a number: TLS, on port 5061. */
export function sipTarget(number: PhoneNumber): string | undefined {
  const written = textOf(number, 'phone_number');
  if (written === undefined || textOf(number, 'origin') !== 'byo_trunk') return undefined;
  return `sip:${written}@${textOf(number, 'sip_host') ?? sipHost};transport=tls`;
}

const shownApart = new Set(['phone_number', 'name', 'agent_id', 'webhook', 'sip_host', 'sip_auth']);

/** A number in full, under a title; `more` are rows of whoever shows it. */
export function cardOf(
  title: string,
  number: PhoneNumber,
  style: Style,
  { names, more = [] }: { names?: Names; more?: [string, string][] } = {},
): string {
  const trunk = sipTarget(number);
  const others = Object.fromEntries(Object.entries(number).filter(([name]) => !shownApart.has(name)));
  const rows: [string, string][] = [
    ['Answered by', whole(number, names)],
    ...(trunk === undefined ? [] : [['SIP trunk', trunk] as [string, string]]),
    ...sipRows(number),
    ...memberRows(others),
    ...more,
  ];
  return phoneCard(title, rows, style);
}

/** How a trunk shows that it may call. */
function sipRows({ sip_auth }: PhoneNumber): [string, string][] {
  if (!isObject(sip_auth)) return memberRows(sip_auth === undefined ? {} : { sip_auth });
  const { allowed_addresses, auth_username, auth_password: _secret, ...others } = sip_auth;
  const from = Array.isArray(allowed_addresses) ? allowed_addresses.map(String).join(', ') : '';
  const user = typeof auth_username === 'string' ? auth_username : '';
  return [
    ...(from === '' ? [] : [['SIP calls from', oneLine(from)] as [string, string]]),
    ...(user === '' ? [] : [['SIP user', oneLine(user)] as [string, string]]),
    ...memberRows(others),
  ];
}

/** An agent with its id beside its name. */
function whole(number: PhoneNumber, names: Names | undefined): string {
  const told = oneLine(answeredBy(number, names));
  const agentId = textOf(number, 'agent_id');
  if (agentId === undefined) return told === '' ? 'nobody, as far as the API tells' : told;
  return told === agentId ? agentId : `${told} (${agentId})`;
}
