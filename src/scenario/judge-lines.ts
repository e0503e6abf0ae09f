// A conversation as a judge reads it: one JSON object a line. No times and no ids: the same conversation is judged once.

import { writeJson } from '../json-text.js';
import { readOutput } from './output.js';
import type { Ending, Played, PlayedTurn } from './played.js';

export function conversationLines({ turns, ending }: Played): string[] {
  const event = endings[ending];
  const lines = [...turns.flatMap(turnLines), ...(event === undefined ? [] : [{ event }])];
  return lines.map((line) => writeJson(line));
}

/** That all was said is nothing to judge by. */
const endings: Record<Ending, string | undefined> = {
  script: undefined,
  agent: 'the agent ended the conversation',
  user: 'the caller hung up',
  most_turns: 'the caller was not done, but the conversation was ended for its length',
  timeout: 'the conversation was ended: it took too long',
};

function turnLines({ by, said, answer, calls, interrupted, status }: PlayedTurn): object[] {
  const lines: object[] = by === 'nobody' ? [] : [{ caller: said }];
  let told = 0;
  const tell = (to: number) => {
    const words = answer.slice(told, to).trim();
    told = Math.max(told, to);
    if (words !== '') lines.push({ agent: words });
  };
  for (const call of calls) {
    tell(call.said_before);
    const result =
      call.output === undefined ? { event: 'no result came' } : { result: readOutput(call.output) };
    lines.push({ agent_calls: call.name, with: call.arguments, ...result });
  }
  tell(answer.length);
  if (interrupted) lines.push({ event: 'the caller interrupted the agent here' });
  else if (status === 'unanswered') lines.push({ event: 'the agent gave no answer' });
  else if (status !== 'completed') lines.push({ event: `the answer broke off: ${status}` });
  return lines;
}
