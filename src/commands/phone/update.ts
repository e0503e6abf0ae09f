import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { camelPhone, type PhoneNumber, signingSecretOf, textOf } from '../../protocol/phone.js';
import { againPrefix } from '../agent-target.js';
import { examples, type Register, shellQuoted } from '../command.js';
import { showRequest } from '../dry-run.js';
import { findAgent } from '../find-agent.js';
import { agentTitle, mayTakeOver } from './assignment.js';
import { readName } from './buy.js';
import { cardOf, namesFor } from './describe.js';
import { inFull } from './get.js';
import { numberByAny, titleOf } from './numbers.js';
import { checkSecretFile, secretPlace } from './secret.js';
import { addWebhookFlags, readWebhook, type WebhookFlags } from './webhook-flags.js';

interface Flags extends WebhookFlags {
  name?: string;
  yes?: boolean;
  dryRun?: boolean;
}

export const register: Register = (command, action) =>
  addWebhookFlags(
    command
      .argument('<number>', 'its id, the number itself (+1…), or its name')
      .option('--name <text>', 'what to call it'),
  )
    .option('-y, --yes', 'do not ask before it is taken from an agent or a webhook')
    .option('--dry-run', 'show the request and change nothing')
    .addHelpText(
      'after',
      examples(
        'agents phone update +14155550123 --name "Night Line"',
        'agents phone update "Support Line" --webhook https://example.com/calls --yes',
        'agents phone update +14155550123 --agent agent_abc123 --dry-run',
      ),
    )
    .action(action(update));

async function update(context: Context, text: string, flags: Flags): Promise<undefined> {
  const { output } = context;
  const webhook = readWebhook(flags);
  const name = flags.name === undefined ? undefined : readName(flags.name);
  if (webhook === undefined && name === undefined && flags.agent === undefined) {
    throw new CliError('usage', 'nothing to change', {
      hint: 'agents phone update --help shows what can be',
    });
  }
  if (flags.dryRun !== true) checkSecretFile(context, flags.secretFile);
  const found = await numberByAny(context, text);
  const { number } = found;
  const agent = flags.agent === undefined ? undefined : await findAgent(context, flags.agent);
  const members = {
    ...(name !== undefined && { name }),
    ...(webhook !== undefined && { webhook }),
    ...(agent !== undefined && { agent_id: agent.agent_id }),
  };
  // Members are in camelCase, paths of the mask in snake_case: so it was seen to work.
  const body = { phoneNumber: camelPhone(members), fieldMask: { paths: Object.keys(members) } };
  const api = await context.api();
  const { phone_number_id } = number;
  if (flags.dryRun === true) {
    showRequest(context, api.show('updatePhoneNumberV2', { phone_number_id, body }));
    return;
  }
  const to = agent === undefined ? webhook && `webhook ${webhook.url}` : agentTitle(agent);
  const changesHands = agent === undefined ? number.agent_id : agent.agent_id !== number.agent_id;
  if (to !== undefined && changesHands && !(await mayTakeOver(context, number, to, flags.yes))) return;
  const place = secretPlace(context, flags.secretFile);
  const reply = await output
    .during('Updating the phone number', () => api.updatePhoneNumberV2({ phone_number_id, body }))
    .catch(async (error: unknown) => {
      await place.giveUp();
      throw error;
    });
  const changed = reply ?? { phone_number: await inFull(context, found) };
  const { answer, secret, note, failure } = await place.keep(changed);
  const names = output.json ? new Map() : await namesFor(context, [answer.phone_number]);
  output.show(answer, ({ phone_number: shown }, style) =>
    cardOf(titleOf(shown), shown, style, {
      names,
      more: secret === undefined ? [] : [['Signing secret', secret]],
    }),
  );
  if (note !== undefined) output.note(note);
  if (flags.secretFile !== undefined && secret === undefined && signingSecretOf(changed) === undefined)
    output.note(newSecret(context, changed.phone_number));
  if (failure !== undefined) throw failure;
}

/** A webhook's secret is told once, and not with every change. */
function newSecret(context: Context, number: PhoneNumber): string {
  const once = "A number's secret is told once, with its first webhook";
  // One that was bought would be lost.
  if (number.origin !== 'byo_trunk') return once;
  const named = shellQuoted(textOf(number, 'phone_number') ?? number.phone_number_id);
  const again = againPrefix(context);
  return `${once}. For a new one: ${again} phone release ${named}, then ${again} phone register ${named}`;
}
