// Parts of one run, as machines of a CI matrix write them, joined again.

import { CliError } from '../../errors.js';
import { parseUsd, usdExact } from '../../money.js';
import { type CaseResult, type Report, reportVersion } from '../result.js';
import { byId, totalsOf } from './totals.js';
import { counted } from './words.js';

/** A report, and how the user names its file. */
export interface Part {
  report: Report;
  source: string;
}

/**
 * One report of all: results in the order of their ids, sums made anew. Throws CliError `usage` when parts are missing,
 * come twice, or are of different runs. The seed of several whole runs is that of the first.
 */
export function mergeReports(parts: readonly Part[]): Report {
  const [first] = parts;
  if (first === undefined) throw new CliError('usage', 'there is no report to merge');
  checkShards(parts);
  const reports = parts.map(({ report }) => report);
  const results = joinedResults(parts);
  const stopped = distinct(reports.flatMap((report) => report.stopped ?? []));
  const overBudget = distinct(reports.flatMap((report) => report.over_budget ?? []));
  const starts = reports.map(({ started_at }) => Date.parse(started_at));
  const [plan, ...otherPlans] = new Set(reports.map((report) => report.plan));
  const start = Math.min(...starts);
  const end = Math.max(...reports.map(({ totals }, at) => (starts[at] ?? start) + totals.ms));
  return {
    version: reportVersion,
    product: distinct(reports.map(({ product }) => product)),
    started_at: new Date(start).toISOString(),
    server: distinct(reports.map(({ server }) => server)),
    seed: first.report.seed,
    ...(plan !== undefined && otherPlans.length === 0 && { plan }),
    ...(stopped !== '' && { stopped }),
    ...(overBudget !== '' && { over_budget: overBudget }),
    results,
    // Runs that were broken off have cost something too, and are no results.
    totals: { ...totalsOf(results, end - start), cost_usd: usdExact(spent(reports)) },
  };
}

const spent = (reports: readonly Report[]) =>
  reports.reduce((sum, { totals }) => sum + (parseUsd(totals.cost_usd) ?? 0n), 0n);

const distinct = (values: readonly string[]) => [...new Set(values)].sort().join(', ');

/** Whole runs of different files may be joined as well; parts must be all there, once. */
function checkShards(parts: readonly Part[]): void {
  const shards = parts.flatMap(({ report: { shard, plan, seed }, source }) => {
    if (shard === undefined) return [];
    const [part = 0, of = 0] = shard.split('/').map(Number);
    return [{ part, of, source, plan, seed }];
  });
  const [first] = shards;
  if (first === undefined) return;
  const { of } = first;
  const whole = parts.find(({ report }) => report.shard === undefined);
  if (whole !== undefined) {
    throw wrong(`${first.source} is part ${first.part}/${of} of a run, and ${whole.source} a whole one`);
  }
  const other = shards.find((shard) => shard.of !== of);
  if (other !== undefined) {
    throw wrong(
      `${first.source} is part ${first.part}/${of} and ${other.source} part ${other.part}/${other.of}: they are not of one run`,
    );
  }
  checkPlans(shards);
  checkSeeds(shards);
  for (const [at, { part, source }] of shards.entries()) {
    const before = shards.slice(0, at).find((shard) => shard.part === part);
    if (before !== undefined) throw wrong(`${before.source} and ${source} are both part ${part}/${of}`);
  }
  const missing = of - shards.length;
  if (missing === 0) return;
  const names = namesOfMissing(new Set(shards.map(({ part }) => part)), of, Math.min(missing, mostNamed));
  const more = missing > names.length ? ` and ${missing - names.length} more` : '';
  const are = missing === 1 ? 'is' : 'are';
  throw wrong(`of ${counted(of, 'part')}, ${names.join(', ')}${more} ${are} missing`);
}

/** Parts of other scenarios than the first's are of another run. Older reports do not tell. */
function checkPlans(shards: readonly { plan: string | undefined; source: string }[]): void {
  const [first, ...rest] = shards.filter(({ plan }) => plan !== undefined);
  const other = rest.find(({ plan }) => plan !== first?.plan);
  if (first === undefined || other === undefined) return;
  throw wrong(
    `${first.source} is part of a run of ${first.plan}, and ${other.source} of one of ${other.plan}: they are not of one run`,
  );
}

/** Chance goes by the seed: nobody could play such a run again. */
function checkSeeds([first, ...rest]: readonly { seed: number; source: string }[]): void {
  const other = rest.find(({ seed }) => seed !== first?.seed);
  if (first === undefined || other === undefined) return;
  throw wrong(
    `${first.source} is part of a run with seed ${first.seed}, and ${other.source} of one with seed ${other.seed}: they are not of one run`,
  );
}

const mostNamed = 20;

/** The first of them. A file may claim to be one of very many. */
function namesOfMissing(there: ReadonlySet<number>, of: number, count: number): string[] {
  const names: string[] = [];
  for (let part = 1; names.length < count; part++) if (!there.has(part)) names.push(`${part}/${of}`);
  return names;
}

const wrong = (message: string) =>
  new CliError('usage', message, {
    hint: 'name the reports of all parts of one run, each once: agents test merge part-1.json part-2.json',
  });

/** A scenario that one part skipped may have been run by another; run twice, one of them is of another run. */
function joinedResults(parts: readonly Part[]): CaseResult[] {
  const found = new Map<string, { result: CaseResult; source: string }>();
  for (const { report, source } of parts) {
    for (const result of report.results) {
      const before = found.get(result.id);
      const isNews = before === undefined || before.result.verdict === 'skipped';
      if (!isNews && result.verdict !== 'skipped') {
        const where =
          before.source === source ? `twice in ${source}` : `in ${before.source} and in ${source}`;
        throw wrong(`"${result.id}" is ${where}`);
      }
      if (isNews) found.set(result.id, { result, source });
    }
  }
  return [...found.values()].map(({ result }) => result).sort(byId);
}
