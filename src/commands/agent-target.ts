// `<id|spec file>`: which of the two it is, and the agent either way.

import { localDate } from '../clock.js';
import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { isFile } from '../files.js';
import type { AgentConfig } from '../protocol/agent.js';
import { readSettings } from '../settings.js';
import { shellQuoted } from './command.js';

/** A file if it looks like one or is one; ids have no dots and slashes. */
export function isFileTarget(context: Context, target: string): boolean {
  return target === '-' || /[\\/]|\.(json|ya?ml|jsonl)$/i.test(target) || isFile(context.path(target));
}

/** The agent of an id, fetched, or of a spec file, checked. Throws CliError. */
export async function loadAgent(context: Context, target: string): Promise<AgentConfig> {
  if (!isFileTarget(context, target)) {
    return context.output.during('Fetching the agent', async () =>
      (await context.api()).getAgent({ agent_id: target }),
    );
  }
  const { agent, notes } = await readAgentFile(context, target);
  for (const note of notes) context.output.note(note);
  return agent;
}

/** The one agent in a spec file, `{{today}}` in its instructions filled in, and what is to be noted. Throws CliError. */
export async function readAgentFile(
  context: Context,
  target: string,
): Promise<{ agent: AgentConfig; notes: string[] }> {
  const [{ parseValues }, { checkSpec, readSpec }] = await Promise.all([
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
  const notes = checkSpec({ name: 'unnamed', ...agent }, place, 'create');
  return { agent: withDate(agent as AgentConfig, context.clock.now()), notes };
}

/** A model does not know what day it is, and guesses: instructions may name it. */
function withDate(agent: AgentConfig, nowMs: number): AgentConfig {
  const { instructions } = agent;
  if (instructions === undefined) return agent;
  return { ...agent, instructions: instructions.replaceAll(/\{\{\s*today\s*\}\}/g, localDate(nowMs)) };
}

/** How the next command has to begin to reach the same server: "agents --local". */
export function againPrefix({ settings, host }: Context): string {
  const program = 'agents';
  const reached = settings.baseUrl?.href;
  if (reachedByDefault(host.env) === (reached ?? 'local')) return program;
  if (reached === undefined) return `${program} --local`;
  return `${program} --base-url ${shellQuoted(reached.replace(/\/$/, ''))}`;
}

/** Where a command without flags goes; undefined where the environment contradicts itself. */
function reachedByDefault(env: Context['host']['env']): string | undefined {
  try {
    return readSettings({}, env).baseUrl?.href ?? 'local';
  } catch {
    return undefined;
  }
}
