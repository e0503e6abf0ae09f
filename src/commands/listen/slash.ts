// What can be typed while calls come in.

import type { Context } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import { costOf } from '../../session/bill.js';
import { clockText } from '../../terminal/call-view.js';
import { costText } from '../../terminal/cost-view.js';
import { cleanText } from '../../terminal/style.js';
import { table } from '../../terminal/table.js';
import type { CurrentCall, Desk } from './desk.js';

export interface Switchboard {
  context: Context;
  desk: Desk;
  /** As Ctrl+C: no new calls, then none at all. */
  stop(): void;
}

interface SlashCommand {
  name: string;
  /** As it is typed in full. */
  usage: string;
  help: string;
  run(board: Switchboard, words: string[]): Promise<void> | void;
}

const transferUsage = '/transfer <number|sip:…> [call]';

const slashCommands: readonly SlashCommand[] = [
  { name: '/calls', usage: '/calls', help: 'the calls under way', run: showCalls },
  {
    name: '/transfer',
    usage: transferUsage,
    help: 'hand a caller over',
    run: transfer,
  },
  { name: '/hangup', usage: '/hangup [call]', help: 'end a call', run: hangUp },
  { name: '/say', usage: '/say [call] <words>', help: 'let the agent say exactly this', run: say },
  { name: '/help', usage: '/help', help: 'this list', run: showHelp },
  { name: '/quit', usage: '/quit', help: 'take no more calls; again: hang up', run: ({ stop }) => stop() },
];

/** Runs a typed line. Never rejects: what is wrong is told. */
export async function runLine(board: Switchboard, line: string): Promise<void> {
  const { output } = board.context;
  const [name = '', ...words] = line.trim().split(/\s+/);
  if (name === '') return;
  const command = slashCommands.find((each) => each.name === name);
  if (command === undefined) return output.note(`There is no ${name}; /help lists what there is.`);
  try {
    await command.run(board, words);
  } catch (error) {
    output.report(error instanceof CliError ? error : new CliError('internal', messageOf(error)));
  }
}

function showHelp({ context }: Switchboard): void {
  const width = Math.max(...slashCommands.map(({ usage }) => usage.length));
  for (const { usage, help } of slashCommands) context.output.note(`${usage.padEnd(width)}  ${help}`);
  context.output.note(
    '[call] is its number, and need not be named while there is only one. Ctrl+C is /quit.',
  );
}

async function showCalls({ context, desk }: Switchboard): Promise<void> {
  const rows = await Promise.all(desk.calls().map(rowOf));
  if (rows.length === 0) return context.output.note('No call is under way.');
  const columns = (['call', 'from', 'to', 'state', 'time', 'cost'] as const).map((name) => ({
    title: `${name[0]?.toUpperCase()}${name.slice(1)}`,
    value: (row: (typeof rows)[number]) => row[name],
  }));
  context.output.remark((style) => `${table(rows, columns, style)}\n`);
}

async function rowOf({ number, from, to, state, durationMs, money }: CurrentCall) {
  const cost = await money.then(
    ({ sum }) => costText(costOf(sum())),
    () => '',
  );
  const [caller, called] = [cleanText(from), cleanText(to)];
  return { call: String(number), from: caller, to: called, state, time: clockText(durationMs()), cost };
}

/** The number of a call stands last or first; a number of a phone may be parted by blanks. */
async function transfer({ desk }: Switchboard, words: string[]): Promise<void> {
  const [first = '', second = ''] = words;
  // A number of a phone begins with its country: what stands before that is a call.
  const isBefore = /^\d+$/.test(first) && /^(\+|sips?:|tel:)/i.test(second);
  const last = words.at(-1) ?? '';
  const isAfter = !isBefore && words.length > 1 && desk.calls().some(({ number }) => String(number) === last);
  const target = words.slice(isBefore ? 1 : 0, isAfter ? -1 : undefined).join(' ');
  if (target === '') throw new CliError('usage', 'to whom? for example: /transfer +14155550123');
  await callOf(desk, isBefore ? first : isAfter ? last : undefined, transferUsage).transfer(target);
}

/** As `find` of the desk; where it is not known which call is meant, how to say it. */
function callOf(desk: Desk, number: string | undefined, usage: string): CurrentCall {
  try {
    return desk.find(number);
  } catch (error) {
    if (!(error instanceof CliError) || error.hint === undefined) throw error;
    throw error.withHint(`${error.hint}; as it is typed: ${usage}`);
  }
}

async function hangUp({ desk }: Switchboard, [number]: string[]): Promise<void> {
  await desk.find(number).hangUp();
}

function say({ desk }: Switchboard, words: string[]): void {
  const [first = '', ...rest] = words;
  const namesCall = desk.calls().some(({ number }) => String(number) === first);
  const text = (namesCall ? rest : words).join(' ');
  if (text === '') throw new CliError('usage', 'what? for example: /say One moment, please.');
  desk.find(namesCall ? first : undefined).say(text);
}
