// Which schemas a value is held to, on the way through optional members and unions. Schemas tell whether a value fits,
// but not which members are known where, nor what may be empty.

import type * as z from 'zod/mini';

type Schema = z.core.$ZodTypes;

/** Kinds of value, told apart. They are asked for at every step, so each is put together once. */
export type Kinds = readonly Schema[];
const bySchema = new WeakMap<object, Kinds>();
const byName = new WeakMap<Kinds, Map<PropertyKey, Kinds>>();

/** The kinds of value a schema takes: an object, a list, text; several for a union. */
export function kindsOf(schema: z.core.$ZodType): Kinds {
  const known = bySchema.get(schema);
  if (known !== undefined) return known;
  const { def } = (schema as Schema)._zod;
  const kinds =
    def.type === 'optional'
      ? kindsOf(def.innerType)
      : def.type === 'union'
        ? def.options.flatMap(kindsOf)
        : [schema as Schema];
  bySchema.set(schema, kinds);
  return kinds;
}

/** The kinds of a member, or of an entry of a list. What is in anything may be anything. */
export function memberKinds(kinds: Kinds, key: PropertyKey): Kinds {
  const [only] = kinds;
  if (only === undefined || (kinds.length === 1 && only._zod.def.type === 'unknown')) return kinds;
  // All entries are alike, and so are all members of a table.
  const isOfShape = typeof key !== 'number' && kinds.some((kind) => hasMember(kind, key));
  const name = typeof key === 'number' ? 0 : isOfShape ? key : '';
  const known = byName.get(kinds) ?? new Map<PropertyKey, Kinds>();
  byName.set(kinds, known);
  const found = known.get(name) ?? kinds.flatMap((kind) => memberOf(kind, key));
  known.set(name, found);
  return found;
}

function hasMember({ _zod: { def } }: Schema, key: PropertyKey): boolean {
  return def.type === 'object' && Object.hasOwn(def.shape, key);
}

function memberOf(kind: Schema, key: PropertyKey): Kinds {
  const { def } = kind._zod;
  if (def.type === 'unknown') return [kind];
  if (def.type === 'array') return typeof key === 'number' ? kindsOf(def.element) : [];
  if (typeof key === 'number') return [];
  if (def.type === 'record') return kindsOf(def.valueType);
  const member = hasMember(kind, key) && def.type === 'object' ? def.shape[String(key)] : undefined;
  return member === undefined ? [] : kindsOf(member);
}

/** The members of those kinds that are objects. */
export function memberNames(kinds: Kinds): string[] {
  return kinds.flatMap(({ _zod: { def } }) => (def.type === 'object' ? Object.keys(def.shape) : []));
}

/** Whether it is an object of which every member may be left out. */
export function holdsOptionsOnly({ _zod: { def } }: Schema): boolean {
  return (
    def.type === 'object' &&
    Object.values(def.shape).every((member) => (member as Schema)._zod.def.type === 'optional')
  );
}
