// The report as one page: nothing of it is loaded from anywhere, it can be read without a script, and what a server
// said can do nothing in it.

import { createHash } from 'node:crypto';
import type { CaseResult, Report, RunResult, Totals } from '../result.js';
import { icon } from './html-checks.js';
import { grid, type Placed } from './html-grid.js';
import { latency } from './html-latency.js';
import { type Extent, scenario } from './html-scenario.js';
import { symbols } from './html-symbols.js';
import { Markup, markup } from './markup.js';
import { audibleRuns } from './mix.js';
import { costText, counted, durationText } from './words.js';

export interface Assets {
  css: string;
  /** A classic script, which runs before the page is there. */
  script: string;
}

/** More runs are told in short, those that passed first: a browser has to hold them all. */
const mostInFull = 1500;

/** More stand closed. */
const mostOpen = 30;
/** With more scenarios, what is closed is made when it is opened. */
const mostAwake = 100;

const isTrouble = ({ verdict }: CaseResult) => verdict === 'failed' || verdict === 'error';

export function html(report: Report, { css, script }: Assets): string {
  const { results } = report;
  const files = placed(results);
  const sound = audibleRuns(report);
  const extent: Extent = {
    full: runsInFull(results),
    audible: sound.held,
    open: new Set(results.filter(isTrouble).slice(0, mostOpen)),
    sleeping: results.length > mostAwake,
  };
  const title = `${verdictText(report)} · ${report.server}`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(css, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="${report.product}">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(css)}</style>
<script>${new Markup(script)}</script>
</head>
<body>
${symbols}
<a class="skip" href="#scenarios">To the scenarios</a>
<header>
${heading(report)}
${bar(report.totals)}
${facts(report)}
</header>
<main>
${grid(files)}
${latency(results)}
<section class="scenarios" aria-labelledby="scenarios"><h2 id="scenarios" tabindex="-1">Scenarios</h2>
${sound.leftOut > 0 && markup`<p class="note">The sound of ${counted(sound.leftOut, 'run')} was left out to keep the report small.</p>`}
${[...files].map(
  ([file, all]) => markup`<section class="file"><h3>${file}</h3>
${all.map(({ id, result }) => scenario(result, id, extent))}</section>
`,
)}
</section>
</main>
<footer><p>${report.product}</p></footer>
</body>
</html>
`.text;
}

/** Only what stands in the page itself, and of scripts and styles only these. */
function policy(css: string, script: string): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    "default-src 'none'",
    `style-src ${hash(css)}`,
    `script-src ${hash(script)}`,
    'img-src data:',
    'media-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** By file, in the order they came. Addresses are the same in every report, so that a link to one stays good. */
function placed(results: readonly CaseResult[]): Map<string, Placed[]> {
  const files = new Map<string, Placed[]>();
  const taken = new Set<string>();
  for (const result of results) {
    const wanted = addressOf(result);
    let id = wanted;
    for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
    taken.add(id);
    const own = files.get(result.file);
    if (own === undefined) files.set(result.file, [{ id, result }]);
    else own.push({ id, result });
  }
  return files;
}

function addressOf({ id, name }: CaseResult): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? ['scenario'];
  return `${words.join('-').slice(0, 48)}-${createHash('sha256').update(id).digest('hex').slice(0, 6)}`;
}

function runsInFull(results: readonly CaseResult[]): Set<RunResult> {
  const runs = results.flatMap((result) => result.runs).filter(({ abridged }) => !abridged);
  const unclear = runs.filter(({ verdict }) => verdict !== 'passed');
  const firsts = results.flatMap((result) => result.runs.find(({ abridged }) => !abridged) ?? []);
  return new Set([...new Set([...unclear, ...firsts, ...runs])].slice(0, mostInFull));
}

/** The outcome in a sentence: the worst of it. */
export function verdictText({ totals }: Pick<Report, 'totals'>): string {
  const { scenarios, failed, errors, skipped } = totals;
  if (scenarios === 0) return 'No scenario was run';
  const of = (count: number) => (scenarios === 1 ? 'The scenario' : `${count} of ${scenarios} scenarios`);
  if (failed > 0) return `${of(failed)} failed`;
  if (errors > 0) return `${of(errors)} could not run`;
  if (skipped > 0) return `${of(skipped)} ${skipped === 1 ? 'was' : 'were'} not run`;
  return scenarios === 1 ? 'The scenario passed' : `All ${scenarios} scenarios passed`;
}

/** What else there is to say of it. */
function restText({ scenarios, passed, failed, errors, skipped, flaky }: Totals): string {
  const isAll = passed === scenarios;
  const parts = [
    !isAll && `${passed} passed${flaky > 0 ? ` (${flaky} not at the first attempt)` : ''}`,
    failed > 0 && errors > 0 && `${errors} could not run`,
    failed + errors > 0 && skipped > 0 && `${skipped} not run`,
    isAll && flaky > 0 && `${flaky} not at the first attempt`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}

function heading(report: Report): Markup {
  const { failed, errors, skipped, scenarios } = report.totals;
  const verdict =
    failed > 0 ? 'failed' : errors > 0 ? 'error' : skipped > 0 || scenarios === 0 ? 'skipped' : 'passed';
  const rest = restText(report.totals);
  return markup`<h1 class="${verdict}">${icon(verdict)}<span>${verdictText(report)}</span></h1>
${rest !== '' && markup`<p class="rest">${rest}</p>`}`;
}

/** The shares of the verdicts as a line; the words above say the same. */
function bar({ scenarios, passed, failed, errors, skipped }: Totals): Markup | undefined {
  if (scenarios === 0) return undefined;
  let x = 0;
  const part = (kind: string, count: number) => {
    if (count === 0) return undefined;
    const width = (count / scenarios) * 100;
    const rect = markup`<rect class="${kind}" x="${x.toFixed(3)}%" width="${width.toFixed(3)}%" height="6"/>`;
    x += width;
    return rect;
  };
  return markup`<svg class="bar" width="100%" height="6" aria-hidden="true">${part('failed', failed)}${part('error', errors)}${part('skipped', skipped)}${part('passed', passed)}</svg>`;
}

const stoppedWords: Record<string, string> = {
  interrupted: 'it was interrupted',
  bail: 'a scenario failed (--bail)',
  budget: 'the money was spent (--max-cost)',
};

function facts(report: Report): Markup {
  const { totals, stopped, shard } = report;
  const fact = (name: string, value: string | Markup | undefined) =>
    value !== undefined && markup`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return markup`<dl class="facts">
${fact('Ended early', stopped && (stoppedWords[stopped] ?? stopped))}
${fact('Started', started(report.started_at))}
${fact('Took', durationText(totals.ms))}
${fact('Cost', costText(totals.cost_usd))}
${fact('Server', report.server)}
${fact('Seed', String(report.seed))}
${fact('Part', shard)}
</dl>`;
}

function started(iso: string): Markup {
  const shown = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(iso);
  return markup`<time datetime="${iso}">${shown === null ? iso : `${shown[1]} ${shown[2]} UTC`}</time>`;
}
