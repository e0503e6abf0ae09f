// The commands there are. Only the one that is called is loaded: help and version stay as quick as they can be.

import type { Register } from './commands/command.js';

export interface CommandEntry {
  name: string;
  summary: string;
  hidden?: boolean;
  load(): Promise<{ register: Register }>;
}

export const commandEntries: readonly CommandEntry[] = [
  { name: 'create', summary: 'Create an agent, or several', load: () => import('./commands/create.js') },
  { name: 'list', summary: 'List agents', load: () => import('./commands/list.js') },
  { name: 'get', summary: 'Show an agent', load: () => import('./commands/get.js') },
  { name: 'update', summary: 'Change an agent', load: () => import('./commands/update.js') },
  { name: 'delete', summary: 'Delete agents', load: () => import('./commands/delete.js') },
  { name: 'run', summary: 'Say one thing to an agent, in text', load: () => import('./commands/run.js') },
  { name: 'voice', summary: 'Talk with an agent in realtime', load: () => import('./commands/voice.js') },
  {
    name: 'replay',
    summary: 'Show a recorded conversation again, or what is wrong in it',
    load: () => import('./commands/replay.js'),
  },
  { name: 'dev', summary: 'Serve the local API', load: () => import('./commands/dev.js') },
  {
    name: 'doctor',
    summary: 'Check this machine, the key and the server',
    load: () => import('./commands/doctor.js'),
  },
  { name: 'tour', summary: 'See it all work, offline', load: () => import('./commands/tour.js') },
  {
    name: 'completion',
    summary: 'Print a completion script for a shell',
    load: () => import('./commands/completion.js'),
  },
  {
    name: '__complete',
    summary: 'What could come next (for completion scripts)',
    hidden: true,
    load: () => import('./commands/complete.js'),
  },
];
