// The tools of a YAML file become others. Loaded when a file is changed, for `yaml` has no names to import at run time.
//
// Two ways, the first of which that reads back as what is wanted is taken: only the lines of the tools concerned are
// touched; or the whole is written anew by `yaml`, which keeps comments and order but pads `[a]` to `[ a ]`.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { ToolEntry } from './edit.js';

type Path = readonly (string | number)[];

/** The ways to change the tools of the agent at `path`; each gives the new text, or nothing where it cannot. */
export function editedYaml(
  text: string,
  path: Path,
  entries: readonly ToolEntry[],
): (() => string | undefined)[] {
  const read = () => parseDocument(text, { stringKeys: true, intAsBigInt: true });
  return [
    () => spliced(text, read(), path, entries),
    () => rewritten(read(), path, entries, newlineOf(text)),
  ];
}

function rewritten(document: Document, path: Path, entries: readonly ToolEntry[], newline: string): string {
  const written = document.getIn([...path, 'tools'], true);
  const old = isAlias(written) ? written.resolve(document) : written;
  const nodes = isSeq(old) ? old.items : [];
  const list = document.createNode([]) as YAMLSeq;
  list.items = entries.map(({ at, tool }) =>
    tool === undefined ? nodes[at as number] : document.createNode(tool),
  );
  // What is written beside the list is about it, however it looks.
  if (isSeq(old) && old === written) {
    list.comment = old.comment ?? null;
    list.commentBefore = old.commentBefore ?? null;
  }
  document.setIn([...path, 'tools'], list);
  return document.toString({ lineWidth: 0 }).replaceAll('\n', newline);
}

function spliced(
  text: string,
  document: Document,
  path: Path,
  entries: readonly ToolEntry[],
): string | undefined {
  const agent = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(agent) || agent.flow || agent.items.length === 0 || !agent.range) return undefined;
  const pair = agent.items.find(({ key }) => isScalar(key) && key.value === 'tools');
  if (pair === undefined) return appended(text, agent, entries);
  const list = pair.value;
  if (isSeq(list) && !list.flow && list.range && list.items.length > 0) return inList(text, list, entries);
  const isEmpty = isSeq(list) ? list.items.length === 0 : isScalar(list) && list.value === null;
  return isEmpty ? inNothing(text, pair.value as YAMLSeq, agent, entries) : undefined;
}

/** `tools:` as the last member. */
function appended(text: string, agent: YAMLMap, entries: readonly ToolEntry[]): string {
  const [start, end] = agent.range as [number, number, number];
  const column = start - lineStart(text, start);
  const place = afterLine(text, end);
  const items = rendered(text, entries, column + 2);
  return joined(text, text.slice(0, place), `${' '.repeat(column)}tools:`, items, text.slice(place));
}

/** `tools: []`, or nothing after the colon. What else stands on the line stays. */
function inNothing(text: string, empty: YAMLSeq, agent: YAMLMap, entries: readonly ToolEntry[]) {
  const [start, end] = empty.range as [number, number, number];
  const agentStart = (agent.range as [number, number, number])[0];
  const column = agentStart - lineStart(text, agentStart);
  const lineEnd = afterLine(text, end);
  const line = `${text.slice(0, start).trimEnd()}${text.slice(end, lineEnd).trimEnd()}`;
  return joined(text, '', line, rendered(text, entries, column + 2), text.slice(lineEnd));
}

function joined(text: string, before: string, line: string, items: string, after: string): string {
  const newline = newlineOf(text);
  const open = before === '' || before.endsWith('\n') ? before : before + newline;
  return `${open}${line}${newline}${items}${after}`;
}

/** A list with a line or more for each tool: those that stay are not touched, nor what is written about them. */
function inList(text: string, list: YAMLSeq, entries: readonly ToolEntry[]): string | undefined {
  const [start, end] = list.range as [number, number, number];
  const column = start - lineStart(text, start);
  const dashes = list.items.map((item) => dashLine(text, (item as YAMLSeq).range?.[0] ?? start, column));
  if (dashes.includes(-1)) return undefined;
  const begins = dashes.map((dash) => withComments(text, dash, column));
  const last = (list.items.at(-1) as YAMLSeq).range?.[1] ?? end;
  const after = afterLine(text, last);
  const piece = (at: number) => {
    const whole = text.slice(begins[at], begins[at + 1] ?? after);
    return whole.endsWith('\n') ? whole : whole + newlineOf(text);
  };
  if (entries.length === 0) {
    const head = text.slice(0, begins[0]).trimEnd();
    return `${head} []${newlineOf(text)}${text.slice(after)}`;
  }
  const pieces = entries.map((entry) => {
    const { at, tool } = entry;
    if (tool === undefined) return piece(at as number);
    const comments = at === undefined ? '' : text.slice(begins[at], dashes[at]);
    return comments + rendered(text, [entry], column);
  });
  return text.slice(0, begins[0]) + pieces.join('') + text.slice(after);
}

/** Where the line begins whose "-" at this column opens the item at `place`; -1 when there is none. */
function dashLine(text: string, place: number, column: number): number {
  for (let line = lineStart(text, place); ; line = lineStart(text, line - 1)) {
    if (text[line + column] === '-' && text.slice(line, line + column).trim() === '') return line;
    if (line === 0) return -1;
  }
}

/** Comments right above a tool, as far in as it is, are about it. */
function withComments(text: string, line: number, column: number): number {
  let begin = line;
  while (begin > 0) {
    const above = lineStart(text, begin - 1);
    const comment = /^( *)#/.exec(text.slice(above, begin));
    if (comment?.[1]?.length !== column) break;
    begin = above;
  }
  return begin;
}

function rendered(text: string, entries: readonly ToolEntry[], column: number): string {
  const written = stringify(
    entries.map(({ tool }) => tool),
    { lineWidth: 0 },
  );
  return written.replace(/^(?=.)/gm, ' '.repeat(column)).replaceAll('\n', newlineOf(text));
}

const newlineOf = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n');
const lineStart = (text: string, place: number) => (place < 1 ? 0 : text.lastIndexOf('\n', place - 1) + 1);

/** The end of the line in which something ends, its line break included. */
function afterLine(text: string, end: number): number {
  if (end > 0 && text[end - 1] === '\n') return end;
  const found = text.indexOf('\n', end);
  return found < 0 ? text.length : found + 1;
}
