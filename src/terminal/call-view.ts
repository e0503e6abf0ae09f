// How phone calls look, several at once: each line begins with the call it is of. What both sides say is the answer
// (stdout), the rest is told beside it (stderr).

import type { Cost } from '../session/bill.js';
import type { Notice } from '../session/notice.js';
import { costText } from './cost-view.js';
import { noticeRemark, toolCallText } from './notice-view.js';
import type { Output } from './output.js';
import { clean, cleanText, type Style } from './style.js';

/** A call as its lines name it. */
export interface CallName {
  call_id: string;
  /** Counted from 1. */
  number: number;
  /** As they may be shown. */
  from: string;
  to: string;
}

export type CallEnd =
  /** The caller hung up, or the service ended the call. */
  | 'remote'
  | 'hung_up'
  | 'transferred'
  /** A limit the user set. */
  | 'budget'
  /** The line dropped for good. */
  | 'dropped'
  /** The session itself failed. */
  | 'failed'
  | 'not_joined';

/** The end of a call, as `--json` tells it. */
export interface EndedCall {
  reason: CallEnd;
  /** From joining. */
  duration_ms: number;
  cost?: Cost;
  error?: Record<string, unknown>;
}

export interface CallView {
  incoming(): void;
  joined(): void;
  notice(notice: Notice): void;
  /** A line about the call, for the person. */
  note(text: string): void;
  ended(end: EndedCall): void;
}

export function createCallView(output: Output, { call_id, number, from, to }: CallName): CallView {
  const about = { call_id, call: number };
  /** Words of the agent that make no sentence yet. */
  let begun = '';

  const label = ({ chalk }: Style) => chalk.dim(`[${number} ${cleanText(from)}]`);
  const lines = (text: string, style: Style) =>
    text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => `${label(style)} ${line}\n`)
      .join('');
  const agentLine = (words: string, { chalk }: Style) =>
    words.trim() === '' ? '' : `${chalk.bold('agent:')} ${cleanText(words.trim().replace(/\s+/g, ' '))}`;

  /** The sentences that are whole now, a line each. */
  function sentences(text: string, style: Style): string {
    begun += text;
    const shown: string[] = [];
    for (let end = endOfSentence(begun); end > 0; end = endOfSentence(begun)) {
      shown.push(agentLine(begun.slice(0, end), style));
      begun = begun.slice(end);
    }
    return lines(shown.join('\n'), style);
  }

  function rest(style: Style): string {
    const words = begun;
    begun = '';
    return lines(agentLine(words, style), style);
  }

  function shown(notice: Notice, style: Style): string {
    const { chalk } = style;
    switch (notice.type) {
      case 'text':
        return sentences(notice.text, style);
      case 'user_transcript':
        return notice.final && notice.text.trim() !== ''
          ? rest(style) + lines(`${chalk.bold('caller:')} ${notice.text.trim().replace(/\s+/g, ' ')}`, style)
          : '';
      case 'dtmf':
        return rest(style) + lines(`${chalk.bold('caller:')} pressed ${notice.digit}`, style);
      case 'tool_call':
        return rest(style) + lines(toolCallText(notice, style), style);
      default:
        return endsWords.has(notice.type) ? rest(style) : '';
    }
  }

  return {
    incoming: () =>
      output.emit({ type: 'call_incoming', ...about, from, to }, (_, style) =>
        lines(`calls ${cleanText(to)}`, style),
      ),
    joined: () => output.emit({ type: 'call_joined', ...about }, () => ''),
    notice: (notice) => {
      output.emit({ ...notice, ...toolCall(notice), ...about }, (_, style) => shown(clean(notice), style));
      if (!saidElsewhere.has(notice.type))
        output.remark((style) => lines(noticeRemark(notice, style), style));
    },
    note: (text) => output.remark((style) => lines(style.chalk.dim(cleanText(text)), style)),
    ended: (end) =>
      output.emit(
        { type: 'call_ended', ...about, ...end },
        (each, style) => rest(style) + lines(endText(each, style), style),
      ),
  };
}

/** The id of a tool's call, which would be hidden by that of the phone call. */
function toolCall(notice: Notice): { tool_call_id?: string } {
  return 'call_id' in notice ? { tool_call_id: notice.call_id } : {};
}

/** Where the first whole sentence ends; 0 where there is none. */
function endOfSentence(text: string): number {
  const found = /[.!?…]["'”’)\]]*(?=\s)|[。！？]|\n/u.exec(text);
  return found === null ? 0 : found.index + found[0].length;
}

/** After these the agent has said what it was saying. */
const endsWords = new Set<Notice['type']>(['response_done', 'turn_done', 'interrupted', 'answer_restarted']);
/** Among the words, or at the end of the call. */
const saidElsewhere = new Set<Notice['type']>(['user_transcript', 'dtmf', 'session_done', 'closed']);

const endings: Record<CallEnd, string> = {
  remote: 'ended by the other side',
  hung_up: 'hung up',
  transferred: 'transferred',
  budget: 'hung up at its limit',
  dropped: 'lost: the line dropped',
  failed: 'ended',
  not_joined: 'could not be joined',
};

function endText({ reason, duration_ms, cost, error }: EndedCall, { chalk }: Style): string {
  const why = typeof error?.message === 'string' ? `: ${error.message}` : '';
  const hint = typeof error?.hint === 'string' ? chalk.dim(` (${error.hint})`) : '';
  const after = reason === 'not_joined' ? '' : ` after ${clockText(duration_ms)}`;
  const price = cost === undefined ? '' : `, ${costText(cost)}`;
  const text = `${endings[reason]}${after}${price}${why}`;
  return (error === undefined ? text : chalk.red(text)) + hint;
}

/** "1:05". */
export function clockText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
