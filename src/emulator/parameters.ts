// Finding a tool's parameters in a message. Each required one must be found, or the tool is not called; an
// optional one is filled when it is plainly there.

import type { FunctionDefinition } from '../protocol/agent.js';
import { isObject } from '../protocol/json.js';
import { dateIn, timeIn, withoutDatesAndTimes } from './dates.js';

interface Parameter {
  name: string;
  schema: Record<string, unknown>;
}

type Arguments = Record<string, unknown>;

/** The arguments of each call the message asks for: one set, or one a value where several fit; none if any is missing. */
export function argumentSets(tool: FunctionDefinition, said: string, today: Date): Arguments[] {
  const schema = isObject(tool.parameters) ? tool.parameters : {};
  const properties = isObject(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const found: Arguments = {};
  let several: { name: string; values: unknown[] } | undefined;
  for (const [name, value] of Object.entries(properties)) {
    const parameter = { name, schema: isObject(value) ? value : {} };
    const isRequired = required.includes(name);
    const values = isRequired
      ? requiredValues(parameter, said, today)
      : optionalValues(parameter, said, today);
    if (values.length === 0 && isRequired) return [];
    if (values.length > 0) found[name] = values[0];
    if (values.length > 1 && isRequired) several ??= { name, values };
  }
  if (required.some((name) => !Object.hasOwn(found, name))) return [];
  if (several === undefined) return [found];
  const { name, values } = several;
  return values.map((value) => ({ ...found, [name]: value }));
}

function optionalValues(parameter: Parameter, said: string, today: Date): unknown[] {
  return shapedValues(parameter, said, today) ?? [];
}

function requiredValues(parameter: Parameter, said: string, today: Date): unknown[] {
  return shapedValues(parameter, said, today) ?? freeText(parameter, said);
}

/** Values with a shape that can be recognised; undefined when the parameter has none. */
function shapedValues({ name, schema }: Parameter, said: string, today: Date): unknown[] | undefined {
  const words = name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  if (Array.isArray(schema.enum)) {
    const choice = schema.enum.find((value) => hasWords(said, String(value).replace(/_/g, ' ')));
    return choice === undefined ? [] : [choice];
  }
  if (schema.const !== undefined) return [schema.const];
  switch (schema.type) {
    case 'boolean':
      return /\b(yes|true|on)\b/i.test(said) ? [true] : /\b(no|false|off)\b/i.test(said) ? [false] : [];
    case 'integer':
    case 'number':
      return numbersIn(withoutDatesAndTimes(said), schema.type === 'integer').slice(0, 1);
    case 'array':
    case 'object':
      return [];
  }
  if (schema.format === 'date' || /(^|_)(date|day)($|_)/.test(words)) return present(dateIn(said, today));
  if (schema.format === 'time' || /(^|_)(time|slot|hour)($|_)/.test(words)) return present(timeIn(said));
  if (schema.format === 'email' || words.includes('email'))
    return said.match(/(?<![\w.+-])[\w.+-]+@[\w-]+(\.[\w-]+)+/)?.slice(0, 1) ?? [];
  if (/phone|(^|_)mobile/.test(words))
    return present(/\+?\d[\d\s().-]{6,}\d/.exec(said)?.[0]?.replace(/[^\d+]/g, ''));
  if (/(^|_)(url|link)($|_)/.test(words)) return said.match(/https?:\/\/\S+/)?.slice(0, 1) ?? [];
  if (/(^|_)(id|ids|number|no|code|ref|reference|order|ticket|invoice|account|tracking)($|_)/.test(words))
    return codesIn(withoutDatesAndTimes(said));
  return undefined;
}

/** Text without a shape: something quoted, the whole message where that is meant, or a name after a preposition. */
function freeText({ name }: Parameter, said: string): unknown[] {
  const quoted = /["“]([^"“”]+)["”]/.exec(said)?.[1];
  if (quoted !== undefined) return [quoted];
  if (
    /query|question|text|message|request|reason|summary|note|topic|description|symptom|details/i.test(name)
  ) {
    return said.trim() === '' ? [] : [said.trim()];
  }
  const named =
    /\b(?:in|for|at|to|from|of|is|am|called|named|near|about) ((?:(?:the|a|an) )?\p{Lu}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]*)*)/u.exec(
      said,
    );
  if (named?.[1] !== undefined) return [named[1]];
  const thing =
    /\b(?:for|a|an) (?:an? )?(\p{Ll}[\p{L}-]*(?: \p{Ll}[\p{L}-]*)?)(?= (?:on|at|in|for|tomorrow|today|next)\b|[?.!,]|$)/u.exec(
      said,
    );
  if (thing?.[1] !== undefined) return [thing[1]];
  // A capital letter inside the sentence is most likely the name asked about.
  const proper = /\S \b(\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)*)/u.exec(said)?.[1];
  return present(proper);
}

/** Marks such as "ORD-42", "A1234" or "10042": anything that has a digit and is no time, date or plain small talk. */
function codesIn(said: string): string[] {
  const codes = said.match(/\b[A-Za-z]{1,6}[-_#]?\d[\w-]*\b|#?\b\d{2,}(?:-\d+)*\b/g) ?? [];
  const proper = codes.filter((code) => !/^\d{4}-\d\d-\d\d$|^\d{1,2}(st|nd|rd|th|am|pm)$/i.test(code));
  return [...new Set(proper.map((code) => code.replace(/^#/, '')))];
}

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

function numbersIn(said: string, whole: boolean): number[] {
  const digits = said.match(/(?<![\w.-])-?\d+(?:\.\d+)?(?![\w-])/g)?.map(Number) ?? [];
  const spelt = numberWords.flatMap((word, value) => (hasWords(said, word) ? [value] : []));
  return [...digits, ...spelt].filter((value) => !whole || Number.isInteger(value));
}

function hasWords(said: string, words: string): boolean {
  const escaped = words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').test(said);
}

const present = (value: string | undefined): string[] => (value === undefined ? [] : [value]);
