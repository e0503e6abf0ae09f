// How a conversation looks. The agent's words and its tool calls are the answer (stdout); latency, results,
// warnings and errors are told beside it (stderr).

import type { Notice, NoticeOf } from '../session/notice.js';
import { errorText, type Output } from './output.js';
import { cleanText, jsonText, type Style } from './style.js';

/** Shows notices one after the other: each on a line of its own, the agent's words running on as they come. */
export function createNoticeView(output: Output): (notice: Notice) => void {
  let inWords = false;
  return (notice) => {
    const continues = notice.type === 'text' || noticeIsSilent(notice);
    const ends = inWords && !continues;
    output.emit(notice, (shown, style) => (ends ? '\n' : '') + noticeAnswer(shown, style));
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

/** A notice's part of the answer; "" for the many that have none. */
function noticeAnswer(notice: Notice, { chalk }: Style): string {
  switch (notice.type) {
    case 'text':
      return notice.text;
    case 'tool_call':
      return `${chalk.cyan(`→ ${callText(notice)}`)}\n`;
    default:
      return '';
  }
}

/** `lookup_order({"order_id":"ORD-42"})`. */
export function callText({ name, arguments: given }: { name: string; arguments: unknown }): string {
  return `${name}(${typeof given === 'string' ? given : jsonText(given)})`;
}

/** A notice's remark beside the answer; "" for those that need none. */
function noticeRemark(notice: Notice, style: Style): string {
  const { chalk } = style;
  switch (notice.type) {
    case 'tool_result':
      return `${chalk.dim(`← ${cleanText(notice.output)}`)}\n`;
    case 'user_transcript':
      return noticeIsSilent(notice) ? '' : `${chalk.dim(`you said: ${cleanText(notice.text.trim())}`)}\n`;
    case 'turn_done':
      return `${[turnText(notice), ...(notice.saved ?? []).map((path) => `saved ${path}`)]
        .map((line) => `${chalk.dim(cleanText(line))}\n`)
        .join('')}`;
    case 'warning':
      return `${chalk.yellow(`note: ${cleanText(notice.message)}`)}\n`;
    case 'error':
      return `${errorText(cleanText(notice.message), undefined, style)}\n`;
    case 'closed':
      return notice.clean ? `${chalk.dim('The service ended the conversation.')}\n` : '';
    default:
      return '';
  }
}

function turnText({ first_word_ms, total_ms, status, tool_calls }: NoticeOf<'turn_done'>): string {
  const parts = [
    first_word_ms !== undefined && `first word ${seconds(first_word_ms)}`,
    `total ${seconds(total_ms)}`,
    tool_calls > 0 && `${tool_calls} tool ${tool_calls === 1 ? 'call' : 'calls'}`,
    status !== 'completed' && status,
  ];
  return `(${parts.filter(Boolean).join(', ')})`;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
