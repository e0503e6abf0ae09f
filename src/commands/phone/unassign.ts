import type { Context } from '../../context.js';
import { examples, type Register } from '../command.js';
import { holderOf, setAgent } from './assignment.js';
import { numberByAny, titleOf } from './numbers.js';

export const register: Register = (command, action) =>
  command
    .argument('<number>', 'its id, the number itself (+1…), or its name')
    .addHelpText(
      'after',
      examples('agents phone unassign +14155550123', 'agents phone unassign "Support Line"'),
    )
    .action(action(unassign));

async function unassign(context: Context, text: string): Promise<undefined> {
  const { output } = context;
  const found = await numberByAny(context, text);
  const holder = await output.during('Fetching the phone number', () => holderOf(context, found));
  if (holder === undefined) {
    const { number } = found;
    output.show({ phone_number: number }, () => `${titleOf(number)} is with no agent`);
    return;
  }
  const number = await output.during('Taking the phone number away', () =>
    setAgent(context, found, undefined, holder),
  );
  output.show({ phone_number: number }, (value) => `${titleOf(value.phone_number)} is with no agent now`);
}
