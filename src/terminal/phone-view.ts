// How phone numbers look: a line of the list, and a card.

import type { Style } from './style.js';
import { table } from './table.js';

export interface PhoneRow {
  number: string;
  name: string;
  /** An agent, or a webhook; "" where neither is told. */
  answeredBy: string;
  origin: string;
  id: string;
}

/** `agents phone list`. */
export function phoneTable(rows: readonly PhoneRow[], style: Style): string {
  if (rows.length === 0) return 'No phone numbers.';
  return table(
    rows,
    [
      { title: 'NUMBER', value: ({ number }) => number },
      { title: 'NAME', value: ({ name }) => name, shrinks: 2 },
      { title: 'ANSWERED BY', value: ({ answeredBy }) => answeredBy, shrinks: 2 },
      { title: 'ORIGIN', value: ({ origin }) => origin },
      { title: 'ID', value: ({ id }) => id },
    ],
    style,
  );
}

/** What is known of one number, a row each. */
export function phoneCard(
  title: string,
  rows: readonly (readonly [string, string])[],
  { chalk }: Style,
): string {
  const wide = Math.max(0, ...rows.map(([label]) => label.length)) + 2;
  const body = rows.map(([label, text]) => `  ${chalk.dim(label.padEnd(wide))}${text}`).join('\n');
  return body === '' ? chalk.bold(title) : `${chalk.bold(title)}\n\n${body}`;
}
