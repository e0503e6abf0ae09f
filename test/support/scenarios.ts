// Scenarios and what was played of them, made up for tests: what is not said is as it usually is.

import type { Played, PlayedTurn } from '../../src/scenario/played.js';
import type { Case } from '../../src/scenario/scenario.js';

export function aCase(given: Partial<Case> = {}): Case {
  const name = given.name ?? 'A scenario';
  return {
    id: `a.scenario.yaml › ${name}`,
    name,
    parameters: '',
    file: 'a.scenario.yaml',
    folder: '/',
    place: { line: 1, column: 1 },
    tags: [],
    agent: 'agent.yaml',
    override: {},
    stored: false,
    tools: undefined,
    local: { faults: [] },
    timeoutMs: 120_000,
    runs: 1,
    pass: given.runs ?? 1,
    retries: 0,
    setup: [],
    teardown: [],
    endsOn: ['end_call'],
    turns: [],
    user: undefined,
    expect: [],
    ...given,
  };
}

export function aTurn(given: Partial<PlayedTurn> = {}): PlayedTurn {
  return {
    index: 0,
    said: 'Hello',
    by: 'person',
    started_ms: 0,
    ended_ms: 100,
    answer: 'Hello.',
    status: 'completed',
    interrupted: false,
    calls: [],
    audio_seconds: 1,
    ...given,
  };
}

export function aPlay(turns: readonly PlayedTurn[], given: Partial<Played> = {}): Played {
  return { turns, notices: [], ending: 'script', total_ms: 100, now_ms: 0, ...given };
}
