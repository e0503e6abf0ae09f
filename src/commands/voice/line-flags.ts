// The flags of `voice` about the line itself: where it leads, and what becomes of it when it drops.

import type { Command } from 'commander';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import type { AgentConfig } from '../../protocol/agent.js';
import type { ConverseOptions } from '../../session/conversation.js';
import { type Setup, type SetupOptions, serverSideSetup, sessionSetup } from '../../session/setup.js';
import type { Transport } from '../../session/transport.js';
import type { Progress } from '../../terminal/output.js';
import { againPrefix, isFileTarget, loadAgent } from '../agent-target.js';
import { shellQuoted } from '../command.js';

/** The flags, and how the session is spoken with. */
export interface LineFlags extends Pick<SetupOptions, 'format' | 'manualTurns'> {
  model?: string;
  voice?: string;
  resume?: string;
  /** False for `--no-reconnect`. */
  reconnect?: boolean;
  serverSide?: boolean;
}

export function lineFlags(command: Command): Command {
  return command
    .option('--resume <conversation>', 'continue an earlier conversation, by its id')
    .option('--no-reconnect', 'end when the line drops, rather than take the conversation up again')
    .option('--server-side', 'let the service load the stored agent itself, by ?agent_id=');
}

/** Whom the conversation is with. */
export interface Target {
  agent: AgentConfig;
  setup: Setup;
  /** What the address of the socket says about it. */
  query: Record<string, string>;
}

/** The session that plays an agent, as the flags would have it. */
export function setupOf(agent: AgentConfig, flags: LineFlags): Setup {
  return flags.serverSide === true ? serverSideSetup(agent, flags) : sessionSetup(agent, flags);
}

/** The agent, and the session that plays it. Throws CliError. */
export async function readTarget(
  context: Context,
  target: string,
  flags: LineFlags,
  progress?: Progress,
): Promise<Target> {
  for (const name of ['voice', 'model'] as const) {
    if (flags[name]?.trim() === '') throw new CliError('usage', `--${name} must name a ${name}, got nothing`);
  }
  if (flags.serverSide !== true) {
    const agent = await loadAgent(context, target, progress);
    const query = { model: flags.model ?? context.settings.voiceModel };
    return { agent, setup: setupOf(agent, flags), query };
  }
  if (isFileTarget(context, target)) {
    throw new CliError('usage', `--server-side needs the id of a stored agent, got the file ${target}`, {
      hint: 'store it with agents create, or leave --server-side out',
    });
  }
  const agent = await loadAgent(context, target, progress).catch(notReadable(context));
  const query = { agent_id: target, ...(flags.model !== undefined && { model: flags.model }) };
  return { agent, setup: setupOf(agent, flags), query };
}

/** A team without the Agents API may talk to the agents of its console all the same. */
function notReadable({ output }: Context): (error: unknown) => AgentConfig {
  return (error) => {
    const isForbidden = error instanceof CliError && ['agents_not_enabled', 'forbidden'].includes(error.code);
    if (!isForbidden) throw error;
    output.note(`note: the agent cannot be read (${error.message}); the service loads it itself`);
    return {};
  };
}

/** Opens a line to the target; `more` is added to its address. */
export type Dial = (more: Record<string, string>) => Promise<Transport>;

/** Opens the first line. Throws CliError. */
export function openLine(dial: Dial, { resume }: LineFlags): Promise<Transport> {
  return dial(resume === undefined ? {} : { conversation_id: resume });
}

/** What the conversation is to know of its line. */
export function lineOptions(
  { clock, signal, newId }: Context,
  dial: Dial,
  flags: LineFlags,
): Pick<ConverseOptions, 'reconnect' | 'resume' | 'itemPrefix'> {
  return {
    reconnect: flags.reconnect === false ? undefined : { open: dial, clock, signal },
    resume: flags.resume,
    itemPrefix: `item_${newId().slice(0, 8)}_`,
  };
}

/** The command that continues this conversation. */
export function resumeCommand(context: Context, target: string, conversationId: string): string {
  return `${againPrefix(context)} voice ${shellQuoted(target)} --resume ${shellQuoted(conversationId)}`;
}
