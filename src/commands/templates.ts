// `agents templates list | show`: what agents may begin with, and what comes with each.

import { join } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { type TemplatePart, templateFile, templates } from '../spec/templates.js';
import type { Style } from '../terminal/style.js';
import { table } from '../terminal/table.js';
import { againPrefix } from './agent-target.js';
import { examples, type Register } from './command.js';

export const register: Register = (command: Command, action) => {
  command
    .command('list')
    .description('Show the templates an agent can begin with')
    .addHelpText('after', examples('agents templates list', 'agents --json templates list'))
    .action(action(list));
  command
    .command('show')
    .description('Print a template: its spec, its handlers, or a script for the local API')
    .argument('<template>', templates.map(({ name }) => name).join(', '))
    .option('--tools', 'the handlers of its tools, for --tools of voice and run')
    .option('--script', 'how the pretend model of the local API speaks for it, for agents dev --script')
    .addHelpText(
      'after',
      `
What is printed is the file, to be kept and changed. Its handlers can be used as they are: --tools template:<name>
${examples(
  'agents templates show healthcare > clinic.yaml',
  'agents templates show healthcare --tools > tools.yaml',
  'agents --json templates show concierge',
)}`,
    )
    .action(action(show));
};

type Row = (typeof templates)[number];

async function list(context: Context): Promise<undefined> {
  context.output.show({ templates }, (value, style) => templateTable(value.templates, style));
  context.output.note(`Begin with one: ${againPrefix(context)} create --template ${templates[0].name}`);
}

function templateTable(rows: readonly Row[], style: Style): string {
  return table(
    rows,
    [
      { title: 'NAME', value: ({ name }) => name },
      { title: 'TITLE', value: ({ title }) => title },
      { title: 'ABOUT', value: ({ about }) => about, shrinks: 1 },
    ],
    style,
  );
}

interface Flags {
  tools?: boolean;
  script?: boolean;
}

async function show(context: Context, name: string, flags: Flags): Promise<undefined> {
  if (flags.tools && flags.script) {
    throw new CliError('usage', '--tools and --script name two files', { hint: 'give one of them' });
  }
  const part: TemplatePart = flags.tools ? 'tools' : flags.script ? 'script' : 'spec';
  const { text, source } = await context.read(join(context.host.root, templateFile(name, part)));
  // As it stands, with its comments: --json has what it holds.
  const { parseValues } = await import('../spec/parse.js');
  const value = (await parseValues(text, source)).values[0]?.value;
  context.output.show(value, () => text);
}
