// `agents tools scaffold`: the handlers file of --tools, to be filled in.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { replaceFile, writeNew } from '../../files.js';
import { functionTools } from '../../protocol/agent.js';
import { againPrefix } from '../agent-target.js';
import { shellQuoted } from '../command.js';
import { openHome } from './home.js';
import { stubs } from './stubs.js';

export interface ScaffoldFlags {
  out: string;
  force?: boolean;
}

/** Writes a stub for each function tool. Throws CliError `usage` for a file that is there, or an agent without any. */
export async function scaffoldTools(
  context: Context,
  target: string,
  { out, force = false }: ScaffoldFlags,
): Promise<undefined> {
  const kind = /\.ya?ml$/i.test(out) ? 'yaml' : 'module';
  if (kind === 'module' && out !== '-' && !/\.m?js$/i.test(out)) {
    throw new CliError('usage', `--out must end in .mjs, .js, .yaml or .yml, or be -, got ${out}`);
  }
  const { title, reference, tools } = await openHome(context, target);
  const functions = functionTools({ tools });
  if (functions.length === 0) {
    throw new CliError('usage', `${title} has no function tools, so there is nothing to write`, {
      hint: `agents tools add ${shellQuoted(reference)} --function <file>`,
    });
  }
  const file = out === '-' ? 'tools.mjs' : out;
  const use = `voice ${shellQuoted(reference)} --tools ${shellQuoted(file)}`;
  const text = stubs(kind, functions, [
    `What runs the tools of ${title} here: agents ${use}`,
    kind === 'yaml'
      ? 'Each may be a canned answer, a program, an address or a function: agents help handlers'
      : 'What a function returns is given to the model; what it throws, as an error.',
  ]);
  const names = functions.map((tool) => tool.function?.name ?? '');
  if (out === '-') {
    context.output.show({ text, tools: names }, (value) => value.text);
    return;
  }
  await write(context, out, text, force);
  const count = names.length === 1 ? '1 tool' : `${names.length} tools`;
  context.output.show({ file: out, tools: names }, (value) => `Wrote ${value.file}: ${count} to write`);
  context.output.note(`Try it: ${againPrefix(context)} ${use}`);
}

async function write(context: Context, out: string, text: string, force: boolean): Promise<void> {
  const path = context.path(out);
  try {
    await writeNew(path, text, out);
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'usage') throw error;
    if (!force) throw error.withHint('name another with --out, or write over it with --force');
    await replaceFile(path, text);
  }
}
