// A run as a picture: the person above, the agent below, between them how long the agent took, under them its tools and
// the time. Places are shares of the width, so that the picture fits any window; it is told again in words beside it.

import type { RunResult } from '../result.js';
import { type Block, type CallSpan, type Lanes, lanesOf, type Wait } from './lanes.js';
import { type Markup, markup } from './markup.js';
import { loudness, type Span } from './waveform.js';
import { counted, durationText } from './words.js';

const lane = { height: 44, person: 4, agent: 72 };
const waitsAt = 60;
const toolsAt = 124;
const rowHeight = 20;
const axisHeight = 22;
/** Pixels: the least width, by how long it lasts; a wider window gives more. */
const width = { least: 640, perSecond: 14, most: 6000 };
const barEvery = 4;
/** Of a name in a row of tools. */
const characterWidth = 7;

/** The picture with its legend. */
export function timeline(run: RunResult): Markup {
  const lanes = lanesOf(run);
  const { spanMs } = lanes;
  const pixels = Math.round(Math.max(width.least, Math.min(width.most, (spanMs / 1000) * width.perSecond)));
  const rows = toolRows(lanes, pixels);
  const bottom = toolsAt + rows.length * rowHeight;
  const at = (ms: number) => share(ms, spanMs);
  return markup`
<div class="timeline${rows.length > 0 && ' with-tools'}">
<div class="lanes" aria-hidden="true"><span class="person">Person</span><span class="agent">Agent</span>${
    rows.length > 0 && markup`<span class="tools">Tools</span>`
  }</div>
<div class="scroll" tabindex="0" role="group" aria-label="Timeline">
<svg class="picture" role="img" width="${pixels}" height="${bottom + axisHeight}" data-span="${Math.round(spanMs)}" aria-label="${summary(run, lanes)}">
${lanes.failedTurns.map((span) => band(span, 'failed-turn', at, bottom))}
${lanes.silences.map((span) => silence(span, at))}
${ticks(spanMs, pixels, bottom)}
${wave(lanes, 'user', pixels)}${wave(lanes, 'agent', pixels)}
${blocks(lanes.person, spanMs, 'person', lane.person)}${blocks(lanes.agent, spanMs, 'agent', lane.agent)}
${lanes.waits.map((wait) => waiting(wait, spanMs))}
${lanes.cutOffs.map((ms) => markup`<line class="cut" x1="${at(ms)}" x2="${at(ms)}" y1="${lane.agent - 2}" y2="${lane.agent + lane.height + 2}"><title>interrupted</title></line>`)}
${rows.map((calls, row) => calls.map((call) => tool(call, spanMs, toolsAt + row * rowHeight)))}
</svg></div></div>
${legend(lanes)}`;
}

function legend({ silences, waits }: Lanes): Markup | undefined {
  const parts = [
    waits.length > 0 &&
      'Between the lanes: from the end of the question to the first word (line) and the first sound (dot).',
    silences.length > 0 && 'Hatched: silence of more than a second.',
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : markup`<figcaption class="legend">${parts.join(' ')}</figcaption>`;
}

/** In percent; to a twentieth of a pixel where the picture is widest. */
const share = (ms: number, spanMs: number) => `${Number(((ms / spanMs) * 100).toFixed(3))}%`;
type At = (ms: number) => string;

function summary({ turns }: RunResult, { spanMs, silences, calls, heard }: Lanes): string {
  const longest = Math.max(0, ...silences.map(({ startMs, endMs }) => endMs - startMs));
  const parts = [
    counted(turns.length, 'turn'),
    calls.length > 0 && counted(calls.length, 'tool call'),
    longest > 0 && `longest silence ${durationText(longest)}`,
    heard.length === 0 && 'without sound',
  ].filter((part) => part !== false);
  return `${durationText(spanMs)}: ${parts.join(', ')}. The transcript below tells the same in words.`;
}

const spanWidthMs = ({ startMs, endMs }: Span) => endMs - startMs;
const spanWidth = (span: Span, at: At) => at(spanWidthMs(span));

const band = (span: Span, kind: string, at: At, bottom: number) =>
  markup`<rect class="${kind}" x="${at(span.startMs)}" width="${spanWidth(span, at)}" y="0" height="${bottom}"/>`;

function silence(span: Span, at: At): Markup {
  const label = durationText(span.endMs - span.startMs);
  return markup`<svg x="${at(span.startMs)}" width="${spanWidth(span, at)}" y="0" height="${lane.agent + lane.height + 4}"><title>${`${label} of silence`}</title><rect class="silence" width="100%" height="100%"/><text class="silence-label" x="50%" y="${lane.person + 14}">${label}</text></svg>`;
}

/** The loudest of a run fills its lane, unless it is next to nothing. */
const leastLoud = 0.05;

/** Bars from the middle, one for some pixels; where there is sound that is silent, a dot. */
function wave({ heard, spanMs }: Lanes, from: 'user' | 'agent', pixels: number): Markup | undefined {
  const own = heard.filter((each) => each.from === from);
  if (own.length === 0) return undefined;
  const columns = Math.round(Math.max(pixels, 960) / barEvery);
  const loudest = Math.max(
    leastLoud,
    ...heard.flatMap(({ peaks }) => peaks.reduce((most, each) => Math.max(most, each), 0)),
  );
  const bars = loudness(own, spanMs, columns).map((peak, column) => {
    // Steeper than it is, so that quiet words are seen.
    const half = peak === undefined ? 0 : Math.max(1, Math.round(46 * (peak / loudest) ** 0.7));
    return half === 0 ? '' : `M${column * 2 + 1} ${50 - half}v${half * 2}`;
  });
  const [kind, y] = from === 'user' ? (['person', lane.person] as const) : (['agent', lane.agent] as const);
  return markup`<svg class="wave ${kind}" y="${y}" width="100%" height="${lane.height}" viewBox="0 0 ${columns * 2} 100" preserveAspectRatio="none"><path d="${bars.join('')}"/></svg>`;
}

/**
 * A bar for as long as it took, and the words: on until the next begins, or before it where there is more room. Words are
 * HTML, which cuts off with an ellipsis what has no room.
 */
function blocks(all: readonly Block[], spanMs: number, kind: 'person' | 'agent', y: number): Markup[] {
  const at = (ms: number) => share(ms, spanMs);
  return all.map(({ startMs, endMs, text }, index) => {
    const behind = { startMs, endMs: all[index + 1]?.startMs ?? spanMs };
    const before = { startMs: all[index - 1]?.endMs ?? 0, endMs: startMs };
    const isBefore = spanWidthMs(before) > spanWidthMs(behind) && spanWidthMs(behind) < spanMs / 4;
    const room = isBefore ? before : behind;
    return markup`<g class="block ${kind}"><title>${text}</title><rect x="${at(startMs)}" width="${at(endMs - startMs)}" y="${y + 7}" height="30" rx="2"/><foreignObject x="${at(room.startMs)}" width="${at(spanWidthMs(room))}" y="${y + 7}" height="30"><div class="words${isBefore && ' before'}"><bdi>${text.slice(0, 300)}</bdi></div></foreignObject><line x1="${at(startMs)}" x2="${at(startMs)}" y1="${y + 7}" y2="${y + 37}"/></g>`;
  });
}

/** From here on a name stands before what it names: behind it there may be no room. Times are shorter. */
const lateShare = 0.85;
const lateWaitShare = 0.93;

function label(text: string, { startMs, endMs }: Span, spanMs: number, y: number, late: number): Markup {
  const isLate = endMs > late * spanMs;
  return markup`<svg x="${share(isLate ? startMs : endMs, spanMs)}" y="${y}" overflow="visible"><text class="${isLate ? 'before' : 'behind'}" x="${isLate ? -7 : 7}" y="13">${text}</text></svg>`;
}

function waiting({ startMs, firstWordMs, firstAudioMs }: Wait, spanMs: number): Markup {
  const at = (ms: number) => share(ms, spanMs);
  const end = firstAudioMs ?? firstWordMs ?? startMs;
  const parts = [
    firstWordMs !== undefined && `first word after ${durationText(firstWordMs - startMs)}`,
    firstAudioMs !== undefined && `first sound after ${durationText(firstAudioMs - startMs)}`,
  ].filter((part) => part !== false);
  return markup`<g class="wait"><title>${parts.join(', ')}</title><line x1="${at(startMs)}" x2="${at(end)}" y1="${waitsAt}" y2="${waitsAt}"/>${
    firstWordMs !== undefined &&
    markup`<line class="first-word" x1="${at(firstWordMs)}" x2="${at(firstWordMs)}" y1="${waitsAt - 5}" y2="${waitsAt + 5}"/>`
  }${firstAudioMs !== undefined && markup`<circle cx="${at(firstAudioMs)}" cy="${waitsAt}" r="3.5"/>`}${label(durationText(end - startMs), { startMs, endMs: end }, spanMs, waitsAt - 9, lateWaitShare)}</g>`;
}

/** As few rows as keep the names apart. */
function toolRows({ calls, spanMs }: Lanes, pixels: number): CallSpan[][] {
  const rows: { calls: CallSpan[]; end: number }[] = [];
  const place = (ms: number) => (ms / spanMs) * pixels;
  for (const call of calls) {
    const nameWidth = 12 + call.name.length * characterWidth;
    const late = call.endMs > lateShare * spanMs;
    const start = place(call.startMs) - (late ? nameWidth : 0);
    const end = place(call.endMs) + (late ? 2 : nameWidth);
    const row = rows.find((each) => each.end <= start);
    if (row === undefined) rows.push({ calls: [call], end });
    else {
      row.calls.push(call);
      row.end = end;
    }
  }
  return rows.map((row) => row.calls);
}

function tool(call: CallSpan, spanMs: number, y: number): Markup {
  const start = share(call.startMs, spanMs);
  const length = share(call.endMs - call.startMs, spanMs);
  const title = `${call.name}, ${durationText(call.endMs - call.startMs)}${call.failed ? ', an error' : ''}`;
  return markup`<g class="tool${call.failed && ' failed'}"><title>${title}</title><rect x="${start}" width="${length}" y="${y + 3}" height="12" rx="2"/><line x1="${start}" x2="${start}" y1="${y + 1}" y2="${y + 17}"/>${label(call.name, call, spanMs, y, lateShare)}</g>`;
}

/** Lines at round times, at least 80 pixels apart. */
function ticks(spanMs: number, pixels: number, bottom: number): Markup[] {
  const stepMs = roundStep((spanMs * 80) / pixels);
  return Array.from({ length: Math.floor(spanMs / stepMs) + 1 }, (_, index) => {
    const ms = index * stepMs;
    const x = share(ms, spanMs);
    const place = index === 0 ? 'first' : ms > spanMs * 0.96 ? 'last' : 'middle';
    return markup`<line class="tick" x1="${x}" x2="${x}" y1="0" y2="${bottom + 4}"/><text class="time ${place}" x="${x}" y="${bottom + 17}">${axisText(ms, stepMs)}</text>`;
  });
}

const minutes = [15_000, 30_000, 60_000, 120_000, 300_000, 600_000];

/** 1, 2 or 5 and zeros; above ten seconds what divides a minute. */
function roundStep(leastMs: number): number {
  const power = 10 ** Math.floor(Math.log10(leastMs));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= leastMs) ?? leastMs;
  return step <= 10_000 ? Math.max(1, step) : (minutes.find((each) => each >= leastMs) ?? 1_200_000);
}

function axisText(ms: number, stepMs: number): string {
  if (ms === 0) return '0';
  if (stepMs < 1000) return ms < 1000 ? `${ms} ms` : `${Number((ms / 1000).toFixed(3))} s`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60
    ? `${seconds} s`
    : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
