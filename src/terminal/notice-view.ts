// How a conversation looks. The agent's words and its tool calls are the answer (stdout); latency, results,
// warnings and errors are told beside it (stderr).

import type { Notice, NoticeOf } from '../session/notice.js';
import { hasSums, seconds, sessionText, turnText } from './cost-view.js';
import { errorText, type Output } from './output.js';
import { cleanText, jsonText, type Style } from './style.js';

/**
 * Shows notices one after the other: each on a line of its own, the agent's words running on as they come. With
 * `words` the person's are shown as well, for who did not just type them.
 */
export function createNoticeView(output: Output, { words = false } = {}): (notice: Notice) => void {
  let inWords = false;
  return (notice) => {
    const user = words ? userWords(notice) : '';
    const continues = notice.type === 'text' || (noticeIsSilent(notice) && user === '');
    const ends = inWords && !continues;
    output.emit(
      notice,
      (shown, style) =>
        (ends ? '\n' : '') + (words ? userLine(shown, style) : '') + noticeAnswer(shown, style),
    );
    output.remark((style) => noticeRemark(notice, style));
    if (notice.type === 'text') inWords = !notice.text.endsWith('\n');
    else if (ends) inWords = false;
  };
}

const silent = ['event', 'response_done', 'ready', 'user', 'user_audio', 'speech_started', 'speech_stopped'];

function noticeIsSilent(notice: Notice): boolean {
  // What may still change is shown by whoever can take it back.
  if (notice.type === 'user_transcript') return !notice.final || notice.text.trim() === '';
  return silent.includes(notice.type);
}

/** What the person wrote, or at last was understood to say. */
function userWords(notice: Notice): string {
  if (notice.type === 'user') return notice.text;
  return notice.type === 'user_transcript' && notice.final ? notice.text.trim() : '';
}

function userLine(notice: Notice, { chalk }: Style): string {
  const said = userWords(notice);
  return said === '' ? '' : `${chalk.bold(`> ${said}`)}\n`;
}

/** A notice's part of the answer; "" for the many that have none. */
function noticeAnswer(notice: Notice, style: Style): string {
  switch (notice.type) {
    case 'text':
      return notice.text;
    case 'tool_call':
      return `${toolCallText(notice, style)}\n`;
    default:
      return '';
  }
}

interface Called {
  name: string;
  arguments: unknown;
}

/** A call as a line of the answer. */
export function toolCallText(call: Called, { chalk }: Style): string {
  return chalk.cyan(`→ ${callText(call)}`);
}

/** A call's result, beside the answer. */
export function toolResultText({ output, ms }: { output: string; ms?: number }, { chalk }: Style): string {
  return chalk.dim(`← ${cleanText(output)}${ms === undefined ? '' : ` (${seconds(ms)})`}`);
}

/** `lookup_order({"order_id":"ORD-42"})`. */
export function callText({ name, arguments: given }: Called): string {
  return `${name}(${typeof given === 'string' ? given : jsonText(given)})`;
}

/** A notice's remark beside the answer; "" for those that need none. */
export function noticeRemark(notice: Notice, style: Style): string {
  const { chalk } = style;
  switch (notice.type) {
    case 'tool_result':
      return `${toolResultText(notice, style)}\n`;
    case 'turn_done':
      return [
        turnText(notice, style.width),
        ...(notice.saved ?? []).map((path) => `saved ${cleanText(path)}`),
      ]
        .map((line) => `${chalk.dim(line)}\n`)
        .join('');
    case 'user_transcript':
      return noticeIsSilent(notice) ? '' : `${chalk.dim(`you said: ${cleanText(notice.text.trim())}`)}\n`;
    case 'dtmf':
      return `${chalk.dim(`pressed ${cleanText(notice.digit)}`)}\n`;
    case 'session_done':
      return hasSums(notice) ? `${chalk.dim(sessionText(notice, style.width))}\n` : '';
    case 'warning':
      return `${chalk.yellow(`note: ${cleanText(notice.message)}`)}\n${hintLine(notice, style)}`;
    case 'error':
      return `${errorText(cleanText(notice.message), undefined, style)}\n`;
    case 'reconnecting':
      return `${chalk.yellow(`The line dropped (code ${notice.code}). Reconnecting…`)}\n`;
    case 'cleared':
      return `${chalk.dim('A new conversation: the agent knows nothing of what was said before.')}\n`;
    case 'resumed':
      return `${chalk.dim(resumedText(notice))}\n`;
    case 'answer_restarted':
      return `${chalk.dim('The answer begins again:')}\n`;
    case 'history':
      return historyText(notice, style);
    case 'reconfigured':
      return `${chalk.dim(cleanText(notice.what))}\n`;
    case 'closed':
      return notice.clean ? `${chalk.dim('The service ended the conversation.')}\n` : '';
    default:
      return '';
  }
}

function resumedText({ by, items }: NoticeOf<'resumed'>): string {
  if (by === 'service') return 'Connected again; the service kept the conversation.';
  const told = `${items} ${items === 1 ? 'item' : 'items'} of it`;
  return `Connected again; the service did not keep the conversation and was told ${told}.`;
}

/** What was said before, a line each. */
function historyText({ item }: NoticeOf<'history'>, { chalk }: Style): string {
  const words = (item.content ?? []).map((part) => part.transcript ?? part.text ?? '').join('');
  const line =
    item.type === 'function_call'
      ? `→ ${item.name ?? ''}(${item.arguments ?? ''})`
      : item.type === 'function_call_output'
        ? `← ${item.output ?? ''}`
        : words && `${item.role === 'user' ? '> ' : '  '}${words}`;
  return line === '' ? '' : `${chalk.dim(cleanText(line))}\n`;
}

function hintLine({ hint }: NoticeOf<'warning'>, { chalk }: Style): string {
  return hint === undefined ? '' : `${chalk.dim(`  ${cleanText(hint)}`)}\n`;
}
