import type { Context } from '../../context.js';
import { textOf } from '../../protocol/phone.js';
import { examples, type Register } from '../command.js';
import { checkYes, goesOn } from '../confirm.js';
import { answeredBy, namesFor } from './describe.js';
import { byEither, type Found, numberByAny, titleOf } from './numbers.js';

export const register: Register = (command, action) =>
  command
    .argument('<number>', 'its id, the number itself (+1…), or its whole name')
    .option('-y, --yes', 'do not ask; needed off a terminal')
    .addHelpText(
      'after',
      `
A number that was bought may not be had again.
${examples('agents phone release +14155550123 --yes', 'agents phone release "Support Line" --yes')}`,
    )
    .action(action(release));

async function release(context: Context, text: string, flags: { yes?: boolean }): Promise<undefined> {
  const { output } = context;
  const confirmed = { yes: flags.yes, what: 'a release' };
  checkYes(context, confirmed);
  const found = await numberByAny(context, text);
  const { number } = found;
  if (flags.yes !== true && !(await goesOn(context, await question(context, found), confirmed))) {
    output.note(`${titleOf(number)} is kept`);
    return;
  }
  await output.during('Releasing the phone number', () => remove(context, found));
  const { phone_number_id } = number;
  const released = {
    phone_number_id,
    phone_number: textOf(number, 'phone_number'),
    name: textOf(number, 'name'),
  };
  output.show({ released }, () => `Released ${titleOf(number)}`);
}

async function question(context: Context, { number }: Found): Promise<string> {
  const present = answeredBy(number, await namesFor(context, [number]));
  const answers = present === '' ? '' : ` It is answered by ${present}.`;
  return `Release ${titleOf(number)} for good?${answers}`;
}

async function remove(context: Context, { number, version }: Found): Promise<null> {
  const { phone_number_id } = number;
  const api = await context.api();
  const older = () => api.deletePhoneNumber({ phone_number_id });
  return version === 'v1' ? older() : byEither(() => api.deletePhoneNumberV2({ phone_number_id }), older);
}
