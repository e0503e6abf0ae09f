// What `agents run` sends: the agent as a chat completion knows it.

import type { Context } from '../../context.js';
import { type AgentConfig, functionTools, toolsOf } from '../../protocol/agent.js';
import type { ChatRequest } from '../../protocol/chat.js';
import { toolName } from '../../terminal/agent-view.js';

export function chatRequest(agent: AgentConfig, message: string, model: string): ChatRequest {
  const tools = functionTools(agent);
  return {
    model,
    messages: [
      ...(agent.instructions ? [{ role: 'system' as const, content: agent.instructions }] : []),
      { role: 'user', content: message },
    ],
    ...(tools.length > 0 && { tools }),
  };
}

/** The endpoint takes function tools alone and refuses the whole request for any other. */
export function noteLeftOut({ output }: Context, agent: AgentConfig): void {
  const others = toolsOf(agent)
    .filter(({ type }) => type !== 'function')
    .map(toolName);
  if (others.length > 0) {
    output.note(
      `note: left out ${others.join(', ')}: chat completions take function tools only; agents voice uses all`,
    );
  }
}
