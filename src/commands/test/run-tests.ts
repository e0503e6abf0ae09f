// Plays scenarios and tells what came of them.

import { setMaxListeners } from 'node:events';
import { type Context, userAgent } from '../../context.js';
import { CliError, exit } from '../../errors.js';
import { usdExact } from '../../money.js';
import { hideForRecord } from '../../recording/hide.js';
import { createJudge, type Judge } from '../../scenario/judge.js';
import { createPerson, needsModel } from '../../scenario/person.js';
import { failureStory, labels } from '../../scenario/report/failure-text.js';
import { costNote } from '../../scenario/report/lines.js';
import type { SoundKeeper } from '../../scenario/report/sound.js';
import { byId, totalsOf, totalsText } from '../../scenario/report/totals.js';
import { durationText } from '../../scenario/report/words.js';
import { type Report, reportVersion, type TestEvent } from '../../scenario/result.js';
import { runCases } from '../../scenario/run.js';
import type { Case } from '../../scenario/scenario.js';
import type { PriceList } from '../../session/rates.js';
import { createTestView, type TestWords } from '../../terminal/test-view.js';
import { loadPrices, rateHint } from '../rates-file.js';
import type { Asked } from '../test.js';
import { createAgents } from './agents.js';
import type { Chosen } from './choose.js';
import { createClips } from './clips.js';
import type { TestFlags, TestOptions } from './flags.js';
import { openJudgeCache } from './judge-cache.js';
import { writeLastFailed } from './last-run.js';
import { createLocals } from './locals.js';
import { type ModelChoice, modelName, modelServer, openModel } from './model.js';
import { format, playOnce, type Runs } from './one-run.js';
import { checkCases } from './preflight.js';
import { createPrograms } from './programs.js';
import type { Reporter } from './reporters.js';
import { openReporters } from './reporting.js';
import { createSpending, endOf, type Spending } from './spending.js';
import { createStoredAgents, sweepStored } from './stored.js';
import { createCaseTools } from './tools.js';

/** Plays all and tells all; the exit code. Throws CliError: what it was stopped by, and what could not be written. */
export async function runTests(
  context: Context,
  cases: readonly Case[],
  asked: Asked & Pick<Chosen, 'plan' | 'gone'>,
): Promise<number | undefined> {
  const { options, plan, gone } = asked;
  const { clock, signal } = context;
  // Every run listens for the end of all of them.
  setMaxListeners(0, signal);
  const prices = await loadPrices(context);
  const spending = openSpending(context, cases, { ...options, prices });
  const comparing = await openComparing(context, asked);
  const { runs, inputs } = await openRuns(context, cases, asked, { prices, spending });
  const { tell, close, finish, shown } = await openTelling(context, asked, inputs);
  const about = { ...aboutRun(context, options), plan };
  const startedMs = clock.nowMs();
  tell({ type: 'test_started', scenarios: cases.length, workers: options.workers, ...seedAndShard(options) });
  const { results, stopped } = await runCases(cases, {
    ...options,
    signal,
    runOne: (scenario, run, attempt) => playOnce(runs, scenario, { run, attempt }),
    stopReason: () => spending.refusal() && 'budget',
    onEvent: tell,
  }).finally(close);
  const wallMs = Math.round(clock.nowMs() - startedMs);
  // Runs that were broken off have cost something too.
  const totals = { ...totalsOf(results, wallMs), cost_usd: usdExact(spending.spent()) };
  const why = stopped === undefined ? {} : { stopped };
  const reached = spending.passed() ?? (stopped === 'budget' ? spending.refusal() : undefined);
  const over = reached === undefined ? {} : { over_budget: reached.message };
  const report: Report = { ...about, ...why, ...over, results: [...results].sort(byId), totals };
  tell({ type: 'test_done', ...why, ...totals });
  const written = finish(report);
  await Promise.allSettled([written]);
  await writeLastFailed(context, results, stopped === undefined ? gone : []);
  const isWorse = !signal.aborted && (await comparing.isWorse(report, shown));
  // A report that could not be written keeps nothing else from being told.
  await written;
  signal.throwIfAborted();
  const code = endOf(report);
  return code === exit.done && isWorse ? exit.negative : code;
}

const seedAndShard = ({ seed, shard }: TestOptions) => ({
  seed,
  ...(shard !== undefined && { shard: `${shard.part}/${shard.of}` }),
});

/** A quarter of a minute of sound: what a turn may cost while none is known. */
const firstTurns = 4n;

/** Throws CliError `usage` for a limit that cannot be kept, since nobody knows a price. */
function openSpending(
  context: Context,
  cases: readonly Case[],
  { maxCost, prices }: TestOptions & { prices: PriceList },
): Spending {
  const models = new Set(cases.map(({ override }) => override.model ?? context.settings.voiceModel));
  const minutes = [...models].map((model) => {
    const price = prices('per_audio_minute', model);
    if (price !== undefined || maxCost === undefined) return price?.ticks ?? 0n;
    throw new CliError('usage', `--max-cost cannot be kept: nobody knows the price of ${model}`, {
      hint: rateHint(context, model),
    });
  });
  const dearest = minutes.reduce((most, each) => (each > most ? each : most), 0n);
  return createSpending(maxCost, dearest / firstTurns);
}

/** What a report says of its run before anything has happened. */
function aboutRun({ host, clock, settings }: Context, options: TestOptions) {
  return {
    version: reportVersion,
    product: userAgent(host),
    started_at: new Date(clock.now()).toISOString(),
    server: settings.baseUrl?.origin ?? 'local',
    ...seedAndShard(options),
  } as const;
}

/** Whoever is told of a run: a person, and reporters. Throws CliError for what cannot be written. */
async function openTelling(context: Context, { reporters }: Asked, inputs: ReadonlySet<string>) {
  const { output, io, host } = context;
  const { key } = context.settings.baseUrl === undefined ? {} : await context.server();
  // Transcripts are what was said, numbers to call back included; a key is for nobody.
  const hide = <T>(value: T) => hideForRecord(value, { key, showNumbers: true, isName });
  const reporting = await openReporters(context, reporters, { hide, inputs });
  const view = createTestView({ io, output, env: host.env, shown: reporting.terminal, words });
  return {
    tell: (event: TestEvent) => {
      view.told(event);
      reporting.onEvent(event);
    },
    close: view.close,
    finish: reporting.finish,
    shown: reporting.terminal,
  };
}

/** A file may be called xai-booking.scenario.yaml, and what is no key but a name must not look like one. */
const names = new Set(['id', 'file', 'name', 'recording', 'replay']);
const isName = (owner: Record<string, unknown>, member: string) =>
  names.has(member) && ('verdict' in owner || String(owner.type).startsWith('scenario_'));

/** As all reports have it. */
const words: TestWords = {
  story: failureStory,
  labels,
  totals: (event) => totalsText({ totals: event, stopped: event.stopped }),
  duration: durationText,
  cost: costNote,
};

async function openRuns(
  context: Context,
  cases: readonly Case[],
  { flags, options, reporters }: Asked,
  { prices, spending }: Pick<Runs, 'prices' | 'spending'>,
): Promise<{ runs: Runs; inputs: ReadonlySet<string> }> {
  const told = new Set<string>();
  const note = (text: string) => {
    if (!told.has(text)) context.output.note(text);
    told.add(text);
  };
  const tools = createCaseTools(context);
  const locals = context.settings.baseUrl === undefined ? createLocals(context) : undefined;
  const inputs = await checkCases(context, cases, { agent: flags.agent, tools, locals, seed: options.seed });
  // A key that is missing is so for all.
  if (locals === undefined) await context.server();
  const swept = await sweepStored(context);
  if (swept > 0) note(`note: ${swept} ${swept === 1 ? 'agent' : 'agents'} of an earlier test deleted`);
  const url = readModelUrl(context, flags);
  const complete = openModel(context, { which: 'user', model: flags.userModel, url });
  for (const { id, user } of cases) {
    if (complete !== undefined || user === undefined || !needsModel(user)) continue;
    throw new CliError('usage', `${id}: nobody plays the person: there are no rules, and no model`, {
      hint: 'give user.rules, or a model with --user-model',
    });
  }
  const runs: Runs = {
    context,
    agents: createAgents(context, flags.agent, createStoredAgents(context)),
    programs: createPrograms(context),
    tools,
    clips: createClips(format),
    locals,
    prices,
    spending,
    folder: flags.output,
    keepAll: flags.record === true,
    seed: options.seed,
    judge: openJudge(context, { which: 'judge', model: flags.judgeModel, url }),
    personFor: (user, person) => createPerson(user, { ...person, complete }),
    soundKeeper: await soundKeeper(reporters),
    note,
  };
  return { runs, inputs };
}

/** Throws CliError `usage` for an address at which no model is asked for. */
function readModelUrl(context: Context, { modelUrl, userModel, judgeModel }: TestFlags): string | undefined {
  const named = [
    modelName(context, { which: 'user', model: userModel }),
    modelName(context, { which: 'judge', model: judgeModel }),
  ];
  if (modelUrl === undefined || named.some((name) => name !== undefined)) return modelUrl;
  throw new CliError('usage', `--model-url ${modelUrl}: no model is named that is there`, {
    hint: 'name one with --user-model or --judge-model',
  });
}

/** The judge; undefined where none is named. Throws CliError `usage`. */
function openJudge(context: Context, choice: ModelChoice): Judge | undefined {
  const complete = openModel(context, choice);
  const model = modelName(context, choice);
  if (complete === undefined || model === undefined) return undefined;
  // Models of one name may be others at another server.
  return createJudge({
    complete,
    cache: openJudgeCache(context),
    model: `${model} ${modelServer(context, choice)}`,
  });
}

/** Sound is kept for reports that let it be heard, and for those that such a report may be made from. */
async function soundKeeper(reporters: readonly Reporter[]): Promise<(() => SoundKeeper) | undefined> {
  if (!reporters.some(({ name }) => name === 'html' || name === 'json')) return undefined;
  const { createSoundKeeper } = await import('../../scenario/report/sound.js');
  return () => createSoundKeeper(format);
}

/** What becomes of the comparison with an earlier run. */
interface Comparing {
  /** Tells it, and keeps this run where that was asked for. Whether anything is clearly worse. Throws CliError. */
  isWorse(report: Report, shown: boolean): Promise<boolean>;
}

/** Reads the baseline before anything is played. Throws CliError. */
async function openComparing(context: Context, { flags, named }: Asked): Promise<Comparing> {
  const { baseline, updateBaseline } = flags;
  if (!baseline && !updateBaseline) return { isWorse: async () => false };
  const { keepBaseline, openBaseline, tellComparison, usualBaselineFile } = await import('./baseline.js');
  const file = flags.baselineFile ?? usualBaselineFile;
  const earlier = baseline
    ? await openBaseline(context, file, { isKept: updateBaseline === true })
    : undefined;
  const { filter, tag, shard, lastFailed } = flags;
  const isPart = named.length > 0 || [filter, tag, shard, lastFailed].some((each) => each !== undefined);
  return {
    isWorse: async (report, shown) => {
      const isWorse = earlier !== undefined && tellComparison(context, earlier, { report, isPart, shown });
      if (updateBaseline) await keepBaseline(context, file, report);
      return isWorse;
    },
  };
}
