// ajv, loaded when the first call is checked. Imported here by name: a bundled CommonJS package has none at run time.

import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
formats.default(ajv);

/** A schema is compiled once: ajv keeps what it compiles, and the same agent is talked to again and again. */
const compiled = new WeakMap<object, ValidateFunction>();

/** Throws for what is no JSON Schema. */
export function compileSchema(schema: object): ValidateFunction {
  const known = compiled.get(schema) ?? compile(schema);
  compiled.set(schema, known);
  return known;
}

function compile(schema: object): ValidateFunction {
  // The drafts differ in little that tools use; ajv knows but one of them by its address.
  const { $schema: _draft, $id: _id, ...rest } = schema as Record<string, unknown>;
  return ajv.compile(rest);
}
