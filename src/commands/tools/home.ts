// Where an agent's tools are kept: in the service, or in a spec file. Read and written alike.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile, readBytes, replaceFile } from '../../files.js';
import { type AgentConfig, type AgentTool, normaliseTool } from '../../protocol/agent.js';
import { isObject } from '../../protocol/json.js';
import type { ToolEntry } from '../../spec/edit.js';
import { titled } from '../../terminal/table.js';
import { showRequest } from '../dry-run.js';
import { findAgent } from '../find-agent.js';

export interface ToolHome {
  /** How the agent is called: "Order Support (agent_abc123)", "agent.yaml". */
  title: string;
  /** What every command takes for it: its id, or the file. */
  reference: string;
  agent: AgentConfig;
  /** In their documented shape, members nobody knows included, in order. */
  tools: AgentTool[];
  /** Writes the tools as they are to be. Gives the agent as it is now. Throws CliError. */
  write(entries: readonly ToolEntry[]): Promise<AgentConfig>;
  /** Shows what would be written. */
  preview(entries: readonly ToolEntry[]): Promise<void>;
}

/** The tools of an agent by id, name or spec file. Throws CliError. */
export function openHome(context: Context, target: string): Promise<ToolHome> {
  return isSpecFile(context, target) ? fileHome(context, target) : storedHome(context, target);
}

/** A name may hold dots and slashes are for paths: what ends like a file is one. */
function isSpecFile(context: Context, target: string): boolean {
  return ['', '-'].includes(target) || /[\\/]|\.[a-z]{1,5}$/i.test(target) || isFile(context.path(target));
}

async function storedHome(context: Context, target: string): Promise<ToolHome> {
  const agent = await findAgent(context, target);
  const { agent_id, name } = agent;
  const title = titled(name, agent_id);
  const given: unknown = agent.tools ?? [];
  if (!Array.isArray(given)) throw new CliError('invalid_reply', `the tools of ${title} are no list`);
  const tools = given.map(asTool);
  const api = await context.api();
  const bodyOf = async (entries: readonly ToolEntry[]) => {
    const { readSpec } = await import('../../spec/spec.js');
    const list = entries.map(({ at, tool }) => tool ?? given[at as number]);
    // As `agents update` sends what a reply held: null says nothing there.
    const { tools: sent } = readSpec({ tools: list }, title).agent;
    return { agent: list.length === 0 ? {} : { tools: sent }, field_mask: { paths: ['tools'] } };
  };
  return {
    title,
    reference: agent_id,
    agent,
    tools,
    write: async (entries) => {
      const body = await bodyOf(entries);
      return context.output.during('Updating the agent', async () => {
        const reply = await api.updateAgent({ agent_id, body });
        return reply ?? api.getAgent({ agent_id });
      });
    },
    preview: async (entries) =>
      showRequest(context, api.show('updateAgent', { agent_id, body: await bodyOf(entries) })),
  };
}

const byteOrderMark = Buffer.from('\ufeff');
/** It was no larger when it was read. */
const largestSpecBytes = 64 * 1024 * 1024;

async function fileHome(context: Context, target: string): Promise<ToolHome> {
  const [{ openSpec, withTools }, { checkIsSpec, readSpec }, { decodeText }] = await Promise.all([
    import('../../spec/edit.js'),
    import('../../spec/spec.js'),
    import('../../spec/parse.js'),
  ]);
  const { text, source } = await context.read(target);
  const spec = await openSpec(text, source);
  const { agent } = readSpec(spec.agent, source);
  checkIsSpec(agent, source);
  const changed = async (entries: readonly ToolEntry[]) => {
    if (target === '-') {
      throw new CliError('usage', 'stdin cannot be changed in place', { hint: 'name the file instead' });
    }
    const next = await withTools(spec, entries);
    return { next, agent: (await openSpec(next, source)).agent as AgentConfig };
  };
  return {
    title: source,
    reference: target,
    agent: agent as AgentConfig,
    tools: spec.tools.map(normaliseTool).map(asTool),
    write: async (entries) => {
      const { next, agent: written } = await changed(entries);
      const bytes = await readBytes(context.path(target), largestSpecBytes, target);
      if (decodeText(bytes, source) !== text) {
        throw new CliError('conflict', `${source} was changed by somebody else meanwhile`, {
          hint: 'nothing was written; do it again',
        });
      }
      // The mark that some editors begin a file with is no part of its text, but of the file.
      const mark = bytes.subarray(0, 3).equals(byteOrderMark) ? '\ufeff' : '';
      await replaceFile(context.path(target), mark + next);
      return written;
    },
    preview: async (entries) => {
      const { next, agent: planned } = await changed(entries);
      context.output.show({ agent: planned, text: next }, (value) => value.text);
    },
  };
}

/** What is no object cannot be told by a name; it stays where it is. */
const asTool = (value: unknown): AgentTool =>
  isObject(value) ? ({ ...value } as AgentTool) : { type: '', value };
