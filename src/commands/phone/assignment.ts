// Giving a number to an agent and taking it away, by whichever version of the API a server has.

import type { Context } from '../../context.js';
import type { Agent } from '../../protocol/agent.js';
import { type PhoneNumber, textOf } from '../../protocol/phone.js';
import { titled } from '../../terminal/table.js';
import { type Confirmed, goesOn } from '../confirm.js';
import { collectAgents } from '../find-agent.js';
import { answeredBy, namesFor } from './describe.js';
import { inFull } from './get.js';
import { byEither, type Found, titleOf } from './numbers.js';

/** "Order Support (agent_abc123)". */
export const agentTitle = ({ name, agent_id }: Agent): string => titled(name, agent_id);

/** The agent a number is with. v1 is not known to tell of it with the number: the agents are looked through then. */
export async function holderOf(context: Context, { number, version }: Found): Promise<string | undefined> {
  const told = textOf(number, 'agent_id');
  if (told !== undefined || version === 'v2') return told;
  const has = ({ phone_number_id }: Agent) => phone_number_id === number.phone_number_id;
  const [holder] = await collectAgents(context, 1, has);
  return holder?.agent_id;
}

/** Asks whether whoever answers a number now is to lose it; nobody is asked where nobody does. */
export async function mayTakeOver(
  context: Context,
  number: PhoneNumber,
  to: string,
  yes: boolean | undefined,
): Promise<boolean> {
  const names = await namesFor(context, [number]);
  const present = answeredBy(number, names);
  if (present === '') return true;
  const title = titleOf(number);
  const confirmed: Confirmed = { yes, what: `taking ${title} from ${present}` };
  const goes = await goesOn(context, `${title} is answered by ${present} now. Give it to ${to}?`, confirmed);
  if (!goes) context.output.note(`${title} stays as it is`);
  return goes;
}

/** Gives a number to an agent, or for undefined takes it from its holder. The number as it is then. */
export async function setAgent(
  context: Context,
  found: Found,
  agent: Agent | undefined,
  holder: string | undefined,
): Promise<PhoneNumber> {
  const { phone_number_id } = found.number;
  const api = await context.api();

  async function byNumber(): Promise<PhoneNumber> {
    // Members are in camelCase, paths of the mask in snake_case: so it was seen to work.
    const body = { phoneNumber: { agentId: agent?.agent_id ?? '' }, fieldMask: { paths: ['agent_id'] } };
    const reply = await api.updatePhoneNumberV2({ phone_number_id, body });
    return reply?.phone_number ?? inFull(context, found);
  }

  async function byAgent(): Promise<PhoneNumber> {
    const changed = agent ?? (holder === undefined ? undefined : await api.getAgent({ agent_id: holder }));
    if (changed === undefined) return found.number;
    // The documented call masks the name and sends none, which by the documented rule would clear it.
    const body = {
      agent: { ...(changed.name !== undefined && { name: changed.name }) },
      field_mask: { paths: ['name'] },
      phone_number_id: agent === undefined ? '' : phone_number_id,
    };
    await api.updateAgent({ agent_id: changed.agent_id, body });
    return { ...(await inFull(context, { ...found, version: 'v1' })), agent_id: agent?.agent_id ?? '' };
  }

  return found.version === 'v1' ? byAgent() : byEither(byNumber, byAgent);
}
