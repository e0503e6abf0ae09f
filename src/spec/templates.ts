// The templates that come with the tool: specs in fixtures/templates, ours to read and anyone's to copy.

import { CliError } from '../errors.js';
import { isObject } from '../protocol/json.js';
import { didYouMean } from './did-you-mean.js';
import { parseValues } from './parse.js';

export const templates = [
  {
    name: 'healthcare',
    title: 'Healthcare',
    about: 'books appointments at a clinic, hands medical questions on',
  },
  { name: 'restaurant', title: 'Restaurant', about: 'takes reservations and answers about the menu' },
  { name: 'customer-support', title: 'Customer Support', about: 'looks up orders, opens tickets' },
  { name: 'real-estate', title: 'Real Estate', about: 'finds listings and arranges viewings' },
  {
    name: 'appointment-booking',
    title: 'Appointment Booking',
    about: 'books, moves and cancels appointments',
  },
  { name: 'concierge', title: 'Concierge', about: 'serves the guests of a hotel' },
] as const;

/**
 * The spec of a template, its text given by `read`. Throws CliError `usage` listing the names when there is none of
 * this name.
 */
export async function readTemplate(
  name: string,
  read: (file: string) => Promise<{ text: string; source: string }>,
): Promise<Record<string, unknown>> {
  const names: string[] = templates.map((template) => template.name);
  if (!names.includes(name)) {
    throw new CliError('usage', `there is no template ${name}${didYouMean(name, names)}`, {
      hint: `templates: ${names.join(', ')}`,
    });
  }
  const { text, source } = await read(`fixtures/templates/${name}.yaml`);
  const value = (await parseValues(text, source)).values[0]?.value;
  return isObject(value) ? value : {};
}
