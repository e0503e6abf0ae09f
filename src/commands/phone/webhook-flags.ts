// Who answers a number's calls, as flags say it: a webhook or an agent.

import type { Command } from 'commander';
import { CliError } from '../../errors.js';
import { isWebhookUrl } from '../../protocol/address.js';

export interface WebhookFlags {
  webhook?: string;
  authUrl?: string;
  authToken?: string;
  agent?: string;
  secretFile?: string;
}

export function addWebhookFlags(command: Command): Command {
  return command
    .option('--webhook <url>', 'tell this address of its calls (https, or this machine)')
    .option('--auth-url <url>', 'where the service gets a token for the webhook')
    .option('--auth-token <token>', 'a token the service sends to the webhook')
    .option('--agent <agent>', 'let this agent answer its calls: its id or its name')
    .option('--secret-file <file>', "write the webhook's signing secret there, for its owner only");
}

/** The webhook of the flags, as the API has it; undefined for none. Throws CliError `usage`. */
export function readWebhook(flags: WebhookFlags): Record<string, string> | undefined {
  const { webhook: url, authUrl, authToken, agent, secretFile } = flags;
  if (url !== undefined && agent !== undefined) {
    throw new CliError('usage', '--webhook and --agent contradict each other', {
      hint: 'a number is answered by one of them',
    });
  }
  const lonely = Object.entries({
    '--auth-url': authUrl,
    '--auth-token': authToken,
    '--secret-file': secretFile,
  }).find(([, value]) => value !== undefined)?.[0];
  if (url === undefined) {
    if (lonely === undefined) return undefined;
    throw new CliError('usage', `${lonely} goes with --webhook`, { hint: 'add --webhook <url>' });
  }
  return {
    url: readUrl(url, '--webhook'),
    ...(authUrl !== undefined && { auth_url: readUrl(authUrl, '--auth-url') }),
    ...(authToken !== undefined && { auth_token: authToken }),
  };
}

function readUrl(text: string, flag: string): string {
  if (isWebhookUrl(text)) return text;
  throw new CliError('usage', `${flag} must be an https URL, or one of this machine, got ${text}`, {
    hint: `for example ${flag} https://example.com/calls; no user name and no password in it`,
  });
}
