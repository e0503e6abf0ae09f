// How a phone call looks: what is said is the answer (stdout), what becomes of the call is told beside it (stderr).

import type { CallNews } from '../protocol/caller.js';
import type { Output } from './output.js';
import { cleanText, type Style } from './style.js';

/** Why calls end, in words; others are shown as they come. */
const reasons: Record<string, string> = {
  caller_hung_up: 'the caller hung up',
  callee_hung_up: 'the person called hung up',
  agent_hung_up: 'the agent hung up',
  transferred: 'handed over',
  nobody_answered: 'nobody answered within 30 s',
  no_such_number: 'there is no such number',
  nothing_answers_this_number: 'the number has neither an agent nor a webhook',
  webhook_failed: 'the webhook did not take it',
  session_dropped: "the agent's line broke",
  session_failed: 'the session failed',
  rejected: 'it was turned down',
  cancelled: 'it was hung up before anybody answered',
  callee_busy: 'the line is busy',
  too_many_sessions: 'too many sessions are open',
  max_duration: 'it took longer than a session may',
  local_api_stopped: 'the local API has stopped',
};

export const reasonText = (reason: string): string => reasons[reason] ?? cleanText(reason);

type News = CallNews & { at_ms?: number };

/** Shows a call as the caller hears it. */
export interface CallerView {
  show(news: News): void;
  /** Words that stand on the screen already: whoever typed them ended the line there. */
  typed(text: string): void;
}

export function createCallerView(output: Output): CallerView {
  const said = new Set<string>();
  const isTyped = (text: string) => said.has(text);
  /** What the line that is not ended yet belongs to. */
  let open: 'agent' | 'keys' | undefined;
  function show(news: News): void {
    const kind = kindOf(news);
    const isWhole = news.type === 'agent' && open === 'agent';
    const ends = isWhole || (open !== undefined && open !== kind && !isSilent(news, isTyped));
    const begins = kind !== undefined && open !== kind;
    output.emit(
      news,
      (shown, style) =>
        (ends ? '\n' : '') + (begins ? speaker(kind, style) : '') + answerOf(shown, isTyped, style),
    );
    output.remark((style) => remarkOf(news, style));
    if (ends) open = undefined;
    if (kind !== undefined) open = kind;
  }
  return {
    show,
    typed(text) {
      said.add(text);
      open = undefined;
    },
  };
}

function kindOf(news: News): 'agent' | 'keys' | undefined {
  if (news.type === 'agent_delta') return 'agent';
  return news.type === 'caller' && news.dtmf ? 'keys' : undefined;
}

function isSilent(news: News, isTyped: (text: string) => boolean): boolean {
  if (news.type === 'caller') return news.dtmf !== true && isTyped(news.text);
  return news.type === 'agent' || news.type === 'agent_done';
}

const speaker = (kind: 'agent' | 'keys', { chalk }: Style) =>
  chalk.bold(kind === 'agent' ? 'agent: ' : 'caller presses: ');

function answerOf(news: News, isTyped: (text: string) => boolean, { chalk }: Style): string {
  switch (news.type) {
    case 'agent_delta':
      return news.delta;
    case 'caller':
      if (news.dtmf) return news.text;
      return isTyped(news.text)
        ? ''
        : `${chalk.bold('caller: ')}${news.text || '(words that were not understood)'}\n`;
    case 'transferred':
      return chalk.cyan(`→ handed over to ${news.target}\n`);
    default:
      return '';
  }
}

function remarkOf(news: News, { chalk }: Style): string {
  switch (news.type) {
    case 'ringing':
      return `${chalk.dim(cleanText(`Calling ${news.to} from ${news.from} …`))}\n`;
    case 'webhook':
      return `${webhookText(news, chalk.yellow, chalk.dim)}\n`;
    case 'answered':
      return `${chalk.dim('Answered.')}\n`;
    case 'error':
      return `${chalk.yellow(cleanText(`note: ${news.message}`))}\n`;
    case 'ended':
      return `${chalk.dim(endText(news))}\n`;
    default:
      return '';
  }
}

type Paint = (text: string) => string;

function webhookText(news: Extract<News, { type: 'webhook' }>, warn: Paint, dim: Paint): string {
  const { url, attempt, status, problem } = news;
  const tried = attempt === 1 ? '' : ` (try ${attempt})`;
  if (problem === undefined) return dim(cleanText(`The webhook ${url} took the call: ${status}${tried}`));
  return warn(cleanText(`note: the webhook ${url} did not take the call: ${problem}${tried}`));
}

/** "The call is over after 12 s: the caller hung up." */
export function endText({
  reason,
  duration_seconds: seconds,
}: {
  reason: string;
  duration_seconds?: number | null;
}): string {
  return `The call is over${seconds == null ? '' : ` after ${seconds} s`}: ${reasonText(reason)}.`;
}
