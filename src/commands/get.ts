import type { Context } from '../context.js';
import { cardOf } from './agent-card.js';
import { examples, type Register } from './command.js';

export const register: Register = (command, action) =>
  command
    .argument('<id>', 'the agent')
    .addHelpText(
      'after',
      examples(
        'agents get agent_abc123',
        'agents --json get agent_abc123',
        'agents --json get agent_abc123 | agents create -',
      ),
    )
    .action(action(get));

async function get(context: Context, id: string): Promise<undefined> {
  const agent = await context.output.during('Fetching the agent', async () =>
    (await context.api()).getAgent({ agent_id: id }),
  );
  context.output.show({ agent }, cardOf);
}
