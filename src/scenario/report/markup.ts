// HTML as a value of its own: what is put into a template is text and is escaped, unless it is markup itself. So no
// word of a server can become a tag, and nobody has to remember that.

export class Markup {
  constructor(readonly text: string) {}
}

export type Part = Markup | string | number | undefined | false | readonly Part[];

/** Markup with parts filled in: in an element or between the quotes of an attribute, nowhere else. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] as string;
  for (let at = 0; at < parts.length; at++) text += textOf(parts[at]) + strings[at + 1];
  return new Markup(text);
}

function textOf(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (part === undefined || part === false) return '';
  if (typeof part === 'object') return part.map(textOf).join('');
  return typeof part === 'number' ? String(part) : escaped(part);
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string) =>
  visible(text).replace(/[&<>"']/g, (character) => entities[character] as string);

// C0 but line break and tab, DEL, C1, other ends of lines, what turns the direction of text around, halves of pairs.
const steering =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu;

/** Characters that are not seen but do something, as something that is seen and does nothing. */
function visible(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(steering, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}
