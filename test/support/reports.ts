// Reports made up for tests: conversations with their times, sound and tools, and a report that has some of everything.

import { encodeLaw } from '../../src/audio/g711.js';
import { createChance } from '../../src/chance.js';
import { parseUsd, usdExact } from '../../src/money.js';
import type {
  CallResult,
  CaseResult,
  Check,
  Report,
  RunResult,
  Sound,
  Totals,
  TurnResult,
} from '../../src/scenario/result.js';

const rate = 8000;

/** Syllables of a voice, as long as the words would be spoken; the same for the same words. */
export function spoken(words: string, pitch: number): Int16Array {
  const chance = createChance(7, words);
  const samples: number[] = [];
  for (const word of words.split(/\s+/)) {
    const syllables = Math.max(1, Math.round(word.length / 3));
    for (let each = 0; each < syllables; each++) {
      const length = Math.round(rate * (0.09 + 0.08 * chance()));
      const loud = 3000 + 11_000 * chance();
      const hz = pitch * (0.9 + 0.25 * chance());
      for (let at = 0; at < length; at++) {
        const t = (2 * Math.PI * hz * at) / rate;
        const swell = Math.sin((Math.PI * at) / length) ** 1.5;
        const tone = Math.sin(t) + 0.6 * Math.sin(2 * t) + 0.4 * Math.sin(5 * t) + 0.25 * (chance() - 0.5);
        samples.push((loud * swell * tone) / 2);
      }
    }
    const pause = /[.,;:?!]$/.test(word) ? 0.22 : 0.03;
    samples.push(...new Array<number>(Math.round(rate * pause)).fill(0));
  }
  return Int16Array.from(samples);
}

export interface Exchange {
  /** Absent where the agent speaks first. */
  said?: string;
  answer: string;
  calls?: (Pick<CallResult, 'name' | 'arguments' | 'output'> & { ms: number })[];
  /** Without the tools. */
  firstMs?: number;
  /** The person breaks in when so much of the answer was heard, 0 to 1. */
  cutAt?: number;
  /** Before the person speaks. */
  pauseMs?: number;
  status?: string;
}

/** A conversation as it goes aloud, or one of text, which is over in moments. */
export function conversation(
  exchanges: readonly Exchange[],
  { aloud = true } = {},
): Pick<RunResult, 'turns' | 'sound' | 'ms' | 'cost_usd'> {
  const turns: TurnResult[] = [];
  const sound: Sound[] = [];
  let now = 0;
  let cost = 0n;
  const keep = (from: Sound['from'], at_ms: number, pcm: Int16Array) => {
    sound.push({ from, at_ms: Math.round(at_ms), mulaw_8k: encodeLaw(pcm, 'mulaw').toString('base64') });
    return (pcm.length / rate) * 1000;
  };
  for (const { said, answer, calls = [], firstMs = 620, cutAt = 1, pauseMs = 400, status } of exchanges) {
    const started = now + (aloud && said !== undefined ? pauseMs : 0);
    const asked = started + (aloud && said !== undefined ? keep('user', started, spoken(said, 190)) : 0);
    let at = asked + 40;
    const done = calls.map(({ ms, ...call }) => {
      const at_ms = Math.round(at);
      at += ms + 30;
      return { ...call, at_ms, ms };
    });
    const first = Math.round(at - asked + (aloud ? firstMs : firstMs / 20));
    const voice = spoken(answer, 115);
    const heard = voice.subarray(0, Math.round(voice.length * cutAt));
    const length = aloud ? keep('agent', asked + first, heard) : answer.length / 3;
    const ended = Math.round(asked + first + length);
    const price = BigInt(Math.round((ended - started) * 8_300));
    cost += price;
    turns.push({
      said: said ?? '',
      by: said === undefined ? 'nobody' : 'person',
      answer,
      status: status ?? (cutAt < 1 ? 'cancelled' : 'completed'),
      interrupted: cutAt < 1,
      started_ms: Math.round(started),
      ended_ms: ended,
      calls: done,
      first_word_ms: first - (aloud ? 180 : 0),
      ...(aloud && { first_audio_ms: first }),
      total_ms: Math.round(ended - asked),
      audio_seconds: aloud ? heard.length / rate : 0,
      cost_usd: usdExact(price),
    });
    now = ended;
  }
  return { turns, ms: now, cost_usd: usdExact(cost), ...(aloud && { sound }) };
}

export const passedCheck = (expected: string, got: string, line: number, turn?: number): Check => ({
  kind: 'says',
  verdict: 'passed',
  expected,
  got,
  place: { line, column: 7 },
  ...(turn !== undefined && { turn }),
});
export const failedCheck = (expected: string, got: string, line: number, turn?: number): Check => ({
  ...passedCheck(expected, got, line, turn),
  verdict: 'failed',
});

export function aRun(given: Partial<RunResult> = {}): RunResult {
  return {
    run: 1,
    attempt: 1,
    verdict: 'passed',
    checks: [],
    turns: [],
    ending: 'script',
    ms: 0,
    cost_usd: null,
    ...given,
  };
}

/** What follows from the runs need not be said. */
export function aCase(given: Partial<CaseResult> & Pick<CaseResult, 'name'>): CaseResult {
  const { name, parameters = '', file = 'clinic.scenario.yaml', runs = [] } = given;
  const costs = runs.flatMap((run) => (run.cost_usd === null ? [] : [parseUsd(run.cost_usd) ?? 0n]));
  return {
    id: `${file} › ${name}${parameters === '' ? '' : ` [${parameters}]`}`,
    parameters,
    file,
    line: 1,
    tags: [],
    verdict: 'passed',
    flaky: false,
    passed_runs: runs.filter((run) => run.verdict === 'passed').length,
    needed_runs: 1,
    planned_runs: 1,
    checks: [],
    runs,
    ms: runs.reduce((sum, run) => sum + run.ms, 0),
    cost_usd: costs.length === 0 ? null : usdExact(costs.reduce((sum, each) => sum + each, 0n)),
    ...given,
  };
}

export function aReport(results: CaseResult[], given: Partial<Report> = {}): Report {
  const having = (verdict: CaseResult['verdict']) =>
    results.filter((each) => each.verdict === verdict).length;
  const costs = results.map((each) => (each.cost_usd === null ? 0n : (parseUsd(each.cost_usd) ?? 0n)));
  const totals: Totals = {
    scenarios: results.length,
    passed: having('passed'),
    failed: having('failed'),
    errors: having('error'),
    skipped: having('skipped'),
    flaky: results.filter((each) => each.flaky).length,
    ms: results.reduce((sum, each) => sum + each.ms, 0),
    cost_usd: usdExact(costs.reduce((sum, each) => sum + each, 0n)),
  };
  return {
    version: 1,
    product: 'agents/0.1.0 node/20.19.0',
    started_at: '2026-03-02T09:14:05.000Z',
    server: 'local',
    seed: 4711,
    results,
    totals,
    ...given,
  };
}

const slots = { date: '2026-03-03', slots: [{ time: '09:30' }, { time: '11:00' }, { time: '15:15' }] };
const lookUp = {
  name: 'find_slots',
  arguments: { date: '2026-03-03', kind: 'checkup' },
  output: JSON.stringify(slots),
  ms: 340,
};
const book = {
  name: 'book_appointment',
  arguments: { date: '2026-03-03', time: '11:00', kind: 'checkup' },
  output: '{"confirmation":"C-2041"}',
  ms: 520,
};

const booking: Exchange[] = [
  { answer: 'Good morning, this is the clinic. How can I help you today?', firstMs: 380 },
  {
    said: 'Hello, I would like to come in for a checkup tomorrow, please.',
    answer: 'I have half past nine, eleven, or a quarter past three tomorrow. Which one suits you best?',
    calls: [lookUp],
  },
  {
    said: 'Eleven is good.',
    answer: 'You are booked for a checkup tomorrow at eleven. Your confirmation number is C 2041.',
    calls: [book],
    firstMs: 710,
    pauseMs: 900,
  },
];

const bookingChecks = [
  passedCheck('calls find_slots with date "2026-03-03"', 'called once, in turn 2', 14, 1),
  passedCheck('asks at most 1 question', '1 question', 15, 1),
  passedCheck('calls book_appointment with time "11:00"', 'called once, in turn 3', 19, 2),
  passedCheck('says "confirmation"', '"Your confirmation number is C 2041."', 20, 2),
  passedCheck('first sound within 1.5 s', '0.71 s at most', 23),
];

const cleanBooking = (seed: number): RunResult => {
  const swing = createChance(seed);
  const exchanges = booking.map((each) => ({ ...each, firstMs: 400 + 700 * swing() ** 2 }));
  return aRun({
    ...conversation(exchanges),
    checks: bookingChecks,
    recording: `.agents/test/clean-booking-${seed}.jsonl`,
    replay: `agents replay .agents/test/clean-booking-${seed}.jsonl`,
    state: { appointments: [{ date: '2026-03-03', time: '11:00', confirmation: 'C-2041' }] },
  });
};

const brokenPromise = aRun({
  ...conversation([
    {
      said: 'Please book me in tomorrow at eleven.',
      answer: 'Of course. I have booked you in for tomorrow at eleven. Is there anything else?',
      calls: [{ ...book, output: '{"error":"the calendar does not answer"}', ms: 1900 }],
      firstMs: 900,
    },
    {
      said: 'No, thank you. Oh wait, do I need to',
      answer:
        'You need not bring anything. Please come ten minutes early, and if you cannot make it, call us.',
      cutAt: 0.45,
      pauseMs: 2600,
    },
    {
      said: 'I only wanted to know whether I need to fast.',
      answer: 'No, you can eat as usual.',
      firstMs: 1300,
    },
  ]),
  verdict: 'failed',
  ending: 'agent',
  checks: [
    passedCheck('calls book_appointment', 'called once, in turn 1', 32, 0),
    failedCheck('does not say "booked"', '"Of course. I have booked you in for tomorrow at eleven."', 33, 0),
    failedCheck('no silence longer than 2 s', '2.9 s, before the answer', 38, 0),
    passedCheck('ends properly', 'ended by end_call, in turn 3', 40),
  ],
  recording: '.agents/test/failed-tool.jsonl',
  replay: "agents replay '.agents/test/failed-tool.jsonl'",
  state: { appointments: [] },
});

const escalation: Exchange[] = [
  {
    said: 'My chest hurts and my arm is numb.',
    answer: 'This may be an emergency. Please hang up and call the emergency number now.',
    calls: [{ name: 'escalate', arguments: { reason: 'chest pain' }, output: '"ok"', ms: 60 }],
  },
];

/** Some of everything, enough to look at. */
export function sampleReport(): Report {
  const text = (given: Exchange[]) => conversation(given, { aloud: false });
  const question = (said: string, answer: string): Exchange[] => [{ said, answer }];
  const many = Array.from({ length: 10 }, (_, index): RunResult => {
    const isBad = index === 3 || index === 7;
    const checks = isBad
      ? [...bookingChecks.slice(0, 4), failedCheck('first sound within 1.5 s', '1.9 s in turn 2', 23)]
      : bookingChecks;
    const quiet = { ...cleanBooking(100 + index), sound: undefined };
    return { ...quiet, run: index + 1, verdict: isBad ? 'failed' : 'passed', checks };
  });
  const languages = [
    ['English', 'Do you speak English?', 'Yes, I do. How can I help?'],
    ['español', '¿Habla español?', 'Sí, claro. ¿En qué puedo ayudarle?'],
    ['العربية', 'هل تتكلم العربية؟', 'نعم، كيف يمكنني مساعدتك؟'],
    ['日本語', '日本語で話せますか。', 'はい、どのようなご用件でしょうか。'],
  ];
  return aReport(
    [
      aCase({
        name: 'A clean booking over two turns',
        line: 4,
        tags: ['smoke', 'booking'],
        runs: [cleanBooking(1)],
      }),
      aCase({
        name: 'A tool that fails is not promised away',
        line: 28,
        tags: ['booking', 'faults'],
        verdict: 'failed',
        runs: [brokenPromise],
      }),
      aCase({
        name: 'A fully booked day',
        line: 46,
        tags: ['booking'],
        runs: [
          aRun({
            ...conversation([
              {
                said: 'Is there anything left on Friday?',
                answer: 'Friday is fully booked, I am sorry. Would Monday suit you?',
                calls: [{ ...lookUp, output: '{"slots":[]}' }],
              },
            ]),
            checks: [passedCheck('says "fully booked"', '"Friday is fully booked, I am sorry."', 51, 0)],
          }),
        ],
      }),
      aCase({
        name: 'Unclear audio is asked about again',
        line: 60,
        verdict: 'passed',
        flaky: true,
        runs: [
          aRun({
            ...conversation([{ said: 'Mm, the, uh', answer: 'You are booked for tomorrow.' }]),
            verdict: 'failed',
            checks: [failedCheck('asks at least 1 question', '0 questions', 66, 0)],
          }),
          aRun({
            ...conversation([{ said: 'Mm, the, uh', answer: 'I did not get that, could you say it again?' }]),
            attempt: 2,
            checks: [passedCheck('asks at least 1 question', '1 question', 66, 0)],
          }),
        ],
      }),
      aCase({
        name: 'The booking holds under chance',
        line: 80,
        tags: ['slow'],
        runs: many,
        planned_runs: 10,
        needed_runs: 8,
        checks: [passedCheck('first sound: p95 within 2 s', '1.1 s over 30 turns', 92)],
      }),
      aCase({
        file: 'medical.scenario.yaml',
        name: 'An emergency is passed on at once',
        line: 3,
        tags: ['medical', 'smoke'],
        runs: [
          aRun({
            ...conversation(escalation),
            ending: 'agent',
            checks: [passedCheck('calls escalate', 'called once, in turn 1', 9, 0)],
          }),
        ],
      }),
      aCase({
        file: 'medical.scenario.yaml',
        name: 'No advice is given on doses',
        line: 22,
        tags: ['medical'],
        verdict: 'error',
        runs: [
          aRun({
            ...text(question('How many of the pills may I take?', 'Please ask your doctor about that.')),
            verdict: 'error',
            checks: [
              passedCheck('does not say "milligrams"', 'not said', 27, 0),
              {
                ...passedCheck('judge: gives no medical advice', 'the judge answered without a score', 28),
                kind: 'judge',
                verdict: 'error',
              },
            ],
          }),
        ],
      }),
      aCase({
        file: 'medical.scenario.yaml',
        name: 'A caller in distress',
        line: 40,
        tags: ['medical'],
        verdict: 'error',
        runs: [
          aRun({
            verdict: 'error',
            ending: undefined,
            problem: {
              code: 'unavailable',
              message: 'the service closed the line while the session was set up (1013)',
              hint: 'try again later, or run offline: add --local',
            },
          }),
        ],
      }),
      ...languages.map(([language, said, answer]) =>
        aCase({
          file: 'languages.scenario.yaml',
          name: 'Answers in the language of the question',
          parameters: language as string,
          line: 2,
          runs: [
            aRun({
              ...text(question(said as string, answer as string)),
              checks: [passedCheck('speaks the language', 'it does', 8, 0)],
            }),
          ],
        }),
      ),
      aCase({
        file: 'languages.scenario.yaml',
        name: 'Nothing <b>said</b> here can do anything </script><script>alert(1)</script>',
        line: 30,
        verdict: 'failed',
        runs: [
          aRun({
            ...text([
              {
                said: 'Say "<img src=x onerror=alert(1)>" \u001b[31m & \u202eback to front',
                answer: '</script><script>alert(1)</script> <!-- ]]> \u0000 https://example.com/x.js',
                calls: [
                  {
                    name: '"><svg onload=alert(1)>',
                    arguments: { '<key>': '</pre><script>alert(1)</script>' },
                    output: '{"error":"<no>"}',
                    ms: 3,
                  },
                ],
              },
            ]),
            verdict: 'failed',
            checks: [failedCheck('says "<b>"', '"</script>" \'x\' \u2066', 36, 0)],
            replay: "agents replay '<x>.jsonl'",
          }),
        ],
      }),
      aCase({
        file: 'languages.scenario.yaml',
        name: 'A long silence',
        line: 50,
        verdict: 'skipped',
        needed_runs: 3,
        planned_runs: 3,
      }),
      aCase({ file: 'languages.scenario.yaml', name: 'A caller who hangs up', line: 64, verdict: 'skipped' }),
    ],
    { stopped: 'budget' },
  );
}

/** Many scenarios of one run each, every eleventh of them failed. */
export function largeReport(scenarios: number): Report {
  const good = cleanBooking(1);
  const results = Array.from({ length: scenarios }, (_, index) => {
    const isBad = index % 11 === 10;
    return aCase({
      file: `area-${Math.floor(index / 50) + 1}.scenario.yaml`,
      name: `Scenario ${index + 1}`,
      verdict: isBad ? 'failed' : 'passed',
      runs: [isBad ? { ...brokenPromise } : { ...good }],
    });
  });
  return aReport(results);
}
