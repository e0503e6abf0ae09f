// How far files are on their way: a bar a file where somebody watches, a line a file elsewhere.

import { oneLine } from '../one-line.js';
import type { Io } from './io.js';
import { cleanText, colourLevel, createStyle, type Style } from './style.js';
import { cut, textWidth } from './table.js';

export interface Bar {
  /** How much is done, of what there is. */
  advance(done: number): void;
  /** Takes the bar away; `told` stays in its place. */
  end(told: string): void;
}

export interface Progress {
  start(name: string, total: number): Bar;
  /** Takes away what is left. */
  close(): void;
}

type Env = Record<string, string | undefined>;

/** Bars on stderr. Under `json` nothing is shown. */
export function createProgress(io: Io, env: Env, json: boolean): Progress {
  const style = createStyle(colourLevel(io.stderr, env), io.width.stderr);
  // A terminal that shows no colour may be one that cannot redraw a line either.
  if (json || io.stderr.isTTY !== true || style.chalk.level === 0) return createLines(io, style, json);
  const bars = new Map<Bar, string>();
  let drawn = 0;
  let release = () => {};

  /** Writes between the bars and what stands above them. */
  function between(write: () => void): void {
    release();
    if (drawn > 0) io.write('stderr', `\u001b[${drawn}A\r\u001b[J`);
    write();
    const lines = [...bars.values()];
    drawn = lines.length;
    if (drawn > 0) io.write('stderr', lines.map((line) => `${line}\n`).join(''));
    // What others write meanwhile goes above the bars.
    release = drawn > 0 ? io.interpose((target, text) => between(() => io.write(target, text))) : () => {};
  }

  return {
    start(name, total) {
      const bar: Bar = {
        advance(done) {
          const line = barLine(name, done, total, style);
          if (bars.get(bar) === line) return;
          bars.set(bar, line);
          between(() => {});
        },
        end(told) {
          bars.delete(bar);
          between(() => io.write('stderr', `${style.chalk.dim(cleanText(told))}\n`));
        },
      };
      bar.advance(0);
      return bar;
    },
    close() {
      bars.clear();
      between(() => {});
    },
  };
}

function createLines(io: Io, { chalk }: Style, json: boolean): Progress {
  return {
    start: () => ({
      advance: () => {},
      end: (told) => {
        if (!json) io.write('stderr', `${chalk.dim(cleanText(told))}\n`);
      },
    }),
    close: () => {},
  };
}

const barWidth = 24;
const percentWidth = 6;

function barLine(name: string, done: number, total: number, { chalk, width }: Style): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const percent = `${Math.floor(share * 100)}%`.padStart(percentWidth);
  // A line that fills its row would wrap, and the bars could not be taken away again.
  const room = Math.max(8, width - barWidth - percentWidth - 4);
  const shown = cut(oneLine(cleanText(name)), Math.min(room, 40));
  const filled = Math.round(share * barWidth);
  const bar = chalk.cyan('█'.repeat(filled)) + chalk.dim('░'.repeat(barWidth - filled));
  const gap = ' '.repeat(Math.max(0, Math.min(room, 40) - textWidth(shown)));
  return cutLine(`${shown}${gap}  ${bar}${percent}`, `${shown}${percent}`, width);
}

/** The short form where the whole one does not fit. */
const cutLine = (whole: string, short: string, width: number) =>
  barWidth + percentWidth + 10 < width ? whole : cut(short, width - 1);

/** "1.2 MB", for people. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let at = 0;
  for (; value >= 999.5 && at < units.length - 1; at++) value /= 1000;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
}
