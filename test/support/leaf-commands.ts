// Every command that people type and that does something: "create", "phone buy".

import { commandEntries } from '../../src/commands.js';
import { buildProgram } from '../../src/program.js';

export async function leafCommands(): Promise<string[]> {
  const shown = commandEntries.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
  const silent = {
    version: '',
    action: () => async () => {},
    write: () => {},
    writeError: () => {},
    width: 80,
  };
  const program = await buildProgram({ ...silent, load: shown });
  return shown.flatMap((name) => {
    const command = program.commands.find((each) => each.name() === name);
    const below = command?.commands ?? [];
    // One that takes arguments does something by itself as well.
    const own = below.length === 0 || command?.registeredArguments.length !== 0 ? [name] : [];
    return [...own, ...below.map((each) => `${name} ${each.name()}`)];
  });
}
