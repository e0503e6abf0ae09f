// Before anything is played: whether all that scenarios are made of is there and can be read.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile } from '../../files.js';
import type { AgentConfig } from '../../protocol/agent.js';
import type { Case } from '../../scenario/scenario.js';
import { readAgentFile } from '../agent-target.js';
import { readFaults } from '../dev-faults.js';
import { checkTools, specFile } from './agents.js';
import type { Locals } from './locals.js';
import { pathFrom } from './paths.js';
import type { CaseTools } from './tools.js';

export interface Preflight {
  agent: string | undefined;
  tools: CaseTools;
  locals: Locals | undefined;
  seed: number;
}

/** Throws CliError naming the first file that is not as it should be; nothing was sent then. */
export async function checkCases(
  context: Context,
  cases: readonly Case[],
  preflight: Preflight,
): Promise<void> {
  const { agent, tools, locals, seed } = preflight;
  const specs = new Map<string, AgentConfig>();
  for (const scenario of cases) {
    const { folder, turns, local } = scenario;
    const spec = specFile(context, scenario, agent);
    if (spec !== undefined) {
      const read = specs.get(spec) ?? (await named(scenario, () => readAgentFile(context, spec))).agent;
      specs.set(spec, read);
      checkTools(scenario, read);
    }
    await named(scenario, () => tools.check(scenario));
    for (const turn of turns) {
      if (turn.kind === 'audio') checkIsThere(context, scenario, pathFrom(context, folder, turn.file));
    }
    await named(scenario, () => readFaults(local.faults));
    if (local.faults.length === 0)
      await named(scenario, async () => locals?.serverFor(scenario, seed, context));
  }
}

/** What is wrong with a file that a scenario names is told with the scenario. Throws CliError. */
async function named<T>({ file, place }: Case, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isFile = error instanceof CliError && ['unreadable', 'usage'].includes(error.code);
    throw isFile ? error.withHint(`it is named in ${file}, in the scenario of line ${place.line}`) : error;
  }
}

function checkIsThere({ path }: Context, { file, place }: Case, named: string): void {
  if (isFile(path(named))) return;
  throw new CliError('unreadable', `cannot read ${named}: no such file`, {
    hint: `it is named in ${file}, in the scenario of line ${place.line}`,
  });
}
