// This machine: what it has of all that commands need.

import type { Context, Host } from '../../context.js';
import { freeBytes, readProblem, writeProblem } from '../../folders.js';
import { findProgram } from '../../programs.js';
import { colourLevel } from '../../terminal/style.js';
import { findDevice, howToInstall, type Way } from '../voice/devices.js';
import { type Check, type Finding, failure, ok, warning } from './check.js';

export const machineChecks: readonly Check[] = [
  { name: 'version', look: ({ host }) => ok(`agents ${host.version}, in ${host.root}`) },
  { name: 'node', look: ({ host }) => checkNode(host.nodeVersion) },
  { name: 'terminal', look: checkTerminal },
  { name: 'config folder', look: ({ folders }) => checkReadable(folders.config) },
  { name: 'data folder', look: ({ folders }) => checkFolder(folders.data, 'AGENTS_DATA_DIR') },
  { name: 'state folder', look: ({ folders }) => checkFolder(folders.state, 'AGENTS_STATE_DIR') },
  { name: 'recording', look: ({ host }) => checkDevice('record', host) },
  { name: 'playing', look: ({ host }) => checkDevice('play', host) },
  { name: 'espeak-ng', look: ({ host }) => checkEspeak(host) },
];

/** As package.json's `engines`. */
const oldestNode = [20, 19] as const;

function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  return isOld ? failure(version, `install Node ${oldestNode.join('.')} or newer`) : ok(version);
}

const colours = ['no colours', '16 colours', '256 colours', 'all colours'] as const;

function checkTerminal({ io, host }: Context): Finding {
  const { env, platform } = host;
  if (io.stdout.isTTY !== true) return ok('none; output goes to a pipe or a file');
  const shown = `${io.width.stdout} columns, ${colours[colourLevel(io.stdout, env)]}`;
  if (env.TERM === 'dumb') return warning(`${shown}; TERM is dumb, so that a typed line cannot be edited`);
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  if (platform === 'win32' || /utf-?8/i.test(locale)) return ok(`${shown}, UTF-8`);
  // On a Mac terminals speak UTF-8 whatever the variables say.
  if (platform === 'darwin' && locale === '') return ok(shown);
  return warning(
    `${shown}; its locale (${locale || 'none is set'}) is not UTF-8, so that some letters may be shown wrongly`,
    'set LANG to a UTF-8 locale, for example C.UTF-8',
  );
}

function checkReadable(folder: string): Finding {
  const problem = readProblem(folder);
  return problem === undefined
    ? ok(folder)
    : warning(`${folder}: ${problem}`, 'give yourself the right to read it, or set AGENTS_CONFIG_DIR');
}

/** Data and history of a long time. */
const roomBytes = 100 * 1024 * 1024;

function checkFolder(folder: string, variable: string): Finding {
  const hint = `set ${variable} to another folder`;
  const problem = writeProblem(folder);
  if (problem !== undefined) return failure(`${folder}: ${problem}`, hint);
  const free = freeBytes(folder);
  if (free === undefined || free >= roomBytes) return ok(folder);
  return warning(`${folder}: only ${Math.floor(free / 1024 / 1024)} MiB are free on its disk`, hint);
}

/** Any rate: only whether a program is there is asked. */
const anyRate = 24_000;

function checkDevice(way: Way, host: Host): Finding {
  const found = findDevice(way, anyRate, host);
  const flag = way === 'record' ? '--mic' : '--speaker';
  return found === undefined
    ? warning(`no program for voice ${flag}`, howToInstall(host.platform))
    : ok(`${found.program} (${found.path})`);
}

function checkEspeak(host: Host): Finding {
  const path = findProgram('espeak-ng', host);
  return path === undefined
    ? warning(
        'not on this machine; agents dev speaks in a synthetic voice without it',
        'to hear real words offline: apt install espeak-ng, or brew install espeak-ng',
      )
    : ok(path);
}
