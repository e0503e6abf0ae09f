// The card of an agent, for get and update alike.

import type { Agent } from '../protocol/agent.js';
import { hideSecrets } from '../protocol/redact.js';
import { agentCard } from '../terminal/agent-view.js';
import type { Render } from '../terminal/style.js';

/** What an MCP server is sent is a secret of the user's, and a card is looked at: `--json` has it whole. */
export const cardOf: Render<{ agent: Agent }> = ({ agent }, style) => {
  const tools = hideSecrets(agent.tools) as Agent['tools'];
  return agentCard({ ...agent, ...(tools !== undefined && { tools }) }, style);
};
