import type { Command } from 'commander';
import { collect, examples, type Register, type Run } from './command.js';

/** What a subcommand does is loaded when it is called. */
const run =
  <A extends unknown[]>(load: () => Promise<Run<A>>): Run<A> =>
  async (context, ...args) =>
    (await load())(context, ...args);

export const register: Register = (command, action) => {
  command.addHelpText(
    'after',
    `
A collection is named by its id or by its name. Collections live at a server of their own, with a key of its own:
agents help environment tells of XAI_MANAGEMENT_API_KEY and AGENTS_MANAGEMENT_URL.`,
  );
  const sub = (name: string, summary: string, ...lines: string[]): Command =>
    command
      .command(name)
      .description(summary)
      .addHelpText('after', examples(...lines));

  sub(
    'create',
    'Make a collection',
    'agents knowledge create faq',
    'agents knowledge create faq --description "Questions customers ask"',
  )
    .argument('<name>', 'what it is called')
    .option('--description <text>', 'what is in it')
    .action(action(run(async () => (await import('./knowledge/show.js')).create)));

  sub('list', 'List collections', 'agents knowledge list', 'agents --json knowledge list')
    .option('--limit <n>', 'show at most so many')
    .action(action(run(async () => (await import('./knowledge/show.js')).list)));

  sub(
    'show',
    'Show a collection with its documents',
    'agents knowledge show faq',
    'agents --json knowledge show faq',
  )
    .argument('<collection>', 'the collection')
    .action(action(run(async () => (await import('./knowledge/show.js')).show)));

  sub(
    'add',
    'Add files or a text to a collection',
    'agents knowledge add faq returns.md',
    'agents knowledge add faq --text "We open at nine." --name hours.txt',
    'cat returns.md | agents knowledge add faq - --name returns.md --field lang=en',
  )
    .argument('<collection>', 'the collection')
    .argument('[files...]', 'the files (- for stdin), at most 50 MB each')
    .option('--text <text>', 'a text to add')
    .option('--name <name>', 'what the text, or what comes from stdin, is called')
    .option('--field <key=value>', 'a field of the documents (repeatable)', collect)
    .option('--no-wait', 'do not wait until they are processed')
    .action(action(run(async () => (await import('./knowledge/add.js')).add)));

  sub(
    'search',
    'Search collections',
    'agents knowledge search faq "When do you open?"',
    'agents knowledge search faq orders "opening hours" --limit 3',
  )
    .usage('[options] <collection...> <words>')
    .argument('<collection...>', 'the collections, at most 10, and then what to look for')
    .option('--limit <n>', 'show at most so many passages')
    .action(action(run(async () => (await import('./knowledge/show.js')).search)));

  sub(
    'remove',
    'Take documents out of a collection',
    'agents knowledge remove faq hours.txt',
    'agents knowledge remove faq file_abc123 --files --yes',
  )
    .argument('<collection>', 'the collection')
    .argument('<document...>', 'their ids or names')
    .option('--files', 'delete the uploaded files as well; asks unless --yes')
    .option('-y, --yes', 'do not ask')
    .action(action(run(async () => (await import('./knowledge/remove.js')).remove)));

  sub(
    'delete',
    'Delete a collection',
    'agents knowledge delete faq --yes',
    'agents knowledge delete faq --files --yes',
  )
    .argument('<collection>', 'the collection')
    .option('--files', 'delete the uploaded files as well')
    .option('-y, --yes', 'do not ask; needed where nobody can be asked')
    .action(action(run(async () => (await import('./knowledge/remove.js')).deleteCollection)));

  sub(
    'attach',
    'Let an agent search a collection',
    'agents knowledge attach faq agent_abc123',
    'agents --json knowledge attach faq agent_abc123',
  )
    .argument('<collection>', 'the collection')
    .argument('<agent>', 'the agent, by id or name')
    .action(action(run(async () => (await import('./knowledge/attach.js')).attach)));

  sub(
    'detach',
    'Take a collection away from an agent',
    'agents knowledge detach faq agent_abc123',
    'agents --json knowledge detach faq agent_abc123',
  )
    .argument('<collection>', 'the collection')
    .argument('<agent>', 'the agent, by id or name')
    .action(action(run(async () => (await import('./knowledge/attach.js')).detach)));
};
