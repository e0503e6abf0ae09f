// `agents test init`: a first scenario for an agent, to be gone on with.

import { basename, join } from 'node:path';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile } from '../../files.js';
import { functionTools } from '../../protocol/agent.js';
import { againPrefix } from '../agent-target.js';
import { examples, type Register, shellQuoted } from '../command.js';
import { openHome, type ToolHome } from '../tools/home.js';
import { companionsOf } from './companions.js';
import { folderOf, namedFrom, writeScenario } from './new-file.js';

interface Flags {
  out?: string;
}

export const register: Register = (command, action) =>
  command
    .argument('<id|file>', 'the agent, or a spec file')
    .option('-o, --out <file>', 'the new file (default <name>.scenario.yaml; - to print it)')
    .addHelpText(
      'after',
      `
It passes as it is written. Tools and script that lie beside a spec file (agent.tools.yaml, tools.yaml) are used.
${examples('agents test init agent.yaml', 'agents test init agent_abc123 -o hello.scenario.yaml')}`,
    )
    .action(action(init));

async function init(context: Context, target: string, flags: Flags): Promise<undefined> {
  const { output } = context;
  if (target === '-') {
    throw new CliError('usage', 'a scenario names its agent, and stdin has no name', {
      hint: 'name a spec file, or an agent by its id',
    });
  }
  const home = await openHome(context, target);
  const spec = isSpec(context, home) ? context.path(target) : undefined;
  const out = flags.out ?? `${stemOf(home, spec)}.scenario.yaml`;
  const text = await textOf(context, home, spec, folderOf(context, out));
  if (out === '-') {
    output.show({ scenario: text }, (value) => value.scenario);
    return;
  }
  await writeScenario(context, out, text);
  output.show({ file: out }, ({ file }) => `Wrote ${file}`);
  // A file needs no server of ours; a stored agent is where it is stored.
  const run = spec === undefined ? `${againPrefix(context)} test ${shellQuoted(out)}` : offline(out);
  output.note(`Run it: ${run}`);
}

const offline = (out: string) => `agents test ${shellQuoted(out)} --local`;

const isSpec = (context: Context, { reference }: ToolHome) => isFile(context.path(reference));

async function textOf(context: Context, home: ToolHome, spec: string | undefined, folder: string) {
  const { firstScenario } = await import('../../scenario/first.js');
  const functions = functionTools({ tools: home.tools }).flatMap((tool) => tool.function ?? []);
  const names = functions.map(({ name }) => name);
  const beside = spec === undefined ? undefined : await companionsOf(context, spec, names);
  const named = (path: string | undefined) => path && namedFrom(folder, path);
  return firstScenario({
    title: home.agent.name || home.title,
    agent: spec === undefined ? home.reference : namedFrom(folder, spec),
    tools: named(beside?.tools),
    script: named(beside?.script),
    functions,
    schema: isFile(join(folder, schemaFile)) ? schemaFile : undefined,
  });
}

const schemaFile = 'scenario.schema.json';

/** By the file, or by the agent's name as far as files can have it. */
function stemOf({ agent, reference }: ToolHome, spec: string | undefined): string {
  if (spec !== undefined) return basename(spec).replace(/\.\w+$/, '');
  const plain = (text: string) =>
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60);
  return plain(agent.name ?? '') || plain(reference) || 'agent';
}
