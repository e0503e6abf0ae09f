import { describe, expect, test } from 'vitest';
import { parseUsd } from '../../src/money.js';
import { audio, type LineOptions, opening, openLine, silence } from './line.js';
import { created, done, word } from './support.js';

async function opened(options: LineOptions) {
  const line = openLine(options);
  await line.serve(...opening);
  return line;
}
type Line = Awaited<ReturnType<typeof opened>>;

/** A turn of 30 s of audio, 0.044 in all, and of so many ms. */
async function turn(line: Line, ms = 0) {
  line.conversation.say('Hi');
  line.pass(ms);
  // No response has another's id.
  const id = `r${line.told('turn_done').length}`;
  await line.serve(created(id), word('Yes', id), audio(silence(30), { response_id: id }), done(id));
}

const cost = (usd: string) => ({ limits: { cost: parseUsd(usd) } });

describe('a limit of cost', () => {
  test('lets turns begin while the next, as dear as those before, fits in', async () => {
    const line = await opened(cost('0.132'));
    expect(line.budget.refusal()).toBeUndefined();
    await turn(line);
    await turn(line);
    expect(line.budget.refusal()).toBeUndefined();
    await turn(line);
    expect(line.budget.passed()).toBeUndefined();
    expect(line.budget.refusal()).toMatchObject({
      code: 'budget_reached',
      exit: 6,
      message:
        'the next turn would pass --max-cost 0.132: about $0.1320 is spent, and a turn costs about $0.0440',
    });
    expect(line.told('warning')).toEqual([]);
  });

  test('below the price of one text item lets none begin', async () => {
    const line = await opened(cost('0.003'));
    expect(line.budget.refusal()?.message).toBe(
      'the first turn would pass --max-cost 0.003: it costs at least $0.0040',
    );
    expect((await opened(cost('0.004'))).budget.refusal()).toBeUndefined();
  });

  test('that a turn passes is told once, and the turn goes on', async () => {
    const line = await opened(cost('0.03'));
    line.conversation.say('Hi');
    await line.serve(
      created(),
      word('A'),
      audio(silence(30)),
      word('B'),
      audio(silence(30)),
      word('C'),
      done(),
    );
    expect(line.told('warning')).toEqual([
      expect.objectContaining({
        code: 'budget_reached',
        message: '--max-cost 0.03 is passed: about $0.0440 is spent; this answer is finished first',
      }),
    ]);
    expect(line.told('turn_done')).toMatchObject([{ status: 'completed', text: 'ABC' }]);
    expect(line.budget.passed()?.message).toBe('--max-cost 0.03 is passed: about $0.0840 is spent');
  });

  test('minds what the service says it costs, when that is more', async () => {
    const line = await opened(cost('0.1'));
    line.conversation.say('Hi');
    await line.serve(created(), { ...done(), usage: { cost_in_usd_ticks: 2_000_000_000 } });
    expect(line.budget.passed()?.message).toContain('about $0.2000 is spent');
  });

  test('cannot be kept over audio nobody can measure, and says so', async () => {
    const format = { type: 'audio/opus' as const };
    const line = await opened({ ...cost('5'), setup: { audio: { input: { format }, output: { format } } } });
    await turn(line);
    expect(line.budget.refusal()?.message).toContain('the audio of this session tells no duration');
  });
});

describe('a limit of time', () => {
  test('lets turns begin while the next, as long as those before, fits in', async () => {
    const line = await opened({ limits: { ms: 60_000 } });
    await turn(line, 20_000);
    expect(line.budget.refusal()).toBeUndefined();
    await turn(line, 30_000);
    expect(line.budget.refusal()).toMatchObject({
      code: 'budget_reached',
      message: 'the next turn would pass --max-minutes 1: 0.833 are over, and a turn takes about 0.417',
    });
    expect(line.budget.passed()).toBeUndefined();
    line.pass(10_001);
    expect(line.budget.passed()?.message).toBe('--max-minutes 1 is reached');
  });

  test('that ends within a turn is told once, and the turn goes on', async () => {
    const line = await opened({ limits: { ms: 60_000 } });
    line.conversation.say('Hi');
    await line.serve(created(), word('A'));
    line.budget.endTime();
    await line.serve(word('B'), word('C'), done());
    expect(line.told('warning')).toHaveLength(1);
    expect(line.told('turn_done')).toMatchObject([{ status: 'completed', text: 'ABC' }]);
    expect(line.budget.refusal()?.message).toBe('--max-minutes 1 is reached');
  });
});

test('without limits nothing is refused', async () => {
  const line = await opened({ model: 'unknown' });
  await turn(line, 1e9);
  expect([line.budget.refusal(), line.budget.passed()]).toEqual([undefined, undefined]);
});
