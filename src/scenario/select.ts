// Which cases are run: by words, by tags, by id, and one part of several. Nothing depends on the order files are found in.

import { CliError } from '../errors.js';
import type { Case } from './scenario.js';

export interface Selection {
  /** Words that all stand in name, id or file, in capitals or not; or /a regular expression/. */
  filter?: string | undefined;
  /** Any of these; with a leading ! none of these. */
  tags?: readonly string[] | undefined;
  /** Ids. */
  only?: ReadonlySet<string> | undefined;
  /** The first of four is { part: 1, of: 4 }. */
  shard?: { part: number; of: number } | undefined;
}

/** The cases meant, in their order. Throws CliError `usage` for a filter that is no regular expression. */
export function selectCases(cases: readonly Case[], { filter, tags = [], only, shard }: Selection): Case[] {
  const hasWords = filter === undefined ? () => true : filterOf(filter);
  const hasTags = tagFilter(tags);
  const selected = cases.filter((each) => hasWords(each) && hasTags(each) && (only?.has(each.id) ?? true));
  if (shard === undefined) return selected;
  // Those that follow each other are of one file, and take about as long: they go to different parts.
  const inPart = new Set([...selected].sort(byId).filter((_, at) => at % shard.of === shard.part - 1));
  return selected.filter((each) => inPart.has(each));
}

function filterOf(filter: string): (each: Case) => boolean {
  const pattern = /^\/(.+)\/$/.exec(filter)?.[1];
  if (pattern !== undefined) {
    const expression = expressionOf(pattern);
    return (each) => expression.test(searched(each));
  }
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return (each) => {
    const text = searched(each).toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

function expressionOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'iu');
  } catch (cause) {
    throw new CliError('usage', `--filter /${pattern}/ is no regular expression`, { cause });
  }
}

/** The id holds file, name and parameters. */
function searched({ id, name, file }: Case): string {
  return `${id}\n${name}\n${file}`;
}

function tagFilter(tags: readonly string[]): (each: Case) => boolean {
  const unwanted = tags.filter((tag) => tag.startsWith('!')).map((tag) => tag.slice(1));
  const wanted = tags.filter((tag) => !tag.startsWith('!'));
  return ({ tags: own }) =>
    (wanted.length === 0 || wanted.some((tag) => own.includes(tag))) &&
    !unwanted.some((tag) => own.includes(tag));
}

/** By code units: the same on every machine. */
function byId(a: Case, b: Case): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
