// Counts what a conversation takes, as an observer of all that passes: audio, items, calls, time, and what the
// service says of it. No clock, no screen, no I/O.
//
// What bills as text is the presumption of the price list: each item a client makes, history that is seeded and
// words to be spoken included; not results of tools, and not items of audio.

import type { Ticks } from '../money.js';
import type { ClientEvent, CreatedItem } from '../protocol/realtime-client.js';
import type { Item, ServerEvent, Usage } from '../protocol/realtime-server.js';
import type { AudioFormat, SessionUpdate } from '../protocol/realtime-session.js';
import { audioSlices, deltaSlices, slicesOf, usualFormat } from './audio-length.js';
import { type Bill, billFor, costOf, type Tariff, total } from './bill.js';
import type { Observer } from './conversation.js';
import type { Accounts, NoticeBody } from './notice.js';
import {
  type HostedTool,
  metered,
  nothing,
  plus,
  type Reported,
  reported,
  reportedIn,
  type Tally,
} from './tally.js';

export interface MeterOptions extends Tariff {
  /** The model asked for: prices are its own, unless the service names another that has one. */
  model: string;
}

export interface Meter extends Required<Pick<Observer, 'sent' | 'received' | 'told' | 'ended'>> {
  /** The whole conversation until now. */
  sum(): Sum;
}

export interface Sum extends Bill {
  tally: Tally;
  reported: Reported | undefined;
  turns: number;
  /** How long the turns took together. */
  turnsMs: number;
  /** What the finished turns come to. */
  turnsTicks: Ticks | undefined;
}

export function createMeter(options: MeterOptions): Meter {
  let { model } = options;
  let formats = { input: usualFormat, output: usualFormat };
  /** Of the turn under way, or of what comes before the next. */
  let turn = nothing;
  /** Text items sent: a turn may end in the step in which the next one begins, and they are the next one's. */
  let ahead = nothing;
  let over = nothing;
  let overTicks: Ticks | undefined = 0n;
  let turns = 0;
  let turnsMs = 0;
  let turnsTicks: Ticks | undefined = 0n;
  const firsts = { words: [] as number[], audio: [] as number[] };
  /** Calls that run here and now, and since when there is one. */
  const running = new Set<string>();
  let runningSince = 0;
  const hostedIds = new Set<string>();
  /** What the sound of the response under way is called. */
  let soundName: string | undefined;
  /** Of a phone call: until when the caller's sound is counted. It flows as long as the line stands, past the socket. */
  let heardMs: number | undefined;

  const bill = (tally: Tally) => billFor(tally, model, options);
  const count = (more: Partial<Tally>) => {
    turn = plus(turn, more);
  };

  function takeAhead(): void {
    if (ahead === nothing) return;
    turn = plus(turn, ahead);
    ahead = nothing;
  }

  function onReceived(event: ServerEvent): void {
    switch (event.type) {
      case 'session.created':
      case 'session.updated': {
        const named = event.session?.model;
        if (named && options.list('per_audio_minute', named) !== undefined) model = named;
        return;
      }
      case 'response.created':
        soundName = undefined;
        // In a recording, what was said again on a new line stands after the notice of it.
        return takeAhead();
      case 'response.output_audio.delta': {
        // The same may come under two names.
        const name = event.called ?? event.type;
        soundName ??= name;
        if (name !== soundName) return;
        const slices = deltaSlices(event, formats.output);
        return count({ audioOut: slices ?? 0, unmeasured: slices === undefined });
      }
      case 'response.output_item.done':
        return countHosted([event.item]);
      case 'response.done': {
        countHosted(event.response.output ?? []);
        const usage = usageOf(event.usage, event.response.usage);
        const spoken = usage?.output_audio_seconds;
        // The agent's sound goes past the socket as well.
        if (options.call && soundName === undefined && spoken !== undefined)
          count({ audioOut: slicesOf(Math.max(0, spoken) * 1000) });
        return usage && count({ reported: reportedIn(usage) });
      }
    }
  }

  function countHosted(items: readonly Item[]): void {
    for (const { id, type } of items) {
      const tool = hostedTool(type);
      // An item is told when it is done and again at the end of its response.
      if (tool === undefined || !id || hostedIds.has(id)) continue;
      hostedIds.add(id);
      count({ hosted: { [tool]: 1 } });
    }
  }

  function onSent(event: ClientEvent): void {
    if (event.type === 'session.update') formats = formatsAfter(formats, event.session);
    if (event.type === 'input_audio_buffer.append') countSpoken(event.audio);
    if (event.type !== 'conversation.item.create') return;
    for (const audio of audioOf(event.item)) countSpoken(audio);
    if (isText(event.item)) ahead = plus(ahead, { textItems: 1 });
  }

  function countSpoken(audio: string): void {
    const slices = audioSlices(audio, formats.input);
    count({ audioIn: slices ?? 0, unmeasured: slices === undefined });
  }

  function countLine(atMs: number): void {
    if (heardMs === undefined) return;
    count({ audioIn: slicesOf(atMs - heardMs) });
    heardMs = atMs;
  }

  function stopTools(atMs: number): void {
    if (running.size > 0) count({ toolMs: atMs - runningSince });
    running.clear();
  }

  function onTold(notice: NoticeBody, atMs: number): NoticeBody {
    switch (notice.type) {
      case 'ready':
        if (options.call) heardMs = atMs;
        return notice;
      case 'reconnecting':
        // Without a line nothing flows, and nothing is paid for.
        countLine(atMs);
        if (options.call) heardMs = undefined;
        return notice;
      case 'user':
      // What was said again on a new line is a part of the turn under way.
      case 'resumed':
        takeAhead();
        if (options.call && notice.type === 'resumed') heardMs = atMs;
        return notice;
      case 'tool_call':
        if (running.size === 0) runningSince = atMs;
        running.add(notice.call_id);
        count({ toolCalls: 1 });
        return notice;
      case 'tool_result':
        if (running.size === 1 && running.has(notice.call_id)) stopTools(atMs);
        running.delete(notice.call_id);
        return notice;
      case 'turn_done': {
        stopTools(atMs);
        countLine(atMs);
        const due = bill(turn);
        const accounts = accountsOf(turn, due);
        turns++;
        turnsMs += notice.total_ms;
        if (notice.first_word_ms !== undefined) firsts.words.push(notice.first_word_ms);
        if (notice.first_audio_ms !== undefined) firsts.audio.push(notice.first_audio_ms);
        turnsTicks = total([turnsTicks, due.ticks]);
        overTicks = total([overTicks, due.ticks]);
        over = plus(over, turn);
        turn = nothing;
        return { ...notice, ...accounts };
      }
      default:
        return notice;
    }
  }

  function sum(): Sum {
    const rest = plus(turn, ahead);
    const tally = plus(over, rest);
    // Of what was rounded turn by turn, so that the turns add up to it.
    return {
      ...bill(tally),
      ticks: total([overTicks, bill(rest).ticks]),
      tally,
      reported: reported(tally),
      turns,
      turnsMs,
      turnsTicks,
    };
  }

  return {
    sent: (event) => {
      onSent(event);
      return [];
    },
    received: (frame) => {
      if (frame.kind === 'event') onReceived(frame.event);
      return [];
    },
    told: onTold,
    ended: (atMs) => {
      stopTools(atMs);
      countLine(atMs);
      const whole = sum();
      const word = mean(firsts.words);
      const audio = mean(firsts.audio);
      return [
        {
          type: 'session_done',
          turns,
          ...(word !== undefined && { mean_first_word_ms: word }),
          ...(audio !== undefined && { mean_first_audio_ms: audio }),
          turns_ms: turnsMs,
          ...accountsOf(whole.tally, whole),
        },
      ];
    },
    sum,
  };
}

function accountsOf(tally: Tally, bill: Bill): Accounts {
  const said = reported(tally);
  return {
    meter: metered(tally),
    ...(said && { reported: said }),
    cost: costOf(bill),
  };
}

type Formats = Record<'input' | 'output', AudioFormat>;

function formatsAfter(formats: Formats, { audio }: SessionUpdate): Formats {
  return {
    input: audio?.input?.format ?? formats.input,
    output: audio?.output?.format ?? formats.output,
  };
}

function audioOf(item: CreatedItem): string[] {
  const content = item.type === 'message' ? item.content : [];
  return content.flatMap((part) =>
    part.type === 'input_audio' && 'audio' in part ? [String(part.audio)] : [],
  );
}

function isText(item: CreatedItem): boolean {
  if (item.type !== 'message') return item.type !== 'function_call_output';
  return item.content.some(({ type }) => type !== 'input_audio');
}

/** The service's own names for its tools' items, and those of the protocol it follows. */
function hostedTool(type: string): HostedTool | undefined {
  const [, name] = /^(web_search|x_search|file_search|collections_search|mcp)(?:_call)?$/.exec(type) ?? [];
  return name === 'collections_search' ? 'file_search' : (name as HostedTool | undefined);
}

/** Recorded at the top level, documented inside: whichever holds something. */
function usageOf(...places: (Usage | null | undefined)[]): Usage | undefined {
  return places.find((each) => each && Object.keys(each).length > 0) ?? undefined;
}

function mean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return Math.round(values.reduce((sum, each) => sum + each, 0) / values.length);
}
