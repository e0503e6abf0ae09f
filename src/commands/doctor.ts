// Looks at what the other commands need, and says how to mend what is missing.

import type { Context, Host } from '../context.js';
import { CliError, exit } from '../errors.js';
import { writeProblem } from '../files.js';
import type { ApiKey } from '../protocol/account.js';
import type { Style } from '../terminal/style.js';
import { examples, type Register } from './command.js';
import { findDevice, howToInstall, type Way } from './voice/devices.js';

export const register: Register = (command, action) =>
  command
    .addHelpText(
      'after',
      `
A warning is something only some commands need. The exit code is 6 when a check has failed.
${examples('agents doctor', 'agents --local doctor', 'agents --json --local doctor')}`,
    )
    .action(action(doctor));

interface Finding {
  status: 'ok' | 'warning' | 'failed';
  message: string;
  hint?: string | undefined;
}

interface Check {
  name: string;
  look(context: Context): Finding | Promise<Finding>;
}

const checks: readonly Check[] = [
  { name: 'node', look: ({ host }) => checkNode(host.nodeVersion) },
  { name: 'data folder', look: ({ folders }) => checkFolder(folders.data, 'AGENTS_DATA_DIR') },
  { name: 'state folder', look: ({ folders }) => checkFolder(folders.state, 'AGENTS_STATE_DIR') },
  { name: 'key', look: checkKey },
  { name: 'server', look: checkServer },
  { name: 'recording', look: ({ host }) => checkDevice('record', host) },
  { name: 'playing', look: ({ host }) => checkDevice('play', host) },
];

async function doctor(context: Context): Promise<number | undefined> {
  const found: ({ name: string } & Finding)[] = [];
  for (const { name, look } of checks) found.push({ name, ...(await look(context)) });
  context.signal.throwIfAborted();
  context.output.show({ checks: found }, (shown, style) =>
    shown.checks.map((each) => line(each, style)).join(''),
  );
  return found.some(({ status }) => status === 'failed') ? exit.negative : undefined;
}

function line({ name, status, message, hint }: { name: string } & Finding, { chalk }: Style): string {
  const colour = { ok: chalk.green, warning: chalk.yellow, failed: chalk.red }[status];
  const mend = hint === undefined ? '' : `${' '.repeat(10)}${chalk.dim(hint)}\n`;
  return `${colour(status.padEnd(7))}   ${name}: ${message}\n${mend}`;
}

/** As package.json's `engines`. */
const oldestNode = [20, 19] as const;

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  return isOld
    ? { status: 'failed', message: version, hint: `install Node ${oldestNode.join('.')} or newer` }
    : { status: 'ok', message: version };
}

function checkFolder(folder: string, variable: string): Finding {
  const problem = writeProblem(folder);
  return problem === undefined
    ? { status: 'ok', message: folder }
    : { status: 'failed', message: `${folder}: ${problem}`, hint: `set ${variable} to another folder` };
}

async function checkKey(context: Context): Promise<Finding> {
  if (context.settings.baseUrl === undefined) return { status: 'ok', message: 'the local API needs none' };
  try {
    const { key, baseUrl } = await context.server();
    return key === undefined
      ? { status: 'warning', message: `none is set; ${baseUrl.origin} is asked without one` }
      : { status: 'ok', message: 'set' };
  } catch (error) {
    return failed(error);
  }
}

const serverTimeoutMs = 5000;

async function checkServer(context: Context): Promise<Finding> {
  try {
    const { baseUrl } = await context.server();
    const key = await (await context.api({ timeoutMs: serverTimeoutMs })).getApiKey({});
    const where = context.settings.baseUrl === undefined ? 'the local API' : baseUrl.origin;
    const problem = keyProblem(key);
    return problem === undefined
      ? { status: 'ok', message: `${where} answers and takes the key` }
      : { status: 'failed', message: `${where} answers: ${problem}`, hint: 'see https://console.x.ai' };
  } catch (error) {
    context.signal.throwIfAborted();
    return failed(error);
  }
}

function keyProblem(key: ApiKey): string | undefined {
  if (key.team_blocked) return 'the team is blocked';
  if (key.api_key_blocked) return 'the key is blocked';
  return key.api_key_disabled ? 'the key is disabled' : undefined;
}

function failed(error: unknown): Finding {
  if (!(error instanceof CliError)) throw error;
  return { status: 'failed', message: error.message, hint: error.hint };
}

/** Any rate: only whether a program is there is asked. */
const anyRate = 24_000;

function checkDevice(way: Way, host: Host): Finding {
  const found = findDevice(way, anyRate, host);
  const flag = way === 'record' ? '--mic' : '--speaker';
  return found === undefined
    ? { status: 'warning', message: `no program for voice ${flag}`, hint: howToInstall(host.platform) }
    : { status: 'ok', message: `${found.program} (${found.path})` };
}
