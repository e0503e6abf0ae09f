// `agents phone …`: the commands about phone numbers, as a table.

import type { Register } from './command.js';
import { register as assign } from './phone/assign.js';
import { register as buy } from './phone/buy.js';
import { register as get } from './phone/get.js';
import { register as list } from './phone/list.js';
import { register as registerOwn } from './phone/register.js';
import { register as release } from './phone/release.js';
import { register as simulate } from './phone/simulate.js';
import { register as unassign } from './phone/unassign.js';
import { register as update } from './phone/update.js';

/** In the order of help. */
const commands: readonly { name: string; summary: string; register: Register }[] = [
  { name: 'list', summary: 'List phone numbers, and who answers them', register: list },
  { name: 'get', summary: 'Show a phone number', register: get },
  { name: 'buy', summary: 'Buy a phone number of the US', register: buy },
  { name: 'register', summary: 'Register a phone number of your own', register: registerOwn },
  { name: 'update', summary: 'Rename a phone number, or change who answers it', register: update },
  { name: 'assign', summary: 'Let an agent answer a phone number', register: assign },
  { name: 'unassign', summary: 'Take a phone number from its agent', register: unassign },
  { name: 'release', summary: 'Give a phone number up for good', register: release },
  { name: 'simulate', summary: 'Make up a call to a number of the local API', register: simulate },
];

export const register: Register = (command, action) => {
  for (const { name, summary, register: add } of commands) {
    add(command.command(name).description(summary), action);
  }
};
