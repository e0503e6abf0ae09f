// What the forms of scenario files are put together from.

import * as z from 'zod/mini';

export const text = z.string().check(z.minLength(1));
export const said = (description: string) => z.string().check(z.minLength(1), z.describe(description));
export const listOf = <T extends z.ZodMiniType>(type: T) => z.array(type).check(z.minLength(1));
export const positive = (description: string) => z.number().check(z.gt(0), z.describe(description));
export const count = (description: string) => z.int().check(z.gte(1), z.describe(description));
export const table = (description: string) =>
  z.record(z.string(), z.unknown()).check(z.describe(description));
export const oneOrMany = z.union([text, listOf(text)]);
