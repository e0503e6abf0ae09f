// A person who is played: what they say next, by what the agent said last. By a model that is given persona and goal,
// or by rules, which say the same for the same seed.

import { CliError } from '../errors.js';
import type { Complete } from './complete.js';
import type { User } from './format.js';
import { playedByModel } from './person-model.js';
import { playedByRules } from './person-rules.js';
import type { PlayedCall } from './played.js';

/** What the agent said and did since the person spoke. */
export interface LastTurn {
  said: string;
  calls: readonly Pick<PlayedCall, 'name'>[];
}

/** `stuck`: nobody knows what they would say, so the run is over and shows nothing. */
export type PersonTurn = { say: string } | { done: true } | { stuck: string };

export interface Person {
  /** `last` is undefined before anybody has spoken. Throws CliError when the model cannot be asked. */
  next(last: LastTurn | undefined): Promise<PersonTurn>;
  /** Whether they would go now; undefined where that is not known without asking a model. */
  isDoneAfter?(last: LastTurn | undefined): boolean;
}

export interface PersonOptions {
  seed: number;
  /** The model that plays them; it comes before rules. */
  complete?: Complete | undefined;
  /** The day they believe it is: YYYY-MM-DD. */
  today?: string | undefined;
}

/** Whether only a model can play them. */
export function needsModel({ rules }: User): boolean {
  return rules === undefined;
}

/** Throws CliError: `usage` where a model is needed and not there, `invalid_spec` for a rule that makes no sense. */
export function createPerson(user: User, options: PersonOptions): Person {
  const { complete, seed, today } = options;
  if (complete !== undefined) return playedByModel(user, { complete, seed, today });
  if (user.rules !== undefined) return playedByRules(user, user.rules, seed);
  throw new CliError('usage', 'the person has no rules, and there is no model to play them', {
    hint: 'name one with --user-model <model>, or give the person rules',
  });
}
