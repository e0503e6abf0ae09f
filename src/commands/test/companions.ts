// What lies beside a spec file and belongs to it: handlers of its tools, a script for the local API. By name, as templates
// have them (clinic.tools.yaml), or by what it holds where the name says nothing of the agent (tools.yaml).

import { basename, dirname, join } from 'node:path';
import type { Context } from '../../context.js';
import { isFile } from '../../files.js';
import { isObject } from '../../protocol/json.js';

export interface Companions {
  /** Absolute. */
  tools: string | undefined;
  script: string | undefined;
}

/** `spec` is absolute; `names` are the agent's function tools. */
export async function companionsOf(
  context: Context,
  spec: string,
  names: readonly string[],
): Promise<Companions> {
  const stem = basename(spec).replace(/\.\w+$/, '');
  const find = async (part: string, endings: readonly string[], fits: (value: unknown) => boolean) => {
    const files = (name: string) => endings.map((ending) => join(dirname(spec), `${name}.${ending}`));
    const own = files(`${stem}.${part}`).find(isFile);
    if (own !== undefined) return own;
    for (const file of files(part)) {
      if (file !== spec && isFile(file) && (isModule(file) || fits(await valueIn(context, file))))
        return file;
    }
    return undefined;
  };
  const data = ['yaml', 'yml', 'json'];
  const handles = (value: unknown) => {
    const { tools } = isObject(value) ? value : {};
    return isObject(tools) && names.some((name) => Object.hasOwn(tools, name));
  };
  const speaks = (value: unknown) => isObject(value) && Array.isArray(value.rules);
  return {
    tools: names.length === 0 ? undefined : await find('tools', [...data, 'mjs', 'js'], handles),
    script: await find('script', data, speaks),
  };
}

const isModule = (file: string) => /\.m?js$/.test(file);

/** Undefined for what cannot be read: it belongs to something else. */
async function valueIn(context: Context, file: string): Promise<unknown> {
  const { parseValues } = await import('../../spec/parse.js');
  try {
    const { text, source } = await context.read(file);
    return (await parseValues(text, source)).values[0]?.value;
  } catch {
    return undefined;
  }
}
