import { expect, test } from 'vitest';
import { compileSchema } from '../../src/tools/json-schema.js';

test('a schema is compiled once, however often an agent is talked to', () => {
  const schema = { type: 'object', properties: { a: { type: 'integer' } } };
  const validate = compileSchema(schema);
  expect(compileSchema(schema)).toBe(validate);
  expect(compileSchema({ ...schema })).not.toBe(validate);
  expect([validate({ a: 1 }), validate({ a: 'x' })]).toEqual([true, false]);
});
