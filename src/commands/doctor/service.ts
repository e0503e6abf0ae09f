// The service: the key, and what it opens, part by part. Nothing is made there, and nothing changed.

import { checkKey } from '../../api/request.js';
import type { Context, Server } from '../../context.js';
import { CliError } from '../../errors.js';
import { isOpenToOthers } from '../../folders.js';
import { type ApiKey, keyProblem } from '../../protocol/account.js';
import { readServerFrame } from '../../protocol/realtime-server.js';
import { type Check, type Finding, failedBy, failure, ok, warning } from './check.js';

/** How long the server may be silent: less than a check may take. */
const serverTimeoutMs = 5000;

export const keyCheck: Check = { name: 'key', look: checkKeyItself };

async function checkKeyItself(context: Context): Promise<Finding> {
  if (context.settings.baseUrl === undefined) return ok('the local API needs none');
  try {
    const server = await context.server();
    checkKey(server);
    return keyFinding(context, server);
  } catch (error) {
    return failedBy(error);
  }
}

function keyFinding({ host, path }: Context, { key, keyFrom, baseUrl }: Server): Finding {
  if (key === undefined || keyFrom === undefined)
    return warning(`none is set; ${baseUrl.origin} is asked without one`);
  const { variable, file } = keyFrom;
  if (key.startsWith('xai-realtime-client-secret-')) {
    return failure(
      `${variable} holds an ephemeral secret, which opens the realtime socket alone`,
      'set it to a key, made at https://console.x.ai',
    );
  }
  if (/(^|\.)x\.ai$/.test(baseUrl.hostname) && !/^xai-.{8,}$/.test(key)) {
    return warning(
      `${variable} does not look like a key of xAI's, which begin with xai-`,
      'is all of it there, and nothing else? keys are made at https://console.x.ai',
    );
  }
  if (file === undefined) return ok(`set by ${variable}`);
  return isOpenToOthers(path(file), host.platform)
    ? warning(`read from ${file} (${variable}), which others on this machine may read`, `chmod 600 ${file}`)
    : ok(`read from ${file} (${variable})`);
}

/** The key as the service knows it, asked for once; rejects with CliError. */
export type Account = () => Promise<ApiKey>;

export function openAccount(context: Context): Account {
  let asked: Promise<ApiKey> | undefined;
  return () => {
    asked ??= context.api({ timeoutMs: serverTimeoutMs }).then((api) => api.getApiKey({}));
    return asked;
  };
}

export function serverCheck(account: Account): Check {
  return {
    name: 'server',
    look: async (context, signal) => {
      try {
        const key = await account();
        const { baseUrl } = await context.server();
        const where = context.settings.baseUrl === undefined ? 'the local API' : baseUrl.origin;
        const problem = keyProblem(key);
        return problem === undefined
          ? ok(`${where} answers and takes the key`)
          : failure(`${where} answers: ${problem}`, 'see https://console.x.ai');
      } catch (error) {
        signal.throwIfAborted();
        // Told by the check of the key.
        if (error instanceof CliError && error.code === 'key_missing' && error.status === undefined)
          return undefined;
        return failedBy(error);
      }
    },
  };
}

/** The parts of the API, for a key that the server takes. */
export function partChecks(account: Account): readonly Check[] {
  return [
    {
      name: 'agents API',
      look: part(
        async (api) => void (await api.listAgents({ query: one })),
        () => 'enabled',
      ),
    },
    {
      name: 'models',
      look: part(
        (api) => api.listModels({}),
        ({ data }) => `${data.length} are listed`,
      ),
    },
    {
      name: 'voices',
      look: part(
        (api) => api.listVoices({}),
        ({ voices }) => `${voices.length} are listed`,
      ),
    },
    { name: 'realtime', look: checkRealtime },
    { name: 'client secrets', look: async () => secretsFinding((await account()).acls ?? undefined) },
    {
      name: 'collections',
      look: part(
        (api) => api.listCollections({ query: one }),
        () => 'can be listed',
      ),
    },
    {
      name: 'phone numbers',
      look: part(
        (api) => api.listPhoneNumbers({ query: one }),
        () => 'can be listed',
      ),
    },
  ];
}

const one = { limit: '1' };
type Api = Awaited<ReturnType<Context['api']>>;

/** A part that answers, or why it does not: a refusal is a warning, for the other parts work without it. */
function part<T>(ask: (api: Api) => Promise<T>, found: (answer: T) => string): Check['look'] {
  return async (context, signal) => {
    try {
      return ok(found(await ask(await context.api())));
    } catch (error) {
      signal.throwIfAborted();
      return partFailure(error);
    }
  };
}

/** Nothing is broken: the team, or this machine's keys, do without this part. */
const refusals = ['key_missing', 'agents_not_enabled', 'forbidden', 'not_found', 'gone', 'refused'];

function partFailure(error: unknown): Finding {
  const finding = failedBy(error);
  const isRefusal = error instanceof CliError && refusals.includes(error.code);
  return isRefusal ? { ...finding, status: 'warning' } : finding;
}

/** Opens a session, waits for its greeting and closes it: it costs nothing. */
async function checkRealtime(context: Context, signal: AbortSignal): Promise<Finding> {
  const model = context.settings.voiceModel;
  try {
    const line = await context.connect({ model });
    const hangUp = () => line.close();
    signal.addEventListener('abort', hangUp, { once: true });
    context.onClose(async () => hangUp());
    try {
      for await (const text of line.frames) {
        const frame = readServerFrame(text);
        if (frame.kind !== 'event') continue;
        const { event } = frame;
        if (event.type === 'session.created' || event.type === 'conversation.created')
          return ok(`a session with ${model} opens`);
        if (event.type === 'error') return failure(`a session opens with an error: ${errorText(event)}`);
      }
    } finally {
      hangUp();
    }
    signal.throwIfAborted();
    const { code, reason } = await line.closed;
    return failure(`a session closes at once (code ${code}${reason === '' ? '' : `: ${reason}`})`);
  } catch (error) {
    signal.throwIfAborted();
    return failedBy(error);
  }
}

const errorText = (event: { error?: { message?: string | null | undefined } | null | undefined }) =>
  event.error?.message ?? 'no reason given';

/** Making one to see whether it can be made would leave one behind: the key's access list is asked instead. */
function secretsFinding(acls: readonly string[] | undefined): Finding | undefined {
  if (acls === undefined) return undefined;
  return acls.includes('api-key:endpoint:*')
    ? ok("the key's access list allows every endpoint; none was made to try")
    : warning(
        "the key's access list does not allow every endpoint; none was made to try",
        'agents token shows whether it may make them',
      );
}
