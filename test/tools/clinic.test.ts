// The clinic of fixtures/clinic: its spec is accepted as it is, and its tools behave as a clinic's would.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { functionTools } from '../../src/protocol/agent.js';
import { parseValues } from '../../src/spec/parse.js';
import { checkSpec, readSpec } from '../../src/spec/spec.js';
import { person, root } from '../support/agents.js';
import { startTestApi } from '../support/local-api.js';
import { openBox } from './support.js';

const spec = join(root, 'fixtures/clinic/clinic.yaml');
const tools = join(root, 'fixtures/clinic/tools.yaml');
const valueIn = async (file: string) =>
  (await parseValues(readFileSync(file, 'utf8'), file)).values[0]?.value;
const names = ['check_availability', 'book_appointment', 'transfer_to_human', 'end_call'];

async function clinic() {
  const { agent } = readSpec(await valueIn(spec), spec);
  return openBox(await valueIn(tools), { tools: functionTools(agent as never) });
}
/** Days of the test's clock, on which it is 1 July. */
const [openDay, fullDay, lastSlotDay] = ['2026-07-02', '2026-07-03', '2026-07-04'];
const visit = { service: 'check-up', date: openDay };
const booking = { ...visit, time: '09:00', patient_name: 'Maria Lopez' };

describe('the clinic', () => {
  test('is a spec without a note, whose tools all have a handler', async () => {
    const { agent, place } = readSpec(await valueIn(spec), spec);
    expect(checkSpec(agent, place, 'create')).toEqual([]);
    const box = await clinic();
    expect(names.filter(box.has)).toEqual(names);
  });

  test('offers open times, and one that was booked no more', async () => {
    const box = await clinic();
    const times = async () =>
      Object.keys(((await box.call('check_availability', visit)) as { times: object }).times);
    expect(await times()).toEqual(['09:00', '11:30', '15:15']);
    expect(await box.call('book_appointment', booking)).toEqual({
      confirmation: 'RC-2026-07-02-09:00',
      patient_name: 'Maria Lopez',
      service: 'check-up',
      room: 'room 1',
    });
    expect(await times()).toEqual(['11:30', '15:15']);
    expect(await box.call('book_appointment', booking)).toEqual({
      error: '09:00 on 2026-07-02 is not open; check availability again',
    });
  });

  test('has a day that is full, one that gets full, and days it knows nothing of', async () => {
    const box = await clinic();
    const day = (date: string) => box.call('check_availability', { ...visit, date });
    const full = { open: true, times: {}, note: `Fully booked; ${lastSlotDay} has an open time` };
    expect(await day(fullDay)).toMatchObject(full);
    await box.call('book_appointment', { ...booking, date: lastSlotDay, time: '14:00' });
    expect(await day(lastSlotDay)).toMatchObject({ times: {} });
    expect(await day('2027-01-01')).toMatchObject({ open: false });
  });

  test('refuses what is no booking before the book is touched', async () => {
    const box = await clinic();
    for (const wrong of [{ time: '9 am' }, { patient_name: '' }, { date: 'tomorrow' }]) {
      expect(await box.call('book_appointment', { ...booking, ...wrong })).toHaveProperty('error');
    }
    expect(await box.call('book_appointment', booking)).toHaveProperty('confirmation');
  });

  test('hands over to people, the sooner the more urgent', async () => {
    const box = await clinic();
    const emergency = { reason: 'chest pain since morning', urgency: 'emergency' };
    expect(await box.call('transfer_to_human', emergency)).toMatchObject({ to: 'the nurse on duty' });
    expect(await box.call('transfer_to_human', { reason: 'a complaint' })).toMatchObject({
      to: 'the front desk',
    });
    expect(await box.call('end_call')).toEqual({ ended: true });
  });

  test('knows what day it is, in the session and in a chat', async () => {
    for (const command of ['voice', 'run']) {
      const heard: string[] = [];
      const maker = {
        *reply({ instructions }: { instructions: string }) {
          heard.push(instructions);
          yield { say: 'Riverside Clinic.' };
        },
      };
      const api = await startTestApi({ maker });
      const { run } = person();
      await run(['--base-url', api.base, command, spec, '-m', 'Hello', '--tools', tools]);
      expect(heard[0]).toContain('Today is 2026-07-01.');
      expect(heard[0]).not.toContain('{{');
    }
  });

  test('is booked in a conversation of two turns', async () => {
    const script = {
      rules: [
        { when: { tool_result: 'check_availability' }, say: 'I have 9 or 11:30.' },
        { when: { tool_result: 'book_appointment' }, say: 'You are booked: $result' },
        { when: { turn: 1 }, call: { name: 'check_availability', arguments: visit } },
        { when: { turn: 2 }, call: { name: 'book_appointment', arguments: booking } },
      ],
    };
    const api = await startTestApi({ script });
    const { run } = person();
    const turns = ['-m', 'A check-up tomorrow?', '-m', 'Nine, please. Maria Lopez.'];
    const talked = await run(['--base-url', api.base, 'voice', spec, ...turns, '--tools', tools]);
    expect(talked.code).toBe(0);
    expect(talked.stdout).toContain('You are booked: {"confirmation":"RC-2026-07-02-09:00"');
  });
});
