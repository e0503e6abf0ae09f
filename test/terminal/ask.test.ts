import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { type Ask, createAsk } from '../../src/terminal/ask.js';
import { createIo } from '../../src/terminal/io.js';
import { keyboard, testHost } from '../support/agents.js';
import { renderScreen } from '../support/screen.js';
import { keys, marked } from './screen.js';

/** Asks, and answers by these keys. */
async function answer(question: (ask: Ask) => Promise<unknown>, ...pressed: string[]) {
  const { stream, type } = keyboard();
  const interrupts = new Interrupts();
  const host = testHost({ stdin: stream, tty: { stdin: true, stderr: true } });
  const ask = createAsk(createIo(host, interrupts), interrupts.signal, { NO_COLOR: '1' });
  const asked = question(ask).catch((error: { code: string }) => error.code);
  for (const each of pressed) {
    type(each);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { value: await asked, screen: await renderScreen(host.stderr.text), rest: stream.read() };
}

const name = (ask: Ask) => ask.text('Name', { required: true });

describe('a question for words', () => {
  test.each([
    ['plain', ['plain', keys.enter], 'plain'],
    ['with blanks around', ['  plain  ', keys.enter], 'plain'],
    ['beyond U+FFFF', ['a👩‍🚀b😀', keys.enter], 'a👩‍🚀b😀'],
    ['with one of them taken back', ['a😀', keys.backspace, 'b', keys.enter], 'ab'],
    ['with something put between them', ['😀😀', keys.left, 'x', keys.enter], '😀x😀'],
    ['of wide characters', ['漢字', keys.left, '-', keys.enter], '漢-字'],
    ['in two parts of one character', ['e', '\u0301', keys.enter], 'e\u0301'],
    ['pasted over several lines', [marked('one\r\ntwo\r\n\r\nthree\r\n'), keys.enter], 'one\ntwo\n\nthree'],
  ])('takes what is typed: %s', async (_, pressed, value) => {
    expect((await answer(name, ...pressed)).value).toBe(value);
  });

  test('shows what was answered, and leaves the terminal as it was', async () => {
    const { screen } = await answer(name, 'Bot', keys.enter);
    expect(screen).toBe('? Name › Bot');
  });

  test('asks again where an answer is needed', async () => {
    const { screen, value } = await answer(name, keys.enter, ' ', keys.enter, 'Bot', keys.enter);
    expect(value).toBe('Bot');
    expect(screen.match(/needed/g)).toHaveLength(2);
  });

  test('takes nothing for an answer where none is needed, and for the usual one where there is one', async () => {
    expect((await answer((ask) => ask.text('Instructions'), keys.enter)).value).toBe('');
    const usual = await answer((ask) => ask.text('Name', { initial: 'Bot' }), keys.enter);
    expect(usual).toMatchObject({ value: 'Bot', screen: '? Name (Bot) ›' });
  });

  test.each([keys.ctrlC, keys.ctrlD, `half${keys.ctrlC}`])('is given up by %j', async (pressed) => {
    expect((await answer(name, pressed)).value).toBe('interrupted');
  });

  test('leaves what is typed ahead to the next one', async () => {
    const both = async (ask: Ask) => [await ask.text('Name'), await ask.text('Instructions')];
    expect((await answer(both, `Bot${keys.enter}Be kind${keys.enter}`)).value).toEqual(['Bot', 'Be kind']);
  });
});

describe('a question with choices', () => {
  const choices = ['eve', 'ara', 'rex'].map((id) => ({ title: id, value: id }));

  test.each([
    [undefined, [], 'eve'],
    ['rex', [], 'rex'],
    ['rex', [keys.up], 'ara'],
    ['nobody', [], 'eve'],
  ])('begins at %s', async (initial, moves, value) => {
    expect((await answer((ask) => ask.choose('Voice', choices, initial), ...moves, keys.enter)).value).toBe(
      value,
    );
  });
});
