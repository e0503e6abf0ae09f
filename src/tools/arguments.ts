// Whether a call's arguments are what the tool's JSON Schema asks for.

import type { ErrorObject, ValidateFunction } from 'ajv';
import { messageOf } from '../errors.js';
import { writeJson } from '../json-text.js';
import { isObject } from '../protocol/json.js';
import { ToolFailure } from './failure.js';

type Schemas = typeof import('./json-schema.js');

export interface ArgumentCheck {
  /** The arguments as an object. Throws ToolFailure naming all that is wrong with them. */
  check(name: string, given: unknown, parameters: unknown): Promise<Record<string, unknown>>;
  /** Reads a schema before it is needed, so that the first call need not wait for it. */
  prepare(name: string, parameters: unknown): void;
}

/** `note` is told, once for each, of schemas that cannot be understood: their tools are called unchecked. */
export function createArgumentCheck(note: (text: string) => void): ArgumentCheck {
  const compiled = new Map<unknown, ValidateFunction | undefined>();
  let loading: Promise<Schemas> | undefined;

  async function validatorFor(name: string, parameters: object): Promise<ValidateFunction | undefined> {
    loading ??= import('./json-schema.js');
    const { compileSchema } = await loading;
    if (!compiled.has(parameters)) {
      try {
        compiled.set(parameters, compileSchema(parameters));
      } catch (error) {
        compiled.set(parameters, undefined);
        note(`the parameters of ${name} are no JSON Schema and are not checked: ${messageOf(error)}`);
      }
    }
    return compiled.get(parameters);
  }

  return {
    prepare: (name, parameters) => {
      if (isObject(parameters)) void validatorFor(name, parameters);
    },
    async check(name, given, parameters) {
      if (!isObject(given)) {
        const shown = typeof given === 'string' ? given : writeJson(given);
        throw new ToolFailure(`the arguments are no JSON object: ${shown.slice(0, 200)}`);
      }
      const validate = isObject(parameters) ? await validatorFor(name, parameters) : undefined;
      if (validate === undefined || validate(asNumbers(given))) return given;
      throw new ToolFailure(
        `invalid arguments: ${[...new Set((validate.errors ?? []).map(problem))].join('; ')}`,
      );
    },
  };
}

/** Integers that a number cannot hold are bigint, of which a schema knows nothing: as good as the nearest number. */
function asNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(asNumbers);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asNumbers(member)]));
}

function problem({ instancePath, message, params }: ErrorObject): string {
  const where = instancePath === '' ? '' : `${instancePath.slice(1).replaceAll('/', '.')} `;
  const choices = isObject(params) && Array.isArray(params.allowedValues) ? params.allowedValues : undefined;
  const extra = isObject(params) && 'additionalProperty' in params ? `: ${params.additionalProperty}` : '';
  const allowed = choices === undefined ? '' : `: ${choices.map((each) => JSON.stringify(each)).join(', ')}`;
  return `${where}${message}${allowed}${extra}`;
}
