// The REPL at a terminal: keys in, a screen out.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.js';
import { Interrupts } from '../../src/interrupts.js';
import { agents, keyboard, root, temporaryFolder } from '../support/agents.js';
import { startTestApi, type TestApiOptions } from '../support/local-api.js';
import { renderScreen } from '../support/screen.js';

const orderSupport = join(root, 'fixtures/agents/order-support.json');

/** What to do when this has been shown. */
type Moment = [shown: RegExp, act: (keys: (text: string) => void, interrupts: Interrupts) => void];

/** Talks at a terminal: each moment waits for its words, counted from the moment before. */
async function talk(
  moments: Moment[],
  options: TestApiOptions & { flags?: string[]; home?: string; clock?: Partial<Clock> } = {},
) {
  const api = await startTestApi(options);
  const { stream, type } = keyboard();
  const interrupts = new Interrupts();
  const waiting = [...moments];
  const home = options.home ?? temporaryFolder();
  let shown = '';
  let screen = '';
  const result = await agents(['--base-url', api.base, 'voice', orderSupport, ...(options.flags ?? [])], {
    stdin: stream,
    tty: { stdin: true, stdout: true, stderr: true },
    env: { HOME: home, NO_COLOR: '1' },
    interrupts,
    ...(options.clock && { clock: options.clock }),
    onWrite: (_, text) => {
      shown += text;
      screen += text;
      const next = waiting[0];
      if (next === undefined || !next[0].test(shown)) return;
      waiting.shift();
      shown = '';
      setImmediate(() => next[1](type, interrupts));
    },
  });
  const missed = waiting.map(([words]) => String(words));
  return { ...result, screen: await renderScreen(screen), missed, home };
}

const quit: Moment['1'] = (type) => type('/quit\r');
const seen = (screen: string, words: string) => expect(screen).toContain(words);

describe('the REPL', () => {
  test('greets, answers what is typed, and leaves by /quit', async () => {
    const { code, screen, missed } = await talk([
      [/Ctrl\+C to quit\.\n[\s\S]*> /, (type) => type('Hello\r')],
      [/total [^)]*\)/, quit],
    ]);
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
    seen(screen, 'Connected. Type a message and press Enter. Ctrl+C to quit.');
    seen(screen, 'first word');
  });

  test('Ctrl+D and Ctrl+C at the prompt leave, with nothing wrong', async () => {
    for (const key of ['\u0004', '\u0003']) {
      expect(await talk([[/> /, (type) => type(key)]])).toMatchObject({ code: 0, missed: [] });
    }
  });

  test('SIGINT, where the terminal is not in raw mode, does the same', async () => {
    expect(await talk([[/> /, (_, interrupts) => interrupts.raise('interrupted')]])).toMatchObject({
      code: 0,
    });
  });

  test('Ctrl+C at a half typed line takes it away, and at an empty one leaves', async () => {
    const { code, screen, missed } = await talk([
      [/> /, (type) => type('half')],
      [/f$/, (type) => type('\u0003')],
      [/> /, (type) => type('Hello\r')],
      [/total [^)]*\)/, (type) => type('\u0003')],
    ]);
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
    seen(screen, 'You said: Hello.');
  });

  test('Ctrl+C in an answer interrupts it also where something is half typed', async () => {
    const { code, missed } = await talk(
      [
        [/> /, (type) => type('Hello\r')],
        [/ You/, (type) => type('half\u0003')],
        [/cancelled.*\)/, (type) => type('Again\r')],
        [/ Again/, () => {}],
        [/total [^)]*\)/, quit],
      ],
      { wordDelayMs: 5 },
    );
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
  });

  test('a paste of several lines is one message, and is kept as one', async () => {
    const { code, screen, missed, home } = await talk([
      [/> /, (type) => type('\u001b[200~One line\rand another\u001b[201~')],
      [/another/, (type) => type('\r')],
      [/total [^)]*\)/, quit],
    ]);
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
    seen(screen, '> One line\nand another\n');
    seen(screen, 'You said: One line\nand another.');
    expect(screen).not.toContain('cancelled');
    const again = await talk(
      [
        [/> /, (type) => type('\u001b[A\u001b[A\r')],
        [/One line\nand another/, () => {}],
        [/total [^)]*\)/, quit],
      ],
      { home },
    );
    expect(again.missed).toEqual([]);
    seen(again.screen, 'You said: One line\nand another.');
  });

  test('two slashes say one', async () => {
    const { screen, missed } = await talk([
      [/> /, (type) => type('//help me\r')],
      [/total [^)]*\)/, quit],
    ]);
    expect(missed).toEqual([]);
    seen(screen, 'You said: /help me.');
  });

  test('Ctrl+C in an answer interrupts it and the conversation goes on', async () => {
    const { code, screen, missed } = await talk(
      [
        [/> /, (type) => type('Hello\r')],
        [/ You/, (type) => type('\u0003')],
        [/cancelled\)/, quit],
      ],
      { wordDelayMs: 5 },
    );
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
    expect(screen).not.toContain('Acme Corp.');
  });

  test('typing during an answer interrupts it and is answered', async () => {
    const { missed } = await talk(
      [
        [/> /, (type) => type('Hello\r')],
        [/ You/, (type) => type('Stop\r')],
        [/cancelled\)/, () => {}],
        [/ Stop/, () => {}],
        [/total [^)]*\)/, quit],
      ],
      { wordDelayMs: 5 },
    );
    expect(missed).toEqual([]);
  });

  test('the person plays a tool, and may let it fail', async () => {
    const { screen, missed } = await talk([
      [/> /, (type) => type('Where is order ORD-42?\r')],
      [/lookup_order returns> /, (type) => type('{"status":"shipped"}\r')],
      [/total [^)]*\)/, (type) => type('And order ORD-43?\r')],
      [/lookup_order returns> /, (type) => type('/fail the database is down\r')],
      [/total [^)]*\)/, quit],
    ]);
    expect(missed).toEqual([]);
    seen(screen, '→ lookup_order({"order_id":"ORD-42"})');
    seen(screen, 'status shipped');
    seen(screen, 'the database is down');
  });

  test('Ctrl+C while a tool is asked for ends the turn, not the conversation', async () => {
    const { code, missed } = await talk([
      [/> /, (type) => type('Where is order ORD-42?\r')],
      [/lookup_order returns> /, (type) => type('\u0003')],
      [/cancelled\)/, (type) => type('Hello\r')],
      [/total [^)]*\)/, quit],
    ]);
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
  });

  test('/help, /tools and /agent show what they promise, an unknown one says so', async () => {
    const { screen, missed } = await talk([
      [/> /, (type) => type('/help\r')],
      [/Ctrl\+D quits\./, (type) => type('/tools\r')],
      [/web_search/, (type) => type('/agent\r')],
      [/Instructions\n/, (type) => type('/dance\r')],
      [/There is no \/dance/, (type) => type('/fail\r')],
      [/No tool is asked for/, quit],
    ]);
    expect(missed).toEqual([]);
    for (const words of ['/quit', 'lookup_order(order_id)', 'Order Support']) seen(screen, words);
  });

  test('what was typed is kept for the next session, and comes back with the arrow key', async () => {
    const first = await talk([
      [/> /, (type) => type('Remember me\r')],
      [/total [^)]*\)/, quit],
    ]);
    expect(readFileSync(join(first.home, 'state', 'voice_history'), 'utf8')).toContain('Remember me\n');
    const second = await talk(
      [
        [/> /, (type) => type('\u001b[A\u001b[A\r')],
        [/Remember/, () => {}],
        [/total [^)]*\)/, quit],
      ],
      { home: first.home },
    );
    expect(second.missed).toEqual([]);
  });

  test('a service that goes away is told, with exit code 5', async () => {
    const api = await startTestApi();
    const { stream } = keyboard();
    const result = await agents(['--base-url', api.base, 'voice', orderSupport], {
      stdin: stream,
      tty: { stdin: true, stdout: true, stderr: true },
      env: { HOME: temporaryFolder(), NO_COLOR: '1' },
      onWrite: (_, text) => {
        if (text.includes('> ')) setImmediate(() => void api.close());
      },
    });
    expect(result.code).toBe(0);
    expect(result.stdout + result.stderr).toContain('The service ended the conversation.');
  });

  test('-m and --no-input never wait for a key', async () => {
    const scripted = await talk([], { flags: ['-m', 'Hello'] });
    expect(scripted.code).toBe(0);
    const refused = await talk([], { flags: ['--no-input'] });
    expect(refused).toMatchObject({ code: 2 });
    expect(existsSync(join(refused.home, 'state'))).toBe(false);
  });

  test('/cost shows what the conversation costs until now, and the end what it cost', async () => {
    const { code, screen, missed } = await talk([
      [/> /, (type) => type('/cost\r')],
      [/about .*\$0\n[\s\S]*0 turns/, (type) => type('Hello\r')],
      [/total [^)]*\)/, (type) => type('/cost\r')],
      [/1 turn in .* here/, quit],
    ]);
    expect({ code, missed }).toEqual({ code: 0, missed: [] });
    expect(screen).toMatch(/text items +1 +\$0\.004 each +\$0\.0040/);
    seen(screen, 'Estimated at rates of 2026-04-23 for grok-voice-latest.');
    expect(screen).toMatch(/\(session: 1 turn in [^)]*about \$0\.0\d+, estimated at rates of\s+2026-04-23\)/);
  });

  test('a limit of cost ends the conversation with 6, before a turn or in the midst of talking', async () => {
    const { code, stderr, missed } = await talk(
      [
        [/> /, (type) => type('Hello\r')],
        [/ You/, (type) => type('Stop\r')],
        [/Not said: --max-cost 0.0041 is passed/, () => {}],
        [/total [^)]*\)/, () => {}],
      ],
      { flags: ['--max-cost', '0.0041'], wordDelayMs: 5 },
    );
    expect({ code, missed }).toEqual({ code: 6, missed: [] });
    expect(stderr).toContain('error: --max-cost 0.0041 is passed: about $0.0');
    const poor = await talk([], { flags: ['--max-cost', '0.003'] });
    expect(poor).toMatchObject({ code: 6, stderr: expect.stringContaining('it costs at least $0.0040') });
  });

  test('a limit of time ends a conversation that waits for words', async () => {
    let fire = () => {};
    const after: Clock['after'] = (ms, timer) => {
      if (ms !== 300_000) return systemClock.after(ms, timer);
      fire = timer;
      return () => {};
    };
    const { code, stderr } = await talk([[/> /, () => fire()]], {
      flags: ['--max-minutes', '5'],
      clock: { after },
    });
    expect({ code, stderr: stderr.split('\n').at(-3) }).toEqual({
      code: 6,
      stderr: expect.stringContaining('error: --max-minutes 5 is reached'),
    });
  });
});
