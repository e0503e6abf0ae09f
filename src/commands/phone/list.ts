import type { Context } from '../../context.js';
import { phoneTable } from '../../terminal/phone-view.js';
import { examples, type Register } from '../command.js';
import { readLimit } from '../list.js';
import { namesFor, rowOf } from './describe.js';
import { listNumbers } from './numbers.js';

export const register: Register = (command, action) =>
  command
    .option('--limit <n>', 'show at most so many')
    .addHelpText('after', examples('agents phone list', 'agents --json phone list'))
    .action(action(list));

async function list(context: Context, flags: { limit?: string }): Promise<undefined> {
  const limit = readLimit(flags.limit);
  const { output } = context;
  const { numbers, names } = await output.during('Fetching phone numbers', async () => {
    const found = await listNumbers(context, limit);
    // For people: a program has the ids.
    const known = output.json ? new Map() : await namesFor(context, found.numbers);
    return { numbers: found.numbers, names: known };
  });
  output.show({ phone_numbers: numbers }, (value, style) =>
    phoneTable(
      value.phone_numbers.map((number) => rowOf(number, names)),
      style,
    ),
  );
}
