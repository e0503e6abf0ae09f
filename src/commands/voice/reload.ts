// The inner loop of writing an agent: its file changes, and the conversation goes on with what it says now.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import type { AgentConfig } from '../../protocol/agent.js';
import { isObject } from '../../protocol/json.js';
import type { SessionUpdate } from '../../protocol/realtime-session.js';
import type { Notice } from '../../session/notice.js';
import { watchFile } from '../../watched-files.js';
import { isFileTarget, readAgentFile, withDate } from '../agent-target.js';
import type { Talk } from '../voice.js';
import { setupOf } from './line-flags.js';

/** An editor writes in several steps: read when it is done with them. */
const settleMs = 100;
/** What cannot be read may be half written: looked at once more before it is told. */
const secondLookMs = 400;

export type Reload = (asked?: boolean) => Promise<void>;

export interface Reloader {
  reload: Reload;
  /** Is to see every notice: what the service refuses is not what the session has. */
  told(notice: Notice): void;
}

/**
 * Makes what takes the agent as it is now and gives it to the session, which says so when it has taken it.
 * `onAgent` is told first. What is wrong with it is told in one line, and the session keeps what it has; where
 * nobody asked, nothing is said about an agent that is the same.
 */
export function createReloader(talk: Talk, onAgent: (agent: AgentConfig) => void): Reloader {
  const { context, target, flags, conversation } = talk;
  const { output, clock, signal } = context;
  const isFile = isFileTarget(context, target);
  let taken = { agent: talk.agent, session: setupOf(talk.agent, flags).session };
  let wanted = taken;
  let told = '';

  async function look(asked: boolean, isSecond: boolean): Promise<void> {
    let next: { agent: AgentConfig; notes: string[] };
    try {
      next = isFile ? await readAgentFile(context, target) : await fetchAgent(context, target);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      if (!asked && !isSecond) {
        await clock.sleep(secondLookMs, signal);
        return look(asked, true);
      }
      if (asked || told !== error.message) output.note(`${error.message}; the session keeps what it has`);
      told = error.message;
      return;
    }
    told = '';
    const { session, notes } = setupOf(next.agent, flags);
    const changes = changedParts(wanted.session, session);
    onAgent(next.agent);
    if (changes.length === 0) {
      if (asked) output.note(`${target}: nothing has changed`);
      return;
    }
    for (const note of [...next.notes, ...notes]) output.note(`note: ${note}`);
    wanted = { agent: next.agent, session };
    // Left out, the tools would stay as they were.
    conversation.reconfigure({ tools: [], ...session }, `${target} changed: ${changes.join(', ')}`);
  }

  async function reload(asked = true): Promise<void> {
    if (flags.serverSide === true)
      return output.note('The service loads this agent itself; --resume takes the new one.');
    await look(asked, false).catch((error: unknown) => {
      // A run that ends meanwhile has no use for it.
      if (!signal.aborted) throw error;
    });
  }

  return {
    reload,
    told: (notice) => {
      if (notice.type === 'reconfigured') taken = wanted;
      if (notice.type !== 'warning' || notice.code !== 'change_refused') return;
      wanted = taken;
      onAgent(taken.agent);
    },
  };
}

async function fetchAgent(context: Context, target: string) {
  const agent = await (await context.api()).getAgent({ agent_id: target });
  return { agent: withDate(agent, context.clock.now()), notes: [] };
}

/** Reloads when the file changes; nothing for an agent that is no file. The function returned ends it. */
export function watchAgent({ context, target, flags }: Talk, reload: Reload): () => void {
  if (flags.serverSide === true || target === '-' || !isFileTarget(context, target)) return () => {};
  let cancel = () => {};
  const unwatch = watchFile(context.path(target), () => {
    cancel();
    cancel = context.clock.after(settleMs, () => void reload(false));
  });
  return () => {
    cancel();
    unwatch();
  };
}

/** What is other about a session, in words: "instructions", "2 tools". */
export function changedParts(before: SessionUpdate, after: SessionUpdate): string[] {
  const differs = (name: keyof SessionUpdate) => writeJson(before[name]) !== writeJson(after[name]);
  const tools = changedTools(before.tools ?? [], after.tools ?? []);
  return [
    differs('instructions') && 'instructions',
    differs('voice') && 'voice',
    differs('turn_detection') && 'turn detection',
    differs('audio') && 'language',
    tools > 0 && `${tools} ${tools === 1 ? 'tool' : 'tools'}`,
  ].filter((part) => part !== false);
}

/** How many were added, removed or are other than they were. */
function changedTools(before: readonly object[], after: readonly object[]): number {
  const named = (tools: readonly object[]) =>
    new Map(tools.map((tool, at) => [nameOf(tool) ?? `${at}`, writeJson(tool)]));
  const [old, now] = [named(before), named(after)];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].filter((name) => old.get(name) !== now.get(name)).length;
}

function nameOf(tool: object): string | undefined {
  if (!isObject(tool)) return undefined;
  return [tool.name, tool.server_label, tool.type].find((name) => typeof name === 'string') as
    | string
    | undefined;
}
