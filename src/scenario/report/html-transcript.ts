// The words of a run: who said what when, what the tools were given and gave, and where it was not as expected.

import { readJson, writeJson } from '../../json-text.js';
import type { CallResult, Check, RunResult, TurnResult } from '../result.js';
import { icon, turnId } from './html-checks.js';
import { answeredAt, askedAt } from './lanes.js';
import { type Markup, markup } from './markup.js';
import { durationText, placeText } from './words.js';

/** JSON where it is JSON, else text as it came. */
export function pre(value: unknown): Markup {
  return markup`<pre tabindex="0">${typeof value === 'string' ? indented(value) : writeJson(value, 2)}</pre>`;
}

function indented(text: string): string {
  try {
    return writeJson(readJson(text), 2);
  } catch {
    return text;
  }
}

export function transcript({ turns, checks, ms }: RunResult, runId: string): Markup {
  const place = (atMs: number) =>
    markup`<span class="at" data-at="${Math.round(atMs)}">${placeText(atMs, ms)}</span>`;
  const items = turns.map((turn, index) => {
    const unmet = checks.filter((check) => check.turn === index && check.verdict !== 'passed');
    return markup`<li class="turn" id="${turnId(runId, index)}"><ol>
${lines(turn).map(({ kind, atMs, body }) => markup`<li class="${kind}">${place(atMs)}${body}</li>\n`)}${unmet.map(unmetLine)}</ol></li>
`;
  });
  return markup`<ol class="talk" aria-label="Transcript">
${items}</ol>`;
}

interface Line {
  kind: string;
  atMs: number;
  body: Markup;
}

/** In the order in which they happened, but for the person, who began. */
function lines(turn: TurnResult): Line[] {
  const person = line('person', 'Person', turn.started_ms, words(turn.said));
  const agent = line('agent', 'Agent', answeredAt(turn) ?? askedAt(turn), words(turn.answer));
  const calls = turn.calls.map((call) => line('call', 'Tool', call.at_ms, callBody(call)));
  const answer = [...calls, ...(turn.answer === '' ? [] : [agent])].sort((a, b) => a.atMs - b.atMs);
  const note = turn.interrupted ? 'interrupted' : turn.status === 'completed' ? '' : turn.status;
  return [
    ...(turn.by === 'person' ? [person] : []),
    ...answer,
    ...(note === '' ? [] : [line('aside', '', turn.ended_ms, markup`<p>${note}</p>`)]),
  ];
}

const line = (kind: string, who: string, atMs: number, body: Markup): Line => ({
  kind,
  atMs,
  body: markup`<span class="who">${who}</span>${body}`,
});

const words = (text: string) => markup`<p dir="auto">${text}</p>`;

function callBody({ name, arguments: given, output, ms }: CallResult): Markup {
  return markup`<details><summary><code>${name}</code>${ms !== undefined && markup` <small>${durationText(ms)}</small>`} <small class="gist">${gist(given)}</small></summary>
<p class="label">Arguments</p>${pre(given)}<p class="label">Result</p>${output === undefined ? markup`<p>none</p>` : pre(output)}</details>`;
}

/** Enough of the arguments to know the call by. */
function gist(given: unknown): string {
  const text = writeJson(given);
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
}

const unmetLine = ({ verdict, expected, got }: Check) =>
  markup`<li class="unmet ${verdict}">${icon(verdict)}<span class="who">${verdict === 'error' ? 'Unclear' : 'Expected'}</span><p><bdi>${expected}</bdi> <span class="got">got: <bdi>${got}</bdi></span></p></li>
`;
