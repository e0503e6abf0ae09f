// What was expected beside what came; what was not met stands first.

import type { Check } from '../result.js';
import { type Markup, markup } from './markup.js';
import { verdictWords } from './words.js';

/** One of the page's signs: a verdict, or `again`. */
export const icon = (kind: string) =>
  markup`<svg class="icon ${kind}" width="16" height="16" aria-hidden="true"><use href="#i-${kind}"/></svg>`;

/** The address of a turn, from 0, within its run. */
export const turnId = (runId: string, turn: number) => `${runId}-turn-${turn + 1}`;

const order = { failed: 0, error: 1, passed: 2 };

/** `runId` is where the turns are told that checks are about. Undefined where nothing was checked. */
export function checksTable(checks: readonly Check[], file: string, runId?: string): Markup | undefined {
  if (checks.length === 0) return undefined;
  const sorted = [...checks].sort((a, b) => order[a.verdict] - order[b.verdict]);
  return markup`<table class="checks"><caption class="unseen">Expectations</caption><thead><tr><th scope="col"><span class="unseen">Verdict</span></th><th scope="col">Expected</th><th scope="col">Got</th></tr></thead><tbody>
${sorted.map((check) => row(check, file, runId))}</tbody></table>`;
}

function row({ verdict, expected, got, place, turn }: Check, file: string, runId?: string): Markup {
  const about =
    turn !== undefined &&
    (runId === undefined
      ? markup`<span>turn ${turn + 1}</span>`
      : markup`<a href="#${turnId(runId, turn)}">turn ${turn + 1}</a>`);
  return markup`<tr class="${verdict}"><td>${icon(verdict)}<span class="unseen">${verdictWords[verdict]}</span></td><th scope="row"><bdi>${expected}</bdi><small class="where">${place && markup`<span>${`${file}:${place.line}`}</span>`}${about}</small></th><td><bdi>${got}</bdi></td></tr>
`;
}
