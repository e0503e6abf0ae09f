import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { nameOfTool } from '../../protocol/tools.js';
import { didYouMean } from '../../spec/did-you-mean.js';
import { type ChangeFlags, changeTools, kept } from './change.js';

/** `agents tools remove`: all of them, or none where one is not there. */
export async function removeTools(
  context: Context,
  target: string,
  names: string[],
  flags: ChangeFlags,
): Promise<undefined> {
  return changeTools(context, target, flags, ({ title, tools }) => {
    const known = tools.map(nameOfTool);
    const missing = names.find((name) => !known.includes(name));
    if (missing !== undefined) {
      throw new CliError('not_found', `${title} has no tool ${missing}${didYouMean(missing, known)}`, {
        hint: known.length === 0 ? 'it has none at all' : `its tools: ${known.join(', ')}`,
      });
    }
    const gone = [...new Set(names)];
    return {
      entries: kept(tools).filter((_entry, at) => !gone.includes(known[at] ?? '')),
      done: `Removed ${gone.join(', ')} from`,
    };
  });
}
