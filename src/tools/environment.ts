// `${NAME}` in the texts of a tools file: tokens and addresses belong in the environment, not in a file.

import { keyVariables } from '../secrets.js';

type Env = Record<string, string | undefined>;

/** Throws RangeError for a variable that is not set, and for the API key: it belongs to nobody's tools. */
export function withVariables(text: string, env: Env): string {
  const hidden = keyVariables(env);
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    if (hidden.includes(name)) throw new RangeError(`may not hold the API key (${name})`);
    const value = env[name];
    if (value === undefined) throw new RangeError(`names ${name}, which is not set in the environment`);
    return value;
  });
}

/** The values of a table, each with its variables. */
export function tableWithVariables(
  table: Record<string, string> | undefined,
  env: Env,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(table ?? {}).map(([name, value]) => [name, withVariables(value, env)]),
  );
}
