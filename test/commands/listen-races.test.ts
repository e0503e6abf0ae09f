// What happens to a call while something is being asked of the service.

import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FakeCallsOptions, startFakeCalls } from '../support/fake-calls.js';
import { startListening } from '../support/listening.js';

const tools = `
export async function hand_over({}, { phone }) {
  await phone.transfer('+14155550199');
  return 'done';
}
export async function say_goodbye({}, { phone, log }) {
  setImmediate(() => phone.transfer('+14155550199').catch(({ message }) => log(message)));
  return 'Goodbye';
}
export async function say_goodbye_late({}, { phone, log }) {
  globalThis.later = () => phone.transfer('+14155550199').catch(({ message }) => log(message));
  return 'Goodbye';
}
export async function transfer_late() {
  await globalThis.later();
  return 'tried';
}
`;
const withTools = ['--greeting', '', '--tools', 'tools.mjs'];

function held() {
  let open = (_status: number | undefined) => {};
  const answer = new Promise<number | undefined>((resolve) => {
    open = resolve;
  });
  return { answer, open };
}

/** A call whose tool asks for a transfer, which is not answered yet. */
async function transferring(options: FakeCallsOptions = {}) {
  const refer = held();
  const service = await startFakeCalls({
    answer: () => ({ name: 'hand_over', arguments: {} }),
    refusesAsked: (what) => (what === 'refer' ? refer.answer : undefined),
    ...options,
  });
  const listening = await startListening(service.url, withTools, { files: { 'tools.mjs': tools } });
  await service.ring(listening.url, 'call-1');
  const call = await service.joined('call-1');
  call.says('A person, please');
  await expect.poll(() => service.asked).toEqual(['refer call-1 tel:+14155550199']);
  return { refer, service, listening, call };
}

describe('while a transfer is asked for', () => {
  test('hanging up waits for it, and is done where it is refused', async () => {
    const { refer, service, listening } = await transferring();
    const ended = listening.end();
    refer.open(500);
    expect(await ended).toMatchObject({ code: 0 });
    expect(service.asked.at(-1)).toBe('hangup call-1');
    expect(listening.events('call_ended')).toMatchObject([{ reason: 'hung_up' }]);
  });

  test('hanging up does nothing to a caller who has been handed over', async () => {
    const { refer, service, listening } = await transferring();
    const ended = listening.end();
    refer.open(undefined);
    expect(await ended).toMatchObject({ code: 0 });
    expect(service.asked).toEqual(['refer call-1 tel:+14155550199']);
    expect(listening.events('call_ended')).toMatchObject([{ reason: 'transferred' }]);
  });

  test('a caller who hangs up was not handed over', async () => {
    const { refer, service, listening, call } = await transferring();
    call.close();
    await listening.until('closed');
    refer.open(404);
    expect(await listening.until('call_ended')).toMatchObject({ reason: 'remote' });
    expect(service.asked).toEqual(['refer call-1 tel:+14155550199']);
  });

  test('a line that is lost for good does not take the caller from whom it was handed to', async () => {
    let refused = 0;
    const refuses = (_: string, joins: number) => {
      if (joins === 0) return undefined;
      refused++;
      return 403;
    };
    const { refer, service, listening, call } = await transferring({ refuses });
    call.close(1006);
    await expect.poll(() => refused).toBe(1);
    refer.open(undefined);
    expect(await listening.until('call_ended')).toMatchObject({ reason: 'transferred' });
    expect(service.asked).toEqual(['refer call-1 tel:+14155550199']);
  });
});

test('a request that is not answered holds up no other call', async () => {
  const never = held();
  const service = await startFakeCalls({
    answer: () => ({ name: 'hand_over', arguments: {} }),
    refusesAsked: (what) => (what === 'refer' ? never.answer : undefined),
  });
  const listening = await startListening(service.url, withTools, { files: { 'tools.mjs': tools } });
  await service.ring(listening.url, 'call-1');
  (await service.joined('call-1')).says('A person, please');
  await expect.poll(() => service.asked).toHaveLength(1);
  await service.ring(listening.url, 'call-2');
  const other = await service.joined('call-2');
  other.says('A person, please');
  // Both wait for an answer; neither for the other.
  await expect
    .poll(() => service.asked)
    .toEqual(['refer call-1 tel:+14155550199', 'refer call-2 tel:+14155550199']);
  never.open(undefined);
  await listening.until('call_ended', 'call-1');
  await listening.until('call_ended', 'call-2');
});

describe('a function that has returned', () => {
  const answering = (name: string) => startFakeCalls({ answer: () => ({ name, arguments: {} }) });
  const names = ['say_goodbye', 'say_goodbye_late', 'transfer_late'];
  const agent = JSON.stringify({
    name: 'Acme',
    instructions: 'Be brief.',
    tools: names.map((name) => ({ type: 'function', function: { name, parameters: { type: 'object' } } })),
  });
  const files = { 'tools.mjs': tools, 'agent.json': agent };

  test('may still hand the caller over', async () => {
    const service = await answering('say_goodbye');
    const listening = await startListening(service.url, withTools, { files });
    await service.ring(listening.url, 'call-1');
    (await service.joined('call-1')).says('A person, please');
    expect(await listening.until('call_ended')).toMatchObject({ reason: 'transferred' });
    expect(service.asked).toEqual(['refer call-1 tel:+14155550199']);
  });

  test('may not when the phone call is over', async () => {
    const service = await startFakeCalls({ answer: (name) => ({ name, arguments: {} }) });
    const listening = await startListening(service.url, withTools, { files, human: true });
    await service.ring(listening.url, 'call-1');
    const first = await service.joined('call-1');
    first.says('say_goodbye_late');
    await listening.untilShown(/\[1 .*agent: I found Goodbye/);
    first.close();
    await listening.untilShown(/ended by the other side/);
    await service.ring(listening.url, 'call-2');
    (await service.joined('call-2')).says('transfer_late');
    await listening.untilShown(/the phone call is over/);
    expect(service.asked).toEqual([]);
  });
});

test('a recording that cannot be put away is told, and harms no call', async () => {
  const joining = held();
  const service = await startFakeCalls({
    refuses: () => 403,
    beforeJoin: async () => void (await joining.answer),
  });
  const listening = await startListening(service.url, ['--record', 'kept'], { human: true });
  await service.ring(listening.url, 'call-1');
  const folder = join(listening.home, 'kept');
  const [name = ''] = readdirSync(folder);
  // In its place is what cannot be removed as a file.
  rmSync(join(folder, name));
  mkdirSync(join(folder, name));
  joining.open(undefined);
  await listening.untilShown(/could not be joined/);
  expect(await service.ring(listening.url, 'call-2')).toBe(200);
  await listening.untilShown(/\[2 [^\]]*\] could not be joined/);
  expect(await listening.end()).toMatchObject({ code: 0 });
});
