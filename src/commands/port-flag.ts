// The flag that says on which port to listen.

import { CliError } from '../errors.js';

/** 0 is any free port. Throws CliError `usage`. */
export function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535)
    throw new CliError('usage', `--port must be 0 to 65535, got ${text}`);
  return port;
}
