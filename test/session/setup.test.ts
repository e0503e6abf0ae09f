import { describe, expect, test } from 'vitest';
import type { AgentConfig } from '../../src/protocol/agent.js';
import { sessionSetup } from '../../src/session/setup.js';

const format = { type: 'audio/pcm', rate: 24000 };
const audio = {
  input: { format, transcription: { model: 'grok-transcribe' } },
  output: { format },
};

describe('the session of an agent', () => {
  test('has the documented fallbacks where the agent says nothing', () => {
    expect(sessionSetup({ name: 'A' })).toEqual({
      session: {
        instructions: '',
        turn_detection: { type: 'server_vad', threshold: 0.5, silence_duration_ms: 300 },
        audio,
        resumption: { enabled: true },
      },
      notes: [],
    });
  });

  test('takes voice, instructions and turn detection over', () => {
    const agent: AgentConfig = {
      instructions: 'Be kind.',
      voice: { voice_id: 'eve', vad_threshold: 0.7, vad_silence_duration_ms: 500, language_hint: 'en' },
    };
    expect(sessionSetup(agent).session).toMatchObject({
      voice: 'eve',
      instructions: 'Be kind.',
      turn_detection: { type: 'server_vad', threshold: 0.7, silence_duration_ms: 500 },
      audio: { input: { transcription: { language_hint: 'en' } } },
    });
  });

  test('takes another voice when asked to', () => {
    expect(sessionSetup({ voice: { voice_id: 'eve' } }, { voice: 'leo' }).session.voice).toBe('leo');
  });

  test.each([
    [0, 0.1],
    [0.05, 0.1],
    [0.1, 0.1],
    [0.9, 0.9],
    [1, 0.9],
  ])('a threshold of %d becomes %d, with a note when it changes', (asked, used) => {
    const { session, notes } = sessionSetup({ voice: { vad_threshold: asked } });
    expect(session.turn_detection?.threshold).toBe(used);
    expect(notes).toHaveLength(asked === used ? 0 : 1);
  });

  test('of a phone call leaves its sound as it is, and hears the ends of turns', () => {
    const { session } = sessionSetup({ voice: { language_hint: 'en' } }, { call: true });
    expect(session.audio).toEqual({
      input: { transcription: { model: 'grok-transcribe', language_hint: 'en' } },
    });
    expect(session.turn_detection).toMatchObject({ type: 'server_vad' });
  });

  test('function tools become flat, the others pass as they are', () => {
    const mcp = { type: 'mcp', server_url: 'https://tools.example', server_label: 'tools' };
    const { session } = sessionSetup({
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } },
        { type: 'web_search' },
        mcp,
      ],
    });
    expect(session.tools).toEqual([
      { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' } },
      { type: 'web_search' },
      mcp,
    ]);
  });

  test.each([
    ['no file_search tool', undefined, ['c1']],
    ['a bare one', [{ type: 'file_search' }], ['c1']],
    ['one with ids of its own', [{ type: 'file_search', vector_store_ids: ['c0', 'c1'] }], ['c0', 'c1']],
  ])('collections become a file_search tool, given %s', (_, tools, ids) => {
    const agent: AgentConfig = { collection_ids: ['c1'], ...(tools && { tools }) };
    expect(sessionSetup(agent).session.tools).toEqual([{ type: 'file_search', vector_store_ids: ids }]);
  });
});
