// Which collections an agent may search.

import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { type Agent, type AgentTool, agentLimits, toolsOf } from '../../protocol/agent.js';
import { agentCard } from '../../terminal/agent-view.js';
import { findAgent } from '../find-agent.js';
import { collectionId } from './find.js';

interface Change {
  collection_ids: string[];
  tools?: AgentTool[];
}

/** Adds a collection, and the tool that searches it where there is none. */
export async function attach(context: Context, given: string, agentId: string): Promise<undefined> {
  const { output } = context;
  const { agent, id, has } = await look(context, given, agentId);
  const searches = toolsOf(agent).some(({ type }) => type === 'file_search');
  if (has.includes(id) && searches) {
    output.note(`${given} is attached already`);
    return show(context, agent);
  }
  const collection_ids = [...new Set([...has, id])];
  if (collection_ids.length > agentLimits.collections) {
    throw new CliError('usage', `an agent has at most ${agentLimits.collections} collections`, {
      hint: `take one away first: agents knowledge detach ${has[0]} ${agent.agent_id}`,
    });
  }
  if (!searches) output.note('added the tool file_search, which searches its collections');
  const added = searches ? {} : { tools: [...allTools(agent), { type: 'file_search' }] };
  return show(context, await change(context, agent, { collection_ids, ...added }));
}

/** Takes a collection away; with the last, a search that has nothing left to search goes too. */
export async function detach(context: Context, given: string, agentId: string): Promise<undefined> {
  const { output } = context;
  const { agent, id, has } = await look(context, given, agentId);
  if (!has.includes(id)) {
    throw new CliError('not_found', `${given} is not attached to ${agent.agent_id}`, {
      hint: `agents get ${agent.agent_id} shows its collections`,
    });
  }
  const collection_ids = has.filter((each) => each !== id);
  const gone = collection_ids.length > 0 ? [] : toolsOf(agent).filter(isBareSearch);
  const isGone = gone.length > 0;
  const left = allTools(agent).filter((tool) => !gone.includes(tool));
  if (isGone) output.note('took the tool file_search away as well: it has nothing left to search');
  return show(context, await change(context, agent, { collection_ids, ...(isGone && { tools: left }) }));
}

/** Sent back whole: also what this program does not know. */
const allTools = ({ tools }: Agent) => (Array.isArray(tools) ? tools : []);

/** One that names stores of its own still has something to search. */
const isBareSearch = ({ type, vector_store_ids: own }: AgentTool) =>
  type === 'file_search' && !(Array.isArray(own) && own.length > 0);

async function look(context: Context, given: string, agentId: string) {
  const agent = await findAgent(context, agentId);
  const has = Array.isArray(agent.collection_ids) ? agent.collection_ids.map(String) : [];
  // What the agent has by this id may be deleted.
  const id = has.includes(given) ? given : await collectionId(context, given);
  return { agent, id, has };
}

async function change(context: Context, { agent_id }: Agent, body: Change): Promise<Agent> {
  const paths = Object.keys(body);
  return context.output.during('Updating the agent', async () => {
    const api = await context.api();
    const updated = await api.updateAgent({ agent_id, body: { agent: { ...body }, field_mask: { paths } } });
    return updated ?? api.getAgent({ agent_id });
  });
}

function show({ output }: Context, agent: Agent): undefined {
  output.show({ agent }, (value, style) => agentCard(value.agent, style));
}
