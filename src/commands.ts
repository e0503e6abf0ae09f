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
    name: 'phone',
    group: 'Telephony',
    summary: 'Make up a call to a number of the local API',
    load: () => import('./commands/phone.js'),
  },
  {
    name: 'call',
    group: 'Telephony',
    summary: 'Let an agent call somebody',
    load: () => import('./commands/call.js'),
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
