// `agents phone …`: the commands about phone numbers, as a table.

import type { Register } from './command.js';
import { register as simulate } from './phone/simulate.js';

/** In the order of help. */
const commands: readonly { name: string; summary: string; register: Register }[] = [
  { name: 'simulate', summary: 'Make up a call to a number of the local API', register: simulate },
];

export const register: Register = (command, action) => {
  for (const { name, summary, register: add } of commands) {
    add(command.command(name).description(summary), action);
  }
};
