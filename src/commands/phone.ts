import type { Register } from './command.js';
import { registerSimulate } from './phone/simulate.js';

export const register: Register = (command, action) => {
  registerSimulate(
    command.command('simulate').description('Make up a call to a number of the local API'),
    action,
  );
};
