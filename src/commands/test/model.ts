// The models of `agents test`: one that plays persons, one that judges. Any server that speaks as OpenAI's does; without
// one of their own, the server of the run.

import type { Api } from '../../api/client.js';
import { type Context, openApi, type Server } from '../../context.js';
import { CliError, type ErrorCode } from '../../errors.js';
import { addressOf } from '../../protocol/address.js';
import type { ChatRequest } from '../../protocol/chat.js';
import type { Complete } from '../../scenario/complete.js';
import { readModelServer } from '../dev-url.js';

export interface ModelChoice {
  which: 'user' | 'judge';
  /** `--user-model` or `--judge-model`. */
  model?: string | undefined;
  /** `--model-url`. */
  url?: string | undefined;
}

const variables = { user: 'AGENTS_USER_MODEL', judge: 'AGENTS_JUDGE_MODEL' } as const;
const keyVariable = 'AGENTS_MODEL_KEY';

/** A model may think long before its first word. */
const answerTimeoutMs = 120_000;
/** So many scenarios may ask at a time. */
const connections = 8;

/** The model's name, by flag, then environment; undefined where neither names one. */
export function modelName(
  { host }: Pick<Context, 'host'>,
  { which, model }: ModelChoice,
): string | undefined {
  return model?.trim() || host.env[variables[which]]?.trim() || undefined;
}

/**
 * The model, connected to when it is first asked; closed with the context. Undefined where none is named. Throws CliError
 * `usage` for an address that is none, or to which the key must not travel; asked, CliError that names the model.
 */
export function openModel(context: Context, choice: ModelChoice): Complete | undefined {
  const server = readServer(context, choice);
  const model = modelName(context, choice);
  if (model === undefined) return undefined;
  let line: Promise<Line> | undefined;
  let isPlain = false;
  return async (messages, { seed } = {}) => {
    line ??= connect(context, server);
    const { ask, origin } = await line;
    const bare = { model, messages: [...messages] };
    const sampled = { ...bare, temperature: 0, ...(seed !== undefined && { seed }) };
    const body = isPlain ? bare : sampled;
    try {
      return await ask(body).catch((error: unknown) => {
        if (body === bare || !refusesSampling(error)) throw error;
        isPlain = true;
        return ask(bare);
      });
    } catch (error) {
      throw told(error, choice, `${model} at ${origin}`, server !== undefined);
    }
  };
}

/** Where the model is, for whoever tells models of one name apart. */
export function modelServer(context: Context, choice: ModelChoice): string {
  const server = readServer(context, choice)?.baseUrl ?? context.settings.baseUrl;
  return server?.href ?? 'local';
}

/** A server of its own; undefined for that of the run. */
function readServer({ host, io }: Context, { url }: ModelChoice): Server | undefined {
  const given = url ?? (host.env.AGENTS_MODEL_URL?.trim() || undefined);
  if (given === undefined) return undefined;
  const flag = url === undefined ? 'AGENTS_MODEL_URL' : '--model-url';
  const { url: baseUrl, key } = readModelServer(flag, given, keyVariable, host.env);
  if (key !== undefined) io.hide(key);
  return { baseUrl, key };
}

interface Line {
  ask(body: ChatRequest): Promise<string>;
  origin: string;
}

async function connect(context: Context, server: Server | undefined): Promise<Line> {
  const { baseUrl, key } = server ?? (await context.server());
  const path = '/chat/completions';
  const base = new URL(addressOf(baseUrl, path.slice(1)).slice(0, -path.length));
  const wishes = { timeoutMs: answerTimeoutMs, connections, aboutAgent: false };
  const api = await openApi(context, { baseUrl: base, key }, wishes);
  return { ask: (body) => askOnce(api, path, body), origin: base.origin };
}

/** Asked again after a failure it costs once more, and does no harm. */
async function askOnce(api: Api, at: string, body: ChatRequest): Promise<string> {
  const { choices } = await api.createChatCompletion({ at, body, effect: 'read' });
  // What models of one's own machine think aloud is no part of their answer.
  return (choices[0]?.message.content ?? '').replace(/^\s*<think>[\s\S]*?<\/think>/i, '');
}

/** Models that reason have been seen to take no temperature and no seed but their own. */
function refusesSampling(error: unknown): boolean {
  return error instanceof CliError && error.code === 'refused' && /temperature|seed/i.test(error.message);
}

/** A failure that names the model. At a server of its own, hints about the service would lead astray. */
function told(error: unknown, { which }: ModelChoice, named: string, isOwn: boolean): unknown {
  if (!(error instanceof CliError) || ['interrupted', 'terminated'].includes(error.code)) return error;
  const { code, status, requestId, retryAfter, cause } = error;
  const hints: { [C in ErrorCode]?: string } = {
    key_missing: `its key comes from ${keyVariable}`,
    key_refused: `its key comes from ${keyVariable}`,
    network: 'is a model server running there? --model-url names another',
  };
  const other = `name another model with --${which}-model`;
  const hint = code === 'not_found' ? other : ((isOwn ? hints[code] : undefined) ?? error.hint);
  const message = `the ${which} model ${named}: ${error.message}`;
  return new CliError(code, message, { hint, status, requestId, retryAfter, cause });
}
