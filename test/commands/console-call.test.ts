// What the console does with a telephone, by the command line: "Click Call Me to have the agent call your phone", and
// outbound phone calls.

import { expect, test } from 'vitest';
import { makeAgent } from '../emulator/support.js';
import { agents } from '../support/agents.js';
import { addNumber } from '../support/calls.js';
import { startTestApi } from '../support/local-api.js';

const mine = '+14155550199';

test('Call Me: the agent calls the number that is named, with its own as caller id, and talks', async () => {
  const api = await startTestApi({ script: { hears: ['Hello, who is this?', 'Thank you, goodbye.'] } });
  const { agent_id } = await makeAgent(api, { name: 'Concierge', instructions: 'Be brief.' });
  addNumber(api, '+14155550123', { agent_id });
  const told = await agents(`--base-url ${api.base} call Concierge --to ${mine} --yes`);
  expect(told.code).toBe(0);
  expect(told.stderr).toContain(`Calling ${mine} from +14155550123`);
  expect(told.stdout.split('\n')).toEqual([
    'person: Hello, who is this?',
    'agent: Hello, this is Concierge. You said: Hello, who is this? My instructions begin: Be brief.',
    'person: Thank you, goodbye.',
    'agent: Hello, this is Concierge. You said: Thank you, goodbye. My instructions begin: Be brief.',
    '',
  ]);
});

test('Outbound phone call: an agent that a number was assigned to by update calls out from it', async () => {
  const api = await startTestApi();
  const { agent_id } = await makeAgent(api, { name: 'Support' });
  addNumber(api, '+14155550124');
  const env = { AGENTS_BASE_URL: api.base };
  const assigned = await agents(`update ${agent_id} --phone-number phone_number_14155550124`, { env });
  expect(assigned.code).toBe(0);
  const { code, stdout } = await agents(`--json call ${agent_id} --to ${mine} --yes`, { env });
  expect(code).toBe(0);
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  expect(last.call).toMatchObject({ status: 'completed', from: '+14155550124', to: mine, agent_id });
});
