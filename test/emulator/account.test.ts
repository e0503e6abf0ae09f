// What a key may use: models, voices, the key itself, ephemeral secrets, phone numbers. Fact sheet B1, C4, D, E.

import { describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../support/local-api.js';
import { ask, handshake, type Wire } from './support.js';

const notFound = (error: string) => ({
  status: 404,
  body: { code: 'Some requested entity was not found', error },
});

describe('models', () => {
  const ids = [
    ...['grok-4.20', 'grok-4.20-0309-reasoning', 'grok-4.20-0309-non-reasoning'],
    ...['grok-4.20-multi-agent-0309', 'grok-4.3', 'grok-4.5', 'grok-4.6', 'grok-4.7', 'grok-build-0.1'],
  ];
  const model = (id: string) => ({ id, object: 'model', created: expect.any(Number), owned_by: 'xai' });

  test('are listed as a list of objects', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'GET /v1/models')).toEqual({
      status: 200,
      body: { object: 'list', data: ids.map(model) },
    });
  });

  test.each(ids)('%s is found', async (id) => {
    const api = await startTestApi();
    expect(await ask(api, `GET /v1/models/${id}`)).toEqual({ status: 200, body: model(id) });
  });

  test('that are retired are found as the one that answers for them', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'GET /v1/models/grok-3-fast')).toEqual({ status: 200, body: model('grok-4.3') });
  });

  test('that nobody knows are not found', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'GET /v1/models/gpt-4o')).toEqual(notFound('The model gpt-4o does not exist'));
  });
});

describe('voices', () => {
  const ids = (
    'altair ara atlas aurora carina castor celeste cosmo eve helios helix iris kepler leo liora lumen luna lux ' +
    'naksh orion perseus rex rigel sal sirius ursa zagan zenith'
  ).split(' ');

  test('are the twenty-eight of the service', async () => {
    const api = await startTestApi();
    const { status, body } = await ask(api, 'GET /v1/tts/voices');
    const { voices } = body as { voices: Wire[] };
    expect({ status, ids: voices.map(({ voice_id }) => voice_id) }).toEqual({ status: 200, ids });
    expect(voices.find(({ voice_id }) => voice_id === 'eve')).toEqual({
      voice_id: 'eve',
      name: 'Eve',
      language: expect.any(String),
    });
  });

  test.each(['eve', 'Eve', 'EVE'])('%s is found, however it is written', async (written) => {
    const api = await startTestApi();
    expect(await ask(api, `GET /v1/tts/voices/${written}`)).toEqual({
      status: 200,
      body: { voice_id: 'eve', name: 'Eve', language: expect.any(String) },
    });
  });

  test('that nobody knows are not found', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'GET /v1/tts/voices/hal')).toEqual(notFound('Voice not found: hal'));
  });
});

describe('speech', () => {
  const said = { text: 'Hello there', language: 'en' };
  const speak = async (body: object) => {
    const { base } = await startTestApi();
    return fetch(`${base}/v1/tts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  };
  const sound = async (output_format: object, more: object = {}) => {
    const reply = await speak({ ...said, output_format, ...more });
    return { type: reply.headers.get('content-type'), bytes: Buffer.from(await reply.arrayBuffer()) };
  };

  test.each([
    [{ codec: 'pcm' }, 'audio/pcm', 48_000],
    [{ codec: 'pcm', sample_rate: 8000 }, 'audio/pcm', 16_000],
    [{ codec: 'mulaw' }, 'audio/basic', 8000],
    [{ codec: 'alaw', sample_rate: 16_000 }, 'audio/x-alaw', 16_000],
  ])('as %j lasts as long as its words', async (format, type, bytesPerSecond) => {
    const told = await sound(format);
    expect(told.type).toBe(type);
    expect(told.bytes.length / bytesPerSecond).toBeGreaterThan(0.5);
    expect(told.bytes.length / bytesPerSecond).toBeLessThan(1);
    const fast = await sound(format, { speed: 1.5 });
    expect(fast.bytes.length / told.bytes.length).toBeCloseTo(1 / 1.5, 1);
  });

  test('as WAV is the same behind a header', async () => {
    const [wav, pcm] = [await sound({ codec: 'wav' }), await sound({ codec: 'pcm' })];
    expect(wav.type).toBe('audio/wav');
    expect(wav.bytes.subarray(44)).toEqual(pcm.bytes);
    expect(wav.bytes.readUInt32LE(40)).toBe(pcm.bytes.length);
  });

  test('is spoken by the voice the local API has', async () => {
    const voice = async (words: readonly string[], rate: number, speed: number) => {
      expect([words.join(''), rate, speed]).toEqual(['Hello there', 8000, 0.7]);
      return words.map(() => ({ pcm: Int16Array.of(1, 2), rate }));
    };
    const { base } = await startTestApi({ realtime: { voice } });
    const output_format = { codec: 'pcm', sample_rate: 8000 };
    const body = JSON.stringify({ ...said, speed: 0.7, output_format });
    const reply = await fetch(`${base}/v1/tts`, { method: 'POST', body });
    expect([...new Int16Array(await reply.arrayBuffer())]).toEqual([1, 2, 1, 2]);
  });

  test.each<[string, object, number, RegExp]>([
    ['no text', { language: 'en' }, 422, /text is missing/],
    ['an empty text', { ...said, text: '' }, 400, /text/],
    ['blanks', { ...said, text: '  ' }, 400, /must not be empty/],
    ['too long a text', { ...said, text: 'a'.repeat(15_001) }, 400, /at most 15000 characters, got 15001/],
    ['no language', { text: 'Hi' }, 422, /language is missing/],
    ['a language that is none', { ...said, language: 'German!' }, 400, /language/],
    ['too slow', { ...said, speed: 0.6 }, 400, /^\{"error":"speed must be between 0.7 and 1.5"\}$/],
    ['too fast', { ...said, speed: 1.6 }, 400, /speed must be between/],
    ['a voice nobody has', { ...said, voice_id: 'hal' }, 404, /Voice not found: hal/],
    ['mp3', { ...said, output_format: { codec: 'mp3' } }, 400, /does not make mp3/],
    ['what is mp3 when nothing is said', said, 400, /does not make mp3/],
    ['another codec', { ...said, output_format: { codec: 'ogg' } }, 422, /codec/],
    ['another rate', { ...said, output_format: { codec: 'pcm', sample_rate: 1 } }, 422, /sample_rate/],
    ['timestamps', { ...said, with_timestamps: true, output_format: { codec: 'wav' } }, 400, /timestamps/],
    ['what is not known', { ...said, pitch: 2 }, 422, /pitch/],
  ])('is refused for %s', async (_, body, status, says) => {
    const reply = await speak(body);
    expect({ status: reply.status, body: await reply.text() }).toEqual({
      status,
      body: expect.stringMatching(says),
    });
  });
});

test('voices of one’s own there are none', async () => {
  const api = await startTestApi();
  expect(await ask(api, 'GET /v1/custom-voices?limit=10')).toEqual({ status: 200, body: { voices: [] } });
});

describe('the key', () => {
  test('is told in the documented members, and works', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'GET /v1/api-key')).toEqual({
      status: 200,
      body: {
        redacted_api_key: expect.stringMatching(/^xai-\.\.\./),
        user_id: expect.any(String),
        name: expect.any(String),
        create_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        modify_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
        modified_by: expect.any(String),
        team_id: expect.any(String),
        acls: ['api-key:model:*', 'api-key:endpoint:*'],
        api_key_id: expect.any(String),
        team_blocked: false,
        api_key_blocked: false,
        api_key_disabled: false,
      },
    });
  });

  test('is never answered with itself', async () => {
    const api = await startTestApi();
    const { body } = await ask(api, 'GET /v1/api-key', undefined, { authorization: 'Bearer xai-private' });
    expect(JSON.stringify(body)).not.toContain('private');
  });
});

describe('an ephemeral secret', () => {
  const begun = Date.UTC(2026, 6, 1, 12) / 1000;
  const value = expect.stringMatching(/^xai-realtime-client-secret-[\w-]{32}$/);

  /** A local API whose clock the test moves. */
  async function withClock() {
    let seconds = begun;
    const api = await startTestApi({ nowMs: () => seconds * 1000 });
    return {
      api,
      pass: (more: number) => {
        seconds += more;
      },
    };
  }
  const make = async (api: TestApi, body: object = {}) =>
    (await ask(api, 'POST /v1/realtime/client_secrets', body)).body as { value: string; expires_at: number };
  const asBearer = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });
  const asProtocol = (secret: string) => ({ protocols: [`xai-client-secret.${secret}`] });

  test.each<[string, object, number]>([
    ['ten minutes when nothing is said', {}, 600],
    ['one second', { expires_after: { seconds: 1 } }, 1],
    ['an hour', { expires_after: { seconds: 3600 } }, 3600],
    [
      'ten minutes when only a session is given',
      { session: { model: 'grok-voice-latest', reasoning: { effort: 'none' } } },
      600,
    ],
  ])('lives for %s', async (_time, body, seconds) => {
    const { api } = await withClock();
    expect(await ask(api, 'POST /v1/realtime/client_secrets', body)).toEqual({
      status: 200,
      body: { value, expires_at: begun + seconds },
    });
  });

  const invalid = 'Client specified an invalid argument';
  const shape = 'Failed to deserialize the JSON body into the target type: ';
  test.each<[string, object, number, unknown]>([
    [
      'no time at all',
      { expires_after: { seconds: 0 } },
      400,
      { code: invalid, error: 'expires_after.seconds must be at least 1, got 0' },
    ],
    [
      'more than an hour',
      { expires_after: { seconds: 3601 } },
      400,
      { code: invalid, error: 'expires_after.seconds must be at most 3600, got 3601' },
    ],
    ['half seconds', { expires_after: { seconds: 1.5 } }, 422, expect.stringContaining(shape)],
    ['a time that is text', { expires_after: { seconds: '60' } }, 422, expect.stringContaining(shape)],
    ['a time that is no object', { expires_after: 60 }, 422, expect.stringContaining(shape)],
    [
      'an anchor',
      { expires_after: { anchor: 'created_at', seconds: 60 } },
      422,
      `${shape}expires_after.anchor: unknown field \`anchor\``,
    ],
  ])('is not made for %s', async (_time, body, status, reply) => {
    const { api } = await withClock();
    expect(await ask(api, 'POST /v1/realtime/client_secrets', body)).toEqual({ status, body: reply });
  });

  test('is another one each time', async () => {
    const { api } = await withClock();
    expect((await make(api)).value).not.toBe((await make(api)).value);
  });

  test('opens the socket as a key does, and as a subprotocol, which is echoed', async () => {
    const { api } = await withClock();
    const { value: secret } = await make(api);
    expect(await handshake(api, asBearer(secret))).toEqual({ protocol: '' });
    expect(await handshake(api, asProtocol(secret))).toEqual({ protocol: `xai-client-secret.${secret}` });
    const among = { protocols: ['realtime', `xai-client-secret.${secret}`] };
    expect(await handshake(api, among)).toEqual({ protocol: `xai-client-secret.${secret}` });
  });

  test('opens the socket until it expires, and not after', async () => {
    const { api, pass } = await withClock();
    const { value: secret } = await make(api, { expires_after: { seconds: 60 } });
    pass(59);
    expect(await handshake(api, asProtocol(secret))).toHaveProperty('protocol');
    pass(1);
    const refused = {
      status: 401,
      body: {
        code: 'The request does not have valid authentication credentials',
        error: 'The client secret is unknown or has expired',
      },
    };
    expect(await handshake(api, asProtocol(secret))).toEqual(refused);
    expect(await handshake(api, asBearer(secret))).toEqual(refused);
  });

  test.each(['xai-realtime-client-secret-made-up', 'made-up'])(
    'that nobody made opens nothing: %s',
    async (secret) => {
      const { api } = await withClock();
      expect(await handshake(api, asProtocol(secret))).toMatchObject({ status: 401 });
    },
  );

  test.each([
    'GET /v1/agents',
    'GET /v1/models',
    'POST /v1/chat/completions',
    'POST /v1/realtime/client_secrets',
  ])('is refused by %s', async (line) => {
    const { api } = await withClock();
    const { value: secret } = await make(api);
    const body = line.startsWith('POST') ? {} : undefined;
    expect(await ask(api, line, body, asBearer(secret).headers)).toEqual({
      status: 401,
      body: {
        code: 'The request does not have valid authentication credentials',
        error: 'An ephemeral secret is only good for the realtime socket',
      },
    });
  });
});

describe('phone numbers', () => {
  const id = expect.stringMatching(/^phone_number_[0-9a-f]{16}$/);

  test.each([
    ['415', { area_code: '415', name: 'Support Line' }, 'Support Line'],
    ['212', { area_code: '212' }, ''],
  ])('of area %s are bought, listed and found', async (area, body, name) => {
    const api = await startTestApi();
    const bought = await ask(api, 'POST /v1/phone-numbers', body);
    const number = expect.stringMatching(new RegExp(`^\\+1${area}55501\\d\\d$`));
    const others = { origin: 'xai_provisioned', team_id: 'local', update_time: expect.any(String) };
    expect(bought).toEqual({
      status: 200,
      body: { phone_number: { phone_number_id: id, phone_number: number, name, ...others } },
    });
    const { phone_number } = bought.body as { phone_number: { phone_number_id: string } };
    expect(await ask(api, 'GET /v1/phone-numbers')).toEqual({
      status: 200,
      body: { phone_numbers: [phone_number] },
    });
    expect(await ask(api, `GET /v1/phone-numbers/${phone_number.phone_number_id}`)).toEqual({
      status: 200,
      body: { phone_number },
    });
  });

  test('are listed page by page', async () => {
    const api = await startTestApi();
    for (const area_code of ['201', '202', '203']) await ask(api, 'POST /v1/phone-numbers', { area_code });
    const list = async (query: string) =>
      (await ask(api, `GET /v1/phone-numbers?${query}`)).body as {
        phone_numbers: { phone_number: string }[];
        pagination_token?: string;
      };
    const first = await list('limit=2');
    const last = await list(`limit=2&pagination_token=${first.pagination_token}`);
    const areas = [first, last].map(({ phone_numbers }) =>
      phone_numbers.map(({ phone_number }) => phone_number.slice(2, 5)),
    );
    expect(areas).toEqual([['201', '202'], ['203']]);
    expect(last).not.toHaveProperty('pagination_token');
  });

  test.each(['x', '-2', '1.5'])('are not listed by the limit %s', async (limit) => {
    const api = await startTestApi();
    await ask(api, 'POST /v1/phone-numbers', { area_code: '415' });
    expect(await ask(api, `GET /v1/phone-numbers?limit=${limit}`)).toEqual({
      status: 400,
      body: {
        code: 'Client specified an invalid argument',
        error: expect.stringMatching(/^limit /),
      },
    });
  });

  test.each(['115', '41', '4155', 'abc', '+14', ''])('are not sold for the area %j', async (area_code) => {
    const api = await startTestApi();
    expect(await ask(api, 'POST /v1/phone-numbers', { area_code })).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^area_code /) },
    });
  });

  test.each<[string, object]>([
    ['no area', {}],
    ['a number for an area', { area_code: 415 }],
    ['an unknown member', { area_code: '415', origin: 'byo_trunk' }],
  ])('are not sold for %s', async (_what, body) => {
    const api = await startTestApi();
    expect(await ask(api, 'POST /v1/phone-numbers', body)).toMatchObject({ status: 422 });
  });

  test('that nobody bought are not found', async () => {
    const api = await startTestApi();
    expect(await ask(api, 'GET /v1/phone-numbers/none')).toEqual(notFound('Phone number not found: none'));
  });
});
