import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { createIo } from '../../src/terminal/io.js';
import { createProgress, sizeText } from '../../src/terminal/progress.js';
import { testHost } from '../support/agents.js';
import { renderScreen } from '../support/screen.js';

function watched({ tty = true, columns = 80, env = {} as Record<string, string>, json = false } = {}) {
  const host = testHost({ tty: { stderr: tty, columns } });
  const io = createIo(host, new Interrupts());
  const progress = createProgress(io, { TERM: 'xterm', ...env }, json);
  return { io, progress, text: () => host.stderr.text, screen: () => renderScreen(host.stderr.text) };
}

const bar = (name: string, filled: number, percent: string) =>
  `${name.padEnd(40)}  ${'█'.repeat(filled)}${'░'.repeat(24 - filled)}${percent.padStart(6)}`;

describe('bars', () => {
  test('stand below what is written meanwhile, and go when they are done', async () => {
    const { io, progress, screen } = watched();
    const [one, two] = [progress.start('a.md', 100), progress.start('b.md', 10)];
    one.advance(50);
    io.write('stderr', 'a note\n');
    two.advance(10);
    expect((await screen()).trimEnd().split('\n')).toEqual([
      'a note',
      bar('a.md', 12, '50%'),
      bar('b.md', 24, '100%'),
    ]);
    two.end('sent b.md');
    one.advance(75);
    expect((await screen()).trimEnd().split('\n')).toEqual(['a note', 'sent b.md', bar('a.md', 18, '75%')]);
    progress.close();
    io.write('stderr', 'the end\n');
    expect((await screen()).trimEnd().split('\n')).toEqual(['a note', 'sent b.md', 'the end']);
  });

  test('are drawn only when they look otherwise', () => {
    const { progress, text } = watched();
    const one = progress.start('a.md', 100_000);
    const before = text().length;
    for (let done = 0; done < 900; done++) one.advance(done);
    expect(text().length).toBe(before);
  });

  test.each([20, 40, 60])('fit into %i columns', async (columns) => {
    const { progress, text } = watched({ columns });
    const one = progress.start('a name that is much longer than any terminal is wide, and wider 漢字.md', 2);
    one.advance(1);
    const lines = text()
      .replace(/\u001b\[[\d;]*[A-Za-z]|\r/g, '')
      .split('\n');
    expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThan(columns);
  });

  test.each([
    ['off a terminal', { tty: false }],
    ['where nothing can be redrawn', { env: { TERM: 'dumb' } }],
    ['without colour', { env: { NO_COLOR: '1' } }],
  ])('are a line a file %s', (_, options) => {
    const { progress, text } = watched(options);
    const one = progress.start('a.md', 10);
    one.advance(5);
    one.end('sent \u001b[2Ja.md');
    progress.close();
    expect(text()).toBe('sent [2Ja.md\n');
  });

  test('are nothing for programs', () => {
    const { progress, text } = watched({ json: true });
    progress.start('a.md', 10).end('sent a.md');
    expect(text()).toBe('');
  });
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9_949, '9.9 kB'],
  [12_345, '12 kB'],
  [999_600, '1.0 MB'],
  [52_428_800, '52 MB'],
  [3_000_000_000, '3.0 GB'],
])('%i bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
