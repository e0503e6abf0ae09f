// One run on the page: what was expected beside what came, the picture, the sound, and every word.

import type { Problem, RunResult, TurnResult } from '../result.js';
import { checksTable, icon } from './html-checks.js';
import { timeline } from './html-timeline.js';
import { pre, transcript } from './html-transcript.js';
import { Markup, markup } from './markup.js';
import { wavAddress } from './mix.js';
import { costText, counted, durationText } from './words.js';

export interface Shown {
  /** Its address in the page. */
  id: string;
  /** The scenario's file, for places in it. */
  file: string;
  hasSound: boolean;
}

export function runBody(run: RunResult, { id, file, hasSound }: Shown): Markup {
  return markup`${run.problem && problem(run.problem)}
${checksTable(run.checks, file, id)}
${run.turns.length > 0 && conversation(run, id, hasSound)}
${run.state !== undefined && details('State left behind', pre(run.state))}
${again(run)}`;
}

const problem = ({ code, message, hint }: Problem) =>
  markup`<div class="problem">${icon('error')}<p><strong>${message}</strong> <code>${code}</code>${hint !== undefined && markup`<br>${hint}`}</p></div>`;

const conversation = (run: RunResult, id: string, hasSound: boolean) => markup`<figure class="conversation">
${timeline(run)}
${listen(run, hasSound)}
</figure>
${transcript(run, id)}
${latencyTable(run.turns)}`;

function listen(run: RunResult, hasSound: boolean): Markup | undefined {
  if (run.sound === undefined || run.sound.length === 0) return undefined;
  if (!hasSound)
    return markup`<p class="note">The sound of this run was left out to keep the report small.</p>`;
  // The address is our own, and long: it needs no escaping.
  return markup`<audio controls preload="none" aria-label="Sound of the conversation" src="${new Markup(wavAddress(run.sound))}"></audio>`;
}

const details = (title: string, body: Markup) =>
  markup`<details class="more"><summary>${title}</summary>${body}</details>`;

const toolMs = ({ calls }: TurnResult) =>
  calls.length === 0 ? undefined : calls.reduce((sum, { ms = 0 }) => sum + ms, 0);

const columns: [title: string, of: (turn: TurnResult) => number | undefined][] = [
  ['First word', (turn) => turn.first_word_ms],
  ['First sound', (turn) => turn.first_audio_ms],
  ['Tools', toolMs],
  ['Total', (turn) => turn.total_ms],
  ['Spoken', (turn) => (turn.audio_seconds === 0 ? undefined : turn.audio_seconds * 1000)],
];

function latencyTable(turns: readonly TurnResult[]): Markup {
  const cell = (ms: number | undefined) => markup`<td>${ms === undefined ? '–' : durationText(ms)}</td>`;
  const rows = turns.map(
    (turn, index) =>
      markup`<tr><th scope="row">${index + 1}</th>${columns.map(([, of]) => cell(of(turn)))}<td>${turn.cost_usd === null ? '–' : costText(turn.cost_usd)}</td></tr>
`,
  );
  return details(
    `Latency and cost of ${counted(turns.length, 'turn')}`,
    markup`<div class="scroll" tabindex="0" role="group" aria-label="Latency and cost by turn"><table class="numbers"><thead><tr><th scope="col">Turn</th>${columns.map(([title]) => markup`<th scope="col">${title}</th>`)}<th scope="col">Cost</th></tr></thead><tbody>
${rows}</tbody></table></div>`,
  );
}

/** Where it was kept, and how to see it again. */
function again({ recording, replay }: RunResult): Markup | undefined {
  if (recording === undefined && replay === undefined) return undefined;
  const command =
    replay !== undefined && markup`<dt>Replay</dt><dd><code class="command">${replay}</code></dd>`;
  const file = recording !== undefined && markup`<dt>Recording</dt><dd><code>${recording}</code></dd>`;
  return markup`<dl class="again">${command}${file}</dl>`;
}
