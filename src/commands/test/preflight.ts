// Before anything is played: whether all that scenarios are made of is there and can be read.

import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile } from '../../files.js';
import type { AgentConfig } from '../../protocol/agent.js';
import type { Case } from '../../scenario/scenario.js';
import { readAgentFile } from '../agent-target.js';
import { readFaults } from '../dev-faults.js';
import { specFile } from './agents.js';
import { checkTools } from './check-tools.js';
import type { Locals } from './locals.js';
import { pathFrom } from './paths.js';
import type { CaseTools } from './tools.js';

export interface Preflight {
  agent: string | undefined;
  tools: CaseTools;
  locals: Locals | undefined;
  seed: number;
}

/**
 * Throws CliError naming the first file that is not as it should be; nothing was sent then. Returns all files that were
 * looked at, as absolute paths: nothing may be written over them.
 */
export async function checkCases(
  context: Context,
  cases: readonly Case[],
  preflight: Preflight,
): Promise<ReadonlySet<string>> {
  const { agent, tools, locals, seed } = preflight;
  const inputs = new Set<string>();
  const specs = new Map<string, AgentConfig>();
  for (const scenario of cases) {
    const { folder, turns, local } = scenario;
    const spec = specFile(context, scenario, agent);
    for (const file of [spec, scenario.file]) if (file !== undefined) inputs.add(context.path(file));
    const clips = turns.flatMap((turn) => (turn.kind === 'audio' ? [turn.file] : []));
    for (const file of [scenario.tools?.file, local.script, ...clips])
      if (file !== undefined) inputs.add(resolve(folder, file));
    if (spec !== undefined) {
      const read = specs.get(spec) ?? (await named(scenario, () => readAgentFile(context, spec))).agent;
      specs.set(spec, read);
      checkTools(scenario, read);
    }
    await named(scenario, () => tools.check(scenario));
    for (const clip of clips) checkIsThere(context, scenario, pathFrom(context, folder, clip));
    await named(scenario, () => readFaults(local.faults));
    if (local.faults.length === 0)
      await named(scenario, async () => locals?.serverFor(scenario, seed, context));
  }
  return inputs;
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
