// All runs at a glance: a cell for each scenario, a mark in it for each run. Colour is never the only sign.

import type { CaseResult, RunResult } from '../result.js';
import { type Markup, markup } from './markup.js';
import { durationText, verdictWords } from './words.js';

export interface Placed {
  id: string;
  result: CaseResult;
}

/** A cell is one mark wide for one run; with several the marks are narrower. */
const size = { height: 26, alone: 26, among: 14, mostMarks: 20, shares: 200 };

export function grid(files: ReadonlyMap<string, readonly Placed[]>): Markup {
  return markup`<section class="grid" aria-labelledby="glance"><h2 id="glance">At a glance</h2>
${[...files].map(([file, placed]) => row(file, placed))}
<p class="legend">${(['passed', 'failed', 'error', 'skipped'] as const).map(
    (verdict) =>
      markup`<span><svg class="cell-mark ${verdict}" width="16" height="16" aria-hidden="true"><rect width="16" height="16" rx="4"/><use href="#i-${verdict}" width="16" height="16"/></svg>${verdictWords[verdict]}</span>`,
  )}<span><svg class="cell-mark passed" width="16" height="16" aria-hidden="true"><rect width="16" height="16" rx="4"/><use href="#i-again" width="16" height="16"/></svg>passed when tried again</span></p>
</section>`;
}

function row(file: string, placed: readonly Placed[]): Markup {
  const good = placed.filter(({ result }) => result.verdict === 'passed').length;
  return markup`<div class="grid-row"><h3>${file} <small>${good} of ${placed.length}</small></h3><ul>
${placed.map(cell)}</ul></div>
`;
}

function cell({ id, result }: Placed): Markup {
  const parts = partsOf(marksOf(result));
  const width = parts.reduce((sum, part) => sum + part.width, 0);
  const label = labelOf(result);
  let x = 0;
  return markup`<li data-for="${id}"><a class="cell ${result.verdict}" href="#${id}" title="${label}" aria-label="${label}"><svg width="${width}" height="${size.height}" aria-hidden="true">${parts.map(
    (part) => {
      const drawn = markOf(part, x);
      x += part.width;
      return drawn;
    },
  )}</svg></a></li>
`;
}

interface CellPart {
  mark: Mark;
  width: number;
}

/** A mark for each run; of more than fit, their shares. */
function partsOf(marks: readonly Mark[]): CellPart[] {
  const width = marks.length > 1 ? size.among : size.alone;
  if (marks.length <= size.mostMarks) return marks.map((mark) => ({ mark, width }));
  return (['failed', 'error', 'skipped', 'again', 'passed'] as const).flatMap((mark) => {
    const share = marks.filter((each) => each === mark).length / marks.length;
    return share === 0 ? [] : [{ mark, width: Math.max(size.among, Math.round(share * size.shares)) }];
  });
}

function markOf({ mark, width }: CellPart, x: number): Markup {
  const side = Math.min(16, width - 2);
  const place = { x: x + (width - side) / 2, y: (size.height - side) / 2 };
  return markup`<g class="cell-mark ${mark === 'again' ? 'passed' : mark}"><rect x="${x}" width="${width}" height="${size.height}"/><use href="#i-${mark}" x="${place.x}" y="${place.y}" width="${side}" height="${side}"/></g>`;
}

type Mark = CaseResult['verdict'] | 'again';

/** The last attempt of each run counts; runs that never came are not run. */
function marksOf({ runs, planned_runs, verdict }: CaseResult): Mark[] {
  const last = new Map<number, RunResult>();
  for (const run of runs) last.set(run.run, run);
  const marks = [...last.values()].map(
    (run): Mark => (run.verdict === 'passed' && run.attempt > 1 ? 'again' : run.verdict),
  );
  if (marks.length === 0) return new Array<Mark>(Math.max(1, planned_runs)).fill(verdict);
  return [...marks, ...new Array<Mark>(Math.max(0, planned_runs - marks.length)).fill('skipped')];
}

function labelOf({
  name,
  parameters,
  verdict,
  flaky,
  passed_runs,
  planned_runs,
  ms,
  runs,
}: CaseResult): string {
  const parts = [
    verdictWords[verdict],
    flaky && 'not at the first attempt',
    planned_runs > 1 && `${passed_runs} of ${planned_runs} runs passed`,
    runs.length > 0 && durationText(ms),
  ];
  const whole = parameters === '' ? name : `${name} [${parameters}]`;
  return `${whole}: ${parts.filter(Boolean).join(', ')}`;
}
