// How long answers took, over all scenarios. Each dot is a turn; of more than a hundred turns, each is a hundredth of
// them, so that the picture keeps its shape however many there were. Times lie on a logarithmic scale.

import type { CaseResult, TurnResult } from '../result.js';
import { type Markup, markup } from './markup.js';
import { counted, durationText, percentile } from './words.js';

const mostDots = 100;
const row = { height: 46, dot: 2.6, step: 5.2, highest: 8 };
/** Dots nearer to each other than this share of the width are stacked. */
const columns = 90;

const measures: [title: string, of: (turn: TurnResult) => readonly (number | undefined)[]][] = [
  ['first word', (turn) => [turn.first_word_ms]],
  ['first sound', (turn) => [turn.first_audio_ms]],
  ['tool result', (turn) => turn.calls.map(({ ms }) => ms)],
  ['end of answer', (turn) => [turn.total_ms]],
];

export function latency(results: readonly CaseResult[]): Markup | undefined {
  const turns = results.flatMap((result) => result.runs.flatMap((run) => run.turns));
  const rows = measures.flatMap(([title, of]) => {
    const values = turns.flatMap((turn) => of(turn).filter((ms) => ms !== undefined)).sort((a, b) => a - b);
    return values.length === 0 ? [] : [{ title, values }];
  });
  if (rows.length === 0) return undefined;
  const scale = scaleOf(rows.map(({ values }) => values));
  return markup`<section class="latency" aria-labelledby="latency"><h2 id="latency">Latency</h2>
<table><thead><tr><th scope="col">Time to</th><th class="plot" aria-hidden="true"></th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">Most</th><th scope="col">Of</th></tr></thead><tbody>
${rows.map(({ title, values }) => measured(title, values, scale))}</tbody>
<tfoot aria-hidden="true"><tr><td></td><td class="plot">${axis(scale)}</td><td colspan="4"></td></tr></tfoot></table>
<p class="legend">${turns.length > mostDots ? 'A dot is a hundredth of the values' : 'A dot is a turn'}; the line is the median (p50), the dashed line what 95 of 100 stay below (p95).</p>
</section>`;
}

interface Scale {
  at(ms: number): number;
  marks: number[];
}

const steps = [1, 2, 5];

/** From the round time below all values to the one above. */
function scaleOf(sorted: readonly (readonly number[])[]): Scale {
  const least = Math.max(1, Math.min(...sorted.map((values) => values[0] as number)));
  const most = Math.max(least, ...sorted.map((values) => values.at(-1) as number));
  const powers = Array.from({ length: 9 }, (_, power) => 10 ** power);
  const round = powers.flatMap((power) => steps.map((step) => step * power));
  const from = round.findLast((each) => each <= least) ?? 1;
  const to = round.find((each) => each > Math.max(most, from * 2)) ?? most * 2;
  const length = Math.log(to / from);
  return {
    at: (ms) => Math.max(0, Math.log(Math.max(1, ms) / from) / length),
    marks: round.filter((each) => each >= from && each <= to),
  };
}

const percent = (share: number) => `${Number((share * 100).toFixed(2))}%`;

function measured(title: string, values: readonly number[], { at, marks }: Scale): Markup {
  const p50 = percentile(values, 0.5);
  const p95 = percentile(values, 0.95);
  const line = (kind: string, ms: number) =>
    markup`<line class="${kind}" x1="${percent(at(ms))}" x2="${percent(at(ms))}" y1="0" y2="${row.height}"/>`;
  return markup`<tr><th scope="row">${title}</th><td class="plot" aria-hidden="true"><svg width="100%" height="${row.height}">${marks.map((ms) => line('tick', ms))}${dots(values, at)}${line('p50', p50)}${line('p95', p95)}</svg></td><td>${durationText(p50)}</td><td>${durationText(p95)}</td><td>${durationText(values.at(-1) as number)}</td><td>${counted(values.length, title === 'tool result' ? 'call' : 'turn')}</td></tr>
`;
}

function dots(values: readonly number[], at: Scale['at']): Markup[] {
  const shown =
    values.length <= mostDots
      ? values
      : Array.from({ length: mostDots }, (_, index) => percentile(values, (index + 0.5) / mostDots));
  const stacks = new Map<number, number>();
  for (const ms of shown) {
    const column = Math.round(at(ms) * columns);
    stacks.set(column, (stacks.get(column) ?? 0) + 1);
  }
  const tallest = Math.max(...stacks.values());
  const step = tallest > row.highest ? (row.step * row.highest) / tallest : row.step;
  return [...stacks].flatMap(([column, count]) =>
    Array.from(
      { length: count },
      (_, index) =>
        markup`<circle cx="${percent(column / columns)}" cy="${Number((row.height - 4 - index * step).toFixed(1))}" r="${row.dot}"/>`,
    ),
  );
}

function axis({ at, marks }: Scale): Markup {
  return markup`<svg width="100%" height="16">${marks.map((ms, index) => {
    const place = index === 0 ? 'first' : index === marks.length - 1 ? 'last' : 'middle';
    const isMinor = place === 'middle' && Math.log10(ms) % 1 !== 0;
    return markup`<text class="time ${place}${isMinor && ' minor'}" x="${percent(at(ms))}" y="12">${axisText(ms)}</text>`;
  })}</svg>`;
}

const axisText = (ms: number) => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);
