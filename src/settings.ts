// What a run is told from outside: flag, then environment, then default.

import { CliError } from './errors.js';

export interface GlobalFlags {
  json?: boolean;
  baseUrl?: string;
  local?: boolean;
  timeout?: string;
  /** False for `--no-input`. */
  input?: boolean;
  verbose?: boolean;
}

export interface Settings {
  /** Undefined when the run uses the embedded local API. */
  baseUrl: URL | undefined;
  /** Whether the base URL was named, rather than being the default. */
  baseUrlGiven: boolean;
  /** Where collections are kept; undefined when that is the base URL. */
  managementUrl: URL | undefined;
  timeoutMs: number;
  timeoutGiven: boolean;
  /** Whether questions may be asked at all. */
  input: boolean;
  verbose: boolean;
  /** Whether phone numbers are shown whole in traces, logs and recordings. */
  showNumbers: boolean;
  /** For `run`. */
  model: string;
  /** For `voice`. */
  voiceModel: string;
}

export const defaults = {
  baseUrl: 'https://api.x.ai',
  /** Where the service keeps collections. */
  managementUrl: 'https://management-api.x.ai',
  /** Where `agents dev` serves. */
  localUrl: 'http://localhost:9978',
  timeoutSeconds: 60,
  /** The model xAI answers retired ones with. */
  model: 'grok-4.3',
  voiceModel: 'grok-voice-latest',
} as const;

/** Every variable the tool reads, as `agents help environment` shows them. */
export const environment: readonly { name: string; meaning: string }[] = [
  { name: 'XAI_API_KEY', meaning: 'your key, made at https://console.x.ai' },
  { name: 'XAI_API_KEY_FILE', meaning: 'a file holding the key, where XAI_API_KEY is not set' },
  { name: 'AGENTS_BASE_URL', meaning: `the server to use (default ${defaults.baseUrl}); as --base-url` },
  {
    name: 'XAI_MANAGEMENT_API_KEY',
    meaning: 'your Management key, for collections; or XAI_MANAGEMENT_API_KEY_FILE, a file holding it',
  },
  {
    name: 'AGENTS_MANAGEMENT_URL',
    meaning: `the server of collections (default ${defaults.managementUrl}, elsewhere the base URL)`,
  },
  { name: 'AGENTS_LOCAL', meaning: '1 to use the local API inside the command; as --local' },
  { name: 'AGENTS_MODEL', meaning: `the model of agents run (default ${defaults.model}); as --model` },
  {
    name: 'AGENTS_VOICE_MODEL',
    meaning: `the model of agents voice (default ${defaults.voiceModel}); as --model`,
  },
  {
    name: 'AGENTS_TIMEOUT',
    meaning: `seconds the service may be silent (default ${defaults.timeoutSeconds}); as --timeout`,
  },
  {
    name: 'AGENTS_CALLS_PATH',
    meaning: 'where the server places calls (default /v1/realtime/calls); as agents call --path',
  },
  { name: 'AGENTS_DATA_DIR', meaning: "the folder of the local API's data" },
  { name: 'AGENTS_STATE_DIR', meaning: 'the folder of backups and history' },
  { name: 'AGENTS_CONFIG_DIR', meaning: 'the folder of what you write for every run' },
  {
    name: 'AGENTS_RATES',
    meaning: 'a file of prices that come before the built-in ones (default rates.yaml in the config folder)',
  },
  {
    name: 'AGENTS_WEBHOOK_SECRET',
    meaning: 'what webhooks of calls are signed with, for agents listen; as --secret-file',
  },
  {
    name: 'AGENTS_SHOW_NUMBERS',
    meaning: '1 to show phone numbers whole in --verbose, in recordings and in the log of agents dev',
  },
  { name: 'AGENTS_SIP_PASSWORD', meaning: 'the password of agents phone register --sip-user' },
  {
    name: 'AGENTS_USER_MODEL',
    meaning: 'the model that plays persons, for agents test; as --user-model',
  },
  {
    name: 'AGENTS_JUDGE_MODEL',
    meaning: 'the model that scores what scenarios have judged; as --judge-model',
  },
  {
    name: 'AGENTS_MODEL_URL',
    meaning: 'the server of these two models (default the server of the run); as --model-url',
  },
  { name: 'AGENTS_MODEL_KEY', meaning: 'the key of the server that AGENTS_MODEL_URL names' },
  { name: 'AGENTS_LOCAL_MODEL_KEY', meaning: 'the key of the server that agents dev --model-url names' },
  { name: 'HTTPS_PROXY, NO_PROXY', meaning: 'the proxy to go through, and the hosts to reach without it' },
  { name: 'NODE_EXTRA_CA_CERTS', meaning: 'a file with a certificate authority to trust as well' },
  { name: 'NO_COLOR, FORCE_COLOR', meaning: 'no colour, or colour also where nobody seems to watch' },
];

type Env = Record<string, string | undefined>;

/** Throws CliError `usage` naming the flag or variable that is wrong. */
export function readSettings(flags: GlobalFlags, env: Env): Settings {
  const timeout = flags.timeout ?? env.AGENTS_TIMEOUT;
  const where = readServer(flags, env);
  return {
    ...where,
    managementUrl: readManagementUrl(where.baseUrl, env.AGENTS_MANAGEMENT_URL),
    timeoutMs: timeout
      ? readSeconds(timeout, flags.timeout === undefined ? 'AGENTS_TIMEOUT' : '--timeout')
      : defaults.timeoutSeconds * 1000,
    timeoutGiven: Boolean(timeout),
    input: flags.input !== false,
    verbose: flags.verbose === true,
    showNumbers: readSwitch(env.AGENTS_SHOW_NUMBERS, 'AGENTS_SHOW_NUMBERS'),
    model: env.AGENTS_MODEL || defaults.model,
    voiceModel: env.AGENTS_VOICE_MODEL || defaults.voiceModel,
  };
}

function readServer(flags: GlobalFlags, env: Env): Pick<Settings, 'baseUrl' | 'baseUrlGiven'> {
  if (flags.local && flags.baseUrl !== undefined) {
    throw new CliError('usage', '--local and --base-url name two different servers', {
      hint: 'give one of them',
    });
  }
  if (flags.local) return { baseUrl: undefined, baseUrlGiven: true };
  if (flags.baseUrl !== undefined)
    return { baseUrl: readBaseUrl(flags.baseUrl, '--base-url'), baseUrlGiven: true };
  const local = readSwitch(env.AGENTS_LOCAL, 'AGENTS_LOCAL');
  if (local && env.AGENTS_BASE_URL) {
    throw new CliError('usage', 'AGENTS_LOCAL and AGENTS_BASE_URL name two different servers', {
      hint: 'unset one of them',
    });
  }
  if (local) return { baseUrl: undefined, baseUrlGiven: true };
  if (env.AGENTS_BASE_URL)
    return { baseUrl: readBaseUrl(env.AGENTS_BASE_URL, 'AGENTS_BASE_URL'), baseUrlGiven: true };
  return { baseUrl: new URL(defaults.baseUrl), baseUrlGiven: false };
}

/** A server that was not named keeps its collections itself; the local API always does. */
function readManagementUrl(baseUrl: URL | undefined, given: string | undefined): URL | undefined {
  if (baseUrl === undefined) return undefined;
  const isService = baseUrl.origin === defaults.baseUrl;
  const named = given || (isService ? defaults.managementUrl : undefined);
  const url = named === undefined ? undefined : readBaseUrl(named, 'AGENTS_MANAGEMENT_URL');
  const place = ({ href }: URL) => href.replace(/\/+$/, '');
  return url === undefined || place(url) === place(baseUrl) ? undefined : url;
}

function readBaseUrl(text: string, source: string): URL {
  const looksRight = /^https?:\/\//i.test(text);
  const wrong = (problem: string, hint: string) =>
    new CliError('usage', `${source} ${text}: ${problem}`, { hint });
  if (!looksRight) throw wrong('not an http or https URL', 'it looks like http://localhost:9978');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong('not a URL', 'it looks like http://localhost:9978');
  }
  if (url.username !== '' || url.password !== '') {
    throw wrong('holds a user name or password', 'the key comes from XAI_API_KEY');
  }
  if (url.search !== '' || url.hash !== '')
    throw wrong('must end with its path', 'leave out everything from ? or # on');
  // Others' SDKs take the version as part of the base URL; here it is part of each path.
  url.pathname = url.pathname.replace(/\/v1\/?$/, '/');
  return url;
}

function readSwitch(value: string | undefined, name: string): boolean {
  if (value === undefined || ['', '0', 'false', 'no'].includes(value.toLowerCase())) return false;
  if (['1', 'true', 'yes'].includes(value.toLowerCase())) return true;
  throw new CliError('usage', `${name} must be 1 or 0, got ${value}`);
}

function readSeconds(text: string, source: string): number {
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds <= 0 || seconds > 86_400) {
    throw new CliError(
      'usage',
      `${source} must be a number of seconds, more than 0 and at most 86400, got ${text}`,
      {
        hint: `for example ${source === '--timeout' ? '--timeout 30' : `${source}=30`}`,
      },
    );
  }
  return seconds * 1000;
}
