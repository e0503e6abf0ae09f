// One run of one scenario, with all it takes: programs before and after, the agent, its tools, a line that is recorded,
// somebody who is played. Whatever happens becomes a result; only a run that is stopped rejects.

import { besideContext } from '../../beside.js';
import { createChance } from '../../chance.js';
import { localDate } from '../../clock.js';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { checkRun } from '../../scenario/expect/check.js';
import type { User } from '../../scenario/format.js';
import type { Judge } from '../../scenario/judge.js';
import type { Person } from '../../scenario/person.js';
import { type Outcome, play } from '../../scenario/play.js';
import type { Played } from '../../scenario/played.js';
import type { SoundKeeper } from '../../scenario/report/sound.js';
import type { Check, Problem, RunResult } from '../../scenario/result.js';
import { type RunOutcome, turnResult, usdOf, verdictOf } from '../../scenario/results.js';
import type { Case } from '../../scenario/scenario.js';
import type { Observer } from '../../session/conversation.js';
import { createMeter } from '../../session/meter.js';
import type { NoticeBody } from '../../session/notice.js';
import type { PriceList } from '../../session/rates.js';
import { filledDays } from '../../spec/days.js';
import { asCliError } from '../batch.js';
import { shellQuoted } from '../command.js';
import { openConversation } from '../conversation.js';
import { recordFrames } from '../record-frames.js';
import { handOverWords } from '../voice/clips.js';
import type { Agents } from './agents.js';
import type { Clips } from './clips.js';
import type { Locals } from './locals.js';
import { pathFrom } from './paths.js';
import type { Programs } from './programs.js';
import { createRunRecording, type RunRecording } from './recordings.js';
import type { Spending } from './spending.js';
import type { CaseTools } from './tools.js';

/** What all runs share. */
export interface Runs {
  context: Context;
  agents: Agents;
  programs: Programs;
  tools: CaseTools;
  clips: Clips;
  /** Undefined where the server is not the local API of --local. */
  locals: Locals | undefined;
  prices: PriceList;
  spending: Spending;
  /** Where recordings of failures go, as the user named it. */
  folder: string;
  /** Whether recordings of runs that passed are kept too. */
  keepAll: boolean;
  seed: number;
  judge: Judge | undefined;
  /** `today` is the day they believe it is. */
  personFor(user: User, person: { seed: number; today: string }): Person;
  /** Collects the sound of a run, for reports that play it. */
  soundKeeper: (() => SoundKeeper) | undefined;
  /** A note for the person, told once. */
  note(text: string): void;
}

/** All sound of tests is of one kind. */
export const format = { type: 'audio/pcm' as const, rate: 24_000 as const };
const bytesPerMs = 48;

export interface Which {
  run: number;
  attempt: number;
}

export async function playOnce(runs: Runs, scenario: Case, which: Which): Promise<RunOutcome> {
  const { context } = runs;
  const startedMs = context.clock.nowMs();
  const seed = Math.floor(
    createChance(runs.seed, `${scenario.id}/${which.run}/${which.attempt}`)() * 2 ** 31,
  );
  const recording = createRunRecording(context, runs.folder, scenario, which);
  const sound = runs.soundKeeper?.();
  let outcome: Partial<Outcome> = {};
  let checks: Check[] = [];
  try {
    checkJudge(runs, scenario);
    await runs.programs.setUp(scenario);
    outcome = await playOn(runs, scenario, seed, recording, sound);
    if (outcome.played !== undefined)
      checks = await checkRun(scenario, outcome.played, { judge: runs.judge });
  } catch (error) {
    outcome = { ...outcome, failure: error };
  }
  await runs.programs.tearDown(scenario).catch((error: unknown) => {
    outcome = { ...outcome, failure: outcome.failure ?? error };
  });
  const { played, failure } = outcome;
  // What ends all of them is no result of this one.
  if (context.signal.aborted || isOverBudget(failure)) {
    await recording.drop().catch(() => {});
    throw failure ?? context.signal.reason;
  }
  const verdict = verdictOf(checks, failure);
  const kept = await keep(runs, recording, verdict === 'passed');
  const result: RunResult = {
    ...which,
    verdict,
    ...(failure !== undefined && { problem: problemOf(context, failure) }),
    checks,
    turns: played?.turns.map(turnResult) ?? [],
    // What broke off has no end of its own.
    ...(played !== undefined && failure === undefined && { ending: played.ending }),
    ...(played?.state !== undefined && { state: played.state }),
    ms: played?.total_ms ?? Math.round(context.clock.nowMs() - startedMs),
    cost_usd: usdOf(played?.cost_ticks),
    ...(kept !== undefined && { recording: kept, replay: `agents replay ${shellQuoted(kept)}` }),
    ...(sound !== undefined && played !== undefined && { sound: sound.sound() }),
  };
  return { result, ...(played !== undefined && { played: withoutNotices(played) }) };
}

/** Not played, and so not paid for, where it could not be found out. Throws CliError `usage`. */
function checkJudge({ judge }: Runs, { expect, turns }: Case): void {
  const all = [...turns.flatMap((turn) => turn.expect), ...expect];
  if (judge !== undefined || !all.some(({ kind }) => kind === 'judge')) return;
  throw new CliError('usage', 'no model is set to judge', {
    hint: 'name one with --judge-model, or in AGENTS_JUDGE_MODEL',
  });
}

const isOverBudget = (failure: unknown) => failure instanceof CliError && failure.code === 'budget_reached';

/** What is looked at over all runs are turns: a thousand runs must fit into memory. */
const withoutNotices = (played: Played): Played => ({ ...played, notices: [] });

function problemOf({ output }: Context, failure: unknown): Problem {
  const { code, message, hint } = output.told(asCliError(failure));
  return { code, message, ...(hint !== undefined && { hint }) };
}

async function keep(runs: Runs, recording: RunRecording, passed: boolean): Promise<string | undefined> {
  try {
    if (!passed || runs.keepAll) return await recording.keep();
    await recording.drop();
  } catch (error) {
    runs.note(`note: no recording is kept: ${asCliError(error).message}`);
  }
  return undefined;
}

async function playOn(
  runs: Runs,
  scenario: Case,
  seed: number,
  recording: RunRecording,
  sound: SoundKeeper | undefined,
): Promise<Outcome> {
  const { context, locals } = runs;
  const server = locals && (() => locals.serverFor(scenario, seed, side));
  const { today } = scenario.override;
  const side: Context = besideContext(context, { today, server, note: runs.note });
  try {
    const { agent, setup, query, header } = await runs.agents.agentFor(scenario, side, format);
    side.agentId = header;
    for (const note of setup.notes) side.output.note(`note: ${note}`);
    const toolbox = await runs.tools.open(side, scenario, agent);
    const recorded = recordFrames(side, {
      write: recording.write,
      agent: () => agent,
      onFailure: () => {},
    });
    const model = query.model ?? context.settings.voiceModel;
    const meter = createMeter({ model, list: runs.prices, telephony: false });
    const cost = () => meter.sum().ticks;
    const purse = runs.spending.open(cost);
    side.onClose(async () => purse.settle());
    return await play(scenario, {
      open: (witness) =>
        openConversation(recorded.context, {
          query,
          line: {},
          setup: setup.session,
          observers: [meter, witness, ...cutsOf(sound)],
          fast: runs.locals !== undefined,
          runTool: toolbox.run,
          maxToolRounds: mostToolRounds,
          onAudio: (from, turn, audio) => {
            const atMs = side.clock.nowMs();
            witness.heard(from, turn, audio.length / bytesPerMs, atMs);
            sound?.add(from, atMs - witness.startedMs(), audio);
          },
        }),
      clip: (file) => runs.clips.load(side, pathFrom(context, scenario.folder, file), setup.session),
      handOver: (words, conversationId) => handOverWords(side, words, conversationId),
      person: scenario.user && personOf(runs, scenario.user, seed, side.clock.now()),
      cost,
      refusal: purse.refusal,
      state: toolbox.state,
      clock: side.clock,
      signal: context.signal,
      answerTimeoutMs: context.settings.timeoutMs,
    });
  } finally {
    await side.close();
  }
}

/** Who is played, with the days that they speak of. */
function personOf(runs: Runs, user: User, seed: number, nowMs: number): Person {
  return runs.personFor(filledDays(user, nowMs), { seed, today: localDate(nowMs) });
}

/** Who is interrupted falls silent. */
function cutsOf(sound: SoundKeeper | undefined): Observer[] {
  let startedMs: number | undefined;
  const told = (notice: NoticeBody, atMs: number) => {
    startedMs ??= atMs;
    if (notice.type === 'interrupted') sound?.cut('agent', atMs - startedMs);
    return notice;
  };
  return sound === undefined ? [] : [{ told }];
}

/** As `agents voice` has it. */
const mostToolRounds = 8;
