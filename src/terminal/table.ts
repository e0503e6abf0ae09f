// Tables fitted to a terminal, by columns of the screen and not by characters.

import measure from 'fast-string-truncated-width';
import { oneLine } from '../one-line.js';
import type { Style } from './style.js';

export interface Column<T> {
  title: string;
  value(row: T): string;
  /** How large a part of the room it gets beside others that shrink; one without it keeps its width. */
  shrinks?: number;
}

const gap = 2;
const narrowest = 8;

/**
 * A header and a line a row. Cells are cut, and columns left out from the last on, only where the screen ends; piped,
 * nothing is.
 */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], { chalk, width }: Style): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.value(row))));
  const natural = columns.map((column, at) =>
    cells.reduce((most, row) => Math.max(most, textWidth(row[at] ?? '')), textWidth(column.title)),
  );
  const widths = fitWidths(natural, columns, width);
  const line = (values: readonly string[]) =>
    values
      .slice(0, widths.length)
      .map((value, at) =>
        at === widths.length - 1 ? cut(value, widths[at]) : pad(cut(value, widths[at]), widths[at]),
      )
      .join(' '.repeat(gap))
      .trimEnd();
  return [chalk.dim(line(columns.map((column) => column.title))), ...cells.map(line)].join('\n');
}

/** The widths of the columns that fit: the first, and as many after it as there is room for. */
function fitWidths(natural: number[], columns: readonly Column<never>[], width: number): number[] {
  const least = columns.map(({ title, shrinks }, at) => {
    const whole = natural[at] ?? 0;
    return shrinks === undefined ? whole : Math.min(whole, Math.max(narrowest, textWidth(title)));
  });
  let count = columns.length;
  while (count > 1 && sum(least.slice(0, count)) + gap * (count - 1) > width) count--;
  const widths = natural.slice(0, count);
  let room = width - gap * (count - 1) - sum(widths.filter((_, at) => columns[at]?.shrinks === undefined));
  let open = widths.flatMap((_, at) => (columns[at]?.shrinks === undefined ? [] : [at]));
  // Those that need less than their part leave the rest to the others.
  while (open.length > 0) {
    const unit = room / sum(open.map((at) => columns[at]?.shrinks ?? 0));
    const part = (at: number) => unit * (columns[at]?.shrinks ?? 0);
    const settled =
      open.find((at) => (least[at] ?? 0) >= part(at)) ?? open.find((at) => (natural[at] ?? 0) <= part(at));
    const at = settled ?? (open[0] as number);
    const whole = natural[at] ?? 0;
    widths[at] = Math.min(whole, Math.max(least[at] ?? 0, Math.floor(part(at))));
    room -= widths[at];
    open = open.filter((each) => each !== at);
  }
  return widths;
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);

function pad(text: string, width = 0): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** How many columns of a screen a text takes. */
export function textWidth(text: string): number {
  return measure(text).width;
}

/** Text cut to a width with an ellipsis, whole characters only. */
export function cut(text: string, width = Number.POSITIVE_INFINITY): string {
  if (textWidth(text) <= width) return text;
  let room = width - 1;
  let kept = '';
  for (const segment of charactersOf(text)) {
    room -= textWidth(segment);
    if (room < 0) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** Characters as a person counts them. What takes them apart costs 8 ms to make. */
function* charactersOf(text: string): Iterable<string> {
  if (/^[\x20-\x7e]*$/.test(text)) return yield* text;
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(text)) yield segment;
}
let segmenter: Intl.Segmenter | undefined;

/** What something is called, with the id by which it can be told from others: "Order Support (agent_abc123)". */
export const titled = (name: string | null | undefined, id: string): string =>
  typeof name === 'string' ? `${oneLine(name)} (${id})` : id;
