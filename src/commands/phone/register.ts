import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { AllowedAddress } from '../../protocol/phone.js';
import { collect, examples, type Register } from '../command.js';
import { showRequest } from '../dry-run.js';
import { findAgent } from '../find-agent.js';
import { readName } from './buy.js';
import { cardOf, namesFor } from './describe.js';
import { once, readE164, titleOf } from './numbers.js';
import { secretPlace } from './secret.js';
import { addWebhookFlags, readWebhook, type WebhookFlags } from './webhook-flags.js';

interface Flags extends WebhookFlags {
  name: string;
  sipUser?: string;
  sipPasswordFile?: string;
  allow?: string[];
  dryRun?: boolean;
}

export const register: Register = (command, action) =>
  addWebhookFlags(
    command
      .argument('<own>', 'your own number as E.164 writes it: +14155550123')
      .requiredOption('--name <text>', 'what to call it'),
  )
    .option('--sip-user <name>', 'who your trunk logs in as')
    .option('--sip-password-file <file>', 'a file with its password (- for stdin); else AGENTS_SIP_PASSWORD')
    .option('--allow <cidr>', 'addresses your trunk calls from, as 1.2.3.0/24 (repeatable)', collect)
    .option('--dry-run', 'show the request and send nothing')
    .addHelpText(
      'after',
      `
The signing secret of a webhook is told once. --secret-file writes it instead of showing it; the file must not be there.
A number is registered once: release it first to have another secret.
${examples(
  'agents phone register +14155550188 --name "Support Line" --webhook https://example.com/calls --secret-file whsec.txt',
  'agents phone register +14155550188 --name "Support Line" --agent agent_abc123 --allow 203.0.113.0/24',
  'agents phone register +14155550188 --name Test --webhook http://localhost:8090 --dry-run',
)}`,
    )
    .action(action(registerOwn));

async function registerOwn(context: Context, own: string, flags: Flags): Promise<undefined> {
  const body = await readBody(context, own, flags);
  const api = await context.api();
  if (flags.dryRun === true) {
    showRequest(context, api.show('createPhoneNumberV2', { body }));
    return;
  }
  const place = secretPlace(context, flags.secretFile);
  const registered = await context.output
    .during('Registering the phone number', () =>
      once(context, 'registered', () => api.createPhoneNumberV2({ body })),
    )
    .catch(async (error: unknown) => {
      await place.giveUp();
      throw explained(error, String(body.phone_number));
    });
  const { answer, secret, note, failure } = await place.keep(registered);
  const names = context.output.json ? new Map() : await namesFor(context, [answer.phone_number]);
  context.output.show(answer, ({ phone_number: number }, style) =>
    cardOf(`Registered ${titleOf(number)}`, number, style, {
      names,
      more: secret === undefined ? [] : [['Signing secret', secret]],
    }),
  );
  if (note !== undefined) context.output.note(note);
  if (failure !== undefined) throw failure;
}

function explained(error: unknown, number: string): unknown {
  if (!(error instanceof CliError) || error.status !== 409) return error;
  return error.withHint(
    `agents phone list shows it; to have another secret, give it up first: agents phone release ${number}`,
  );
}

/** All that can be wrong is told before anything is sent; only an agent's name has to be looked up. */
async function readBody(context: Context, own: string, flags: Flags): Promise<Record<string, unknown>> {
  const phone_number = readE164(own);
  const name = readName(flags.name);
  const webhook = readWebhook(flags);
  if (webhook === undefined && flags.agent === undefined) {
    throw new CliError('usage', 'who is to answer its calls?', {
      hint: 'add --webhook <url>, or --agent <agent>',
    });
  }
  const sip_auth = await readSip(context, flags);
  return {
    origin: 'byo_trunk',
    name,
    phone_number,
    ...(webhook !== undefined && { webhook }),
    ...(flags.agent !== undefined && { agent_id: (await findAgent(context, flags.agent)).agent_id }),
    ...(sip_auth !== undefined && { sip_auth }),
  };
}

/** How a trunk shows that it may call: by a password, or by where it calls from. Throws CliError. */
async function readSip(context: Context, flags: Flags): Promise<Record<string, unknown> | undefined> {
  const { sipUser, sipPasswordFile, allow } = flags;
  if (sipUser === undefined && sipPasswordFile !== undefined) {
    throw new CliError('usage', '--sip-password-file goes with --sip-user', {
      hint: 'add --sip-user <name>',
    });
  }
  if (sipUser !== undefined && allow !== undefined) {
    throw new CliError('usage', '--sip-user and --allow are two ways to let your trunk in', {
      hint: 'give one of them',
    });
  }
  const wrong = allow?.find((address) => !AllowedAddress.safeParse(address).success);
  if (wrong !== undefined) {
    throw new CliError('usage', `--allow must be addresses as 1.2.3.0/24, got ${wrong}`, {
      hint: `one address alone is ${wrong.includes('/') ? '1.2.3.4' : wrong}/32`,
    });
  }
  if (allow !== undefined) return { allowed_addresses: allow };
  if (sipUser === undefined) return undefined;
  return { auth_username: sipUser, auth_password: await readPassword(context, sipPasswordFile) };
}

async function readPassword(context: Context, file: string | undefined): Promise<string> {
  const given =
    file === undefined
      ? context.host.env.AGENTS_SIP_PASSWORD
      : (await context.read(file)).text.replace(/\r?\n$/, '');
  if (given) return given;
  throw new CliError('usage', 'the password of --sip-user is missing', {
    hint: '--sip-password-file <file>, or set AGENTS_SIP_PASSWORD',
  });
}
