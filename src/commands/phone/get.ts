import type { Context } from '../../context.js';
import type { PhoneNumber } from '../../protocol/phone.js';
import { examples, type Register } from '../command.js';
import { cardOf, namesFor } from './describe.js';
import { type Found, isClosed, numberByAny, titleOf } from './numbers.js';

export const register: Register = (command, action) =>
  command
    .argument('<number>', 'its id, the number itself (+1…), or its name')
    .addHelpText('after', examples('agents phone get +14155550123', 'agents --json phone get "Support Line"'))
    .action(action(get));

async function get(context: Context, text: string): Promise<undefined> {
  const { output } = context;
  const found = await numberByAny(context, text);
  const { number, names } = await output.during('Fetching the phone number', async () => {
    const whole = await inFull(context, found);
    return { number: whole, names: output.json ? new Map() : await namesFor(context, [whole]) };
  });
  output.show({ phone_number: number }, (value, style) =>
    cardOf(titleOf(value.phone_number), value.phone_number, style, { names }),
  );
}

/** Lists may tell less than the number's own route, which v1 is not known to have. */
export async function inFull(context: Context, { number, version }: Found): Promise<PhoneNumber> {
  const { phone_number_id } = number;
  const api = await context.api();
  const asked =
    version === 'v1' ? api.getPhoneNumber({ phone_number_id }) : api.getPhoneNumberV2({ phone_number_id });
  return asked.catch((error: unknown) => {
    if (isClosed(error)) return number;
    throw error;
  });
}
