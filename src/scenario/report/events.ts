// A report told as events, for what is written as a stream while a run goes on.

import type { Report, TestEvent } from '../result.js';

/** In the order of the results. Nobody works any more: `workers` is 0. */
export function* eventsOf({ results, seed, shard, stopped, totals }: Report): Generator<TestEvent> {
  yield {
    type: 'test_started',
    scenarios: results.length,
    workers: 0,
    seed,
    ...(shard !== undefined && { shard }),
  };
  for (const result of results) {
    if (result.verdict !== 'skipped') yield { type: 'scenario_started', id: result.id };
    for (const run of result.runs) yield { type: 'scenario_run', id: result.id, ...run };
    yield { type: 'scenario_done', ...result };
  }
  yield { type: 'test_done', ...(stopped !== undefined && { stopped }), ...totals };
}
