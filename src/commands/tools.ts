// `agents tools …`: the tools of an agent, stored or in a spec file.

import type { Command } from 'commander';
import { builtInKinds } from '../protocol/tools.js';
import { type Action, examples, type Register } from './command.js';
import { addFlags, addTools } from './tools/add.js';
import { disableTools, enableFlags, enableTools } from './tools/builtin.js';
import { dryRunFlag } from './tools/change.js';
import { listTools } from './tools/list.js';
import { removeTools } from './tools/remove.js';
import { scaffoldTools } from './tools/scaffold.js';

const agent = ['<agent|file>', 'the agent by id or name, or a spec file'] as const;
const kinds = ['<kind...>', builtInKinds.join(', ')] as const;

export const register: Register = (command, action) => {
  command.addHelpText(
    'after',
    `
A spec file is changed in place: comments, order and all else stay as they are.
What runs the tools on this machine is another matter, the file of --tools: agents help handlers`,
  );
  command
    .command('list')
    .description('Show the tools of an agent')
    .argument(...agent)
    .addHelpText('after', examples('agents tools list agent_abc123', 'agents --json tools list agent.yaml'))
    .action(action(listTools));
  addAndRemove(command, action);
  switches(command, action);
  command
    .command('scaffold')
    .description('Write a handlers file, with a stub for each function tool')
    .argument(...agent)
    .option('--out <file>', 'where to: a module (.mjs) or .yaml; - for stdout', 'tools.mjs')
    .option('--force', 'write over what is there')
    .addHelpText(
      'after',
      `
A stub fails with "lookup_order is not written yet" until you write it, and the agent is told so. The file can be used at
once: agents voice <agent> --tools tools.mjs
${examples('agents tools scaffold order-support.json', 'agents tools scaffold order-support.json --out handlers.yaml')}`,
    )
    .action(action(scaffoldTools));
};

function addAndRemove(command: Command, action: Action): void {
  addFlags(command.command('add'))
    .description('Add function tools, or an MCP server')
    .argument(...agent)
    .addHelpText(
      'after',
      `
Parameters must be a JSON Schema; names must be new, or --replace is given. Nothing is sent unless all is right.
${examples(
  'agents tools add agent_abc123 --function look.json',
  'agents tools add agent.yaml --name open_ticket --description "Open a ticket" --parameters schema.json',
  'agents tools add agent_abc123 --mcp https://crm.example/mcp --label crm --allowed-tool find --dry-run',
)}`,
    )
    .action(action(addTools));
  command
    .command('remove')
    .description('Take tools away, by function name or MCP label')
    .argument(...agent)
    .argument('<tool...>', 'the names, as agents tools list shows them')
    .option(...dryRunFlag)
    .addHelpText(
      'after',
      examples(
        'agents tools remove order-support.json lookup_order',
        'agents tools remove order-support.json lookup_order web_search --dry-run',
      ),
    )
    .action(action(removeTools));
}

function switches(command: Command, action: Action): void {
  enableFlags(command.command('enable'))
    .description('Let an agent search the web, X or its collections')
    .argument(...agent)
    .argument(...kinds)
    .addHelpText(
      'after',
      examples(
        'agents tools enable agent_abc123 web_search x_search',
        'agents tools enable agent_abc123 web_search --allowed-domain docs.x.ai',
        'agents tools enable agent.yaml x_search --x-handle xai --from-date 2026-07-01',
        'agents tools enable agent_abc123 file_search --collection collection_abc',
      ),
    )
    .action(action(enableTools));
  command
    .command('disable')
    .description('Keep an agent from searching them')
    .argument(...agent)
    .argument(...kinds)
    .option(...dryRunFlag)
    .addHelpText(
      'after',
      examples(
        'agents tools disable agent_abc123 web_search',
        'agents tools disable agent.yaml x_search --dry-run',
      ),
    )
    .action(action(disableTools));
}
