// `session.update`: what it changes, what it leaves, what it refuses without closing anything. Fact sheet C4, C5.

import { describe, expect, test } from 'vitest';
import { anError, anEvent, pureSession, userItem, type Wire } from './support.js';

const update = (session: Wire): Wire => ({ type: 'session.update', session });

const format = { type: 'audio/pcm', rate: 24000 };
const transcription = { model: 'grok-transcribe' };

/** The session in `session.updated` as it was recorded, with these members besides. */
const echoed = (members: Wire = {}): Wire => ({
  instructions: '',
  model: 'grok-voice-latest',
  keep_context: false,
  enable_noise_suppression: true,
  enable_phonetic_spelling: false,
  input_audio_transcription: transcription,
  modalities: ['audio'],
  input_audio_format: 'not specified',
  output_audio_format: 'not specified',
  tool_choice: 'auto',
  temperature: -1,
  max_response_output_tokens: 'inf',
  audio: {
    input: { format, transport: 'json', transcription },
    output: { format, transport: 'json' },
  },
  ...members,
});

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const definition = { name: 'get_weather', description: 'The weather.', parameters };
const nested = { type: 'function', function: definition };

describe('an update', () => {
  const serverVad = { type: 'server_vad', threshold: 0.5, silence_duration_ms: 300, prefix_padding_ms: 200 };
  const rate = (value: number) => ({ type: 'audio/pcm', rate: value });

  test.each<[string, Wire, Wire]>([
    ['of nothing', {}, {}],
    ['of the instructions', { instructions: 'Be brief.' }, { instructions: 'Be brief.' }],
    ['of the voice', { voice: 'leo' }, { voice: 'leo' }],
    ['of the effort', { reasoning: { effort: 'none' } }, { reasoning: { effort: 'none' } }],
    ['to server voice detection', { turn_detection: serverVad }, { turn_detection: serverVad }],
    [
      'to detection with members that are only echoed',
      { turn_detection: { type: 'server_vad', create_response: true, interrupt_response: true } },
      { turn_detection: { type: 'server_vad', create_response: true, interrupt_response: true } },
    ],
    ['to manual turns by null', { turn_detection: null }, {}],
    ['to manual turns by a type of null', { turn_detection: { type: null } }, {}],
    ['by an empty list of tools', { tools: [] }, {}],
    ['by a nested function', { tools: [nested] }, { tools: [nested] }],
    [
      'by a flat function, echoed nested',
      { tools: [{ type: 'function', ...definition }] },
      { tools: [nested] },
    ],
    [
      'by tools of every kind',
      {
        tools: [
          nested,
          { type: 'web_search', allowed_domains: ['x.ai'] },
          { type: 'x_search', allowed_x_handles: ['xai'] },
          { type: 'file_search', vector_store_ids: ['collection_a'], max_num_results: 3 },
          { type: 'mcp', server_url: 'https://mcp.example', server_label: 'mcp' },
        ],
      },
      {
        tools: [
          nested,
          { type: 'web_search', allowed_domains: ['x.ai'] },
          { type: 'x_search', allowed_x_handles: ['xai'] },
          { type: 'file_search', vector_store_ids: ['collection_a'], max_num_results: 3 },
          { type: 'mcp', server_url: 'https://mcp.example', server_label: 'mcp' },
        ],
      },
    ],
    [
      'of the audio',
      { audio: { input: { format: rate(16000) }, output: { format: rate(8000), speed: 1.2 } } },
      {
        audio: {
          input: { format: rate(16000), transport: 'json', transcription },
          output: { format: rate(8000), transport: 'json' },
        },
      },
    ],
    [
      'of the transcription',
      { audio: { input: { transcription: { model: 'grok-transcribe', language_hint: 'en' } } } },
      {
        input_audio_transcription: { model: 'grok-transcribe', language_hint: 'en' },
        audio: {
          input: {
            format,
            transport: 'json',
            transcription: { model: 'grok-transcribe', language_hint: 'en' },
          },
          output: { format, transport: 'json' },
        },
      },
    ],
    [
      'by members that draw no error',
      {
        type: 'realtime',
        modalities: ['text'],
        temperature: 0.7,
        tool_choice: 'none',
        parallel_tool_calls: false,
      },
      {},
    ],
    ['of the model, which cannot be changed', { model: 'grok-voice-fast-1.0' }, {}],
    ['by a map of sayings', { replace: { xAI: 'ex ay eye' } }, {}],
  ])('%s is echoed', (_what, session, members) => {
    expect(pureSession().receive(update(session))).toEqual([
      anEvent('session.updated', { session: echoed(members) }),
    ]);
  });

  test('has no id in its echo', () => {
    const [updated] = pureSession().receive(update({}));
    expect(updated?.session).not.toHaveProperty('id');
  });

  test('changes only what it names', () => {
    const session = pureSession();
    const steps: Wire[] = [
      { instructions: 'Be brief.', voice: 'eve', tools: [nested] },
      { voice: 'leo' },
      { audio: { output: { format: { type: 'audio/pcm', rate: 8000 } } } },
      { audio: { input: { transcription: { model: 'other' } } } },
      { audio: { output: { speed: 1.5 } } },
      { tools: [], voice: null, instructions: '' },
    ];
    const echoes = steps.map((step) => session.receive(update(step))[0]?.session);
    const base = { instructions: 'Be brief.', tools: [nested] };
    const output = { format: { type: 'audio/pcm', rate: 8000 }, transport: 'json' };
    const other = { model: 'other' };
    const input = { format, transport: 'json', transcription: other };
    expect(echoes).toEqual([
      echoed({ ...base, voice: 'eve' }),
      echoed({ ...base, voice: 'leo' }),
      echoed({ ...base, voice: 'leo', audio: { input: { ...input, transcription }, output } }),
      echoed({ ...base, voice: 'leo', input_audio_transcription: other, audio: { input, output } }),
      echoed({ ...base, voice: 'leo', input_audio_transcription: other, audio: { input, output } }),
      echoed({ input_audio_transcription: other, audio: { input, output } }),
    ]);
  });

  test.each([8000, 16000, 22050, 24000, 32000, 44100, 48000])('may ask for %i samples a second', (rate) => {
    const session = { audio: { input: { format: { type: 'audio/pcm', rate } } } };
    expect(pureSession().receive(update(session))[0]?.session.audio.input.format.rate).toBe(rate);
  });

  test.each([0.1, 0.9])('may ask for a threshold of %d', (threshold) => {
    const turn_detection = { type: 'server_vad', threshold };
    expect(pureSession().receive(update({ turn_detection }))[0]?.session).toEqual(echoed({ turn_detection }));
  });
});

describe('an update is refused, and what held before holds', () => {
  const vad = (members: Wire) => ({ turn_detection: { type: 'server_vad', ...members } });
  const audio = (side: 'input' | 'output', members: Wire) => ({ audio: { [side]: members } });

  test.each<[string, unknown, string]>([
    ['without a session', undefined, 'session'],
    ['with text for a session', 'Be brief.', 'session'],
    ['with a number for instructions', { instructions: 5 }, 'session.instructions'],
    ['with an unknown effort', { reasoning: { effort: 'low' } }, 'session.reasoning.effort'],
    ['with unknown detection', { turn_detection: { type: 'semantic_vad' } }, 'session.turn_detection.type'],
    ['with a threshold below 0.1', vad({ threshold: 0.09 }), 'session.turn_detection.threshold'],
    ['with a threshold above 0.9', vad({ threshold: 0.91 }), 'session.turn_detection.threshold'],
    [
      'with a silence above 10,000 ms',
      vad({ silence_duration_ms: 10_001 }),
      'session.turn_detection.silence_duration_ms',
    ],
    ['with a negative padding', vad({ prefix_padding_ms: -1 }), 'session.turn_detection.prefix_padding_ms'],
    ['with an object for tools', { tools: {} }, 'session.tools'],
    ['with text for a tool', { tools: ['web_search'] }, 'session.tools[0]'],
    ['with a tool without a kind', { tools: [nested, {}] }, 'session.tools[1].type'],
    ['with an unknown kind of tool', { tools: [{ type: 'code' }] }, 'session.tools[0].type'],
    ['with a kind every object has', { tools: [{ type: 'constructor' }] }, 'session.tools[0].type'],
    ['with a function without a name', { tools: [{ type: 'function' }] }, 'session.tools[0].name'],
    [
      'with a function with an empty name',
      { tools: [{ type: 'function', function: { name: '' } }] },
      'session.tools[0].name',
    ],
    ['with mcp without a server', { tools: [{ type: 'mcp' }] }, 'session.tools[0].server_url'],
    [
      'with a rate nobody knows',
      audio('input', { format: { type: 'audio/pcm', rate: 11_025 } }),
      'session.audio.input.format.rate',
    ],
    [
      'with a format nobody knows',
      audio('output', { format: { type: 'audio/mp3' } }),
      'session.audio.output.format.type',
    ],
    ['with a transport nobody knows', audio('input', { transport: 'udp' }), 'session.audio.input.transport'],
    ['with a speed above 1.5', audio('output', { speed: 1.6 }), 'session.audio.output.speed'],
    ['with a speed below 0.7', audio('output', { speed: 0.6 }), 'session.audio.output.speed'],
    ['with resumption by text', { resumption: { enabled: 'yes' } }, 'session.resumption.enabled'],
    ['with numbers to say', { replace: { one: 1 } }, 'session.replace.one'],
  ])('%s', (_what, change, param) => {
    const session = pureSession();
    session.receive(update({ instructions: 'Be brief.', voice: 'leo', tools: [nested] }));
    const broken = { type: 'session.update', event_id: 'mine', session: change };
    expect(session.receive(broken)).toEqual([anError({ code: 'invalid_value', param, event_id: 'mine' })]);
    const [after] = session.receive(update({}));
    expect(after?.session).toEqual(echoed({ instructions: 'Be brief.', voice: 'leo', tools: [nested] }));
  });

  test('with one tool of several that is wrong, whole', () => {
    const session = pureSession();
    session.receive(update({ tools: [nested, { type: 'code' }], voice: 'leo' }));
    expect(session.receive(update({}))[0]?.session).toEqual(echoed());
  });
});

describe('what a maker hears', () => {
  const heard = (...frames: Wire[]) => {
    const session = pureSession();
    for (const frame of frames.slice(0, -1)) session.receive(frame);
    const found = session.heard(frames.at(-1) as Wire)?.heard;
    return found && { ...found, history: [...found.history] };
  };
  const create = { type: 'response.create' };
  const nothing = { instructions: '', tools: [], turn: 0, said: '', results: [], history: [] };

  test('is nothing before anything was said', () => {
    expect(heard(create)).toEqual(nothing);
  });

  test('are the instructions, the functions and the words said last', () => {
    const tools = [
      { type: 'web_search' },
      { type: 'function', ...definition },
      { type: 'function', function: { name: 'other' } },
    ];
    expect(
      heard(update({ instructions: 'Be brief.', tools }), userItem('One'), userItem('Two'), create),
    ).toEqual({
      ...nothing,
      instructions: 'Be brief.',
      tools: [definition, { name: 'other' }],
      turn: 2,
      said: 'Two',
      history: [
        { type: 'message', role: 'user', text: 'One' },
        { type: 'message', role: 'user', text: 'Two' },
      ],
    });
  });

  test('are instructions for one response instead of those of the session', () => {
    const session = pureSession();
    session.receive(update({ instructions: 'Be brief.' }));
    const once = session.heard({ ...create, response: { instructions: 'Sing.' } });
    session.finish();
    expect([once?.heard?.instructions, session.heard(create)?.heard?.instructions]).toEqual([
      'Sing.',
      'Be brief.',
    ]);
  });

  test('is nothing to make where the words stand already', () => {
    const session = pureSession();
    const item = { type: 'force_message', content: [{ type: 'output_text', text: 'Welcome.' }] };
    const wanted = session.heard({ type: 'conversation.item.create', item });
    expect(wanted).toEqual({ responseId: session.peer().active?.id, parts: [{ say: 'Welcome.' }] });
  });
});
