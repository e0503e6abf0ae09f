// XML 1.0, written: elements with attributes and text, and nothing in them that a reader would refuse.

/** XML that is written already. */
export type Xml = { readonly xml: string };

/** Members that are undefined are left out; text is escaped. */
export function element(
  name: string,
  attributes: Record<string, string | number | undefined>,
  content: readonly Xml[] | string = [],
): Xml {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${attribute(String(value))}"`)
    .join('');
  const inner = typeof content === 'string' ? text(content) : indented(content);
  return { xml: inner === '' ? `<${name}${given}/>` : `<${name}${given}>${inner}</${name}>` };
}

/** The whole of a file. */
export function xmlDocument({ xml }: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`;
}

function indented(content: readonly Xml[]): string {
  return content.length === 0 ? '' : `\n${content.map(({ xml }) => xml).join('\n')}\n`;
}

/** No escape makes these valid: control characters, halves of a character, and two that are none. */
const impossible = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

const text = (value: string) => escaped(value, /[&<>\r]/g);
/** A reader turns line breaks and tabs of attributes into blanks. */
const attribute = (value: string) => escaped(value, /[&<>"\t\n\r]/g);

function escaped(value: string, special: RegExp): string {
  return value
    .replace(impossible, '')
    .replace(special, (character) => names[character] ?? `&#${character.charCodeAt(0)};`);
}

const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
