// The model that is to answer for the local API, as `agents dev` is told of it.

import { CliError } from '../errors.js';
import { readServerUrl } from './dev-url.js';

interface Flags {
  modelUrl?: string;
  model?: string;
}

const example = 'http://localhost:11434';

/** Throws CliError `usage` for half of it, an address that is none, or one to which the key must not travel. */
export function readModel(
  { modelUrl, model }: Flags,
  env: Record<string, string | undefined>,
): { url: URL; name: string; key: string | undefined } | undefined {
  if (modelUrl === undefined && model === undefined) return undefined;
  if (modelUrl === undefined || model === undefined) {
    throw new CliError('usage', '--model-url and --model go together', {
      hint: `agents dev --model-url ${example} --model llama3.2`,
    });
  }
  const keyHint = 'the key comes from AGENTS_LOCAL_MODEL_KEY';
  const url = readServerUrl('--model-url', modelUrl, example, keyHint);
  const wrong = (problem: string, hint: string) =>
    new CliError('usage', `--model-url ${url.origin}: ${problem}`, { hint });
  if (url.search !== '' || url.hash !== '')
    throw wrong('must end with its path', 'leave out everything from ? or # on');
  const key = env.AGENTS_LOCAL_MODEL_KEY?.trim() || undefined;
  if (key !== undefined && url.protocol === 'http:' && !isThisMachine(url.hostname)) {
    throw wrong('the key would travel in the clear', 'use https, or unset AGENTS_LOCAL_MODEL_KEY');
  }
  return { url, name: model, key };
}

const isThisMachine = (host: string) => /^(localhost|127(\.\d+){3}|\[::1\]|.+\.localhost)$/i.test(host);
