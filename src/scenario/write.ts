// A scenario as YAML for people: short tables on one line, comments where they help.

import { Document, isMap, isNode, isScalar, isSeq, visit } from 'yaml';
import { writeJson } from '../json-text.js';

type Keys = readonly (string | number)[];

export interface Remark {
  /** The value it is about. */
  at: Keys;
  text: string;
  /** On lines before it, behind it on its line, or on lines after all that it holds. */
  where: 'before' | 'beside' | 'after';
}

export interface Notes {
  /** Lines before everything. */
  head: readonly string[];
  remarks?: readonly Remark[];
}

const widest = 110;
/** Longer tables have a line for each member. */
const longestTable = 90;
/** What stands twice is written twice. */
const options = { aliasDuplicateObjects: false };

/** A blank line stands before these. */
const apart = new Set<unknown>(['turns', 'expect']);

/** The text of a file. What comments say may come from anywhere: none can end its line. */
export function scenarioText(value: Record<string, unknown>, { head, remarks = [] }: Notes): string {
  const document = new Document(value, options);
  document.commentBefore = comment(head);
  const open = new Set<unknown>();
  for (const remark of remarks) addRemark(document, remark, open);
  for (const { key } of isMap(document.contents) ? document.contents.items : []) {
    if (isScalar(key) && apart.has(key.value)) key.spaceBefore = true;
  }
  return written(document, [], open);
}

/** A turn as it stands in `turns`, to be shown in a comment. */
export function turnText(turn: Record<string, unknown>): string {
  return written(new Document([turn], options), ['turns'], new Set()).trimEnd();
}

function written(document: Document, keys: Keys, open: ReadonlySet<unknown>): string {
  layOut(document.contents, keys, open);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && isOtherElsewhere.test(node.value)) node.type = 'QUOTE_SINGLE';
    },
  });
  return document.toString({ lineWidth: widest, singleQuote: true });
}

/** Text that older readers of YAML take for something else: dates, times, yes and no. */
const isOtherElsewhere = /^(\d{4}-\d\d?-\d\d?.*|\d+(:\d\d)+|y|n|yes|no|on|off)$/i;

/** Puts short tables on one line; `open` are those that cannot. */
function layOut(node: unknown, keys: Keys, open: ReadonlySet<unknown>): void {
  if (!isMap(node) && !isSeq(node)) return;
  const isShort = !open.has(node) && writeJson(node.toJSON()).length <= longestTable;
  if (isShort && !standsOpen(keys)) node.flow = true;
  else if (isSeq(node)) for (const [at, item] of node.items.entries()) layOut(item, [...keys, at], open);
  else for (const { key, value } of node.items) layOut(value, [...keys, String(key)], open);
}

/** What a reader looks for: the file itself, its tools with their answers, its turns. */
function standsOpen([first, ...rest]: Keys): boolean {
  if (first === undefined) return true;
  return rest.length <= ({ tools: 2, turns: 1 }[String(first)] ?? -1);
}

function addRemark(document: Document, { at, text, where }: Remark, open: Set<unknown>): void {
  const node: unknown = document.getIn(at, true);
  if (!isNode(node)) throw new Error(`nothing stands at ${at.join('.')}`);
  const said = comment([text]);
  if (where === 'before') node.commentBefore = joined(node.commentBefore, said);
  else node.comment = joined(node.comment, said);
  // On one line, a comment would swallow what follows.
  const inside = where === 'before' ? 0 : 1;
  for (let depth = 0; depth < at.length + inside; depth++) open.add(document.getIn(at.slice(0, depth), true));
}

const joined = (before: string | null | undefined, text: string) => (before ? `${before}\n${text}` : text);

// C0, DEL, C1, other line breaks, and what turns the direction of text around.
const unseen = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

/** As the document has comments: without the mark, and each line begun by a blank. */
function comment(lines: readonly string[]): string {
  return lines
    .flatMap((line) => line.split('\n'))
    .map((line) => ` ${line.replace(unseen, ' ')}`.trimEnd())
    .join('\n');
}
