// `<id|spec file>`: which of the two it is, and the agent either way.

import { localDate } from '../clock.js';
import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { isFile, isFolder } from '../files.js';
import type { AgentConfig } from '../protocol/agent.js';
import type { Progress } from '../terminal/output.js';

/** A file if it looks like one or is one; ids have no dots and slashes. A folder of its name is told as one. */
export function isFileTarget(context: Context, target: string): boolean {
  if (target === '-' || /[\\/.]/.test(target) || target === '') return true;
  const path = context.path(target);
  return isFile(path) || (isFolder(path) && !target.startsWith('agent_'));
}

/** The agent of an id, fetched, or of a spec file, checked; `{{today}}` filled in. Throws CliError. */
export async function loadAgent(context: Context, target: string, progress?: Progress): Promise<AgentConfig> {
  if (!isFileTarget(context, target)) {
    const stored = await context.output.during(
      'Fetching the agent',
      async () => (await context.api()).getAgent({ agent_id: target }),
      progress,
    );
    // Part of a header: an id comes from the service and may hold anything.
    context.agentId = encodeURIComponent(stored.agent_id);
    return withDate(stored, context.clock.now());
  }
  context.agentId = '';
  const { agent, notes } = await readAgentFile(context, target);
  for (const note of notes) context.output.note(`note: ${note}`);
  return agent;
}

/** The one agent in a spec file, `{{today}}` in its instructions filled in, and what is to be noted. Throws CliError. */
export async function readAgentFile(
  context: Context,
  target: string,
): Promise<{ agent: AgentConfig; notes: string[] }> {
  const [{ parseValues }, { checkIsSpec, checkSpec, readSpec }] = await Promise.all([
    import('../spec/parse.js'),
    import('../spec/spec.js'),
  ]);
  const { text, source } = await context.read(target);
  const { values } = await parseValues(text, source);
  const [first, second] = values;
  if (first === undefined || second !== undefined) {
    throw new CliError('invalid_spec', `${source} holds ${values.length} specs; this takes one`);
  }
  const { agent, place } = readSpec(first.value, first.place);
  checkIsSpec(agent, place);
  const notes = checkSpec({ name: 'unnamed', ...agent }, place, 'create');
  return { agent: withDate(agent as AgentConfig, context.clock.now()), notes };
}

/** A model does not know what day it is, and guesses: instructions may name it, as `{{today}}`. */
export function withDate(agent: AgentConfig, nowMs: number): AgentConfig {
  const { instructions } = agent;
  if (!namesDate(agent)) return agent;
  return { ...agent, instructions: String(instructions).replaceAll(today, localDate(nowMs)) };
}

/** Whether the instructions of an agent hold `{{today}}`. */
export const namesDate = ({ instructions }: { instructions?: unknown }) =>
  typeof instructions === 'string' && instructions.search(today) >= 0;

const today = /\{\{\s*today\s*\}\}/g;

/** How the next command has to begin to reach the same server: "agents --local". */
export const againPrefix = ({ program }: Context) => program;
