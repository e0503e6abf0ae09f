// Tables fitted to a terminal, by columns of the screen and not by characters.

import measure from 'fast-string-truncated-width';
import type { Style } from './style.js';

export interface Column<T> {
  title: string;
  value(row: T): string;
  /** Gives way last to first when the screen is narrow; one without it keeps its width. */
  shrinks?: boolean;
}

const gap = 2;
const narrowest = 8;

/** A header and a line a row. Cells are cut only where the screen ends; piped, nothing is. */
export function table<T>(rows: readonly T[], columns: readonly Column<T>[], { chalk, width }: Style): string {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.value(row))));
  const widths = fitWidths(
    columns.map((column, at) =>
      cells.reduce((most, row) => Math.max(most, textWidth(row[at] ?? '')), textWidth(column.title)),
    ),
    columns,
    width,
  );
  const line = (values: readonly string[]) =>
    values
      .map((value, at) =>
        at === values.length - 1 ? cut(value, widths[at]) : pad(cut(value, widths[at]), widths[at]),
      )
      .join(' '.repeat(gap))
      .trimEnd();
  return [chalk.dim(line(columns.map((column) => column.title))), ...cells.map(line)].join('\n');
}

function fitWidths(natural: number[], columns: readonly { shrinks?: boolean }[], width: number): number[] {
  const widths = [...natural];
  for (let at = widths.length - 1; at >= 0; at--) {
    const excess = widths.reduce((sum, each) => sum + each, 0) + gap * (widths.length - 1) - width;
    if (excess <= 0) break;
    const wide = widths[at] ?? 0;
    if (columns[at]?.shrinks) widths[at] = Math.min(wide, Math.max(narrowest, wide - excess));
  }
  return widths;
}

function pad(text: string, width = 0): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** How many columns of a screen a text takes. */
export function textWidth(text: string): number {
  return measure(text).width;
}

/** Text cut to a width with an ellipsis, whole characters only. */
export function cut(text: string, width = Number.POSITIVE_INFINITY): string {
  const { index, ellipsed } = measure(text, { limit: width, ellipsis: '…', ellipsisWidth: 1 });
  return ellipsed ? `${text.slice(0, index)}…` : text;
}

/** Text with its line breaks and runs of blanks folded. */
export const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
