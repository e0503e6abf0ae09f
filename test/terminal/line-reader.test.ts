import { describe, expect, test } from 'vitest';
import { keys, marked, sitDown } from './screen.js';

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

  test('may be pasted, several at once, whatever ends them, where the terminal does not mark pastes', async () => {
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

  test('is taken away by Ctrl+C; there is nothing left to take away by the next', async () => {
    const person = await sitDown({ history: ['older'] });
    await person.type(`half${keys.ctrlC}`);
    expect(await person.screen()).toEqual(['> |']);
    expect(person.told).toMatchObject({ interrupts: 1, cleared: 1 });
    await person.type(keys.ctrlC);
    expect(person.told).toMatchObject({ interrupts: 2, cleared: 1 });
    await person.type(`way${keys.enter}`);
    expect(await person.nextLine()).toBe('way');
  });

  test('that is taken away takes all of its rows along, and leaves the history at its newest', async () => {
    const person = await sitDown({ columns: 10, history: ['newest', 'older'] });
    await person.type(keys.up, keys.up, keys.ctrlC, 'abcdefghijklmnopqrst', keys.ctrlC, keys.up);
    expect(await person.screen()).toEqual(['> newest|']);
  });

  test('that is empty leaves nothing behind when the reader closes', async () => {
    const person = await sitDown({ before: 'Connected.\n' });
    await person.close();
    await person.arrive('error: gone\n', 'stderr');
    expect((await person.screen()).slice(0, 2)).toEqual(['Connected.', 'error: gone']);
  });
});

describe('a paste that the terminal marks', () => {
  test('is one line, shown on its rows, until it is entered', async () => {
    const person = await sitDown();
    expect(await person.marksPastes()).toBe(true);
    await person.paste(marked('one\r\ntwo\n\nthree\r'));
    expect(await person.screen()).toEqual(['> one', 'two', '', 'three|']);
    await person.type(`!${keys.enter}`);
    expect(await person.nextLine()).toBe('one\ntwo\n\nthree!');
    expect(await person.screen()).toEqual(['> one', 'two', '', 'three!', '> |']);
  });

  test('is put where the cursor is, between what was typed before and after', async () => {
    const person = await sitDown();
    await person.paste(`ad${keys.left}${marked('b\nc')}!${keys.enter}next`);
    expect(await person.nextLine()).toBe('ab\nc!d');
    expect(await person.screen()).toEqual(['> ab', 'c!d', '> next|']);
  });

  test('may come in pieces, cut anywhere', async () => {
    const person = await sitDown({ columns: 40 });
    for (const piece of marked('漢字 👩‍🚀\nend').match(/[\s\S]{1,3}/gu) ?? []) await person.paste(piece);
    await person.type(keys.enter);
    expect(await person.nextLine()).toBe('漢字 👩‍🚀\nend');
  });

  test('is edited like anything else', async () => {
    const person = await sitDown();
    await person.paste(marked('one\ntwo'));
    await person.type(keys.left, keys.left, keys.left, keys.backspace, ' ');
    expect(await person.screen()).toEqual(['> one |two']);
    await person.type(keys.ctrlC);
    expect(await person.screen()).toEqual(['> |']);
  });

  test('stays whole while text arrives above it', async () => {
    const person = await sitDown();
    await person.paste(marked('one\ntwo\nthree'));
    await person.arrive('Hello ');
    await person.arrive('there.\n');
    expect(await person.screen()).toEqual(['Hello there.', '> one', 'two', 'three|']);
  });

  test('comes back with arrow up on its rows', async () => {
    const person = await sitDown();
    await person.paste(marked('one\ntwo'));
    await person.type(keys.enter, keys.up);
    expect((await person.screen()).slice(-2)).toEqual(['> one', 'two|']);
    await person.type(keys.left, keys.left, '-', keys.enter, keys.up, keys.up);
    expect((await person.screen()).slice(-2)).toEqual(['> one', 'two|']);
    expect(person.told.history).toEqual(['one\nt-wo', 'one\ntwo']);
  });

  test('cannot steer the terminal', async () => {
    const person = await sitDown();
    await person.paste(marked('a\u001b[2Jb\u0007c'));
    await person.type(keys.enter);
    expect(await person.nextLine()).toBe('a[2Jbc');
  });

  test('is marked no longer when the reader has closed', async () => {
    const person = await sitDown();
    await person.close();
    expect(await person.marksPastes()).toBe(false);
  });
});

describe('Ctrl+Z', () => {
  test('gives the terminal back and stops the job; fg takes it again, line and all', async () => {
    const person = await sitDown({ columns: 40 });
    await person.type('half typed', keys.left, keys.ctrlZ);
    expect(person.told).toMatchObject({ stops: 1, raw: [true, false] });
    expect(await person.marksPastes()).toBe(false);
    await person.goOn('[1]+ Stopped\n$ fg\n');
    expect(person.told.raw.at(-1)).toBe(true);
    expect(await person.marksPastes()).toBe(true);
    expect(await person.screen()).toEqual(['> half typed', '[1]+ Stopped', '$ fg', '> half type|d']);
    await person.type(`-${keys.enter}`);
    expect(await person.nextLine()).toBe('half type-d');
  });

  test('in a line of several rows leaves all of them standing', async () => {
    const person = await sitDown({ columns: 10 });
    await person.type('abcdefghijklmnopqrst', keys.home, keys.ctrlZ);
    await person.goOn('$ fg\n');
    const line = ['> abcdefgh', 'ijklmnopqr'];
    expect(await person.screen()).toEqual([...line, 'st', '$ fg', '> |abcdefgh', 'ijklmnopqr', 'st']);
  });

  test('by a signal from elsewhere does the same', async () => {
    const person = await sitDown();
    await person.arrive('Hel');
    person.stopFromOutside();
    expect(person.told).toMatchObject({ stops: 1, raw: [true, false] });
    await person.goOn('$ fg\n');
    await person.arrive('lo');
    expect(await person.screen()).toEqual(['Hel', '>', '$ fg', 'lo', '> |']);
  });

  test('goes on as well where the run was stopped without being asked', async () => {
    const person = await sitDown();
    await person.type('half');
    await person.goOn('\n$ fg\n');
    expect(person.told.raw).toEqual([true, false, true]);
    expect((await person.screen()).at(-1)).toBe('> half|');
  });
});

describe.each([true, false])(
  'a window that changes its width (the line being typed reflows: %s)',
  (reflows) => {
    test.each([8, 10, 15, 40])('to %i shows the line whole, and loses nothing above it', async (width) => {
      const person = await sitDown({ columns: 20, before: 'Connected.\n', reflows });
      await person.type('a line of some thirty letters!', keys.left);
      await person.resize(width);
      const shown = (await person.screen()).join('').replace(/\s/g, '');
      expect(shown).toMatch(/^Connected\.>.*alineofsomethirtyletters\|!$/);
      await person.type(keys.enter);
      expect(await person.nextLine()).toBe('a line of some thirty letters!');
    });

    test('around a line of one row shows it once', async () => {
      const person = await sitDown({ columns: 20, before: 'Connected.\n', reflows });
      await person.type('short');
      for (const width of [10, 30, 12]) await person.resize(width);
      expect(await person.screen()).toEqual(['Connected.', '> short|']);
    });

    test('in an answer lets its next word join', async () => {
      const person = await sitDown({ columns: 20, reflows });
      for (const word of ['Hello ', 'there, ', 'dear ', 'fri']) await person.arrive(word);
      await person.resize(12);
      await person.arrive('end.');
      expect(await person.screen()).toEqual(['Hello there,', ' dear friend', '.', '> |']);
    });
  },
);

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

  test('are those that begin with what stands before the cursor', async () => {
    const person = await sitDown({ history: ['order two', 'refund', 'order one'] });
    await person.type('or', keys.up);
    expect(await person.screen()).toEqual(['> order two|']);
    await person.type(keys.up, keys.up);
    expect(await person.screen()).toEqual(['> order one|']);
    await person.type(keys.down, keys.down, keys.down);
    expect(await person.screen()).toEqual(['> or|']);
    await person.type('\u0010');
    expect(await person.screen()).toEqual(['> order two|']);
    await person.type('\u000e', `der${keys.enter}`);
    expect(await person.nextLine()).toBe('order');
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
