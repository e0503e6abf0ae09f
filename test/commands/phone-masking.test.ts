// Phone numbers in what is kept and logged: masked, unless somebody asks for them; never where the words were asked for.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isSame } from '../../src/emulator/replay/match.js';
import { Interrupts } from '../../src/interrupts.js';
import { hideForRecord } from '../../src/recording/hide.js';
import { agents, person, root, temporaryFolder } from '../support/agents.js';

const orderSupport = join(root, 'fixtures/agents/order-support.json');
const number = '+14155550123';
const masked = '+1415•••0123';

async function talk(env: Record<string, string> = {}) {
  const home = temporaryFolder();
  const { run } = person({ env: { HOME: home, ...env }, cwd: home });
  const kept = ['--record', 'talk.jsonl', '--transcript', 'talk.md'];
  const told = await run([
    '--local',
    '--verbose',
    'voice',
    orderSupport,
    '-m',
    `Call me at ${number}`,
    ...kept,
  ]);
  expect(told.code).toBe(0);
  return { run, told, file: (name: string) => readFileSync(join(home, name), 'utf8') };
}

describe('a recording', () => {
  test('and what --verbose shows have no phone number; the answer and the transcript have it', async () => {
    const { told, file } = await talk();
    for (const text of [file('talk.jsonl'), told.stderr]) {
      expect(text).toContain(`Call me at ${masked}`);
      expect(text).not.toContain(number);
    }
    expect(told.stdout).toContain(number);
    expect(file('talk.md')).toContain(number);
  });

  test('has it where AGENTS_SHOW_NUMBERS asks for it', async () => {
    const { told, file } = await talk({ AGENTS_SHOW_NUMBERS: '1' });
    for (const text of [file('talk.jsonl'), told.stderr]) expect(text).toContain(number);
  });

  test('is shown again, and has nothing wrong in it', async () => {
    const { run } = await talk();
    expect(await run('replay talk.jsonl')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(masked),
    });
    expect(await run('replay --check talk.jsonl')).toMatchObject({ code: 0 });
  });

  test('leaves sound, ids and arguments that are JSON as they are', () => {
    const sound = 'A+1415555012/+14155550123';
    const events = [
      { type: 'input_audio_buffer.append', audio: sound },
      { type: 'response.output_audio.delta', delta: '+14155550123' },
      { type: 'x', call_id: 'call_14155550123', at_ms: 14155550123, tel: 14155550123n },
    ];
    for (const event of events) expect(hideForRecord(event, { key: undefined })).toEqual(event);
    const call = { arguments: JSON.stringify({ phone: number, note: 'a "quote"' }) };
    const { arguments: kept } = hideForRecord(call, { key: undefined });
    expect(JSON.parse(kept)).toEqual({ phone: masked, note: 'a "quote"' });
  });

  test('is served to a client that says the whole number', () => {
    const said = (text: string) => ({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
    });
    expect(isSame(said(`Call ${masked}`), said(`Call ${number}`))).toBe(true);
    expect(isSame(said(`Call ${number}`), said(`Call ${number}`))).toBe(true);
    expect(isSame(said(`Call ${masked}`), said('Call +442079460000'))).toBe(false);
  });
});

describe('the log of agents dev', () => {
  test.each([
    ['', masked],
    ['1', number],
  ])('with AGENTS_SHOW_NUMBERS=%s has %s', async (given, shown) => {
    const interrupts = new Interrupts();
    let log = '';
    let isAsked = false;
    const told = await agents('--json dev --port 0 --memory', {
      interrupts,
      env: { AGENTS_SHOW_NUMBERS: given },
      onWrite: (_, text) => {
        log += text;
        const url = /"url":"([^"]*)"/.exec(log)?.[1];
        if (url !== undefined && !isAsked) {
          isAsked = true;
          void fetch(`${url}/v2/phone-numbers/${encodeURIComponent(number)}`);
        }
        if (log.includes('"type":"request"')) interrupts.raise('interrupted');
      },
    });
    expect(told.code).toBe(0);
    const paths = log
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).path);
    expect(paths).toContain(`/v2/phone-numbers/${given === '' ? shown : encodeURIComponent(shown)}`);
  });
});

test('a wrong AGENTS_SHOW_NUMBERS is told', async () => {
  expect(await agents('--local list', { env: { AGENTS_SHOW_NUMBERS: 'perhaps' } })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('AGENTS_SHOW_NUMBERS must be 1 or 0'),
  });
});
