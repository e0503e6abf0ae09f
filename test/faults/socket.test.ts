// The same for the realtime socket: refused handshakes, lines that close at each moment, frames that are none.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../src/errors.js';
import { agents, keyboard, temporaryFolder } from '../support/agents.js';
import { distrusted, refusing } from '../support/hostile-server.js';
import { misbehaving, refusingHandshake, silentHandshake } from '../support/hostile-socket.js';

function world(url: string) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'spec.json'), '{"name":"A"}');
  return { cwd, env: { AGENTS_BASE_URL: url, XAI_API_KEY: 'xai-test' } };
}
const line = 'voice spec.json -m Hello --timeout 0.3';
const error = (text: string) => JSON.stringify({ code: 'x', error: text });

describe('a handshake', () => {
  const refusals: [
    string,
    () => Promise<{ url: string; count(): number }>,
    number,
    ErrorCode,
    RegExp,
    number,
  ][] = [
    ['400, a bad argument', () => refusingHandshake(400, error('bad model')), 1, 'refused', /bad model/, 1],
    [
      '400, a wrong key',
      () => refusingHandshake(400, error('Incorrect API key provided: xai-****.')),
      4,
      'key_refused',
      /Incorrect API key/,
      1,
    ],
    ['401', () => refusingHandshake(401, ''), 4, 'key_refused', /XAI_API_KEY/, 1],
    [
      '403',
      () => refusingHandshake(403, error('Team is not authorized')),
      4,
      'forbidden',
      /Team is not authorized/,
      1,
    ],
    ['404', () => refusingHandshake(404, error('no such path')), 3, 'not_found', /no such path/, 1],
    [
      '429 with Retry-After',
      () => refusingHandshake(429, error('too many sessions'), { 'retry-after': '1' }),
      5,
      'rate_limited',
      /too many sessions/,
      3,
    ],
    [
      '429, the credits are spent',
      () => refusingHandshake(429, error('used all available credits')),
      4,
      'credits_exhausted',
      /credits/,
      1,
    ],
    ['500', () => refusingHandshake(500, '<html>'), 5, 'unavailable', /500 server error/, 1],
    ['503', () => refusingHandshake(503, ''), 5, 'unavailable', /503/, 1],
    [
      '302 to another host',
      () => refusingHandshake(302, '', { location: 'https://elsewhere.example/' }),
      1,
      'redirected',
      /redirects to https:\/\/elsewhere/,
      1,
    ],
    ['that is never answered', silentHandshake, 5, 'timeout', /no answer within 0\.3 s/, 1],
    ['with nobody', refusing, 5, 'network', /nothing listens there/, 0],
    ['over a certificate nobody signed', distrusted, 5, 'tls', /cannot trust/, 0],
  ];
  test.each(refusals)('%s is told as what it is', async (_, start, code, name, says, tries) => {
    const hostile = await start();
    const told = await agents(line, world(hostile.url));
    expect(told).toEqual({ code, stdout: '', stderr: expect.stringMatching(says) });
    expect(hostile.count()).toBe(tries);
    const json = await agents(`--json ${line}`, world(hostile.url));
    const last = json.stderr.trim().split('\n').at(-1) ?? '';
    expect({ code: json.code, stdout: json.stdout, error: JSON.parse(last).error.code }).toEqual({
      code,
      stdout: '',
      error: name,
    });
  });
});

describe('a line that closes', () => {
  test.each([1000, 1006, 1011])('with %d on connecting is told, and nothing was said', async (code) => {
    const hostile = await misbehaving('connect', (socket) => {
      if (code === 1006) socket.terminate();
      else socket.close(code, 'go away');
      return false;
    });
    expect(await agents(line, world(hostile.url))).toEqual({
      code: 5,
      stdout: '',
      stderr: expect.stringContaining(`closed the conversation (code ${code}`),
    });
  });

  test.each([1000, 1006, 1011])(
    'with %d in a reply is told: half an answer is not a whole one',
    async (code) => {
      const hostile = await misbehaving('reply', (socket) => {
        if (code === 1006) socket.terminate();
        else socket.close(code, 'go away');
        return false;
      });
      const told = await agents(`${line} --no-reconnect`, world(hostile.url));
      expect(told.code).toBe(5);
      expect(hostile.count()).toBe(1);
      // Frames already on the way when a line is cut off may be lost with it.
      expect(['', 'Half a\n']).toContain(told.stdout);
      expect(told.stderr).toContain(`code ${code}`);
      const json = await agents(`--json ${line} --no-reconnect`, world(hostile.url));
      const done = json.stdout.split('\n').filter((each) => each.includes('"turn_done"'));
      expect(done.map((each) => JSON.parse(each).status)).toEqual(['failed']);
    },
  );

  test.each([1006, 1011])('with %d in every reply, however often it is taken up again', async (code) => {
    const hostile = await misbehaving('reply', (socket) => {
      if (code === 1006) socket.terminate();
      else socket.close(code, 'go away');
      return false;
    });
    const told = await agents(line, world(hostile.url));
    expect(told.code).toBe(5);
    expect(hostile.count()).toBe(6);
    expect(told.stdout).toMatch(/^(Half a\n)*$/);
    expect(told.stderr).toContain('and 5 tries to come back did not help');
    const json = await agents(`--json ${line}`, world(hostile.url));
    const notices = json.stdout
      .trim()
      .split('\n')
      .map((each) => JSON.parse(each));
    expect(notices.at(-1)).toMatchObject({ type: 'closed', code, clean: false, tries: 5 });
    expect(notices.flatMap(({ type, status }) => (type === 'turn_done' ? [status] : []))).toEqual(['failed']);
  });

  test.each([
    [1000, 0, 'The service ended the conversation.'],
    [1001, 0, 'The service ended the conversation.'],
    [1006, 5, 'code 1006'],
    [1011, 5, 'code 1011: go away'],
  ])('with %d at the prompt ends with %d', async (code, exit, says) => {
    const hostile = await misbehaving('prompt', (socket) => {
      if (code === 1006) socket.terminate();
      else socket.close(code, 'go away');
      return true;
    });
    const told = await agents('voice spec.json', {
      ...world(hostile.url),
      stdin: keyboard().stream,
      tty: { stdin: true, stdout: true, stderr: true },
    });
    expect(told.code).toBe(exit);
    expect(told.stderr).toContain(says);
  });

  test('before the turns of a script are through is a failure, however politely it closes', async () => {
    const hostile = await misbehaving('prompt', (socket) => {
      socket.close(1000);
      return true;
    });
    expect(await agents(line, world(hostile.url))).toMatchObject({ code: 5 });
  });
});

describe('frames', () => {
  test.each([
    ['that are no JSON', '<html>', 'the service sent something that is no event: <html>'],
    ['that are JSON but no event', '[1,2]', 'the service sent something that is no event: [1,2]'],
    [
      'of a known event in another shape',
      '{"type":"response.output_text.delta","delta":{"text":"x"}}',
      'response.output_text.delta in an unknown shape: delta must be a string',
    ],
  ])('%s are told and survived', async (_, frame, says) => {
    const hostile = await misbehaving('reply', (socket) => {
      socket.send(frame);
      return true;
    });
    expect(await agents(line, world(hostile.url))).toEqual({
      code: 0,
      stdout: 'Half a\n loaf\n',
      stderr: expect.stringContaining(says),
    });
  });

  test('of unknown events and bytes are survived in silence, and unknown events are passed on in JSON', async () => {
    const hostile = await misbehaving('reply', (socket) => {
      socket.send('{"type":"mood.changed","mood":"fine"}');
      socket.send(Buffer.from([1, 2, 3]));
      return true;
    });
    expect(await agents(line, world(hostile.url))).toMatchObject({ code: 0, stdout: 'Half a loaf\n' });
    const json = await agents(`--json ${line}`, world(hostile.url));
    expect(json.stdout).toContain('"event":{"type":"mood.changed","mood":"fine"}');
  });

  test('with control characters reach no terminal', async () => {
    const hostile = await misbehaving('reply', (socket) => {
      const delta = ' \u001b]0;title\u0007\u009b2J';
      socket.send(
        JSON.stringify({
          type: 'response.output_audio_transcript.delta',
          response_id: 'r1',
          item_id: 'i1',
          delta,
        }),
      );
      return true;
    });
    const told = await agents(line, world(hostile.url));
    expect(told.stdout).toBe('Half a ]0;title2J loaf\n');
  });
});

describe('silence', () => {
  test('after the connection is told', async () => {
    const hostile = await misbehaving('connect', () => false);
    expect(await agents(line, world(hostile.url))).toEqual({
      code: 5,
      stdout: '',
      stderr: expect.stringContaining('accepted the connection and then said nothing for 0.3 s'),
    });
  });

  test('in a reply is told; half an answer is not a whole one', async () => {
    const hostile = await misbehaving('reply', () => false);
    expect(await agents(line, world(hostile.url))).toEqual({
      code: 5,
      stdout: 'Half a\n',
      stderr: expect.stringContaining('no answer came within 0.3 s'),
    });
  });

  test('with a heartbeat is silence all the same', async () => {
    const hostile = await misbehaving('reply', (socket) => {
      const beat = setInterval(() => socket.send('{"type":"ping","timestamp":1}'), 20);
      socket.on('close', () => clearInterval(beat));
      return false;
    });
    expect(await agents(line, world(hostile.url))).toMatchObject({ code: 5 });
  });
});
