// One scenario on the page: a line that says how it went, which opens.

import { endings } from '../played.js';
import type { CaseResult, Check, RunResult } from '../result.js';
import { checksTable, icon } from './html-checks.js';
import { runBody } from './html-run.js';
import { type Markup, markup } from './markup.js';
import { costText, durationText, percentile, verdictWords } from './words.js';

/** How much of a report its page holds, and how. */
export interface Extent {
  /** Runs that are told in full. */
  full: ReadonlySet<RunResult>;
  /** Those of them that can be listened to. */
  audible: ReadonlySet<RunResult>;
  /** Scenarios that stand open. */
  open: ReadonlySet<CaseResult>;
  /**
   * What is closed is made when it is opened: with a script, a browser takes what stands in `noscript` for text, of which
   * it has no trouble to hold much; without, for what it is.
   */
  sleeping: boolean;
}

export function scenario(result: CaseResult, id: string, extent: Extent): Markup {
  const { name, parameters, verdict, flaky, tags, file, line } = result;
  const isOpen = extent.open.has(result);
  const reason = firstReason(result);
  const ending = result.runs.length === 1 ? result.runs[0]?.ending : undefined;
  const body = markup`<p class="facts"><span>${`${file}:${line}`}</span>${tags.map((tag) => markup`<span class="tag">${tag}</span>`)}${ending && markup`<span>${endings[ending]}</span>`}<a href="#${id}">link</a></p>
${checksTable(result.checks, file)}
${runs(result, id, extent)}`;
  return markup`<details class="scenario ${verdict}" id="${id}" data-verdict="${verdict}"${flaky && markup` data-flaky`}${isOpen && markup` open`}>
<summary>${icon(verdict)}<div class="title"><h4><span class="unseen">${verdictWords[verdict]}: </span><bdi>${name}</bdi>${parameters !== '' && markup` <span class="parameters">${parameters}</span>`}</h4>${flaky && markup`<span class="flaky">flaky</span>`}${reason !== undefined && markup`<p class="why">${reason}</p>`}</div>${figures(result)}</summary>
<div class="body">${extent.sleeping && !isOpen ? markup`<noscript>${body}</noscript>` : body}</div></details>
`;
}

/** What there is to say of a run in a line. */
function runFacts({ ms, cost_usd, ending }: RunResult): string {
  const parts = [durationText(ms), cost_usd !== null && costText(cost_usd), ending && endings[ending]];
  return parts.filter(Boolean).join(' · ');
}

/** What a person would ask first: why not? */
function firstReason({ verdict, checks, runs }: CaseResult): string | undefined {
  if (verdict === 'skipped') {
    return `the run was over before ${runs.length === 0 ? 'it was its turn' : 'all of it was played'}`;
  }
  if (verdict === 'passed') return undefined;
  const stopped = runs.find(({ problem }) => problem !== undefined)?.problem;
  const unmet = [...checks, ...runs.flatMap((run) => run.checks)].filter(
    (check) => check.verdict === verdict,
  );
  const [first] = unmet;
  if (first !== undefined) return reasonText(first);
  return stopped?.message;
}

const reasonText = ({ expected, got }: Check) => `${expected}; got: ${got}`;

/** Right of the name: how many of its runs, how fast, how long, how much. */
function figures(result: CaseResult): Markup {
  const { planned_runs, passed_runs, needed_runs, runs, ms, cost_usd } = result;
  const firsts = runs
    .flatMap((run) => run.turns.flatMap((turn) => turn.first_audio_ms ?? turn.first_word_ms ?? []))
    .sort((a, b) => a - b);
  const figure = (title: string, value: string) =>
    markup`<span title="${title}"><span class="unseen">${title}: </span>${value}</span>`;
  return markup`<div class="figures">${
    planned_runs > 1 &&
    figure(`runs that passed, of ${planned_runs}; ${needed_runs} had to`, `${passed_runs}/${planned_runs}`)
  }${firsts.length > 0 && figure('median time to the first sound or word', durationText(percentile(firsts, 0.5)))}${
    ms > 0 && figure('time of all its runs', durationText(ms))
  }${cost_usd !== null && figure('cost', costText(cost_usd))}</div>`;
}

function runs(
  { runs: all, planned_runs, file }: CaseResult,
  id: string,
  { full, audible }: Extent,
): Markup | undefined {
  const shown = (run: RunResult, index: number) => {
    const runId = `${id}-run-${index + 1}`;
    const body = full.has(run)
      ? runBody(run, { id: runId, file, hasSound: audible.has(run) })
      : markup`<p class="note">Told in short, to keep the report small.</p>`;
    return { runId, body };
  };
  const [only] = all;
  if (only === undefined) return undefined;
  if (all.length === 1) {
    const { runId, body } = shown(only, 0);
    return markup`<div class="run" id="${runId}">${body}</div>`;
  }
  const opened = Math.max(
    0,
    all.findIndex((run) => run.verdict !== 'passed'),
  );
  return markup`${all.map((run, index) => {
    const { runId, body } = shown(run, index);
    const attempt = run.attempt > 1 && `, attempt ${run.attempt}`;
    const title = `Run ${run.run}${planned_runs > 1 ? ` of ${planned_runs}` : ''}${attempt || ''}`;
    return markup`<details class="run ${run.verdict}" id="${runId}"${index === opened && markup` open`}><summary>${icon(run.verdict)}<h5>${title}<span class="unseen">: ${verdictWords[run.verdict]}</span></h5><span class="run-facts">${runFacts(run)}</span></summary>${body}</details>
`;
  })}`;
}
