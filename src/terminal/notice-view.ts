// How a conversation looks. The agent's words and its tool calls are the answer (stdout); latency, results,
// warnings and errors are told beside it (stderr).

import type { Notice } from '../session/notice.js';
import { hasSums, seconds, sessionText, turnText } from './cost-view.js';
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

function noticeIsSilent({ type }: Notice): boolean {
  return ['event', 'response_done', 'ready', 'user', 'user_transcript'].includes(type);
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
function noticeRemark(notice: Notice, style: Style): string {
  const { chalk } = style;
  switch (notice.type) {
    case 'tool_result':
      return `${toolResultText(notice, style)}\n`;
    case 'turn_done':
      return `${chalk.dim(turnText(notice, style.width))}\n`;
    case 'session_done':
      return hasSums(notice) ? `${chalk.dim(sessionText(notice, style.width))}\n` : '';
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
