// Looks at all that could stop a user, and says how to mend what is missing.

import type { Context } from '../context.js';
import { exit } from '../errors.js';
import type { Style } from '../terminal/style.js';
import { examples, type Register } from './command.js';
import { type Check, type Finding, failure } from './doctor/check.js';
import { localChecks } from './doctor/local.js';
import { machineChecks } from './doctor/machine.js';
import { networkChecks } from './doctor/network.js';
import { keyCheck, openAccount, partChecks, serverCheck } from './doctor/service.js';

export const register: Register = (command, action) =>
  command
    .addHelpText(
      'after',
      `
Looks at this machine, the way to the server, the key, each part of the API, and the local API. It makes and changes
nothing at the service, and never shows the key. A warning is something only some commands need. The exit code is 6 when a check has
failed.
${examples('agents doctor', 'agents --local doctor', 'agents --json --local doctor')}`,
    )
    .action(action(doctor));

type Line = { name: string } & Finding;

async function doctor(context: Context): Promise<number | undefined> {
  const account = openAccount(context);
  const server = serverCheck(account);
  const found = await context.output.during('Looking', async () => {
    const first = [...machineChecks, keyCheck, ...networkChecks, server, ...localChecks];
    const lines = await lookAll(first, context);
    // Of a server that does not answer, or does not take the key, each part would say the same again.
    const isOpen = lines.some(({ name, status }) => name === server.name && status === 'ok');
    const parts = isOpen ? await lookAll(partChecks(account), context) : [];
    const at = lines.findIndex(({ name }) => name === server.name) + 1;
    return [...lines.slice(0, at), ...parts, ...lines.slice(at)];
  });
  context.signal.throwIfAborted();
  context.output.show({ checks: found }, (shown, style) =>
    shown.checks.map((each) => line(each, style)).join(''),
  );
  return found.some(({ status }) => status === 'failed') ? exit.negative : undefined;
}

/** All at once; in their own order, without those that had nothing to look at. */
async function lookAll(checks: readonly Check[], context: Context): Promise<Line[]> {
  const found = await Promise.all(checks.map((check) => lookInTime(check, context)));
  return found.filter((each) => each !== undefined);
}

/** How long one check may take. */
const checkSeconds = 10;

async function lookInTime({ name, look }: Check, context: Context): Promise<Line | undefined> {
  const { clock, signal } = context;
  const late = new AbortController();
  let cancel = () => {};
  const limit = new Promise<Finding>((resolve) => {
    cancel = clock.after(checkSeconds * 1000, () => {
      resolve(failure(`no answer within ${checkSeconds} s`, 'is the network slow? try again'));
      late.abort(new Error('the check took too long'));
    });
  });
  try {
    const finding = await Promise.race([look(context, AbortSignal.any([late.signal, signal])), limit]);
    return finding && { name, ...finding };
  } finally {
    cancel();
  }
}

function line({ name, status, message, hint }: Line, { chalk }: Style): string {
  const colour = { ok: chalk.green, warning: chalk.yellow, failed: chalk.red }[status];
  const mend = hint === undefined ? '' : `${' '.repeat(10)}${chalk.dim(hint)}\n`;
  return `${colour(status.padEnd(7))}   ${name}: ${message}\n${mend}`;
}
