import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { modelCard, modelTable } from '../terminal/account-view.js';
import { examples, type Register } from './command.js';

export const register: Register = (command, action) =>
  command
    .argument('[model]', 'show this one only, by its id or an alias')
    .addHelpText(
      'after',
      `
Prices are US dollars for a million tokens, where the service tells them. Voice models may be missing from its list.
${examples('agents models', 'agents models grok-4.3', 'agents --json models')}`,
    )
    .action(action(models));

async function models(context: Context, id: string | undefined): Promise<undefined> {
  const { output } = context;
  const api = await context.api();
  if (id === undefined) {
    const list = await output.during('Fetching models', () => api.listModels({}));
    output.show(list, (shown, style) => modelTable(shown.data, style));
    return;
  }
  const model = await output
    .during('Fetching the model', () => api.getModel({ model_id: id }))
    .catch((error: unknown) => {
      const isUnknown = error instanceof CliError && error.code === 'not_found';
      throw isUnknown ? error.withHint('agents models lists those there are') : error;
    });
  output.show(model, modelCard);
}
