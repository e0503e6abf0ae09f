// One run of one scenario: the person's side of the conversation, turn after turn, until somebody ends it or its time
// is over. What it was is returned, whatever happened; why it could not go on stands beside it.

import type { Clock } from '../clock.js';
import { CliError } from '../errors.js';
import type { Ticks } from '../money.js';
import type { Conversation } from '../session/conversation.js';
import type { Notice, NoticeOf } from '../session/notice.js';
import type { Clip } from '../session/streaming.js';
import { droppedLine } from '../session/transport.js';
import { filledDays } from '../spec/days.js';
import { type CutIn, createCutIn } from './cut-in.js';
import type { LastTurn, Person, PersonTurn } from './person.js';
import type { Ending, Played } from './played.js';
import type { Case, Turn } from './scenario.js';
import { createWitness, type Witness } from './witness.js';

/** What a run is played on. */
export interface Stage {
  /** Begins the conversation; the witness looks on, after what changes notices. Throws CliError. */
  open(witness: Witness): Promise<Conversation>;
  /** A WAV file of the scenario as a turn. Throws CliError. */
  clip(file: string): Promise<{ clip: Clip; words: string | undefined }>;
  /** Tells a stand-in that cannot hear what is about to be said. */
  handOver(words: string, conversationId: string | undefined): Promise<void>;
  /** The person who talks once the turns are taken. */
  person: Person | undefined;
  /** What it has cost until now; undefined where a price is not known. */
  cost(): Ticks | undefined;
  /** Why no other turn may begin; asked when one is due, which begins where nothing speaks against it. */
  refusal(): CliError | undefined;
  /** What the canned tools hold at the end. */
  state(): unknown;
  clock: Clock;
  signal: AbortSignal;
  /** How long the service may be silent: for words only, the conversation keeps the time. */
  answerTimeoutMs: number;
}

export interface Outcome {
  played: Played;
  /** Why it could not be played to its end. */
  failure?: unknown;
}

const mostTurns = 10;

/** Plays a scenario once. Rejects when the conversation cannot begin, or the run is stopped. */
export async function play(scenario: Case, stage: Stage): Promise<Outcome> {
  const { clock, signal } = stage;
  const startedAt = clock.now();
  const startedMs = clock.nowMs();
  const witness = createWitness();
  const conversation = await stage.open(witness);
  const driver = createDriver(scenario, stage, conversation, witness);
  const stop = clock.after(scenario.timeoutMs, driver.timeUp);
  let failure: unknown;
  try {
    for await (const notice of conversation.notices) {
      if (notice.type === 'closed') failure ??= droppedLine(notice);
      failure ??= troubleIn(notice, driver.isOutOfRounds(), stage.answerTimeoutMs);
      if (failure !== undefined) conversation.hangUp();
      else driver.see(notice);
    }
  } catch (error) {
    failure ??= error;
  } finally {
    stop();
    driver.leave();
    conversation.hangUp();
  }
  signal.throwIfAborted();
  const { ending, unsatisfied, problem } = driver.outcome();
  const turns = witness.turns();
  const cost = stage.cost();
  const state = stage.state();
  const played: Played = {
    turns,
    notices: witness.notices(),
    ending,
    ...(unsatisfied && { unsatisfied }),
    ...(state !== undefined && { state }),
    total_ms: Math.round(clock.nowMs() - startedMs),
    ...(cost !== undefined && { cost_ticks: cost }),
    now_ms: startedAt,
  };
  failure ??= problem;
  return failure === undefined ? { played } : { played, failure };
}

/** What is the service's failure, not the agent's. */
function troubleIn(notice: Notice, outOfRounds: boolean, timeoutMs: number): CliError | undefined {
  if (notice.type !== 'turn_done') return undefined;
  if (notice.status === 'timeout')
    return new CliError('timeout', `no answer came within ${timeoutMs / 1000} s`, {
      hint: 'try again, or wait longer with --timeout <seconds>',
    });
  if (notice.status !== 'failed' || outOfRounds) return undefined;
  return new CliError('session_failed', 'the service failed to answer', {
    hint: 'the recording of the run holds what it said',
  });
}

interface Driver {
  see(notice: Notice): void;
  timeUp(): void;
  /** Nothing is to begin any more. */
  leave(): void;
  isOutOfRounds(): boolean;
  outcome(): { ending: Ending; unsatisfied: boolean; problem: unknown };
}

function createDriver(scenario: Case, stage: Stage, conversation: Conversation, witness: Witness): Driver {
  const { clock, person } = stage;
  const most = scenario.user?.most ?? mostTurns;
  let at = 0;
  let personTurns = 0;
  let ending: Ending = 'script';
  let problem: unknown;
  let isOver = false;
  /** Nobody is to speak: an answer is awaited, or the next words are being found. */
  let isBusy = false;
  let agentEnds = false;
  let outOfRounds = false;
  let unsatisfied = false;
  /** The words of a person who is played are being found: that time is not the agent's. */
  let isAsked = false;
  /** Why the line is down; undefined while it is not. */
  let down: string | undefined;
  let cutIn: CutIn | undefined;
  let cancelWait = () => {};

  function end(how: Ending): void {
    if (isOver) return;
    isOver = true;
    ending = how;
    leave();
    conversation.hangUp();
  }

  function leave(): void {
    cutIn?.stop();
    cancelWait();
  }

  function fail(error: unknown): void {
    problem ??= error;
    end(ending);
  }

  function timeUp(): void {
    const up = `when the time of ${scenario.timeoutMs / 1000} s was up`;
    if (isOver || (!isAsked && down === undefined)) return end('timeout');
    if (down !== undefined) return fail(new CliError('dropped', `the line was down ${up}: ${down}`));
    const problem = `the person who is played had not spoken ${up}`;
    const hint = 'give the scenario a longer timeout, or the person a faster model';
    fail(new CliError('timeout', problem, { hint }));
  }

  function see(notice: Notice): void {
    if (isOver) return;
    if (notice.type === 'error' && notice.code === 'tool_rounds') outOfRounds = true;
    if (notice.type === 'tool_call' && scenario.endsOn.includes(notice.name)) agentEnds = true;
    if (notice.type === 'reconnecting') down = reasonOf(notice);
    if (notice.type === 'resumed') down = undefined;
    if (notice.type === 'text') cutIn?.hear(notice);
    if (notice.type === 'turn_done') {
      cutIn?.stop();
      if (notice.unasked !== true) isBusy = false;
    }
    goOn(notice);
  }

  function goOn({ type }: Pick<Notice, 'type'>): void {
    if (isOver || isBusy || !mayEnd.includes(type) || !conversation.isIdle()) return;
    isBusy = true;
    void next().catch(fail);
  }

  async function next(): Promise<void> {
    const turn = scenario.turns[at];
    if (agentEnds) {
      unsatisfied = turn === undefined && person?.isDoneAfter?.(lastTurn()) === false;
      return end('agent');
    }
    if (turn !== undefined) return mayBegin() ? take(turn, at++) : undefined;
    if (person === undefined) return end('script');
    if (personTurns >= most) return end((await isDone(person)) ? 'user' : 'most_turns');
    if (!mayBegin()) return;
    personTurns++;
    const said = await wordsOf(person);
    if (isOver) return;
    if ('stuck' in said) return fail(new CliError('session_failed', said.stuck));
    if ('done' in said) return end('user');
    witness.began(undefined, said.say, 'person');
    conversation.say(said.say);
  }

  function mayBegin(): boolean {
    const refusal = stage.refusal();
    if (refusal !== undefined) fail(refusal);
    return refusal === undefined;
  }

  function lastTurn(): LastTurn | undefined {
    const last = witness.turns().at(-1);
    return last && { said: last.answer, calls: last.calls };
  }

  async function wordsOf(person: Person): Promise<PersonTurn> {
    isAsked = true;
    try {
      return await person.next(lastTurn());
    } finally {
      isAsked = false;
    }
  }

  /** Who has no turns left may need none. */
  async function isDone(person: Person): Promise<boolean> {
    return person.isDoneAfter?.(lastTurn()) ?? 'done' in (await wordsOf(person));
  }

  async function take(turn: Turn, index: number): Promise<void> {
    cutIn = turn.interrupt && createCutIn(turn.interrupt, clock, () => conversation.interrupt());
    switch (turn.kind) {
      case 'user': {
        const text = filledDays(turn.text, clock.now());
        witness.began(index, text, 'person');
        return conversation.say(text);
      }
      case 'dtmf':
        // As the service hands keys to an agent: as text, without the # that ends them.
        witness.began(index, `(keys ${turn.keys})`, 'person');
        return conversation.say(turn.keys.replace(/(?<=.)#$/, ''));
      case 'audio': {
        const { clip, words } = await stage.clip(turn.file);
        if (words !== undefined) await stage.handOver(words, conversation.conversationId());
        if (isOver) return;
        witness.began(index, `(audio ${turn.file})`, 'person');
        return conversation.speak(clip);
      }
      case 'silence':
        witness.began(index, `(${turn.seconds} s of silence)`, 'nobody');
        cancelWait = clock.after(turn.seconds * 1000, () => {
          isBusy = false;
          goOn({ type: 'turn_done' });
        });
    }
  }

  return {
    see,
    timeUp,
    leave,
    isOutOfRounds: () => outOfRounds,
    outcome: () => ({ ending, unsatisfied, problem }),
  };
}

const reasonOf = ({ code, reason }: NoticeOf<'reconnecting'>) =>
  `closed with ${code}${reason === '' ? '' : ` (${reason})`}`;

/** After these a turn may be over; under server VAD, one clip may be several, and its silence outlast them. */
const mayEnd: readonly Notice['type'][] = ['ready', 'turn_done', 'user_audio', 'resumed'];
