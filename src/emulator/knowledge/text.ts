// The text of a file, in passages that fit a search. What is no text is told as that: the service reads more kinds.

import { writeJson } from '../../json-text.js';
import { isObject, parseJson } from '../../protocol/json.js';

/** About how long a passage is, in characters. */
const passageLength = 800;

/** What is in a file: its passages, or why it cannot be searched. */
export type Content = { passages: string[] } | { failure: string };

/** Reads a file by its bytes and name. */
export function contentOf(bytes: Uint8Array, name: string, type: string): Content {
  const kind = kindOf(name, type);
  const text = decoded(bytes);
  if (text === undefined) {
    const what = bytes[0] === 0x25 && bytes[1] === 0x50 ? 'PDF' : `a file of the kind ${kind}`;
    return { failure: `the local API reads text, Markdown, HTML, CSV and JSON, not ${what}` };
  }
  const passages = passagesOf(plainText(text, kind));
  return passages.length === 0 ? { failure: 'there is no text in it' } : { passages };
}

/** By the ending of the name, else by the media type's own word. */
function kindOf(name: string, type: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase();
  return ending ?? type.split(/[/;]/)[1] ?? 'text';
}

/** UTF-8, or UTF-16 with its mark; undefined for bytes that are neither. */
function decoded(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\0') || text.startsWith('%PDF-') ? undefined : text;
  } catch {
    return undefined;
  }
}

function plainText(text: string, kind: string): string {
  if (['html', 'htm', 'xhtml'].includes(kind)) return withoutTags(text);
  if (['md', 'markdown', 'mdx'].includes(kind)) return withoutMarks(text);
  if (kind === 'json') return spokenJson(text);
  if (kind === 'csv' || kind === 'tsv') return spokenRows(text, kind === 'csv' ? ',' : '\t');
  return text;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** A "<" ends what another began: what never ends would be looked for from each of them to the end of the file. */
function withoutTags(html: string): string {
  return html
    .replace(/<!--[\s\S]*?(-->|$)/g, ' ')
    .replace(/<(script|style|template|noscript)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<\/?(p|div|h[1-6]|section|article|table|ul|ol|blockquote|pre|header|footer)\b[^<>]*>/gi, '\n\n')
    .replace(/<(br|li|tr|dt|dd)\b[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(#x?[0-9a-f]{1,6}|\w{2,8});/gi, (whole, name: string) => entityOf(name) ?? whole);
}

function entityOf(name: string): string | undefined {
  if (!name.startsWith('#')) return entities[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return Number.isInteger(code) && code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** A heading stays a paragraph of its own, its words without marks. */
function withoutMarks(markdown: string): string {
  return markdown
    .replace(/^#{1,6}[ \t]+(.*)$/gm, '\n$1\n')
    .replace(/!?\[([^[\]\n]*)\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)/g, '$1')
    .replace(/^[ \t]*([-*+]|\d+[.)])[ \t]+/gm, '')
    .replace(/(\*\*|__|\*|`|~~)/g, '');
}

/** A line for each value with the names that lead to it; JSON that is none stays as it is. */
function spokenJson(text: string): string {
  try {
    return [...linesOf(parseJson(text), '')].join('\n');
  } catch {
    return text;
  }
}

function* linesOf(value: unknown, path: string): Iterable<string> {
  if (Array.isArray(value)) {
    for (const entry of value) {
      yield* linesOf(entry, path);
      if (isObject(entry)) yield '';
    }
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) yield* linesOf(member, `${path} ${name}`.trim());
  } else if (value !== null) {
    yield `${path === '' ? '' : `${path}: `}${typeof value === 'string' ? value : writeJson(value)}`;
  }
}

/** Each row with the names of its columns: a passage is understood without the header. */
function spokenRows(text: string, separator: string): string {
  const [header = [], ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => cellsOf(line, separator));
  if (rows.length === 0) return header.join(', ');
  return rows
    .map((row) => row.map((cell, at) => (header[at] ? `${header[at]}: ${cell}` : cell)).join(', '))
    .join('\n\n');
}

function cellsOf(line: string, separator: string): string[] {
  const cells = [''];
  let isQuoted = false;
  for (const letter of line) {
    if (letter === '"') isQuoted = !isQuoted;
    else if (letter === separator && !isQuoted) cells.push('');
    else cells[cells.length - 1] += letter;
  }
  return cells.map((cell) => cell.trim());
}

/** Paragraphs joined up to the length of a passage; one that is longer is cut between sentences, or words. */
function passagesOf(text: string): string[] {
  const paragraphs = text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .filter((paragraph) => paragraph !== '');
  const passages: string[] = [];
  for (const piece of paragraphs.flatMap(shortPieces)) {
    const last = passages.at(-1);
    if (last !== undefined && last.length + piece.length < passageLength)
      passages[passages.length - 1] = `${last}\n${piece}`;
    else passages.push(piece);
  }
  return passages;
}

function shortPieces(paragraph: string): string[] {
  const pieces: string[] = [];
  let rest = paragraph;
  while (rest.length > passageLength) {
    const head = rest.slice(0, passageLength);
    const end = Math.max(head.lastIndexOf('. '), head.lastIndexOf('! '), head.lastIndexOf('? ')) + 1;
    const cut =
      end > passageLength / 4 ? end : head.lastIndexOf(' ') > 0 ? head.lastIndexOf(' ') : wholeLength(head);
    pieces.push(rest.slice(0, cut).trim());
    rest = rest.slice(cut).trim();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

/** A character of two halves is not cut between them. */
const wholeLength = (text: string) => text.length - (/[\ud800-\udbff]$/.test(text) ? 1 : 0);
