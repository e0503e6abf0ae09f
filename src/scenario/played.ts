// What happened in one run of a scenario: all that expectations look at, and reports show. Times are milliseconds from
// the start of the conversation.

import type { Ticks } from '../money.js';
import type { Notice, TurnStatus } from '../session/notice.js';

export interface PlayedCall {
  call_id: string;
  name: string;
  /** Parsed; text that is no JSON stays text. */
  arguments: unknown;
  /** As the agent was told: JSON text, or any text. Undefined while it had none. */
  output?: string | undefined;
  ms?: number | undefined;
  at_ms: number;
  /** How many characters of `PlayedTurn.answer` were said before it. */
  said_before: number;
}

export interface PlayedTurn {
  /** Which turn of the scenario it is, from 0; undefined for a greeting, and for turns of a person who is played. */
  index: number | undefined;
  /** What the person said or did: words, "(audio request.wav)" or what was heard of it, "(keys 12#)", "(3 s of silence)". */
  said: string;
  by: 'person' | 'nobody';
  started_ms: number;
  ended_ms: number;
  /** All the agent said. */
  answer: string;
  status: TurnStatus | 'unanswered';
  interrupted: boolean;
  calls: readonly PlayedCall[];
  first_word_ms?: number | undefined;
  first_audio_ms?: number | undefined;
  total_ms?: number | undefined;
  /** Of the answer's sound. */
  audio_seconds: number;
  /** The longest time, from the end of what the person said, in which nothing was to be heard; undefined without sound. */
  longest_silence_ms?: number | undefined;
  /** Undefined when it is not known. */
  cost_ticks?: Ticks | undefined;
}

/** Why a conversation was over. */
export type Ending =
  /** All turns were taken. */
  | 'script'
  /** The agent called a tool of `ends_on`. */
  | 'agent'
  /** The person who is played is done. */
  | 'user'
  /** The person who is played has had all their turns, and was not done. */
  | 'most_turns'
  /** The scenario's time is over. */
  | 'timeout';

/** Why a conversation was over, as people say it. */
export const endings: Readonly<Record<Ending, string>> = {
  script: 'all turns were taken',
  agent: 'the agent ended it',
  user: 'the person had what they wanted',
  most_turns: 'the person had no turns left',
  timeout: 'its time was up',
};

/** Why a person who is played has not what they wanted, where the agent ended it. */
export const unsatisfiedText = `${endings.agent} before`;

export interface Played {
  turns: readonly PlayedTurn[];
  /** Everything that happened, in order. */
  notices: readonly Notice[];
  ending: Ending;
  /** The agent ended it, and the person who is played by rules was not done. */
  unsatisfied?: true | undefined;
  /** What the canned tools left behind; undefined where there were none. */
  state?: unknown;
  total_ms: number;
  cost_ticks?: Ticks | undefined;
  /** Expectations filled `{{today+1}}` by this moment, in Unix milliseconds. */
  now_ms: number;
}
