// `<id|spec file>`: which of the two it is, and the agent either way.

import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import { isFile } from '../files.js';
import type { AgentConfig } from '../protocol/agent.js';

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

/** The one agent in a spec file, and what is to be noted about it. Throws CliError. */
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
  return { agent: agent as AgentConfig, notes };
}

/** How the next command has to begin to reach the same server: "agents --local". */
export function againPrefix({ settings, host }: Context): string {
  const program = 'agents';
  if (settings.baseUrl === undefined) return host.env.AGENTS_LOCAL ? program : `${program} --local`;
  const given = settings.baseUrlGiven && !host.env.AGENTS_BASE_URL;
  return given ? `${program} --base-url ${settings.baseUrl.href.replace(/\/$/, '')}` : program;
}
