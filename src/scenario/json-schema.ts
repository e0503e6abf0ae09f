// The form of a scenario file as JSON Schema, for editors and other programs. Made from the schema that files are read
// with; what goes beyond it is what a file may hold before its parameters are filled in.

import * as z from 'zod/mini';
import {
  ExpectationEntry,
  Expectations,
  Local,
  ScenarioEntry,
  ScenarioFile,
  Tools,
  turnKinds,
  User,
} from './format.js';

/** Parts that are used more than once, or are worth a name. */
const named = new Map<unknown, string>([
  [ScenarioEntry, 'scenario'],
  [Expectations, 'expectations'],
  [ExpectationEntry, 'expectation'],
  [User, 'simulated_user'],
  [Tools, 'tools'],
  [Local, 'local'],
  ...Object.entries(turnKinds).map(([kind, turn]) => [turn, `${kind}_turn`] as const),
]);

const template = '\\{\\{';
/** Text that is nothing but a parameter may stand for a number. */
const parameter = { type: 'string', pattern: '^\\{\\{[^{}]+\\}\\}$' } as const;

/** JSON Schema, draft 2020-12, of a scenario file. */
export function scenarioSchema(): object {
  for (const [schema, id] of named) {
    const known = schema as z.ZodMiniType;
    z.globalRegistry.add(known, { ...z.globalRegistry.get(known), id });
  }
  const { $schema, ...schema } = z.toJSONSchema(ScenarioFile, { io: 'input', override: loosened });
  return {
    $schema,
    $id: 'urn:xai-agents:scenario',
    title: 'Scenarios of agents test',
    description: 'Scenario tests of a voice agent: one scenario, or several under scenarios.',
    ...schema,
  };
}

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

const loosened: Override = ({ jsonSchema, path }) => {
  const { type, pattern, properties, required, description, ...rest } = jsonSchema;
  delete jsonSchema.propertyNames;
  const mayBeFilled = !path.includes('each');
  if (mayBeFilled && (type === 'number' || type === 'integer' || type === 'boolean')) {
    for (const key of ['type', ...Object.keys(rest)]) delete jsonSchema[key];
    jsonSchema.anyOf = [{ type, ...rest }, parameter];
  }
  // Told of a schema and of what is made of it: once is enough.
  if (pattern?.endsWith(template) === false) jsonSchema.pattern = `${pattern}|${template}`;
  if (properties === undefined || required !== undefined) return;
  jsonSchema.minProperties = 1;
  if (properties.turns !== undefined) jsonSchema.anyOf = [{ required: ['turns'] }, { required: ['user'] }];
};
