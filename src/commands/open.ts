// The way to xAI's console, where what has no API is done.

import type { Context, Host } from '../context.js';
import { CliError } from '../errors.js';
import { findProgram, startProgram } from '../programs.js';
import { titled } from '../terminal/table.js';
import { examples, type Register } from './command.js';

export const register: Register = (command, action) =>
  command
    .argument('[agent]', 'the agent to look for there, by its id')
    .option('--print', 'print the address, and open nothing')
    .addHelpText(
      'after',
      `
Prints the address of xAI's console and, at a terminal, opens it in a browser. The console is known to have no address
for a single agent: where to click is said on stderr.
${examples('agents open', 'agents open agent_abc123 --print')}`,
    )
    .action(action(openConsole));

/** The only address of it that is known. */
const consoleUrl = 'https://console.x.ai';

async function openConsole(
  context: Context,
  agent: string | undefined,
  { print = false }: { print?: boolean },
): Promise<undefined> {
  const { output, io, settings } = context;
  const { baseUrl } = settings;
  if (baseUrl === undefined) {
    throw new CliError('usage', 'the local API has no console', {
      hint: 'agents list and agents get show what it holds',
    });
  }
  const named = agent === undefined ? undefined : await nameOf(context, agent);
  output.show({ url: consoleUrl }, ({ url }) => url);
  output.note(`There: Voice → Voice Agents${named === undefined ? '' : ` → ${named}`}.`);
  if (!/(^|\.)x\.ai$/.test(baseUrl.hostname))
    output.note(`note: this is xAI's console; ${baseUrl.origin} may have one of its own, or none`);
  if (!print && !output.json && io.stdout.isTTY === true) await openInBrowser(context, consoleUrl);
}

/** It is only said what to look for: the console may be needed most where the API is closed to the team. */
const lookupTimeoutMs = 5000;

/** "Order Support (agent_abc123)". Throws CliError where the service says that there is no such agent. */
async function nameOf(context: Context, id: string): Promise<string> {
  try {
    const api = await context.api({ timeoutMs: lookupTimeoutMs });
    const { name } = await context.output.during('Fetching the agent', () => api.getAgent({ agent_id: id }));
    return titled(name || undefined, id);
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof CliError) || ['not_found', 'usage'].includes(error.code)) throw error;
    context.output.note(`note: ${id} cannot be looked up: ${error.message}`);
    return id;
  }
}

interface Opener {
  program: string;
  args: string[];
}

/** The first that is there is used. None on a Linux without a screen: it could only start a browser in the terminal. */
export function openersFor({ platform, env }: Pick<Host, 'platform' | 'env'>): Opener[] {
  if (platform === 'darwin') return [{ program: 'open', args: [] }];
  if (platform === 'win32') return [{ program: 'rundll32', args: ['url.dll,FileProtocolHandler'] }];
  const wsl = env.WSL_DISTRO_NAME ? [{ program: 'wslview', args: [] }] : [];
  return [...wsl, ...(env.DISPLAY || env.WAYLAND_DISPLAY ? [{ program: 'xdg-open', args: [] }] : [])];
}

/** Some openers stay as long as the browser does: what has not failed by then has worked. */
const openedMs = 2000;

async function openInBrowser({ host, output, clock, signal }: Context, url: string): Promise<void> {
  const found = openersFor(host)
    .map(({ program, args }) => ({ path: findProgram(program, host), program, args }))
    .find(({ path }) => path !== undefined);
  if (found?.path === undefined) return output.note('note: no browser was found to open it with');
  const { ended } = startProgram(found.path, [...found.args, url], host);
  const late = new Promise<{ problem: undefined }>((resolve) => {
    const cancel = clock.after(openedMs, () => resolve({ problem: undefined }));
    void ended.then(cancel);
    signal.addEventListener('abort', () => resolve({ problem: undefined }), { once: true });
  });
  const { problem } = await Promise.race([ended, late]);
  output.note(
    problem === undefined
      ? 'Opened in the browser.'
      : `note: it could not be opened: ${found.program}: ${problem}`,
  );
}
