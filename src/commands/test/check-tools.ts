// Whether an agent has the tools that a scenario speaks of.

import { CliError } from '../../errors.js';
import { type AgentConfig, type AgentTool, functionTools, toolsOf } from '../../protocol/agent.js';
import { isObject } from '../../protocol/json.js';
import type { Case } from '../../scenario/scenario.js';
import { namedTools } from '../../scenario/tool-names.js';
import { didYouMean } from '../../spec/did-you-mean.js';

/**
 * Throws CliError `invalid_spec` for a scenario that speaks of a tool the agent has not, or of an argument that a tool does
 * not take: it would wait for it in vain. Tools of MCP servers are known to the service alone.
 */
export function checkTools(scenario: Case, agent: AgentConfig): void {
  if (toolsOf(agent).some(({ type }) => type === 'mcp')) return;
  const taken = new Map(functionTools(agent).map((tool) => [tool.function?.name ?? '', argumentsOf(tool)]));
  const names = [...taken.keys()];
  for (const { name, by, place, given = [] } of namedTools(scenario)) {
    const where = `${scenario.file}:${place.line}:${place.column}`;
    if (!taken.has(name)) {
      throw new CliError(
        'invalid_spec',
        `${where}: ${by} names ${name}, which is no function tool of the agent${didYouMean(name, names)}`,
        { hint: names.length === 0 ? 'it has none at all' : `its tools: ${names.join(', ')}` },
      );
    }
    const known = taken.get(name);
    const wrong = given.find((argument) => known?.includes(argument) === false);
    if (known === undefined || wrong === undefined) continue;
    throw new CliError(
      'invalid_spec',
      `${where}: ${by} names ${wrong}, which is no argument of ${name}${didYouMean(wrong, known)}`,
      { hint: known.length === 0 ? 'it takes none' : `its arguments: ${known.join(', ')}` },
    );
  }
}

/** The names of all arguments a tool takes; undefined where it may take others than its parameters name. */
function argumentsOf({ function: called }: AgentTool): string[] | undefined {
  const parameters = (called?.parameters ?? {}) as Record<string, unknown>;
  const { type, properties, additionalProperties = false, ...rest } = parameters;
  const isOpen = ['$ref', 'allOf', 'anyOf', 'oneOf', 'patternProperties'].some((name) => name in rest);
  if (type !== 'object' || !isObject(properties) || additionalProperties !== false || isOpen)
    return undefined;
  return Object.keys(properties);
}
