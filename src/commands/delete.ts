import { join } from 'node:path';
import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { writePrivate } from '../files.js';
import { writeJson } from '../json-text.js';
import type { Agent } from '../protocol/agent.js';
import { titled } from '../terminal/table.js';
import { againPrefix } from './agent-target.js';
import { asCliError, type Failure, isStop, reportBatch } from './batch.js';
import { examples, type Register, shellQuoted } from './command.js';
import { checkYes, goesOn } from './confirm.js';

interface Flags {
  yes?: boolean;
  backup: boolean;
}

export const register: Register = (command, action) =>
  command
    .argument('<id...>', 'the agents')
    .option('-y, --yes', 'do not ask')
    .option('--no-backup', 'do not save the specs first')
    .addHelpText(
      'after',
      `
At a terminal it asks; off a terminal what is named is deleted. At a terminal --no-input alone is refused: add --yes.
${examples('agents delete agent_abc123', 'agents delete agent_abc123 agent_def456 --yes')}`,
    )
    .action(action(remove));

interface Deleted {
  agent_id: string;
  name?: string;
  /** Where the spec was saved. */
  backup?: string;
}

/** Asked for at a terminal only: elsewhere, whoever names an agent means it. */
const unconfirmed = { yes: false, what: 'a deletion' };

async function remove(context: Context, ids: string[], flags: Flags): Promise<undefined> {
  const unique = [...new Set(ids)];
  const asks = context.io.stdin.isTTY === true && flags.yes !== true;
  if (asks) checkYes(context, unconfirmed);
  const done: Deleted[] = [];
  const failures: Failure[] = [];
  for (const id of unique) {
    try {
      const deleted = await removeOne(context, id, { asks, backup: flags.backup });
      if (deleted !== undefined) done.push(deleted);
    } catch (thrown) {
      const error = asCliError(thrown);
      // One id has its own exit code; with several, the others are still tried.
      if (unique.length === 1) throw error;
      failures.push({ label: id, members: { agent_id: id }, error });
      if (isStop(error)) break;
    }
  }
  reportBatch(context.output, {
    member: 'deleted',
    done,
    failures,
    total: unique.length,
    render: ({ name, agent_id }) => `Deleted ${titled(name, agent_id)}`,
    participle: 'deleted',
  });
}

async function removeOne(
  context: Context,
  id: string,
  { asks, backup }: { asks: boolean; backup: boolean },
): Promise<Deleted | undefined> {
  const api = await context.api();
  const { output } = context;
  const agent =
    asks || backup
      ? await output.during('Fetching the agent', () => api.getAgent({ agent_id: id }))
      : undefined;
  if (
    asks &&
    agent !== undefined &&
    !(await goesOn(context, `Delete ${titled(agent.name, id)}?`, unconfirmed))
  ) {
    output.note(`${id} is kept`);
    return undefined;
  }
  const file = backup && agent !== undefined ? await save(context, agent) : undefined;
  await output.during('Deleting the agent', () => api.deleteAgent({ agent_id: id }));
  if (file !== undefined)
    output.note(`Saved; bring it back with: ${againPrefix(context)} create ${shellQuoted(file)}`);
  return {
    agent_id: id,
    ...(agent?.name !== undefined && { name: agent.name }),
    ...(file !== undefined && { backup: file }),
  };
}

/** Before anything is deleted: what cannot be saved is not deleted. */
async function save({ folders, clock }: Context, agent: Agent): Promise<string> {
  const stamp = new Date(clock.now()).toISOString().replace(/[:.]/g, '-');
  // The id comes from the service and becomes part of a path.
  const safeId = agent.agent_id.replace(/[^\w-]/g, '_').slice(0, 100);
  const file = join(folders.state, 'deleted', `${safeId}-${stamp}.json`);
  try {
    await writePrivate(file, `${writeJson({ agent }, 2)}\n`);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw error.withHint(
      'nothing was deleted; save elsewhere with AGENTS_STATE_DIR, or not at all with --no-backup',
    );
  }
  return file;
}
