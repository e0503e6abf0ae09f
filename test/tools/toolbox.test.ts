import { describe, expect, test } from 'vitest';
import type { CallContext } from '../../src/tools/handler.js';
import { testClock } from '../support/agents.js';
import { openBox, script, tool } from './support.js';

const dated = {
  type: 'object',
  properties: { date: { type: 'string', format: 'date' }, kind: { enum: ['a', 'b'] } },
  required: ['date'],
  additionalProperties: false,
};

describe('a call', () => {
  test.each([
    ['text', () => 'as it is', 'as it is'],
    ['an object', async () => ({ a: [1] }), '{"a":[1]}'],
    ['nothing', () => undefined, 'null'],
    ['a number', () => 42, '42'],
    ['a big number', () => 2n ** 64n, '18446744073709551616'],
  ])('gives %s as text', async (_, look, output) => {
    const box = await openBox({ tools: { look } });
    expect(await box.run({ call_id: 'c', name: 'look', arguments: {} }, new AbortController().signal)).toBe(
      output,
    );
  });

  test('is told its id, its name and how to speak to the person', async () => {
    const box = await openBox({
      tools: {
        look: (given: object, { call_id, name, signal, log }: CallContext) => {
          log('looking');
          return { given, call_id, name, aborted: signal.aborted };
        },
      },
    });
    expect(await box.call('look', { a: 1 })).toEqual({
      given: { a: 1 },
      call_id: 'c0',
      name: 'look',
      aborted: false,
    });
    expect(box.notes).toEqual(['look: looking']);
  });

  test.each([
    [
      'a throw',
      () => {
        throw new Error('no such order');
      },
      'no such order',
    ],
    ['a rejection', () => Promise.reject(new Error('down')), 'down'],
    [
      'a throw of no error',
      () => {
        throw 'just words';
      },
      'just words',
    ],
    [
      'an empty throw',
      () => {
        throw new Error('');
      },
      'the tool failed',
    ],
    [
      'a circle',
      () => {
        const a: Record<string, unknown> = {};
        a.a = a;
        return a;
      },
      'cannot be written as JSON',
    ],
    ['too much', () => 'x'.repeat(256 * 1024 + 1), 'the result is larger than 256 kB'],
  ])('that ends in %s is an error for the model', async (_, look, reason) => {
    const box = await openBox({ tools: { look } });
    expect(await box.call('look')).toEqual({ error: expect.stringContaining(reason) });
  });

  test('takes up to 256 kB', async () => {
    const box = await openBox({ tools: { look: () => 'x'.repeat(256 * 1024) } });
    expect(await box.call('look')).toHaveLength(256 * 1024);
  });

  test.each([
    ['what is missing', {}, "must have required property 'date'"],
    ['a wrong format', { date: 'tomorrow' }, 'date must match format "date"'],
    ['a wrong type', { date: 5 }, 'date must be string'],
    [
      'a wrong choice',
      { date: '2026-07-01', kind: 'c' },
      'kind must be equal to one of the allowed values: "a", "b"',
    ],
    ['what is too much', { date: '2026-07-01', x: 1 }, 'must NOT have additional properties: x'],
    ['text that is no JSON', '{"date":', 'the arguments are no JSON object: {"date":'],
    ['a list', [1], 'the arguments are no JSON object: [1]'],
  ])('is not made with %s', async (_, given, reason) => {
    let made = 0;
    const box = await openBox({ tools: { look: () => made++ } }, { tools: [tool('look', dated)] });
    expect(await box.call('look', given)).toEqual({ error: expect.stringContaining(reason) });
    expect(made).toBe(0);
    expect(await box.call('look', { date: '2026-07-01' })).toBe(0);
  });

  test('is made unchecked where the schema is none, which is told once', async () => {
    const box = await openBox({ tools: { look: () => 1 } }, { tools: [tool('look', { type: 'objekt' })] });
    expect([await box.call('look'), await box.call('look', { a: 1 })]).toEqual([1, 1]);
    expect(box.notes).toEqual([expect.stringContaining('the parameters of look are no JSON Schema')]);
  });

  test('a schema of a newer draft is read too', async () => {
    const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...dated };
    const box = await openBox({ tools: { look: () => 1 } }, { tools: [tool('look', schema)] });
    expect(await box.call('look', {})).toEqual({ error: expect.stringContaining("'date'") });
    expect(box.notes).toEqual([]);
  });

  test('of a tool that the agent does not have, or that nothing runs, is left to others', async () => {
    const box = await openBox({ tools: { look: () => 1 } }, { tools: [tool('other')] });
    expect(await box.call('look')).toBe('(look is run by nobody)');
    expect(await box.call('other')).toBe('(other is run by nobody)');
    expect([box.has('look'), box.has('other')]).toEqual([false, false]);
    box.setTools([tool('look')]);
    expect([box.has('look'), await box.call('look')]).toEqual([true, 1]);
  });

  test('runs beside others', async () => {
    const arrived: (() => void)[] = [];
    const meet = () =>
      new Promise((resolve) => {
        arrived.push(() => resolve('met'));
        if (arrived.length === 2) for (const go of arrived) go();
      });
    const box = await openBox({ tools: { meet } });
    expect(await Promise.all([box.call('meet'), box.call('meet')])).toEqual(['met', 'met']);
  });
});

/** Fails as told, then answers. */
function failing(times: number, fail: (attempt: number) => unknown) {
  let made = 0;
  return { run: () => (made++ < times ? fail(made) : { made }), count: () => made };
}
const hang = (): Promise<never> => new Promise(() => {});

describe('time', () => {
  test('is limited for all, and for one', async () => {
    const box = await openBox(
      { tools: { slow: hang, own: { run: hang, timeout_ms: 10 } } },
      { timeoutMs: 20 },
    );
    expect(await box.call('slow')).toEqual({ error: 'timed out after 0.02 s' });
    expect(await box.call('own')).toEqual({ error: 'timed out after 0.01 s' });
  });

  test('that is over aborts the signal of the handler', async () => {
    let aborted = false;
    const box = await openBox(
      {
        tools: {
          slow: (_: object, { signal }: { signal: AbortSignal }) => {
            signal.addEventListener('abort', () => {
              aborted = true;
            });
            return hang();
          },
        },
      },
      { timeoutMs: 5 },
    );
    await box.call('slow');
    expect(aborted).toBe(true);
  });

  test('ends with the signal of the caller, and with the session', async () => {
    const box = await openBox({ tools: { slow: hang } });
    const interrupt = new AbortController();
    const call = box.call('slow', {}, interrupt.signal);
    interrupt.abort(new Error('interrupted'));
    expect(await call).toEqual({ error: 'interrupted' });
    const last = box.call('slow');
    // Its arguments are checked before it begins.
    await new Promise((resolve) => setImmediate(resolve));
    await box.close();
    expect(await last).toEqual({ error: 'the session is over' });
  });
});

describe('an integer that no number can hold', () => {
  const number = 12_345_678_901_234_567_890n;
  const json = `{"order":{"ids":[${number}]}}`;

  test.each([
    ['a function', (given: object) => given],
    ['a program', { command: script('process.stdin.pipe(process.stdout)') }],
    ['a canned answer', { return: '{{order}}' }],
    ['a canned text', { return: '{"order":{{order}}}' }],
  ])('reaches %s as it was', async (name, handler) => {
    const ids = { type: 'array', items: { type: 'integer' } };
    const order = { type: 'object', properties: { ids } };
    const box = await openBox(
      { tools: { f: handler } },
      { tools: [tool('f', { type: 'object', properties: { order } })] },
    );
    const call = { call_id: 'c', name: 'f', arguments: { order: { ids: [number] } } };
    const output = await box.run(call, new AbortController().signal);
    expect(output).toBe(name === 'a canned answer' ? `{"ids":[${number}]}` : json);
  });
});

describe('a call that is given up before it begins', () => {
  test('by its caller, or with the session, never begins', async () => {
    let begun = 0;
    const box = await openBox({ tools: { book: () => ++begun } });
    const interrupt = new AbortController();
    const call = box.call('book', {}, interrupt.signal);
    interrupt.abort(new Error('interrupted'));
    expect(await call).toEqual({ error: 'interrupted' });
    const last = box.call('book');
    const closing = box.close();
    expect(await last).toEqual({ error: 'the session is over' });
    await closing;
    expect(begun).toBe(0);
  });
});

describe('trying again', () => {
  test('happens once, for a safe tool that did not answer', async () => {
    const once = failing(1, hang);
    const twice = failing(2, hang);
    const box = await openBox(
      { tools: { once: { run: once.run, safe: true }, twice: { run: twice.run, safe: true } } },
      { timeoutMs: 10 },
    );
    expect(await box.call('once')).toEqual({ made: 2 });
    expect(await box.call('twice')).toEqual({ error: 'timed out after 0.01 s' });
    expect(twice.count()).toBe(2);
    expect(box.notes[0]).toBe('once: timed out after 0.01 s; trying once more');
  });

  test('never happens for others, nor after an answer', async () => {
    const unsafe = failing(1, hang);
    const refused = failing(1, () => Promise.reject(new Error('no')));
    const box = await openBox(
      { tools: { unsafe: unsafe.run, refused: { run: refused.run, safe: true } } },
      { timeoutMs: 10 },
    );
    expect(await box.call('unsafe')).toEqual({ error: 'timed out after 0.01 s' });
    expect(await box.call('refused')).toEqual({ error: 'no' });
    expect([unsafe.count(), refused.count()]).toEqual([1, 1]);
  });
});

describe('rehearsal', () => {
  test('lets a tool fail without running it, handler or not', async () => {
    let made = 0;
    const box = await openBox(
      { tools: { look: () => made++ } },
      {
        tools: [tool('look'), tool('bare')],
        failing: new Map([
          ['look', 'down'],
          ['bare', 'off'],
        ]),
      },
    );
    expect([await box.call('look'), await box.call('bare')]).toEqual([{ error: 'down' }, { error: 'off' }]);
    expect(made).toBe(0);
  });

  test('lets a tool be slow, on the clock it is given, until its time is over', async () => {
    const slept: number[] = [];
    const sleep = async (ms: number) => void slept.push(ms);
    const box = await openBox(
      { tools: { look: () => 1 } },
      {
        clock: { ...testClock, sleep },
        tools: [tool('look'), tool('bare')],
        slow: new Map([
          ['look', 3000],
          ['bare', 10],
        ]),
      },
    );
    expect([await box.call('look'), await box.call('bare')]).toEqual([1, '(bare is run by nobody)']);
    expect(slept).toEqual([3000, 10]);
    const late = await openBox(
      { tools: { look: () => 1 } },
      { clock: { ...testClock, sleep: hang }, timeoutMs: 5, slow: new Map([['look', 10]]) },
    );
    expect(await late.call('look')).toEqual({ error: 'timed out after 0.005 s' });
  });

  test('needs no tools file', async () => {
    const box = await openBox(undefined, { tools: [tool('look')], failing: new Map([['look', 'down']]) });
    expect(await box.call('look')).toEqual({ error: 'down' });
  });
});
