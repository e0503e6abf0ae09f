// What completion offers for an argument or a value, by the word that help has for it.

import type { AgentTool } from '../protocol/agent.js';
import { builtInKinds, nameOfTool } from '../protocol/tools.js';
import { templates } from '../spec/templates.js';

export interface Candidate {
  value: string;
  about: string;
}

/** One that needs no words. */
export const named = (value: string): Candidate => ({ value, about: '' });

/** What a server can be asked for: a command line, which may need the arguments before, and what its JSON holds. */
export interface LiveSource {
  ask: readonly string[] | ((given: readonly string[]) => readonly string[]);
  // biome-ignore lint/suspicious/noExplicitAny: our own JSON, of the command that is asked
  read(answer: any): Candidate[];
  /** Where the server does not answer. */
  otherwise: readonly Candidate[];
}

const agents: LiveSource = {
  ask: ['list', '--limit', '100'],
  read: (answer: { agents: { agent_id: string; name?: string }[] }) =>
    answer.agents.map(({ agent_id, name = '' }) => ({ value: agent_id, about: name })),
  otherwise: [],
};

interface Voice {
  voice_id: string;
  name?: string;
}
const voices: LiveSource = {
  ask: ['voices'],
  read: (answer: { voices: Voice[]; custom_voices?: Voice[] }) =>
    [...answer.voices, ...(answer.custom_voices ?? [])].map(({ voice_id, name = '' }) => ({
      value: voice_id,
      about: name,
    })),
  // Those the console offers.
  otherwise: ['eve', 'ara', 'rex', 'sal', 'leo'].map(named),
};

const models: LiveSource = {
  ask: ['models'],
  read: (answer: { data: { id: string }[] }) => answer.data.map(({ id }) => named(id)),
  otherwise: [],
};

/** Of the agent that was named before. */
const tools: LiveSource = {
  ask: ([agent = '']) => ['tools', 'list', agent],
  read: (answer: { tools: AgentTool[] }) =>
    answer.tools.map((tool) => ({ value: nameOfTool(tool), about: tool.function?.description ?? '' })),
  otherwise: [],
};

const collections: LiveSource = {
  ask: ['knowledge', 'list', '--limit', '100'],
  read: (answer: { collections: { collection_id: string; collection_name?: string }[] }) =>
    answer.collections.map(({ collection_id, collection_name = '' }) => ({
      value: collection_id,
      about: collection_name,
    })),
  otherwise: [],
};

const phoneNumbers: LiveSource = {
  ask: ['phone', 'list', '--limit', '100'],
  read: (answer: { phone_numbers: { phone_number_id: string; phone_number?: string; name?: string }[] }) =>
    answer.phone_numbers.map(({ phone_number_id, phone_number, name = '' }) => ({
      value: phone_number ?? phone_number_id,
      about: name,
    })),
  otherwise: [],
};

/** By the word that a command's help has for such an argument or value. */
export const live: Record<string, LiveSource> = {
  id: agents,
  agent: agents,
  voice: voices,
  model: models,
  tool: tools,
  collection: collections,
  number: phoneNumbers,
};

/** The same, of what needs no server. */
export const fixed: Record<string, readonly Candidate[]> = {
  kind: builtInKinds.map(named),
  template: templates.map(({ name, about }) => ({ value: name, about })),
};
