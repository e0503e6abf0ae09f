// A first scenario for an agent: it passes as it stands, offline too, and shows in comments how its tools are looked at.

import type { AgentTool } from '../protocol/agent.js';
import { isObject } from '../protocol/json.js';
import { type Remark, scenarioText, turnText } from './write.js';

type FunctionTool = NonNullable<AgentTool['function']>;

export interface FirstScenario {
  /** The agent as people call it. */
  title: string;
  /** The agent as a scenario names it; so are the files. */
  agent: string;
  tools: string | undefined;
  script: string | undefined;
  functions: readonly FunctionTool[];
  /** The JSON Schema of scenarios, where one lies near. */
  schema: string | undefined;
}

/** More than a caller will listen to. */
const mostWords = 60;

/** The text of a scenario, in YAML. */
export function firstScenario({ title, agent, tools, script, functions, schema }: FirstScenario): string {
  const value = {
    name: 'Says hello',
    agent,
    ...(tools !== undefined && { tools }),
    ...(script !== undefined && { local: { script } }),
    turns: [{ user: 'Hello', expect: { questions: { most: 1 }, words: { most: mostWords } } }],
    expect: { ends: 'properly' },
  };
  const beside = (at: string, text: string): Remark => ({ at: [at], text, where: 'beside' });
  const remarks: Remark[] = functions.map((tool) => ({
    at: ['turns'],
    text: `\n${exampleText(tool)}`,
    where: 'after',
  }));
  if (functions.length > 0) {
    const text = '\nTurns that make it use its tools. Say it in your own words, and take the marks away.';
    remarks.unshift({ at: ['turns'], text, where: 'after' });
  }
  if (tools !== undefined) remarks.push(beside('tools', 'what answers its tools'));
  return scenarioText(value, {
    head: [
      ...(schema === undefined ? [] : [`yaml-language-server: $schema=${schema}`]),
      `A first scenario for ${title.replace(/\s+/g, ' ')}.`,
      ...(schema === undefined
        ? ['For editors that complete it: agents test --schema > scenario.schema.json']
        : []),
    ],
    remarks,
  });
}

/** A turn that calls the tool, with what the tool says of itself before it. */
function exampleText(tool: FunctionTool): string {
  const { name, description = '' } = tool;
  const about = description.replace(/\s+/g, ' ').trim();
  const example =
    name === 'end_call'
      ? { user: 'Thank you, goodbye.', expect: { ends: { with: name } } }
      : { user: `Words that make it call ${name}`, expect: { ...callOf(tool), uses_result: name } };
  return `${about === '' ? name : `${name}: ${about}`}\n${turnText(example)}`;
}

function callOf({ name, parameters }: FunctionTool): object {
  const { properties, required } = isObject(parameters) ? parameters : {};
  const all = Object.entries(isObject(properties) ? properties : {});
  const needed = Array.isArray(required) ? all.filter(([each]) => required.includes(each)) : [];
  const given = Object.fromEntries(needed.map(([each, schema]) => [each, sampleOf(schema)]));
  return { calls: needed.length === 0 ? name : { tool: name, with: given } };
}

/** What may stand there: a value where the schema names any, else its kind. */
function sampleOf(schema: unknown): unknown {
  if (!isObject(schema)) return { $exists: true };
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  if (schema.format === 'date') return '{{today+1}}';
  const type: unknown = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  return typeof type === 'string' && type !== 'null' ? { $type: type } : { $exists: true };
}
