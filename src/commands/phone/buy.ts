import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { oneLine } from '../../one-line.js';
import { areaCode, type PhoneNumber } from '../../protocol/phone.js';
import { againPrefix } from '../agent-target.js';
import { examples, type Register, shellQuoted } from '../command.js';
import { checkYes, goesOn } from '../confirm.js';
import { showRequest } from '../dry-run.js';
import { byEither, once, titleOf } from './numbers.js';

interface Flags {
  areaCode: string;
  name: string;
  yes?: boolean;
  dryRun?: boolean;
}

export const register: Register = (command, action) =>
  command
    .requiredOption('--area-code <n>', 'an area code of the US')
    .requiredOption('--name <text>', 'what to call it')
    .option('-y, --yes', 'do not ask; needed off a terminal')
    .option('--dry-run', 'show the request and send nothing')
    .addHelpText(
      'after',
      `
A purchase is never repeated by itself. Where its answer is lost, look with agents phone list before trying again.
${examples(
  'agents phone buy --area-code 415 --name "Support Line" --dry-run',
  'agents phone buy --area-code 415 --name "Support Line" --yes',
)}`,
    )
    .action(action(buy));

async function buy(context: Context, flags: Flags): Promise<undefined> {
  const { output } = context;
  const body = { area_code: readArea(flags.areaCode), name: readName(flags.name) };
  if (flags.dryRun === true) {
    showRequest(context, (await context.api()).show('createPhoneNumber', { body }));
    return;
  }
  const confirmed = { yes: flags.yes, what: 'a purchase' };
  checkYes(context, confirmed);
  if (flags.yes !== true) output.note(explanation(context, body));
  if (!(await goesOn(context, 'Buy it?', confirmed))) {
    output.note('Nothing was bought');
    return;
  }
  const number = await output.during('Buying a phone number', () => purchase(context, body));
  output.show({ phone_number: number }, (value) => `Bought ${titleOf(value.phone_number)}`);
  const named = shellQuoted(String(number.phone_number ?? number.phone_number_id));
  output.note(`Let an agent answer it: ${againPrefix(context)} phone assign ${named} <agent>`);
}

function explanation(
  { settings }: Context,
  { area_code, name }: { area_code: string; name: string },
): string {
  const price =
    settings.baseUrl === undefined
      ? 'The local API takes no money for it.'
      : 'It costs money; the API does not tell how much: see https://console.x.ai.';
  return `This buys a US phone number of area code ${area_code}, called ${oneLine(name)}. ${price}`;
}

/** By v1, as documented; where that is closed v2 is asked, which says why. What was refused was not bought. */
function purchase(context: Context, body: { area_code: string; name: string }): Promise<PhoneNumber> {
  return once(context, 'bought', async () => {
    const api = await context.api();
    return byEither(
      () => api.createPhoneNumber({ body }),
      async () => {
        const bought = await api.createPhoneNumberV2({ body: { origin: 'xai_provisioned', ...body } });
        return bought.phone_number;
      },
      'other',
    );
  }).catch((error: unknown) => {
    if (error instanceof CliError && error.code === 'forbidden' && /provisioning/i.test(error.message)) {
      throw error.withHint(
        'buy it at https://console.x.ai (Voice Agents, Manage Phone Numbers) and then use agents phone assign; ' +
          'or bring a number of your own: agents phone register --help',
      );
    }
    throw error;
  });
}

function readArea(text: string): string {
  if (areaCode.test(text)) return text;
  throw new CliError('usage', `--area-code must be three digits, the first 2 to 9, got ${text}`, {
    hint: 'for example --area-code 415',
  });
}

/** A number's name. Throws CliError `usage`. */
export function readName(text: string): string {
  if (text.trim() !== '' && text.length <= 255) return text;
  throw new CliError('usage', '--name must be 1 to 255 characters');
}
