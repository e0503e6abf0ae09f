import { describe, expect, test } from 'vitest';
import { keys, sitDown } from './screen.js';

describe('a line being typed', () => {
  test('stands behind the prompt', async () => {
    const person = await sitDown();
    expect(await person.screen()).toEqual(['> |']);
    await person.type('hello');
    expect(await person.screen()).toEqual(['> hello|']);
  });

  test('is edited as in a shell', async () => {
    const person = await sitDown();
    await person.type('helo', keys.left, `l${keys.home}O${keys.backspace}s${keys.end}!`);
    expect(await person.screen()).toEqual(['> shello!|']);
    await person.type(keys.enter);
    expect(await person.nextLine()).toBe('shello!');
  });

  test('is read when it is entered, and the next one begins', async () => {
    const person = await sitDown();
    await person.type(`one${keys.enter}two${keys.enter}th`);
    expect([await person.nextLine(), await person.nextLine()]).toEqual(['one', 'two']);
    expect(await person.screen()).toEqual(['> one', '> two', '> th|']);
  });

  test('may be pasted, several at once, whatever ends them', async () => {
    const person = await sitDown();
    await person.paste('one\r\ntwo\nthree\r');
    expect([await person.nextLine(), await person.nextLine(), await person.nextLine()]).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  test('takes what is pasted where the cursor is', async () => {
    const person = await sitDown();
    await person.type('ad', keys.left);
    await person.paste('bc');
    expect(await person.screen()).toEqual(['> abc|d']);
    await person.type(keys.enter);
    expect(await person.nextLine()).toBe('abcd');
  });

  test('may be longer than the screen is wide', async () => {
    const person = await sitDown({ columns: 10 });
    await person.type('abcdefghijklmnopqrstuvw');
    expect(await person.screen()).toEqual(['> abcdefgh', 'ijklmnopqr', 'stuvw|']);
  });

  test('begins below what stands there already', async () => {
    const person = await sitDown({ before: 'Connected.\n' });
    await person.type('hi');
    expect(await person.screen()).toEqual(['Connected.', '> hi|']);
  });

  test('stays when the prompt changes', async () => {
    const person = await sitDown({ columns: 40 });
    await person.type('half', keys.left);
    await person.setPrompt('lookup returns> ');
    expect(await person.screen()).toEqual(['lookup returns> hal|f']);
    await person.setPrompt('> ');
    expect(await person.screen()).toEqual(['> hal|f']);
  });

  test('ends with Ctrl+D, and so do the lines', async () => {
    const person = await sitDown();
    await person.type(`one${keys.enter}${keys.ctrlD}`);
    expect([await person.nextLine(), await person.nextLine()]).toEqual(['one', undefined]);
  });

  test('is told of Ctrl+C, and goes on', async () => {
    const person = await sitDown();
    await person.type(`half${keys.ctrlC}`);
    await person.type(keys.ctrlC);
    expect(person.told.interrupts).toBe(2);
    await person.type(`way${keys.enter}`);
    expect(await person.nextLine()).toBe('halfway');
  });
});

describe('lines typed before', () => {
  test('come back with arrow up, the newest first', async () => {
    const person = await sitDown({ history: ['newest', 'older'] });
    await person.type(keys.up);
    expect(await person.screen()).toEqual(['> newest|']);
    await person.type(keys.up);
    expect(await person.screen()).toEqual(['> older|']);
    await person.type(keys.down, `!${keys.enter}`);
    expect(await person.nextLine()).toBe('newest!');
  });

  test('are told after each, the newest first and each once', async () => {
    const person = await sitDown({ history: ['older'] });
    await person.type(`one${keys.enter}two${keys.enter}one${keys.enter}`);
    expect(person.told.history).toEqual(['one', 'two', 'older']);
  });
});

describe('text that arrives', () => {
  test('while a line is half typed stands above it; line and cursor survive', async () => {
    const person = await sitDown();
    await person.type('half typed', keys.left, keys.left);
    await person.arrive('Hello there.\n');
    expect(await person.screen()).toEqual(['Hello there.', '> half typ|ed']);
    await person.type(`-${keys.enter}`);
    expect(await person.nextLine()).toBe('half typ-ed');
  });

  test('word by word runs on in one line', async () => {
    const person = await sitDown({ columns: 40 });
    await person.type('half');
    for (const word of ['Hel', 'lo ', 'there', ', ', 'friend.']) await person.arrive(word);
    expect(await person.screen()).toEqual(['Hello there, friend.', '> half|']);
    await person.arrive('\nNext.');
    expect(await person.screen()).toEqual(['Hello there, friend.', 'Next.', '> half|']);
  });

  test('in one piece of several lines keeps them', async () => {
    const person = await sitDown();
    await person.type('half');
    await person.arrive('One\nTwo\n\nFour');
    await person.arrive(' more\n');
    expect(await person.screen()).toEqual(['One', 'Two', '', 'Four more', '> half|']);
  });

  test('while letters are typed between its words joins all the same', async () => {
    const person = await sitDown({ columns: 40 });
    for (const letter of 'typed') {
      await person.arrive('so ');
      await person.type(letter);
    }
    expect(await person.screen()).toEqual(['so so so so so', '> typed|']);
  });

  test('after a line was entered begins on a line of its own', async () => {
    const person = await sitDown();
    await person.arrive('Hel');
    await person.type(`stop${keys.enter}`);
    await person.arrive('lo');
    expect(await person.screen()).toEqual(['Hel', '> stop', 'lo', '> |']);
  });

  test('on both streams stands in its order', async () => {
    const person = await sitDown({ columns: 40 });
    await person.type('half');
    await person.arrive('Hello.');
    await person.arrive('\n');
    await person.arrive('(first word 0.32 s)\n', 'stderr');
    await person.arrive('Again.');
    expect(await person.screen()).toEqual(['Hello.', '(first word 0.32 s)', 'Again.', '> half|']);
  });

  test('with colours is no wider for them', async () => {
    const person = await sitDown({ columns: 12 });
    await person.type('half');
    await person.arrive('\u001b[36mcyan\u001b[39m ');
    await person.arrive('\u001b[2mdim\u001b[22m!');
    expect(await person.screen()).toEqual(['cyan dim!', '> half|']);
  });

  test('does not touch the screen where it goes to a file', async () => {
    const person = await sitDown({ piped: true });
    await person.type('half');
    await person.arrive('Hel');
    await person.arrive('lo\n');
    await person.arrive('note\n', 'stderr');
    expect(await person.screen()).toEqual(['note', '> half|']);
    expect(person.file()).toBe('Hello\n');
  });

  test('at the foot of the screen pushes up what is older', async () => {
    const person = await sitDown({ rows: 4 });
    await person.type('half');
    for (const line of ['1', '2', '3', '4', '5', '6']) await person.arrive(`line ${line}\n`);
    await person.arrive('un');
    await person.arrive('finished');
    expect(await person.screen()).toEqual([
      'line 1',
      'line 2',
      'line 3',
      'line 4',
      'line 5',
      'line 6',
      'unfinished',
      '> half|',
    ]);
  });

  test('after the end is written as it is, below the line', async () => {
    const person = await sitDown();
    await person.type('half');
    await person.close();
    await person.arrive('Bye.\n');
    expect((await person.screen()).slice(0, 2)).toEqual(['> half', 'Bye.']);
  });
});
