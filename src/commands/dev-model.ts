// The model that is to answer for the local API, as `agents dev` is told of it.

import { CliError } from '../errors.js';
import { modelServerExample, readModelServer } from './dev-url.js';

interface Flags {
  modelUrl?: string;
  model?: string;
}

/** Throws CliError `usage` for half of it, an address that is none, or one to which the key must not travel. */
export function readModel(
  { modelUrl, model }: Flags,
  env: Record<string, string | undefined>,
): { url: URL; name: string; key: string | undefined } | undefined {
  if (modelUrl === undefined && model === undefined) return undefined;
  if (modelUrl === undefined || model === undefined) {
    throw new CliError('usage', '--model-url and --model go together', {
      hint: `agents dev --model-url ${modelServerExample} --model llama3.2`,
    });
  }
  return { ...readModelServer('--model-url', modelUrl, 'AGENTS_LOCAL_MODEL_KEY', env), name: model };
}
