// Whom a scenario is about: the agent it names, with what is other about it.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile } from '../../files.js';
import { Once } from '../../once.js';
import type { Agent, AgentConfig } from '../../protocol/agent.js';
import type { Case } from '../../scenario/scenario.js';
import { type Setup, type SetupOptions, serverSideSetup, sessionSetup } from '../../session/setup.js';
import { readAgentFile, withDate } from '../agent-target.js';
import { findAgent } from '../find-agent.js';
import { checkTools } from './check-tools.js';
import { pathFrom } from './paths.js';
import type { StoredAgents } from './stored.js';

export interface TestedAgent {
  agent: AgentConfig;
  setup: Setup;
  query: Record<string, string>;
  /** For the header that says whom the conversation is with. */
  header: string;
}

export interface Agents {
  /** Throws CliError. `side` has the scenario's clock. */
  agentFor(scenario: Case, side: Context, format: SetupOptions['format']): Promise<TestedAgent>;
}

/** `given` is what --agent says, and comes before what scenarios say. */
export function createAgents(context: Context, given: string | undefined, stored: StoredAgents): Agents {
  const fetched = new Once<Agent>();
  const read = new Once<Awaited<ReturnType<typeof readAgentFile>>>();

  return {
    async agentFor(scenario, side, format) {
      const { override } = scenario;
      const file = specFile(context, scenario, given);
      const target = given ?? scenario.agent ?? '';
      const found =
        file === undefined ? await fetched.get(target, () => findAgent(context, target)) : undefined;
      const { agent, notes } =
        file === undefined
          ? { agent: withDate(found as Agent, side.clock.now()), notes: [] }
          : await read.get(JSON.stringify([file, override.today]), () => readAgentFile(side, file));
      for (const note of notes) side.output.note(`note: ${note}`);
      if (file === undefined) checkTools(scenario, agent);
      const whole = withOverride(agent, override);
      const { model, voice } = override;
      if (!scenario.stored) {
        const header = found === undefined ? '' : encodeURIComponent(found.agent_id);
        const query = { model: model ?? context.settings.voiceModel };
        const setup = withIdle(sessionSetup(whole, { voice, format }), override);
        return { agent: whole, setup, query, header };
      }
      const { agent_id } = await stored.create(whole);
      return {
        agent: whole,
        setup: withIdle(serverSideSetup(whole, { voice, format }), override),
        query: { agent_id, ...(model !== undefined && { model }) },
        header: encodeURIComponent(agent_id),
      };
    },
  };
}

/**
 * The spec file of a scenario's agent; undefined where it is stored at the server. Throws CliError `usage` where none is
 * named, or where one that is stored is to be stored for the test.
 */
export function specFile(context: Context, scenario: Case, given: string | undefined): string | undefined {
  const target = given ?? scenario.agent;
  if (target === undefined || target === '') {
    throw new CliError('usage', `${scenario.id} names no agent`, {
      hint: 'name one as its agent, or give --agent <id|file>',
    });
  }
  const file = given === undefined ? pathFrom(context, scenario.folder, target) : target;
  if (/[\\/]|\.(ya?ml|json)$/i.test(target) || isFile(context.path(file))) return file;
  if (!scenario.stored) return undefined;
  throw new CliError(
    'usage',
    `${scenario.id}: only the agent of a spec file is stored for a test, not ${target}`,
    { hint: 'leave out stored, or name a spec file' },
  );
}

/** A session that asks by itself when nobody has spoken for a while; agents cannot say so. */
function withIdle({ session, notes }: Setup, { idle }: Case['override']): Setup {
  const { turn_detection: detection } = session;
  if (idle === undefined || detection?.type !== 'server_vad') return { session, notes };
  const idle_timeout_ms = Math.round(idle * 1000);
  return { session: { ...session, turn_detection: { ...detection, idle_timeout_ms } }, notes };
}

function withOverride(agent: AgentConfig, { instructions }: Case['override']): AgentConfig {
  if (instructions === undefined) return agent;
  const own = agent.instructions ?? '';
  return { ...agent, instructions: own === '' ? instructions : `${own.trimEnd()}\n\n${instructions}` };
}
