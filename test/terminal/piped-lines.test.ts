import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { createIo } from '../../src/terminal/io.js';
import { readPipedLines } from '../../src/terminal/line-reader.js';
import { testHost } from '../support/agents.js';

/** Lines as they come out of a pipe, and what ended them. */
async function read(chunks: Iterable<Buffer | string>) {
  const host = testHost({ stdin: Readable.from(chunks, { objectMode: false }) });
  const lines: string[] = [];
  try {
    for await (const line of readPipedLines(createIo(host, host.interrupts), host.interrupts.signal)) {
      lines.push(line);
    }
    return { lines };
  } catch (error) {
    const { code, exit, message } = error as Record<string, unknown>;
    return { lines, error: { code, exit, message } };
  }
}
const bytes = (...chunks: string[]) => chunks.map((chunk) => Buffer.from(chunk));

describe('lines of a pipe', () => {
  test.each([
    ['each ended', ['one\ntwo\n'], ['one', 'two']],
    ['the last not ended', ['one\ntwo'], ['one', 'two']],
    ['ended by \\r\\n', ['one\r\ntwo\r\n'], ['one', 'two']],
    ['empty ones too', ['\n\none\n\n'], ['', '', 'one', '']],
    ['none of nothing', [], []],
    ['none of an empty chunk', [''], []],
    ['one that comes in pieces', ['o', 'n', 'e\nt', 'wo\n'], ['one', 'two']],
    ['\\r\\n in two pieces', ['one\r', '\ntwo\r', '\n'], ['one', 'two']],
    ['blanks kept', ['  one  \n\ttwo\n'], ['  one  ', '\ttwo']],
    ['a \\r within a line kept', ['o\rne\n'], ['o\rne']],
    ['without a byte order mark', ['\ufeffone\n'], ['one']],
  ])('%s', async (_, chunks, lines) => {
    expect(await read(bytes(...chunks))).toEqual({ lines });
  });

  test('whose characters come in pieces are whole', async () => {
    const all = Buffer.from('Zoë 漢字 👩‍🚀\nnext');
    const single = [...all].map((byte) => Buffer.from([byte]));
    expect(await read(single)).toEqual({ lines: ['Zoë 漢字 👩‍🚀', 'next'] });
  });

  test('may be long, and come in many pieces', async () => {
    const piece = 'x'.repeat(64 * 1024);
    const { lines } = await read([...bytes(...Array(64).fill(piece)), Buffer.from('\nend')]);
    expect(lines.map((line) => line.length)).toEqual([64 * 64 * 1024, 3]);
  });
});

describe('what is not UTF-8 ends them', () => {
  const error = { code: 'unreadable', exit: 2, message: 'stdin is not UTF-8 text' };

  test.each([
    ['at once', [Buffer.from('Zo\xeb\n', 'latin1')], []],
    ['after the lines before', [Buffer.from('one\n'), Buffer.from([0xff, 0x0a])], ['one']],
    [
      'where the last character is cut short',
      [Buffer.from('one\n'), Buffer.from('漢').subarray(0, 2)],
      ['one'],
    ],
  ])('%s', async (_, chunks, lines) => {
    expect(await read(chunks)).toEqual({ lines, error });
  });
});

describe('a run that is stopped', () => {
  test('stops reading, with its reason', async () => {
    const interrupts = new Interrupts();
    const stdin = new Readable({ read() {} });
    const host = testHost({ stdin, interrupts });
    const lines = readPipedLines(createIo(host, interrupts), interrupts.signal);
    stdin.push('one\nhalf');
    expect(await lines.next()).toEqual({ done: false, value: 'one' });
    const next = lines.next();
    interrupts.raise('interrupted');
    await expect(next).rejects.toMatchObject({ code: 'interrupted', exit: 130 });
    expect(stdin.destroyed).toBe(true);
  });

  test('does not take the end of its input for the end of the talk', async () => {
    const interrupts = new Interrupts();
    const host = testHost({ stdin: Readable.from([Buffer.from('one\n')]), interrupts });
    const lines = readPipedLines(createIo(host, interrupts), interrupts.signal);
    await lines.next();
    interrupts.raise('terminated');
    await expect(lines.next()).rejects.toMatchObject({ code: 'terminated', exit: 143 });
  });
});
