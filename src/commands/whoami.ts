// Whose key this is, where it came from, and what it opens.

import type { Api } from '../api/client.js';
import type { Context, Server } from '../context.js';
import { CliError, exit } from '../errors.js';
import { keyProblem } from '../protocol/account.js';
import { keyCard } from '../terminal/account-view.js';
import { clean } from '../terminal/style.js';
import { examples, type Register } from './command.js';

export const register: Register = (command, action) =>
  command
    .addHelpText(
      'after',
      `
Asks the service about the key, and whether its team may use the Agents API. The key itself is never shown.
The exit code is 4 when the key is refused, blocked or disabled.
${examples('agents whoami', 'agents --json whoami')}`,
    )
    .action(action(whoami));

/** Whether the team may use the Agents API. */
type AgentsApi = 'ok' | 'not_enabled' | 'unknown';

const inWords: Record<AgentsApi, string> = {
  ok: 'enabled',
  not_enabled: 'not enabled for this team; agents voice and run work with spec files',
  unknown: 'cannot tell',
};

async function whoami(context: Context): Promise<number | undefined> {
  const { output, settings } = context;
  const { baseUrl, keyFrom } = await context.server();
  const isLocal = settings.baseUrl === undefined;
  const api = await context.api();
  const key = await output.during('Asking about the key', () => api.getApiKey({}));
  const problem = keyProblem(key);
  const { agentsApi, reason } = problem === undefined ? await lookAtAgents(context, api) : notAsked;
  const more = { source: keyFrom ?? null, server: isLocal ? 'local' : baseUrl.href, agents_api: agentsApi };
  const facts = {
    from: isLocal ? 'no key is needed' : fromInWords(keyFrom),
    server: isLocal ? 'the local API, inside this command' : baseUrl.origin,
    agentsApi: reason === undefined ? inWords[agentsApi] : `${inWords[agentsApi]}: ${reason}`,
    problem,
  };
  output.show({ ...key, ...more }, (_, style) => keyCard(clean(key), clean(facts), style));
  if (problem === undefined) return undefined;
  output.note(`note: ${problem}; see https://console.x.ai`);
  return exit.notAllowed;
}

const notAsked: { agentsApi: AgentsApi; reason?: string } = { agentsApi: 'unknown', reason: 'not asked' };

/** One agent is asked for. Whatever comes of it is an answer. */
async function lookAtAgents(
  { signal }: Context,
  api: Api,
): Promise<{ agentsApi: AgentsApi; reason?: string }> {
  try {
    await api.listAgents({ query: { limit: '1' } });
    return { agentsApi: 'ok' };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CliError)) throw error;
    if (error.code === 'agents_not_enabled') return { agentsApi: 'not_enabled' };
    return { agentsApi: 'unknown', reason: error.message };
  }
}

function fromInWords(from: Server['keyFrom']): string {
  if (from === undefined) return 'no key was sent';
  return from.file === undefined ? from.variable : `the file ${from.file} (${from.variable})`;
}
