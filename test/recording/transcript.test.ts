import { describe, expect, test } from 'vitest';
import { createTranscriber, transcriptMarkdown } from '../../src/recording/transcript.js';
import type { NoticeBody } from '../../src/session/notice.js';

const started = Date.UTC(2026, 6, 1, 12);

function transcribed(notices: readonly NoticeBody[]) {
  const transcriber = createTranscriber({ started, startedMs: 50 });
  for (const [at, notice] of notices.entries()) transcriber.add(notice, 50 + at * 1000);
  return transcriber.transcript('Ava');
}

const turn: NoticeBody[] = [
  { type: 'ready', model: 'm', conversation_id: 'c1' },
  { type: 'user', turn: 1, text: 'Where is it?' },
  { type: 'text', turn: 1, text: 'Let me' },
  { type: 'text', turn: 1, text: ' look.' },
  { type: 'tool_call', turn: 1, call_id: 'k1', name: 'lookup', arguments: { id: 'ORD-42' } },
  { type: 'tool_result', turn: 1, call_id: 'k1', name: 'lookup', output: '{"ok":true}' },
  { type: 'text', turn: 1, text: 'Shipped.' },
  {
    type: 'turn_done',
    turn: 1,
    status: 'completed',
    text: '',
    tool_calls: 1,
    first_word_ms: 320,
    total_ms: 5000,
  },
];

describe('a transcript', () => {
  test('has the keys of a caller, those pressed one after the other together', () => {
    const kept = transcribed([
      { type: 'dtmf', digit: '4' },
      { type: 'dtmf', digit: '#' },
      { type: 'text', turn: 1, text: 'Four.' },
      { type: 'dtmf', digit: '*' },
    ]);
    expect(kept.entries).toMatchObject([
      { who: 'user', text: '4#', keys: true },
      { who: 'agent' },
      { who: 'user', text: '*', keys: true },
    ]);
    expect(transcriptMarkdown(kept)).toContain('**User** 12:00:00, keys pressed\n\n> 4\\#');
  });

  test('has who said what when, the tools with arguments and results, and the times of each turn', () => {
    expect(transcribed(turn)).toEqual({
      agent: 'Ava',
      model: 'm',
      conversation_id: 'c1',
      started_at: '2026-07-01T12:00:00.000Z',
      entries: [
        { who: 'user', at: '2026-07-01T12:00:01.000Z', turn: 1, text: 'Where is it?' },
        { who: 'agent', at: '2026-07-01T12:00:02.000Z', turn: 1, text: 'Let me look.' },
        {
          who: 'tool',
          at: '2026-07-01T12:00:04.000Z',
          turn: 1,
          name: 'lookup',
          call_id: 'k1',
          arguments: { id: 'ORD-42' },
          output: '{"ok":true}',
          answered_at: '2026-07-01T12:00:05.000Z',
        },
        { who: 'agent', at: '2026-07-01T12:00:06.000Z', turn: 1, text: 'Shipped.' },
      ],
      turns: [{ turn: 1, status: 'completed', tool_calls: 1, first_word_ms: 320, total_ms: 5000 }],
    });
  });

  test('holds an answer that began again once, and what was said before it', () => {
    const text = (text: string, response_id: string): NoticeBody => ({
      type: 'text',
      turn: 1,
      text,
      response_id,
    });
    const { entries } = transcribed([
      { type: 'user', turn: 1, text: 'Where is it?' },
      text('Let me look. ', 'r1'),
      { type: 'response_done', turn: 1, status: 'completed' },
      text('It', 'r2'),
      text(' is', 'r2'),
      { type: 'warning', code: 'a', message: 'Odd' },
      text(' on', 'r2'),
      { type: 'answer_restarted', turn: 1 },
      text('It is', 'r3'),
      text(' on its way.', 'r3'),
    ]);
    expect(entries.map((entry) => 'text' in entry && entry.text)).toEqual([
      'Where is it?',
      'Let me look. ',
      'Odd',
      'It is on its way.',
    ]);
  });

  test('takes the last hearing of spoken words, and says when they never became final', () => {
    const heard = (text: string, final: boolean, item_id: string): NoticeBody => ({
      type: 'user_transcript',
      item_id,
      text,
      final,
    });
    const { entries } = transcribed([
      heard('Hel', false, 'a'),
      heard('Hello.', true, 'a'),
      heard('Go', false, 'b'),
      heard('', false, 'c'),
    ]);
    expect(entries).toEqual([
      { who: 'user', at: '2026-07-01T12:00:00.000Z', text: 'Hello.', spoken: true, item_id: 'a' },
      { who: 'user', at: '2026-07-01T12:00:02.000Z', text: 'Go', spoken: true, item_id: 'b', interim: true },
    ]);
  });

  test('reads well', () => {
    const notes: NoticeBody[] = [
      { type: 'warning', code: 'x', message: 'mind this', hint: 'do that' },
      { type: 'interrupted', turn: 2 },
    ];
    expect(transcriptMarkdown(transcribed([...turn, ...notes]))).toBe(`# Conversation with Ava

Started 2026-07-01T12:00:00.000Z, model m, conversation c1.

**User** 12:00:01

> Where is it?

**Agent** 12:00:02

> Let me look.

**Tool** 12:00:04 lookup

\`\`\`
{
  "id": "ORD-42"
}
\`\`\`

Result:

\`\`\`
{"ok":true}
\`\`\`

**Agent** 12:00:06

> Shipped.

*(first word 0.32 s, total 5.00 s, 1 tool call)*

**Note** 12:00:08 mind this (do that)

**Note** 12:00:09 interrupted
`);
  });

  test('cannot be broken by what was said', () => {
    const hostile =
      '# Title\n\n    code\n- item\n1. one\n===\n> deep\n```\n<script>x</script> [a](b) *b* \\ | ![i](u)\u001b[2J\u0085\u202ex';
    const text = transcriptMarkdown(
      transcribed([
        { type: 'user', turn: 1, text: hostile },
        { type: 'tool_call', turn: 1, call_id: 'k', name: '`f`\n# x', arguments: '```\n# out' },
        { type: 'tool_result', turn: 1, call_id: 'k', name: 'f', output: '````\nout' },
      ]),
    );
    const outside = text.replace(/^(`{3,})\n[\s\S]*?^\1$/gm, '(block)');
    // Nothing begins a line but what we put there.
    for (const each of outside.split('\n'))
      expect(each).toMatch(/^(|# Conv.*|Started .*|\*\*\w+\*\* .*|>.*|Result:|\(block\))$/);
    expect(outside).not.toMatch(/<script|[^\\]\[a\]|\u001b|\u0085|\u202e/);
    for (const start of ['\\# Title', '\\- item', '1\\. one', '\\===', '\\> deep', '\\`\\`\\`']) {
      expect(text).toContain(`\n> ${start}`);
    }
    expect(text).toContain('`````\n````\nout\n`````');
    expect(text).toContain('````\n```\n# out\n````');
  });
});
