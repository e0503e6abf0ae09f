// Where a caller is handed over to, as people write it.

import { CliError } from '../../errors.js';

/** "+1 (415) 555-0123" → "tel:+14155550123"; `sip:` and `sips:` addresses as they are. Throws CliError `usage`. */
export function referTarget(text: string): string {
  const given = text.trim();
  if (/^sips?:[^\s<>"]+$/i.test(given)) return given.replace(/^sips?/i, (scheme) => scheme.toLowerCase());
  const number = given.replace(/^tel:/i, '').replace(/[\s().-]/g, '');
  if (/^\+[1-9]\d{6,14}$/.test(number)) return `tel:${number}`;
  throw new CliError('usage', `a caller cannot be handed over to ${given === '' ? 'nobody' : given}`, {
    hint: 'name a number with its country, such as +14155550123, or a SIP address such as sip:desk@example.com',
  });
}

/** The number in what a SIP header says: `"Ann" <sip:+14155550100@host>`; undefined where it holds none. */
export function numberIn(header: string | undefined): string | undefined {
  return (
    /\+\d{5,15}/.exec(header ?? '')?.[0] ?? /(?<=^|sips?:|tel:)\d{3,15}(?=$|@|;)/i.exec(header ?? '')?.[0]
  );
}
