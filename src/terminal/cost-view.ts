// Time and money for people: the line under a turn, the line under a session, and the table of `/cost`.

import { type Ticks, usdExact, usdText } from '../money.js';
import type { Bill, BillLine, Cost } from '../session/bill.js';
import type { Sum } from '../session/meter.js';
import type { NoticeOf } from '../session/notice.js';
import type { Metered, Reported } from '../session/tally.js';
import { cleanText, type Style } from './style.js';
import { table, textWidth } from './table.js';

/** "(first word 0.41 s, first audio 0.43 s, total 2.10 s, 3.2 s of audio out, 1 text item, about $0.0083)". */
export function turnText(notice: NoticeOf<'turn_done'>, width: number): string {
  const { first_word_ms, first_audio_ms, total_ms, tool_calls, status, meter, reported, cost } = notice;
  return wrapped(width, [
    first_word_ms !== undefined && `first word ${seconds(first_word_ms)}`,
    first_audio_ms !== undefined && `first audio ${seconds(first_audio_ms)}`,
    callsText(tool_calls, meter?.tool_ms),
    // Unknown in a recording without times.
    total_ms !== undefined && `total ${seconds(total_ms)}`,
    meter !== undefined && audioText(meter),
    meter !== undefined && itemsText(meter),
    cost !== undefined && costText(cost, reported),
    (status !== 'completed' || total_ms === undefined) && status,
  ]);
}

/** "(session: 2 turns in 4.20 s, 6.4 s of audio out, about $0.0166, estimated at rates of 2026-08-05)". */
export function sessionText(notice: NoticeOf<'session_done'>, width: number): string {
  const { turns, turns_ms, mean_first_word_ms, mean_first_audio_ms, meter, reported, cost } = notice;
  const hosted = Object.entries(meter.hosted_tool_calls).map(([tool, calls]) => `${calls} ${tool}`);
  return wrapped(width, [
    // It ended in the middle of its first.
    turns === 0
      ? 'session: no turn was finished'
      : `session: ${counted(turns, 'turn')} in ${seconds(turns_ms)}`,
    averageText('first word', turns, mean_first_word_ms),
    averageText('first audio', turns, mean_first_audio_ms),
    callsText(meter.tool_calls, meter.tool_ms),
    hosted.join(', '),
    audioText(meter),
    itemsText(meter),
    reported !== undefined && reportedText(reported),
    costText(cost, reported),
    cost.usd !== null && `estimated at rates of ${cleanText(cost.rates ?? '')}`,
  ]);
}

/** Whether anything was done that is worth a line. */
export function hasSums({ turns, meter }: NoticeOf<'session_done'>): boolean {
  return turns > 0 || meter.text_items > 0 || meter.audio_in_seconds > 0 || meter.audio_out_seconds > 0;
}

/** Parts with commas between, on as many lines as they need: a part is never broken. */
function wrapped(width: number, given: readonly (string | false)[]): string {
  const parts = given.filter((part): part is string => part !== false && part !== '');
  const lines = [`(${parts[0] ?? ''}`];
  for (const part of parts.slice(1)) {
    const line = lines.at(-1) ?? '';
    // The comma, the blank and what ends the line.
    const fits = textWidth(line) + textWidth(part) + 3 <= width;
    if (fits) lines[lines.length - 1] = `${line}, ${part}`;
    else lines.push(` ${part}`);
  }
  return `${lines.join(',\n')})`;
}

/** Of one turn it has been told already. */
function averageText(what: string, turns: number, ms: number | undefined): string {
  return turns > 1 && ms !== undefined ? `${what} ${seconds(ms)} on average` : '';
}

/** Both ways: what bills as audio. */
function audioText({ audio_in_seconds, audio_out_seconds }: Metered): string {
  const ways: [number, string][] = [
    [audio_in_seconds, 'in'],
    [audio_out_seconds, 'out'],
  ];
  const [first, ...rest] = ways.flatMap(([time, way]) => (time > 0 ? [[time.toFixed(1), way]] : []));
  if (first === undefined) return '';
  return [`${first[0]} s of audio ${first[1]}`, ...rest.map(([time, way]) => `${time} s ${way}`)].join(', ');
}

const itemsText = ({ text_items }: Metered) => (text_items > 0 ? counted(text_items, 'text item') : '');

/** Results of tools that were not timed come without. */
function callsText(calls: number, ms: number | undefined): string {
  if (calls === 0) return '';
  return `${counted(calls, 'tool call')}${ms === undefined ? '' : ` ${seconds(ms)}`}`;
}

/** "about $0.0083", with what the service says of it. */
export function costText({ usd_ticks, model }: Cost, reported?: Reported): string {
  const said = reported?.cost_in_usd_ticks;
  const bySaid = said === undefined ? '' : `${usdText(BigInt(Math.round(said)))} by the service, `;
  if (usd_ticks === null) return `${bySaid}price of ${cleanText(model)} unknown`;
  return `${bySaid}about ${usdText(BigInt(usd_ticks))}`;
}

function reportedText({ billable_audio_seconds }: Reported): string {
  return billable_audio_seconds === undefined ? '' : `the service bills ${billable_audio_seconds} s`;
}

/** The bill of a conversation until now, what the service says, and what the estimate is made of. */
export function costTable(sum: Sum, style: Style): string {
  const { lines, tally, turns, turnsMs } = sum;
  const rows = [
    ...lines.map((line) => ({
      what: line.what,
      count: countText(line),
      rate: rateText(line),
      ticks: line.ticks,
    })),
    { what: 'about', count: '', rate: '', ticks: sum.ticks },
  ];
  const grid = table(
    rows,
    [
      { title: 'What', value: ({ what }) => what },
      { title: 'Counted', value: ({ count }) => count },
      { title: 'Rate', value: ({ rate }) => rate },
      { title: 'Amount', value: ({ ticks }) => amountText(ticks) },
    ],
    style,
  );
  const said = Object.entries(sum.reported ?? {}).map(([name, count]) => `${name} ${count}`);
  const remarks = [
    estimateText(sum),
    said.length > 0 && `The service reports: ${said.join(', ')}.`,
    `${counted(turns, 'turn')} in ${seconds(turnsMs)}, ${counted(tally.toolCalls, 'tool call')} here in ${seconds(tally.toolMs)}.`,
  ];
  return [grid, ...remarks.filter((each) => each !== false).map((each) => style.chalk.dim(each))].join('\n');
}

function estimateText({ rates, model, ticks, leavesOut }: Bill): string {
  const name = cleanText(model);
  const left = leavesOut.length === 0 ? '' : `; calls of ${leavesOut.join(', ')} have no known price`;
  if (rates === undefined) return `Nobody knows the price of ${name}${left}.`;
  const verb = ticks === undefined ? 'Not to be estimated' : 'Estimated';
  return `${verb} at rates of ${cleanText(rates)} for ${name}${left}.`;
}

const countText = ({ kind, count }: BillLine) =>
  kind.endsWith('_minute') ? `${count.toFixed(1)} s` : String(count);

const unitNames: Partial<Record<BillLine['kind'], string>> = {
  per_audio_minute: 'a minute',
  per_telephony_minute: 'a minute',
  per_text_item: 'each',
};

function rateText({ kind, price }: BillLine): string {
  return price === undefined ? 'unknown' : `$${usdExact(price.ticks)} ${unitNames[kind] ?? 'per 1,000'}`;
}

const amountText = (ticks: Ticks | undefined) => (ticks === undefined ? 'unknown' : usdText(ticks));

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
