import type { Context } from '../../context.js';
import { examples, type Register } from '../command.js';
import { findAgent } from '../find-agent.js';
import { agentTitle, holderOf, mayTakeOver, setAgent } from './assignment.js';
import { numberByAny, titleOf } from './numbers.js';

export const register: Register = (command, action) =>
  command
    .argument('<number>', 'its id, the number itself (+1…), or its name')
    .argument('<agent>', 'the agent: its id or its name')
    .option('-y, --yes', 'do not ask before it is taken from another agent or a webhook')
    .addHelpText(
      'after',
      examples(
        'agents phone assign +14155550123 agent_abc123',
        'agents phone assign "Support Line" agent_def456 --yes',
      ),
    )
    .action(action(assign));

async function assign(
  context: Context,
  text: string,
  called: string,
  flags: { yes?: boolean },
): Promise<undefined> {
  const { output } = context;
  const found = await numberByAny(context, text);
  const agent = await findAgent(context, called);
  const holder = await output.during('Fetching the phone number', () => holderOf(context, found));
  const present = holder === undefined ? found.number : { ...found.number, agent_id: holder };
  if (holder === agent.agent_id) {
    output.show({ phone_number: present }, () => `${titleOf(present)} is with ${agentTitle(agent)} already`);
    return;
  }
  if (!(await mayTakeOver(context, present, agentTitle(agent), flags.yes))) return;
  const number = await output.during('Assigning the phone number', () =>
    setAgent(context, found, agent, holder),
  );
  output.show(
    { phone_number: number },
    (value) => `${titleOf(value.phone_number)} is answered by ${agentTitle(agent)} now`,
  );
}
