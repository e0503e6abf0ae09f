// What xAI's page says the console does with phone numbers, done from the terminal against the local API.

import { describe, expect, test } from 'vitest';
import { person } from '../support/agents.js';
import { startTestApi } from '../support/local-api.js';

async function team() {
  const api = await startTestApi();
  const { run } = person({ env: { AGENTS_BASE_URL: api.base } });
  const created = await run('--json create --name "Order Support" --instructions "Be kind."');
  return { api, run, agentId: JSON.parse(created.stdout).agent.agent_id as string };
}

describe('the console', () => {
  test('Manage Phone Numbers, Add Phone Number, an area code of the US: a number is bought', async () => {
    const { run } = await team();
    expect(await run('phone buy --area-code 415 --name "Support Line" --yes')).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Bought Support Line \(\+1415\d{7}\)\n$/),
      stderr: expect.stringMatching(/^Let an agent answer it: agents .*phone assign \+1415\d{7} <agent>\n$/),
    });
    const { stdout } = await run('phone list');
    expect(stdout).toMatch(/^\+1415\d{7} +Support Line +xai_provisioned +phone_number_/m);
  });

  test('Assigning a phone number: one is chosen from those there are, and saved with the agent', async () => {
    const { api, run, agentId } = await team();
    await run('phone buy --area-code 415 --name "Support Line" --yes');
    expect(await run('phone assign "Support Line" "Order Support"')).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        new RegExp(`^Support Line \\(\\+1415\\d{7}\\) is answered by Order Support \\(${agentId}\\) now\\n$`),
      ),
      stderr: '',
    });
    const [number] = api.store.snapshot().phone_numbers;
    expect(number).toMatchObject({ agent_id: agentId });
    expect((await run(`get ${agentId}`)).stdout).toContain(`Phone number id  ${number?.phone_number_id}`);
  });

  test('Purchase and assign: to reassign another number is named, to unassign none', async () => {
    const { api, run, agentId } = await team();
    for (const area of ['415', '212']) await run(`phone buy --area-code ${area} --name Line-${area} --yes`);
    const [first, second] = api.store.snapshot().phone_numbers.map((each) => String(each.phone_number));
    const callsFrom = async () =>
      JSON.parse((await run(`--json get ${agentId}`)).stdout).agent.phone_number_id ?? 'none';
    const idOf = (number: string | undefined) =>
      api.store.phoneNumbers.find('phone_number', String(number))[0]?.phone_number_id;
    for (const [number, flag] of [
      [first, `--phone-number ${first}`],
      [second, `--phone-number ${idOf(second)}`],
    ]) {
      expect(await run(`update ${agentId} ${flag}`)).toMatchObject({ code: 0, stderr: '' });
      expect(await callsFrom()).toBe(idOf(number));
    }
    expect(await run('phone unassign Line-212')).toEqual({
      code: 0,
      stdout: `Line-212 (${second}) is with no agent now\n`,
      stderr: '',
    });
    expect(await callsFrom()).toBe('none');
  });
});
