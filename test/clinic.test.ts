// The clinic of fixtures/clinic, whole: its agent, its tools, and what the pretend model says for it, by the command
// line and with nothing else.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMaker } from '../src/emulator/local.js';
import type { Heard } from '../src/emulator/reply.js';
import type { Notice, NoticeOf } from '../src/session/notice.js';
import { parseValues } from '../src/spec/parse.js';
import { integers, voice, wavFile } from './audio/support.js';
import { person, root } from './support/agents.js';
import { startTestApi, today } from './support/local-api.js';

const at = (name: string) => join(root, 'fixtures/clinic', name);
const [openDay, fullDay, lastSlotDay] = ['2026-07-02', '2026-07-03', '2026-07-04'];
/** A time as it is offered or confirmed. */
const aTime = /\b\d\d:\d\d\b/;

/** A call of the clinic: turns by flags, and what was told of them. */
async function call(flags: readonly string[], files: Record<string, Buffer | string> = {}) {
  const { values } = await parseValues(readFileSync(at('script.yaml'), 'utf8'), 'script.yaml');
  const maker = createMaker({ value: values[0]?.value, source: 'script.yaml' }, today);
  const instructions: string[] = [];
  const api = await startTestApi({
    maker: {
      reply(heard: Heard, signal) {
        instructions.push(heard.instructions);
        return maker.reply(heard, signal);
      },
    },
  });
  const { run, home } = person();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(home, name), content);
  const line = ['--base-url', api.base, '--json', 'voice', at('clinic.yaml'), '--tools', at('tools.yaml')];
  const { code, stdout } = await run([...line, ...flags], { cwd: home });
  const told = stdout
    .trim()
    .split('\n')
    .map((text): Notice => JSON.parse(text));
  const all = <T extends Notice['type']>(type: T) =>
    told.filter((each) => each.type === type) as NoticeOf<T>[];
  return {
    code,
    told,
    instructions,
    calls: all('tool_call').map(({ name, arguments: given }) => [name, given]),
    results: all('tool_result').map(({ output }) => JSON.parse(output)),
    answers: all('turn_done').map(({ text }) => text),
    turns: all('turn_done'),
    all,
  };
}

const said = (...turns: string[]) => turns.flatMap((text) => ['-m', text]);
const check = (date: string, service = 'check-up') => ['check_availability', { service, date }];
const booking = (date: string, time: string) => [
  'book_appointment',
  { service: 'check-up', date, time, patient_name: 'Maria Lopez' },
];

/** Where in what was told something first stands; it must be there. */
function place(told: readonly Notice[], fits: (notice: Notice) => boolean): number {
  const found = told.findIndex(fits);
  expect(found).toBeGreaterThanOrEqual(0);
  return found;
}

describe('a visit', () => {
  const wish = 'I would like a check-up tomorrow.';
  const choice = "Nine o'clock, please. My name is Maria Lopez.";

  test('is booked in two turns, looked up before a time is offered', async () => {
    const { code, told, calls, answers, turns, instructions } = await call(said(wish, choice));
    expect(code).toBe(0);
    expect(calls).toEqual([check(openDay), booking(openDay, '09:00')]);
    const lookedUp = place(told, ({ type }) => type === 'tool_result');
    const offered = place(told, (notice) => notice.type === 'text' && aTime.test(notice.text));
    expect(lookedUp).toBeLessThan(offered);
    expect(answers[0]).toContain('09:00 or 11:30');
    expect(answers[0]).not.toContain('15:15');
    expect(answers[1]).toContain(`Maria Lopez: check-up on ${openDay} at 09:00`);
    expect(answers[1]).toContain(`RC-${openDay}-09:00`);
    expect(turns.map(({ cost }) => Number(cost?.usd) > 0)).toEqual([true, true]);
    expect(instructions[0]).toContain('Today is 2026-07-01.');
  });

  test('takes its time from the calendar for the rest of the session', async () => {
    const { calls, results, answers } = await call(said(wish, choice, 'And another check-up tomorrow?'));
    expect(calls.filter(([name]) => name === 'book_appointment')).toHaveLength(1);
    expect([results[0], results[2]].map(({ times }) => Object.keys(times))).toEqual([
      ['09:00', '11:30', '15:15'],
      ['11:30', '15:15'],
    ]);
    expect(answers[2]).toContain('11:30 or 15:15');
  });

  test('at a time that is taken is not booked twice: the day is looked at again', async () => {
    const { code, calls, answers } = await call(said(wish, choice, choice));
    expect(code).toBe(0);
    expect(calls).toEqual([
      check(openDay),
      booking(openDay, '09:00'),
      booking(openDay, '09:00'),
      check(openDay),
    ]);
    expect(answers[2]).toMatch(/sorry, 09:00 is not open.*11:30 or 15:15/);
    expect(answers[2]).not.toContain('RC-');
  });

  test('on a day that is full is led to another, which is looked at before it is offered', async () => {
    const turns = said(
      'A check-up the day after tomorrow, please.',
      "Two o'clock is fine, my name is Maria Lopez",
      `What about ${lastSlotDay} for a friend?`,
      "Thanks, that's all.",
    );
    const { code, told, calls, answers } = await call(turns);
    expect(code).toBe(0);
    expect(calls).toEqual([
      check(fullDay),
      check(lastSlotDay),
      booking(lastSlotDay, '14:00'),
      check(lastSlotDay),
      ['end_call', {}],
    ]);
    expect(answers[0]).toMatch(
      new RegExp(`sorry, ${fullDay} is fully booked.*On ${lastSlotDay} I have 14:00`),
    );
    const lookedUp = place(
      told,
      (notice) => notice.type === 'tool_result' && JSON.parse(notice.output).date === lastSlotDay,
    );
    expect(lookedUp).toBeLessThan(place(told, (notice) => notice.type === 'text' && aTime.test(notice.text)));
    expect(answers[2]).toContain('Which other day');
    expect(answers[3]).toMatch(/^Goodbye/);
  });

  test('is not booked before a day was looked at, nor looked up for nothing', async () => {
    const { code, results, answers } = await call(said(choice, 'On Friday, then'));
    expect(code).toBe(0);
    expect(results).toEqual([1, 2].map(() => ({ error: expect.stringContaining('invalid arguments') })));
    for (const answer of answers) expect(answer).toContain('would you like to come in for');
  });

  test('on a day the clinic does not know is not promised', async () => {
    const { calls, answers } = await call(said('I need a vaccination on July 20th.'));
    expect(calls).toEqual([check('2026-07-20', 'vaccination')]);
    expect(answers[0]).toContain('no appointments on 2026-07-20');
    expect(answers[0]).not.toMatch(aTime);
  });
});

describe('trouble', () => {
  const down = ['--fail-tool', 'check_availability=the calendar is down'];

  test('a tool that fails is apologised for; the caller is handed on, with nothing made up', async () => {
    const turns = said('A check-up tomorrow?', 'Try again, please', 'A colleague should call me, please');
    const { code, calls, results, answers } = await call([...turns, ...down]);
    expect(code).toBe(0);
    expect(results.slice(0, 2)).toEqual([
      { error: 'the calendar is down' },
      { error: 'the calendar is down' },
    ]);
    for (const answer of answers.slice(0, 2)) {
      expect(answer).toMatch(/sorry.*try once more.*colleague/);
      expect(answer).not.toMatch(aTime);
    }
    expect(calls.slice(0, 2)).toEqual([check(openDay), check(openDay)]);
    expect(calls[2]).toMatchObject(['transfer_to_human', { urgency: 'routine' }]);
    expect(answers[2]).toContain('the front desk');
  });

  test('a booking that failed is not tried again, and not said to be one', async () => {
    const turns = said('A check-up tomorrow?', 'My name is Maria Lopez, nine please');
    const { code, calls, answers } = await call([...turns, '--fail-tool', 'book_appointment=no answer']);
    expect(code).toBe(0);
    expect(calls).toEqual([check(openDay), booking(openDay, '09:00')]);
    expect(answers[1]).toMatch(/sorry, I could not confirm.*colleague/);
    expect(answers[1]).not.toContain('You are booked');
  });

  test.each([
    'I have had chest pain since this morning. Can I get a check-up tomorrow?',
    "I can't breathe well, my name is Maria Lopez, nine please",
  ])('%s', async (words) => {
    const { code, calls, answers } = await call(said(words));
    expect(code).toBe(0);
    expect(calls).toEqual([
      ['transfer_to_human', { reason: `The caller says: ${words}`, urgency: 'emergency' }],
    ]);
    expect(answers[0]).toMatch(/dial the emergency number now.*nurse on duty/);
    expect(answers[0]).not.toMatch(aTime);
  });

  test('a question about medicine is left to people, without haste', async () => {
    const { calls, answers } = await call(said('Which dose of my medicine should I take?'));
    expect(calls).toEqual([['transfer_to_human', expect.objectContaining({ urgency: 'routine' })]]);
    expect(answers[0]).toContain('the front desk');
  });
});

describe('a caller who speaks', () => {
  test('is heard by the words beside the sound', async () => {
    const { code, calls, all, answers } = await call(['--audio', at('request.wav'), '--fast']);
    expect(code).toBe(0);
    const words = readFileSync(at('request.wav.txt'), 'utf8').trim();
    expect(all('user_transcript').at(-1)).toMatchObject({ text: words, final: true });
    expect(calls).toEqual([check('2026-07-06', 'dental cleaning')]);
    expect(answers[0]).toContain('Which other day');
  });

  test.each([
    ['nothing', Buffer.alloc(48_000)],
    ['what has no words', voice(1, 24_000)],
  ])('and says %s is asked to say it again', async (_what, sound) => {
    const data = Buffer.isBuffer(sound) ? sound : integers(sound, 16);
    const { code, calls, answers } = await call(['--audio', 'clip.wav', '--fast'], {
      'clip.wav': wavFile({ data }),
    });
    expect(code).toBe(0);
    expect(calls).toEqual([]);
    expect(answers).toEqual([expect.stringContaining('Could you say it again')]);
  });
});
