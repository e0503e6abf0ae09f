// The commands there are. Only the one that is called is loaded: help and version stay as quick as they can be.

import type { Register } from './commands/command.js';

export interface CommandEntry {
  name: string;
  summary: string;
  /** The heading it stands under in `agents --help`. */
  group: Group;
  hidden?: boolean;
  load(): Promise<{ register: Register }>;
}

type Group = (typeof groups)[number];
/** In the order of help. */
export const groups = ['Agents', 'Conversations', 'Telephony', 'Account', 'This machine'] as const;

/** What `agents help` explains beside commands; their texts are in commands/help.ts. */
export const helpTopics = ['exit-codes', 'environment', 'handlers', 'scenarios', 'faults'] as const;

export const commandEntries: readonly CommandEntry[] = [
  {
    name: 'create',
    group: 'Agents',
    summary: 'Create an agent, or several',
    load: () => import('./commands/create.js'),
  },
  { name: 'list', group: 'Agents', summary: 'List agents', load: () => import('./commands/list.js') },
  { name: 'get', group: 'Agents', summary: 'Show an agent', load: () => import('./commands/get.js') },
  { name: 'update', group: 'Agents', summary: 'Change an agent', load: () => import('./commands/update.js') },
  { name: 'delete', group: 'Agents', summary: 'Delete agents', load: () => import('./commands/delete.js') },
  {
    name: 'tools',
    group: 'Agents',
    summary: 'Show and change the tools of an agent',
    load: () => import('./commands/tools.js'),
  },
  {
    name: 'templates',
    group: 'Agents',
    summary: 'Show what an agent can begin with',
    load: () => import('./commands/templates.js'),
  },
  {
    name: 'knowledge',
    group: 'Agents',
    summary: 'Documents that agents can search',
    load: () => import('./commands/knowledge.js'),
  },
  {
    name: 'open',
    group: 'Agents',
    summary: "Open xAI's console in a browser",
    load: () => import('./commands/open.js'),
  },
  {
    name: 'run',
    group: 'Conversations',
    summary: 'Say one thing to an agent, in text',
    load: () => import('./commands/run.js'),
  },
  {
    name: 'voice',
    group: 'Conversations',
    summary: 'Talk with an agent in realtime',
    load: () => import('./commands/voice.js'),
  },
  {
    name: 'replay',
    group: 'Conversations',
    summary: 'Show a recorded conversation again, or what is wrong in it',
    load: () => import('./commands/replay.js'),
  },
  {
    name: 'test',
    group: 'Conversations',
    summary: 'Run scenarios: what an agent must say and do',
    load: () => import('./commands/test.js'),
  },
  {
    name: 'phone',
    group: 'Telephony',
    summary: 'Phone numbers: buy, register, assign, release, call',
    load: () => import('./commands/phone.js'),
  },
  {
    name: 'call',
    group: 'Telephony',
    summary: 'Let an agent call somebody',
    load: () => import('./commands/call.js'),
  },
  {
    name: 'listen',
    group: 'Telephony',
    summary: 'Answer phone calls',
    load: () => import('./commands/listen.js'),
  },
  {
    name: 'token',
    group: 'Account',
    summary: 'Make an ephemeral secret for a browser or a device',
    load: () => import('./commands/token.js'),
  },
  {
    name: 'voices',
    group: 'Account',
    summary: 'List voices, or hear one',
    load: () => import('./commands/voices.js'),
  },
  {
    name: 'models',
    group: 'Account',
    summary: 'List models',
    load: () => import('./commands/models.js'),
  },
  {
    name: 'whoami',
    group: 'Account',
    summary: 'Whose key this is, and what it may do',
    load: () => import('./commands/whoami.js'),
  },
  {
    name: 'dev',
    group: 'This machine',
    summary: 'Serve the local API',
    load: () => import('./commands/dev.js'),
  },
  {
    name: 'doctor',
    group: 'This machine',
    summary: 'Check this machine, the key and the server',
    load: () => import('./commands/doctor.js'),
  },
  {
    name: 'tour',
    group: 'This machine',
    summary: 'See it all work, offline',
    load: () => import('./commands/tour.js'),
  },
  {
    name: 'completion',
    group: 'This machine',
    summary: 'Print a completion script for a shell',
    load: () => import('./commands/completion.js'),
  },
  {
    name: '__complete',
    group: 'This machine',
    summary: 'What could come next (for completion scripts)',
    hidden: true,
    load: () => import('./commands/complete.js'),
  },
];
