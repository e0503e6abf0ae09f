import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/scenario/complete.js';
import type { User } from '../../src/scenario/format.js';
import { createPerson, type LastTurn, needsModel } from '../../src/scenario/person.js';

const heard = (said: string, ...tools: string[]): LastTurn => ({
  said,
  calls: tools.map((name) => ({ name })),
});
const goal = 'I would like a check-up tomorrow.';

/** What the person says to each of these in turn, after their first words. */
async function played(user: User, said: (string | LastTurn)[], seed = 1) {
  const person = createPerson(user, { seed });
  const turns = [await person.next(undefined)];
  for (const each of said) turns.push(await person.next(typeof each === 'string' ? heard(each) : each));
  return turns;
}

describe('a person played by rules', () => {
  const rules: User['rules'] = [
    { when: { contains: ['your name', 'who are you'] }, say: 'My name is Ada.' },
    { when: { matches: 'either (\\S+) or (\\S+)' }, say: 'Take $2, not $1, it costs $5.' },
    { when: { called: 'end_call' }, done: true },
    { when: { contains: 'booked', called: 'book' }, say: 'Thank you, goodbye.', done: true },
    { when: { contains: 'booked' }, say: 'Are you sure?' },
  ];

  test.each<[string, string | LastTurn, object]>([
    ['one of several texts, in any case', 'And YOUR NAME is?', { say: 'My name is Ada.' }],
    [
      'groups, and only those there are',
      'Either 9:00 or 11:30',
      { say: 'Take 11:30, not 9:00, it costs $5.' },
    ],
    ['a tool that was called', heard('Bye.', 'look', 'end_call'), { done: true }],
    ['all conditions at once', heard('It is booked.', 'book'), { say: 'Thank you, goodbye.' }],
    ['not all of them', heard('It is booked.', 'look'), { say: 'Are you sure?' }],
    ['none', ' Hm? ', { stuck: 'no rule of the person fits: "Hm?"' }],
    ['silence', '  ', { stuck: 'no rule of the person fits: the agent said nothing' }],
  ])('answers by %s', async (_, said, expected) => {
    expect(await played({ goal, rules }, [said])).toEqual([{ say: goal }, expected]);
  });

  test.each<[when: object, said: string, turn: object]>([
    [{ contains: "what's your name" }, 'And what’s\u00a0your name?', { say: 'Six.' }],
    [{ contains: 'what’s your name' }, "What's your name?", { say: 'Six.' }],
    [{ contains: '9 AM' }, 'At 9\u202fam.', { say: 'Six.' }],
    [{ matches: 'either "(\\S+)" or 9 am' }, 'Either\n“eight” or 9\u202fAM?', { say: 'Six.' }],
    // What a pattern has in typographic characters stands in the words as they came.
    [{ matches: '…' }, 'So… when?', { say: 'Six.' }],
  ])('answers by %j to %j, however it is set', async (when, said, turn) => {
    expect(await played({ goal, rules: [{ when, say: 'Six.' }] }, [said])).toEqual([{ say: goal }, turn]);
  });

  test('begins with what it opens with, whatever the agent said before', async () => {
    const person = createPerson({ goal, opens: 'Hello?', rules }, { seed: 1 });
    expect(await person.next(heard('What is your name?'))).toEqual({ say: 'Hello?' });
    expect(await person.next(heard('What is your name?'))).toEqual({ say: 'My name is Ada.' });
  });

  test('says the last words of a rule that ends it, and is done then', async () => {
    const turns = await played({ goal, rules }, [heard('It is booked.', 'book'), 'Goodbye.', 'Hello?']);
    expect(turns.slice(1)).toEqual([{ say: 'Thank you, goodbye.' }, { done: true }, { done: true }]);
  });

  test('does not answer the same words twice in a row by the same rule', async () => {
    const said = ['your name?', 'your name?', 'who are you?', 'your name?'];
    expect(await played({ goal, rules: [...rules, { say: 'I told you.' }] }, said)).toEqual([
      { say: goal },
      { say: 'My name is Ada.' },
      { say: 'I told you.' },
      { say: 'My name is Ada.' },
      { say: 'My name is Ada.' },
    ]);
    expect((await played({ goal, rules }, said.slice(0, 2))).at(-1)).toEqual({
      stuck: 'no rule of the person fits: "your name?"',
    });
  });

  test('chooses between words by the seed', async () => {
    const user = { goal, rules: [{ say: ['a', 'b', 'c'] }] };
    const row = (seed: number) => played(user, ['1', '2', '3', '4', '5', '6'], seed);
    expect(await row(7)).toEqual(await row(7));
    const rows = await Promise.all([1, 2, 3, 4, 5].map(row));
    expect(new Set(rows.map((each) => JSON.stringify(each))).size).toBeGreaterThan(1);
    const words = new Set(rows.flat().map((turn) => ('say' in turn ? turn.say : '')));
    expect(words).toEqual(new Set([goal, 'a', 'b', 'c']));
  });

  test('cuts what it quotes', async () => {
    const [, turn] = await played({ goal, rules }, ['x'.repeat(500)]);
    expect(turn).toEqual({ stuck: expect.stringMatching(/^no rule of the person fits: "x{199}…"$/) });
  });

  test('knows whether they would go now', async () => {
    const person = createPerson({ goal, rules }, { seed: 1 });
    expect(person.isDoneAfter?.(heard('It is booked.', 'book'))).toBe(false);
    await person.next(undefined);
    expect(person.isDoneAfter?.(heard('It is booked.', 'book'))).toBe(true);
    expect(person.isDoneAfter?.(heard('It is booked.'))).toBe(false);
    expect(person.isDoneAfter?.(heard('Hm?'))).toBe(false);
    expect(person.isDoneAfter?.(undefined)).toBe(false);
    await person.next(heard('It is booked.', 'book'));
    expect(person.isDoneAfter?.(heard('Hm?'))).toBe(true);
  });

  test.each<[User['rules'], string]>([
    [[{ when: { contains: 'a' } }], 'user.rules[0] needs say or done'],
    [
      [{ say: 'a' }, { when: { matches: '(' }, say: 'b' }],
      'user.rules[1].when.matches is no regular expression',
    ],
  ])('refuses rules that make no sense: %j', (wrong, message) => {
    expect(() => createPerson({ goal, rules: wrong }, { seed: 1 })).toThrow(
      expect.objectContaining({ code: 'invalid_spec', message: expect.stringContaining(message) }),
    );
  });
});

/** A model that gives these answers, and what it was asked. */
function model(...answers: string[]) {
  const asked: { messages: Message[]; seed: number | undefined }[] = [];
  const complete = async (messages: readonly Message[], { seed }: { seed?: number | undefined } = {}) => {
    asked.push({ messages: [...messages], seed });
    return answers[asked.length - 1] ?? 'no answer is left';
  };
  return { asked, complete };
}

describe('a person played by a model', () => {
  const user: User = { persona: 'In a hurry.', goal: 'A check-up tomorrow.', rules: [{ say: 'by rule' }] };

  test('hears what the agent says, and nothing of its tools', async () => {
    const { asked, complete } = model('I need a check-up.', '"Nine,\n please."', ' [done] ');
    const person = createPerson(user, { seed: 5, complete, today: '2026-07-01' });
    expect(await person.next(undefined)).toEqual({ say: 'I need a check-up.' });
    expect(await person.next(heard('Nine or ten?', 'check_day'))).toEqual({ say: 'Nine, please.' });
    expect(await person.next(heard(''))).toEqual({ done: true });
    expect(await person.next(heard('Hello?'))).toEqual({ done: true });
    expect(asked.map(({ seed }) => seed)).toEqual([5, 5, 5]);
    const [system, ...talk] = asked[2]?.messages ?? [];
    expect(system?.role).toBe('system');
    for (const part of ['In a hurry.', 'A check-up tomorrow.', '2026-07-01', '[done]'])
      expect(system?.content).toContain(part);
    expect(talk).toEqual([
      { role: 'user', content: '(The line is open, and you speak first.)' },
      { role: 'assistant', content: 'I need a check-up.' },
      { role: 'user', content: 'Nine or ten?' },
      { role: 'assistant', content: '"Nine,\n please."' },
      { role: 'user', content: '(silence)' },
    ]);
  });

  test('opens with the words that are given, without asking', async () => {
    const { asked, complete } = model('Ten.');
    const person = createPerson({ ...user, opens: 'Good day.' }, { seed: 5, complete });
    expect(await person.next(heard('Clinic?'))).toEqual({ say: 'Good day.' });
    expect(asked).toEqual([]);
    await person.next(heard('Nine or ten?'));
    expect(asked[0]?.messages.slice(1)).toEqual([
      { role: 'user', content: 'Clinic?' },
      { role: 'assistant', content: 'Good day.' },
      { role: 'user', content: 'Nine or ten?' },
    ]);
  });

  test.each([
    ['Caller: Thanks, bye. [DONE]', [{ say: 'Thanks, bye.' }, { done: true }]],
    ['[done]', [{ done: true }, { done: true }]],
    ['“Yes.”', [{ say: 'Yes.' }, { say: 'no answer is left' }]],
  ])('reads %s', async (answer, turns) => {
    const { complete } = model(answer);
    const person = createPerson(user, { seed: 1, complete });
    expect([await person.next(undefined), await person.next(heard('So?'))]).toEqual(turns);
  });

  test.each([
    ['', 'the model that plays the person said nothing, twice'],
    ['word '.repeat(400), 'the model that plays the person said 1999 characters in one go, twice'],
  ])('asks once more after nonsense, with another seed, then is stuck', async (nonsense, stuck) => {
    const better = model(nonsense, 'Nine.', 'Bye.');
    const person = createPerson(user, { seed: 5, complete: better.complete });
    expect(await person.next(undefined)).toEqual({ say: 'Nine.' });
    expect(better.asked.map(({ seed }) => seed)).toEqual([5, 6]);
    expect(better.asked[1]?.messages.slice(2)).toEqual([
      { role: 'assistant', content: expect.stringMatching(/^(\(nothing\)|[word ]{800})$/) },
      { role: 'user', content: expect.stringContaining('next words only') },
    ]);
    await person.next(heard('At nine.'));
    expect(better.asked[2]?.messages.map(({ content }) => content).slice(2)).toEqual(['Nine.', 'At nine.']);

    const { complete } = model(nonsense, nonsense);
    expect(await createPerson(user, { seed: 5, complete }).next(undefined)).toEqual({ stuck });
  });

  test('passes on that the model cannot be asked', async () => {
    const person = createPerson(user, { seed: 1, complete: () => Promise.reject(new Error('down')) });
    await expect(person.next(undefined)).rejects.toThrow('down');
  });
});

test('a person without rules needs a model', () => {
  expect([needsModel({ goal }), needsModel({ goal, rules: [{ done: true }] })]).toEqual([true, false]);
  expect(() => createPerson({ goal }, { seed: 1 })).toThrow(
    expect.objectContaining({ code: 'usage', hint: expect.stringContaining('--user-model') }),
  );
});
