import { describe, expect, test } from 'vitest';
import { createChance } from '../../src/chance.js';
import { type CannedAnswer, cannedAnswers } from '../../src/scenario/canned.js';
import type { RecordedCall } from '../../src/scenario/recorded.js';
import { interruptedOutput } from '../../src/session/interrupted.js';
import { cannedHandler } from '../../src/tools/canned.js';
import { errorOutput, resultText } from '../../src/tools/failure.js';
import { testClock } from '../support/agents.js';

const call = (given: unknown, output?: string, name = 'look'): RecordedCall => ({
  name,
  arguments: given,
  saidAfter: '',
  ...(output !== undefined && { output }),
});

describe('canned answers', () => {
  test.each<[string, RecordedCall[], CannedAnswer[]]>([
    ['JSON', [call({ id: 1 }, '{"a":[1]}')], [{ when: { id: 1 }, return: { a: [1] } }]],
    ['text', [call({ id: 1 }, 'in transit')], [{ when: { id: 1 }, return: 'in transit' }]],
    ['text in quotes', [call({}, '"in transit"')], [{ return: '"in transit"' }]],
    ['nothing', [call({}, 'null')], [{ return: null }]],
    ['a number', [call({}, '42')], [{ return: 42 }]],
    [
      'a failure',
      [call({ id: 1 }, '{"error":"no such order"}')],
      [{ when: { id: 1 }, error: 'no such order' }],
    ],
    ['more than a failure', [call({}, '{"error":"no","code":4}')], [{ return: { error: 'no', code: 4 } }]],
    ['a failure without words', [call({}, '{"error":""}')], [{ return: { error: '' } }]],
    ['arguments that are text', [call('{broken', '1')], [{ return: 1 }]],
    [
      'the same again',
      [call({ a: 1, b: 2 }, '1'), call({ b: 2, a: 1 }, '1')],
      [{ when: { a: 1, b: 2 }, return: 1 }],
    ],
    [
      'another result each time',
      [call({}, '1'), call({}, '1'), call({}, '2'), call({}, '1')],
      [{ return: 1, times: 2 }, { return: 2, times: 1 }, { return: 1 }],
    ],
    [
      'more arguments first',
      [call({}, '0'), call({ a: 1 }, '1'), call({ a: 1, b: { c: 2, d: 3 } }, '3')],
      [{ when: { a: 1, b: { c: 2, d: 3 } }, return: 3 }, { when: { a: 1 }, return: 1 }, { return: 0 }],
    ],
  ])('say %s', (_, calls, answers) => {
    expect(cannedAnswers(calls)).toEqual({ look: answers });
  });

  test('are by tool, and of those that answered alone', () => {
    const calls = [
      call({}, '1'),
      call({}, '2', 'ask'),
      call({}, undefined, 'late'),
      call({}, interruptedOutput, 'cut'),
    ];
    expect(cannedAnswers(calls)).toEqual({ look: [{ return: 1 }], ask: [{ return: 2 }] });
  });

  test('said by the tools themselves, they are what was recorded, whatever was asked in which order', async () => {
    const random = createChance(1);
    const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
    for (let round = 0; round < 300; round++) {
      const given = () =>
        pick([{}, { a: 1 }, { a: 2 }, { a: 1, b: 'x' }, { a: 1, b: 'y', c: [1] }, { c: { d: [] } }]);
      const output = () => pick(['1', '{"error":"no"}', '{"a":{"b":[1]}}', 'plain text', 'null', '"quoted"']);
      const calls = Array.from({ length: 8 }, () => call(given(), output()));
      const handle = cannedHandler(cannedAnswers(calls).look ?? [], { state: {} }, testClock);
      const context = { call_id: '', name: '', signal: new AbortController().signal, log: () => {} };
      const said: string[] = [];
      for (const each of calls) {
        const answer = Promise.resolve(handle(each.arguments as Record<string, unknown>, context));
        said.push(await answer.then(resultText, errorOutput));
      }
      expect(said).toEqual(calls.map((each) => each.output));
    }
  });
});
