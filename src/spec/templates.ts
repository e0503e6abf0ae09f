// The templates that come with the tool: specs in fixtures/templates, ours to read and anyone's to copy.

import { CliError } from '../errors.js';
import { isObject } from '../protocol/json.js';
import { didYouMean } from './did-you-mean.js';
import { parseValues } from './parse.js';

export const templates = [
  {
    name: 'healthcare',
    title: 'Healthcare',
    about: 'books visits to a medical practice, hands medical questions on',
  },
  { name: 'restaurant', title: 'Restaurant', about: 'takes reservations, answers about the menu' },
  {
    name: 'customer-support',
    title: 'Customer Support',
    about: 'looks up orders, begins returns, opens tickets',
  },
  { name: 'real-estate', title: 'Real Estate', about: 'finds listings and arranges viewings' },
  {
    name: 'appointment-booking',
    title: 'Appointment Booking',
    about: 'books, moves and cancels appointments, takes messages',
  },
  {
    name: 'concierge',
    title: 'Concierge',
    about: 'serves the guests of a hotel, from taxis to wake-up calls',
  },
] as const;

/** What comes with each: the agent, what runs its tools, and how the local API speaks for it. */
export type TemplatePart = 'spec' | 'tools' | 'script';

const endings: Record<TemplatePart, string> = { spec: 'yaml', tools: 'tools.yaml', script: 'script.yaml' };

/** Before a name, where a file is expected: `--tools template:healthcare`. */
export const templatePrefix = 'template:';

/** A file of a template, from the package's folder; by its name or title, in capitals or not. Throws CliError `usage` listing the names for one that is none. */
export function templateFile(name: string, part: TemplatePart): string {
  const names: string[] = templates.map((template) => template.name);
  const isMeant = (known: string) => known.toLowerCase() === name.toLowerCase();
  const found = templates.find((template) => isMeant(template.name) || isMeant(template.title));
  if (found !== undefined) return `fixtures/templates/${found.name}.${endings[part]}`;
  throw new CliError('usage', `there is no template ${name}${didYouMean(name, names)}`, {
    hint: `templates: ${names.join(', ')}`,
  });
}

/** The spec of a template, its text given by `read`. Throws CliError `usage` when there is none of this name. */
export async function readTemplate(
  name: string,
  read: (file: string) => Promise<{ text: string; source: string }>,
): Promise<Record<string, unknown>> {
  const { text, source } = await read(templateFile(name, 'spec'));
  const value = (await parseValues(text, source)).values[0]?.value;
  return isObject(value) ? value : {};
}
