// Answering calls at a terminal: what is shown, what can be typed, and how it ends.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { agents, keyboard, temporaryFolder } from '../support/agents.js';
import { startFakeCalls } from '../support/fake-calls.js';
import { startListening } from '../support/listening.js';
import { renderScreen } from '../support/screen.js';

async function atTerminal(flags: string[] = [], options: Parameters<typeof startFakeCalls>[0] = {}) {
  const service = await startFakeCalls(options);
  const { stream, type } = keyboard();
  const listening = await startListening(service.url, ['--greeting', '', ...flags], {
    human: true,
    stdin: stream,
    tty: { stdin: true, stdout: true, stderr: true, columns: 100 },
    files: { 'tools.yaml': 'tools: { lookup_order: { return: shipped }, hand_over: { return: done } }\n' },
  });
  const ring = async (id: string) => {
    await service.ring(listening.url, id);
    return service.joined(id);
  };
  const screen = () => renderScreen(listening.shown());
  return { service, listening, type, ring, screen };
}

describe('at a terminal', () => {
  test('both sides are shown, a line each, with the call they are of', async () => {
    const { listening, ring, screen } = await atTerminal(['--tools', 'tools.yaml'], {
      answer: (words) =>
        words.startsWith('Where')
          ? { name: 'lookup_order', arguments: { order_id: 'ORD-42' } }
          : 'One. Two! And',
    });
    const [one, two] = [await ring('call-1'), await ring('call-2')];
    one.says('Where is my order?');
    await listening.untilShown(/I found/);
    two.says('Hello');
    two.presses('4');
    await listening.untilShown(/pressed 4/);
    one.close();
    await listening.untilShown(/ended by the other side/);
    const shown = await screen();
    for (const line of [
      'agent.json answers calls on http://127.0.0.1:',
      '[1 +1415•••0100] calls +1415•••0123',
      '[2 +1415•••0100] calls +1415•••0123',
      '[1 +1415•••0100] caller: Where is my order?',
      '[1 +1415•••0100] → lookup_order({"order_id":"ORD-42"})',
      '[1 +1415•••0100] ← shipped (0.00 s)',
      '[1 +1415•••0100] agent: I found shipped.',
      '[2 +1415•••0100] agent: One.\n[2 +1415•••0100] agent: Two!\n[2 +1415•••0100] agent: And',
      '[2 +1415•••0100] caller: pressed 4',
      '[1 +1415•••0100] ended by the other side after 0:00, about $0.0',
    ])
      expect(shown).toContain(line);
  });

  test('/calls, /transfer, /say and /hangup do what they say', async () => {
    const { listening, service, type, ring, screen } = await atTerminal();
    const [one] = [await ring('call-1'), await ring('call-2')];
    type('/calls\r');
    await listening.untilShown(/2 +\+1415•••0100 +\+1415•••0123 +talking +0:00 +about/);
    type('/say 1 One moment, please.\r');
    await listening.untilShown(/\[1 \+1415•••0100\] agent: One moment, please\./);
    expect(one.received.at(-1)).toMatchObject({ item: { type: 'force_message' } });
    type('/transfer +1 415 555 0199 2\r');
    await listening.untilShown(/\[2 \+1415•••0100\] transferred to \+1415•••0199\n/);
    await listening.untilShown(/\[2 \+1415•••0100\] transferred after/);
    type('/hangup\r');
    await listening.untilShown(/\[1 \+1415•••0100\] hung up after/);
    type('/calls\r');
    await listening.untilShown(/No call is under way\./);
    expect(service.asked).toEqual(['refer call-2 tel:+14155550199', 'hangup call-1']);
    type('/quit\r');
    expect(await listening.result).toMatchObject({ code: 0 });
    expect(await screen()).toContain('No calls are answered any more.');
  });

  test('/transfer takes the number of the call before the target as well', async () => {
    const { listening, service, type, ring } = await atTerminal();
    await ring('call-1');
    await ring('call-2');
    type('/transfer 1 +14155550199\r');
    await listening.untilShown(/\[1 \+1415•••0100\] transferred to/);
    expect(service.asked).toEqual(['refer call-1 tel:+14155550199']);
  });

  test('a number in a SIP address is masked like any other', async () => {
    const { listening, service, type, ring } = await atTerminal();
    await ring('call-1');
    type('/transfer sip:+14155550199@desk.example.com\r');
    await listening.untilShown(/transferred to sip:\+1415•••0199@desk\.example\.com\n/);
    expect(service.asked).toEqual(['refer call-1 sip:+14155550199@desk.example.com']);
  });

  test('what is typed wrongly is told, and nothing is asked of the service', async () => {
    const { listening, service, type, ring } = await atTerminal();
    type('/hangup\r');
    await listening.untilShown(/error: no call is under way/);
    await ring('call-1');
    await ring('call-2');
    const lines: [string, RegExp][] = [
      ['/hangup', /error: which call\? name its number\s+under way: 1 \(\+1415•••0100\), 2/],
      [
        '/transfer +14155550199',
        /which call\? .*\s+under way: 1 .*; as it is typed: \/transfer <number\|sip:…> \[call\]/,
      ],
      ['/transfer 7 +14155550199', /error: there is no call 7/],
      ['/hangup 7', /error: there is no call 7/],
      ['/transfer', /error: to whom\?/],
      ['/transfer home 1', /error: a caller cannot be handed over to home\s+name a number/],
      ['/say', /error: what\?/],
      ['/hang', /There is no \/hang; \/help lists/],
      ['Hello', /There is no Hello; \/help lists/],
      ['/help', /\/transfer <number\|sip:…> \[call\] +hand a caller over/],
    ];
    for (const [line, told] of lines) {
      type(`${line}\r`);
      await listening.untilShown(told);
    }
    expect(service.asked).toEqual([]);
  });

  test('a transfer that the service refuses is told, once asked, and the call goes on', async () => {
    const { listening, service, type, ring } = await atTerminal([], { refusesAsked: () => 503 });
    const call = await ring('call-1');
    type('/transfer sip:desk@example.com\r');
    await listening.untilShown(/error: POST \/v1\/realtime\/calls\/call-1\/refer: no such call/);
    call.says('Still here');
    await listening.untilShown(/agent: You said: Still here\./);
    expect(service.asked).toEqual(['refer call-1 sip:desk@example.com']);
    call.close();
    await listening.untilShown(/ended by the other side/);
  });

  test('Ctrl+C without a call ends at once; with one it waits for its end', async () => {
    const without = await atTerminal();
    without.type('\u0003');
    expect(await without.listening.result).toMatchObject({ code: 0 });
    const { listening, service, type, ring } = await atTerminal();
    const call = await ring('call-1');
    type('\u0003');
    await listening.untilShown(/No new calls\. 1 call is under way: Ctrl\+C again hangs up/);
    expect(await service.ring(listening.url, 'call-2')).toBe(503);
    call.close();
    expect(await listening.result).toMatchObject({ code: 0 });
    expect(service.asked).toEqual([]);
  });

  test('Ctrl+C a second time hangs up, and ends', async () => {
    const { listening, service, type, ring } = await atTerminal();
    await ring('call-1');
    await ring('call-2');
    type('half\u0003');
    type('\u0003');
    await listening.untilShown(/No new calls\. 2 calls are under way/);
    type('\u0003');
    expect(await listening.result).toMatchObject({ code: 0 });
    expect(service.asked.sort()).toEqual(['hangup call-1', 'hangup call-2']);
    expect(listening.shown()).toMatch(/hung up after/);
  });

  test('Ctrl+D does as /quit', async () => {
    const { listening, type } = await atTerminal();
    type('\u0004');
    expect(await listening.result).toMatchObject({ code: 0 });
  });
});

describe('elsewhere', () => {
  test('Ctrl+C is how it is meant to end; calls are hung up when it is pressed again', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url);
    await service.ring(listening.url, 'call-1');
    await listening.until('turn_done');
    expect(await listening.end()).toMatchObject({ code: 0, stderr: '' });
    expect(listening.events('call_ended')).toMatchObject([{ reason: 'hung_up' }]);
    expect(service.asked).toEqual(['hangup call-1']);
  });

  test('SIGTERM hangs up as well, and ends with 143', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url);
    await service.ring(listening.url, 'call-1');
    await listening.until('turn_done');
    listening.interrupts.raise('terminated');
    expect(await listening.result).toMatchObject({ code: 143 });
    expect(service.asked).toEqual(['hangup call-1']);
    expect(listening.events('call_ended')).toMatchObject([{ reason: 'hung_up' }]);
  });

  test('SIGTERM hangs up a call that is just being joined, too', async () => {
    const service = await startFakeCalls({ beforeJoin: () => new Promise(() => {}) });
    const listening = await startListening(service.url);
    await service.ring(listening.url, 'call-1');
    await listening.until('call_incoming');
    listening.interrupts.raise('terminated');
    expect(await listening.result).toMatchObject({ code: 143 });
    expect(service.asked).toEqual(['hangup call-1']);
  });

  test('a reader that is gone ends it, and its calls', async () => {
    const service = await startFakeCalls();
    const listening = await startListening(service.url);
    await service.ring(listening.url, 'call-1');
    await listening.until('turn_done');
    listening.interrupts.raise('pipe-closed');
    expect(await listening.result).toMatchObject({ code: 141 });
    expect(service.asked).toEqual(['hangup call-1']);
  });

  test('a call that cannot be hung up is told, and does not hold the end', async () => {
    const service = await startFakeCalls({ refusesAsked: () => 500 });
    const listening = await startListening(service.url, [], { human: true });
    await service.ring(listening.url, 'call-1');
    await listening.untilShown(/agent: Hello, how can I help\?/);
    listening.interrupts.raise('interrupted');
    listening.interrupts.raise('interrupted');
    await listening.untilShown(/call 1 could not be hung up/);
    expect(await listening.result).toMatchObject({ code: 0 });
    expect(service.asked).toEqual(['hangup call-1']);
  });
});

describe('asked wrongly', () => {
  const secret = { AGENTS_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
  test.each<[string, string, Record<string, string>, number, RegExp]>([
    ['without a secret', '', {}, 2, /there is no secret to check webhooks by\n {2}give --secret-file/],
    ['a secret file that is not there', '--secret-file none', {}, 2, /cannot read none: no such file/],
    [
      'a secret that is none',
      '',
      { AGENTS_WEBHOOK_SECRET: 'whsec_!' },
      2,
      /the webhook secret cannot be one/,
    ],
    ['a secret with words', '', { AGENTS_WEBHOOK_SECRET: 'of Acme: MfKQ9r8' }, 2, /holds more than secrets/],
    [
      'a secret with its name',
      '',
      { AGENTS_WEBHOOK_SECRET: 'S=whsec_MfKQ9r8' },
      2,
      /holds more than secrets/,
    ],
    ['a port', '--port 99999', secret, 2, /--port must be 0 to 65535, got 99999/],
    ['a path', '--path calls', secret, 2, /--path must begin with \//],
    ['a limit of calls', '--max-calls 0', secret, 2, /--max-calls must be a whole number, 1 or more, got 0/],
    ['a price', '--max-cost much', secret, 2, /--max-cost must be an amount of US dollars/],
    ['an address to pass on to', '--forward ftp://x', secret, 2, /--forward must be an http or https URL/],
    ['an address with a password', '--forward http://a:b@x', secret, 2, /--forward must be/],
    ['tools that are not there', '--tools none.yaml', secret, 2, /cannot read none\.yaml: no such file/],
    ['a tool it has not', '--fail-tool none', secret, 2, /the agent has no function tool none/],
    ['a machine', '--host 192.0.2.1', secret, 2, /this machine has no such address/],
  ])('%s is told before anything is sent', async (_, flags, env, code, says) => {
    const told = await agents(`--local listen --port 0 ${flags} agent.yaml`, {
      cwd: withAgent(),
      env,
      interrupts: new Interrupts(),
    });
    expect(told).toEqual({ code, stdout: '', stderr: expect.stringMatching(says) });
    expect(told.stderr).not.toContain('MfKQ9r8');
  });

  test('an agent that is not there is told; so is a key that is missing', async () => {
    const cwd = withAgent();
    expect(await agents('--local listen agent_nobody', { cwd, env: secret })).toMatchObject({
      code: 3,
      stdout: '',
    });
    expect(await agents('listen agent.yaml', { cwd, env: secret })).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('no API key'),
    });
  });
});

function withAgent(): string {
  const home = temporaryFolder();
  writeFileSync(join(home, 'agent.yaml'), 'name: A\ninstructions: Be kind.\n');
  return home;
}
