// judge: a model scores the conversation. Whatever keeps it from doing so is an error, never a pass.

import { messageOf } from '../../errors.js';
import { type Outcome, outcome, type Read, type Scope, shown, unknown } from './demand.js';
import { shortText } from './text.js';

const defaultLeast = 0.7;

export const judged: Read<'judge'> = (value, scope) => {
  const { rubric, least = defaultLeast } =
    typeof value === 'string' ? { rubric: value, least: undefined } : value;
  return {
    expected: `judged ${least} or more: ${shortText(rubric, 100)}`,
    look: () => look(rubric, least, scope),
  };
};

async function look(rubric: string, least: number, { judge, played, turns, whole }: Scope): Promise<Outcome> {
  if (judge === undefined) return unknown('no model is set to judge');
  // Of a turn what came before it is needed to understand it; what came after it is not its business.
  const until = whole ? played.turns.length : played.turns.findLastIndex((turn) => turns.includes(turn)) + 1;
  try {
    // How the whole ended is none of its business either.
    const ending = whole ? played.ending : 'script';
    const { score, reason } = await judge(rubric, {
      ...played,
      ending,
      turns: played.turns.slice(0, until),
    });
    if (typeof score !== 'number' || !(score >= 0 && score <= 1)) {
      const answered = typeof score === 'number' ? score : shown(score);
      return unknown(`the judge answered ${answered}, which is no score from 0 to 1`);
    }
    return outcome(score >= least, `${score}${reason === '' ? '' : `: ${reason}`}`);
  } catch (error) {
    return unknown(`the judge failed: ${messageOf(error)}`);
  }
}
