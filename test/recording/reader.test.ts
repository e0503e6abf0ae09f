import { describe, expect, test } from 'vitest';
import { readRecording } from '../../src/recording/reader.js';
import { entriesOf, isWireThere, readAll, wireNames, wirePath } from './support.js';

const message = '{"kind":"message","from":"server","at_ms":5,"event":{"type":"ping"}}';
const header =
  '{"kind":"header","version":1,"product":"agents/1","started_at":"2026-07-01T12:00:00Z","url":"ws://x/","model":"m"}';

describe('a recording is read', () => {
  test('with header, times, text, and lines that close and open', async () => {
    const text = [
      header,
      message,
      '{"kind":"text","from":"server","at_ms":6,"text":"<html>"}',
      '{"kind":"closed","from":"server","at_ms":7,"code":1006,"reason":""}',
      '{"kind":"opened","at_ms":9,"url":"ws://x/"}',
      '',
    ].join('\n');
    expect(await readAll(text)).toEqual([
      expect.objectContaining({ kind: 'header', model: 'm', product: 'agents/1' }),
      { kind: 'message', from: 'server', at_ms: 5, event: { type: 'ping' }, line: 2 },
      { kind: 'text', from: 'server', at_ms: 6, text: '<html>', line: 3 },
      { kind: 'closed', from: 'server', at_ms: 7, code: 1006, reason: '', line: 4 },
      { kind: 'opened', at_ms: 9, url: 'ws://x/', line: 5 },
    ]);
  });

  test.skipIf(!isWireThere).each(wireNames)('as it stands beside the project: %s', async (name) => {
    const entries = await entriesOf(wirePath(name));
    expect(entries.length).toBeGreaterThan(10);
    expect(entries.every(({ kind, at_ms }) => kind === 'message' && at_ms === undefined)).toBe(true);
  });

  test('in whatever pieces it comes, and with other line breaks', async () => {
    const whole = await readAll(`${header}\r\n\r\n${message}\r\n`);
    const pieces = [...Buffer.from(`${header}\r\n\r\n${message}\r\n`)].map((byte) => Buffer.from([byte]));
    const read = [];
    for await (const each of readRecording(pieces, 'a.jsonl')) read.push(each);
    expect(read).toEqual(whole);
    expect(read.at(-1)).toMatchObject({ line: 3 });
  });

  test('up to a last line that was cut off, even within a character', async () => {
    const bytes = Buffer.from(`${message}\n{"kind":"text","from":"client","text":"é`).subarray(0, -1);
    expect(await readAll(bytes)).toEqual([expect.objectContaining({ line: 1 }), { kind: 'torn', line: 2 }]);
    // A line that is whole but for its line break is whole.
    expect(await readAll(`${message}\n${message}`)).toHaveLength(2);
  });

  test.each([
    ['no JSON', `${message}\nnonsense\n`, 'a.jsonl, line 2: is not JSON'],
    ['no object', '[]\n', 'line 1: must be an object'],
    ['another kind', '{"kind":"frame"}\n', 'kind must be message, text, opened or closed, got "frame"'],
    ['a header in the middle', `${message}\n${header}\n`, 'line 2: kind must be'],
    ['nobody it is from', '{"kind":"message","event":{}}\n', 'from must be client or server'],
    ['no event', '{"kind":"message","from":"client","event":"x"}\n', 'event must be an object'],
    ['a time before the beginning', '{"kind":"opened","at_ms":-1}\n', 'at_ms must be a number, 0 or more'],
    ['no code', '{"kind":"closed"}\n', 'code must be a whole number'],
    ['another version', '{"kind":"header","version":2}\n', 'is of version 2; this agents reads version 1'],
    [
      'too deep',
      `{"kind":"message","from":"client","event":${'{"a":'.repeat(300)}1${'}'.repeat(301)}\n`,
      'line 1',
    ],
  ])('and what is wrong is told with its line: %s', async (_, text, says) => {
    await expect(readAll(text)).rejects.toThrow(says);
  });

  test('bytes that are no text are told', async () => {
    await expect(readAll(Buffer.from([0xff, 0xfe, 0x0a]))).rejects.toThrow('line 1: is not UTF-8 text');
  });
});
