import type { Context } from '../../context.js';
import { toolTable } from '../../terminal/agent-view.js';
import { openHome } from './home.js';

/** `agents tools list`. */
export async function listTools(context: Context, target: string): Promise<undefined> {
  const { tools } = await openHome(context, target);
  context.output.show({ tools }, (value, style) => toolTable(value.tools, style));
}
