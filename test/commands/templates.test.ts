// `agents templates`, and each template as its users meet it: created, talked to with its tools, and failing well.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createScript } from '../../src/emulator/script.js';
import type { AgentTool } from '../../src/protocol/agent.js';
import { parseValues } from '../../src/spec/parse.js';
import { templateFile, templates } from '../../src/spec/templates.js';
import { compileSchema } from '../../src/tools/json-schema.js';
import { agents, person, root } from '../support/agents.js';
import { startTestApi } from '../support/local-api.js';
import { openBox } from '../tools/support.js';

type Name = (typeof templates)[number]['name'];
const names = templates.map(({ name }) => name);
const specFile = (name: string) => join(root, templateFile(name, 'spec'));
const valueIn = async (file: string) =>
  (await parseValues(readFileSync(join(root, file), 'utf8'), file)).values[0]?.value as never;

describe('list', () => {
  test('shows the six of the console', async () => {
    const { code, stdout, stderr } = await agents('templates list');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'Begin with one: agents create --template healthcare\n',
    });
    for (const { name, title, about } of templates) {
      expect(stdout).toMatch(new RegExp(`^${name} +${title} +${about}$`, 'm'));
    }
    expect(JSON.parse((await agents('--json templates list')).stdout)).toEqual({ templates });
  });
});

describe('show', () => {
  test.each(names)('prints the files of %s as they are, or what they hold', async (name) => {
    for (const [flag, part] of [
      ['', 'spec'],
      [' --tools', 'tools'],
      [' --script', 'script'],
    ] as const) {
      const file = templateFile(name, part);
      const text = readFileSync(join(root, file), 'utf8');
      expect(await agents(`templates show ${name}${flag}`)).toEqual({ code: 0, stdout: text, stderr: '' });
      const json = await agents(`--json templates show ${name}${flag}`);
      expect(JSON.parse(json.stdout)).toEqual(await valueIn(file));
    }
  });

  test('what it prints makes an agent', async () => {
    const { run } = person();
    for (const format of ['', '--json ']) {
      const { stdout } = await run(`${format}templates show restaurant`);
      const made = await run('--local --json create -', { stdin: stdout });
      expect(JSON.parse(made.stdout).agent.name).toBe('Restaurant Host');
    }
  });

  test.each([
    ['templates show restuarant', 'there is no template restuarant (did you mean "restaurant"?)'],
    ['templates show', "missing required argument 'template'"],
    ['templates show concierge --tools --script', '--tools and --script name two files'],
    ['voice a.yaml -m Hi --tools template:spa', 'there is no template spa'],
  ])('%s is told', async (line, message) => {
    expect(await agents(line)).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});

test.each(names)('create --template %s says how to talk to it with its tools', async (name) => {
  const { run } = person();
  const { stdout, stderr } = await run(`--local create --template ${name}`);
  const id = /agent_\w+/.exec(stdout)?.[0] ?? '';
  const command = `voice ${id} --tools template:${name}`;
  expect(stderr).toContain(`Talk to it: agents --local ${command}\n`);
  const talked = await run(`--local ${command} -m Hello`);
  expect(talked).toMatchObject({ code: 0 });
  expect(talked.stderr).not.toContain('note:');
});

test('the date in stored instructions is filled in as well', async () => {
  const heard: string[] = [];
  const maker = {
    *reply({ instructions }: { instructions: string }) {
      heard.push(instructions);
      yield { say: 'Good day.' };
    },
  };
  const api = await startTestApi({ maker });
  const { run } = person({ env: { AGENTS_BASE_URL: api.base } });
  const made = await run('create --template concierge');
  expect(made.stderr).toContain('note: {{today}} in its instructions becomes the date');
  const id = /agent_\w+/.exec(made.stdout)?.[0] ?? '';
  for (const command of ['voice', 'run']) await run(`${command} ${id} -m Hello`);
  expect(heard).toHaveLength(2);
  for (const instructions of heard) expect(instructions).toContain('Today is 2026-07-01.');
});

interface Talk {
  /** What is said, and the call it leads to. */
  says: string;
  call: [string, Record<string, unknown>];
  /** What the local API says of the result by its rules, and by the template's script. */
  told: RegExp;
  scripted: RegExp;
  /** What the script says when that tool fails. */
  fails: RegExp;
}

const tomorrow = '2026-07-02';

const talks: Record<Name, Talk> = {
  healthcare: {
    says: 'Is there an opening for a check-up tomorrow?',
    call: ['check_availability', { service: 'check-up', date: tomorrow }],
    told: /times 09:00 open, 10:30 open, 15:15 open/,
    scripted: /On 2026-07-02 I have 09:00 or 10:30\. Which would you like/,
    fails: /I am sorry, I cannot see the calendar.*try once more/,
  },
  restaurant: {
    says: 'Do you have a free table for 4 guests tomorrow at 19:00?',
    call: ['check_tables', { date: tomorrow, time: '19:00', guests: 4 }],
    told: /guests 4, free true/,
    scripted: /Yes, I have a table for 4 on 2026-07-02 at 19:00/,
    fails: /I am sorry, I cannot see the reservations/,
  },
  'customer-support': {
    says: 'Where is order ORD-42?',
    call: ['lookup_order', { order_id: 'ORD-42' }],
    told: /status shipped, items desk lamp, carrier DHL, arrives 2026-07-02/,
    scripted: /Order ORD-42 is on its way and should arrive on 2026-07-02/,
    fails: /I am sorry, I could not reach the order system.*open a ticket/,
  },
  'real-estate': {
    says: 'I am looking for a home to rent in Riverside.',
    call: ['search_listings', { kind: 'rent', area: 'Riverside' }],
    told: /found 2, homes H-101 area Riverside/,
    scripted: /a home in Riverside with 3 rooms for 1450 dollars and a balcony/,
    fails: /I am sorry, I cannot search our homes/,
  },
  'appointment-booking': {
    says: 'Is there a free time for a consultation tomorrow?',
    call: ['check_availability', { service: 'consultation', date: tomorrow }],
    told: /times 10:00 free, 11:00 free, 16:00 free/,
    scripted: /On 2026-07-02 I have 10:00 or 11:00/,
    fails: /I am sorry, the calendar cannot be reached/,
  },
  concierge: {
    says: 'A taxi for room 102 at 9:30, please.',
    call: ['book_transport', { room: 102, vehicle: 'taxi', time: '09:30' }],
    told: /ordered true, vehicle taxi, at 09:30, meet at the main entrance/,
    scripted: /Your taxi is ordered for 09:30/,
    fails: /I am sorry, I could not arrange that/,
  },
};

interface Told {
  type: string;
  name?: string;
  arguments?: unknown;
  output?: string;
  text?: string;
}

/** A conversation by the command line: what was called, what came of it, and what was said. */
async function talk(flags: string[], name: string, says: readonly string[]) {
  const { run } = person();
  const turns = says.flatMap((text) => ['-m', text]);
  const tools = ['--tools', `template:${name}`];
  const { code, stdout, stderr } = await run([
    ...['--json', 'voice', specFile(name), ...turns, ...tools],
    ...flags,
  ]);
  const told = stdout
    .trim()
    .split('\n')
    .map((line): Told => JSON.parse(line));
  const all = (type: string) => told.filter((each) => each.type === type);
  return {
    code,
    stderr,
    calls: all('tool_call').map((each) => [each.name, each.arguments]),
    outputs: all('tool_result').map(({ output }) => output ?? ''),
    said: all('turn_done').map(({ text }) => text ?? ''),
  };
}

const scriptOf = async (name: string) =>
  startTestApi({ script: await valueIn(templateFile(name, 'script')) });

describe.each(Object.entries(talks))('the template %s', (name, { says, call, told, scripted, fails }) => {
  test('calls the tool that is meant, and says what came of it', async () => {
    const { code, stderr, calls, said } = await talk(['--local'], name, [says]);
    expect({ code, stderr, calls }).toEqual({ code: 0, stderr: '', calls: [call] });
    expect(said[0]).toMatch(told);
  });

  test('tells honestly that a tool failed', async () => {
    const flags = ['--local', '--fail-tool', `${call[0]}=the line is down`];
    const { code, outputs, said } = await talk(flags, name, [says]);
    expect({ code, outputs }).toEqual({ code: 0, outputs: ['{"error":"the line is down"}'] });
    expect(said[0]).toContain('did not work: the line is down');
    expect(said[0]).not.toMatch(told);
  });

  test('has a script by which it speaks as its instructions ask', async () => {
    const api = await scriptOf(name);
    const flags = ['--base-url', api.base];
    const { calls, said } = await talk(flags, name, [says]);
    expect(calls).toEqual([call]);
    expect(said[0]).toMatch(scripted);
    const failed = await talk([...flags, '--fail-tool', call[0]], name, [says]);
    expect(failed.said[0]).toMatch(fails);
    expect(failed.said[0]).not.toMatch(scripted);
  });

  test('has a script that the local API understands, for tools there are', async () => {
    const script = (await valueIn(templateFile(name, 'script'))) as { rules: Rule[] };
    const fallback = { reply: () => [] };
    expect(() => createScript(script, fallback, () => new Date(0))).not.toThrow();
    const { tools } = (await valueIn(templateFile(name, 'spec'))) as { tools: AgentTool[] };
    const known = tools.map((tool) => tool.function?.name);
    const spokenOf = script.rules.flatMap(({ when, call: made }) => [when?.tool_result, made?.name]);
    expect(known).toEqual(expect.arrayContaining([...new Set(spokenOf.filter(Boolean))]));
    // Each tool's failure has words of its own, at the end of those about it.
    for (const tool of known) {
      const about = script.rules.filter(({ when }) => when?.tool_result === tool);
      expect({ tool, last: about.at(-1)?.when }).toEqual({ tool, last: { tool_result: tool } });
    }
  });

  test('has parameters that are full JSON Schemas', async () => {
    const { tools } = (await valueIn(templateFile(name, 'spec'))) as { tools: AgentTool[] };
    for (const tool of tools) {
      const parameters = tool.function?.parameters as Schema;
      expect(() => compileSchema(parameters)).not.toThrow();
      const { properties, required, additionalProperties } = parameters;
      expect(additionalProperties).toBe(false);
      expect(Object.keys(properties)).toEqual(expect.arrayContaining(required));
      for (const [parameter, { type, description }] of Object.entries(properties)) {
        expect({ parameter, type, description }).toEqual({
          parameter,
          type: expect.stringMatching(/^(string|integer|number)$/),
          description: expect.stringMatching(/\w{2}/),
        });
      }
    }
  });

  test('says who it is, how it speaks, what it never does, when it hands over, and how it fails', async () => {
    const { instructions, tools } = (await valueIn(templateFile(name, 'spec'))) as {
      instructions: string;
      tools: AgentTool[];
    };
    for (const part of [
      /^You are the /,
      /Today is \{\{today\}\}\./,
      /^About /m,
      /^How you speak: /m,
      /^What you do:$/m,
      /^What you never do:$/m,
      /^When you hand over[,:]/m,
      /^When something goes wrong:$/m,
    ]) {
      expect(instructions.replaceAll('\n  ', ' ')).toMatch(part);
    }
    for (const tool of tools) expect(instructions).toContain(tool.function?.name);
  });
});

interface Rule {
  when?: { tool_result?: string };
  call?: { name: string };
}

interface Schema {
  properties: Record<string, { type: string; description: string }>;
  required: string[];
  additionalProperties: boolean;
}

async function boxOf(name: string) {
  const { tools } = (await valueIn(templateFile(name, 'spec'))) as { tools: AgentTool[] };
  return openBox(await valueIn(templateFile(name, 'tools')), { tools });
}

describe('the handlers remember', () => {
  test.each([
    [
      'healthcare',
      ['check_availability', { service: 'vaccination' }, '10:30'],
      ['book_appointment', { service: 'vaccination', patient_name: 'The caller' }],
      ['cancel_appointment', { patient_name: 'The caller' }],
    ],
    [
      'appointment-booking',
      ['check_availability', { service: 'consultation' }, '10:00'],
      ['book_appointment', { service: 'consultation', name: 'The caller' }],
      ['cancel_appointment', { name: 'The caller' }],
    ],
    [
      'restaurant',
      ['check_tables', { time: '20:30', guests: 2 }, '20:30'],
      ['book_table', { guests: 2, name: 'The caller' }],
      ['cancel_reservation', { name: 'The caller' }],
    ],
  ] as const)(
    'in %s what was booked, until it is cancelled',
    async (name, [check, what, time], book, cancel) => {
      const box = await boxOf(name);
      const date = tomorrow;
      const open = async () => JSON.stringify(await box.call(check, { ...what, date }));
      const booking = () => box.call(book[0], { ...book[1], date, time });
      expect(await open()).toContain(time);
      expect(await booking()).not.toHaveProperty('error');
      const offered = JSON.parse(await open());
      expect(Object.keys(offered.times ?? {})).not.toContain(time);
      expect(offered.free ?? false).toBe(false);
      expect(await booking()).toEqual({ error: expect.stringContaining(`${time} on ${date} is not`) });
      const cancelling = () => box.call(cancel[0], { ...cancel[1], date });
      expect(await cancelling()).toMatchObject({ cancelled: true });
      expect(await cancelling()).toHaveProperty('error');
      expect(await booking()).not.toHaveProperty('error');
      expect(await box.call(check, { ...what, date: '2026-07-03' })).toMatchObject({ times: {} });
      expect(await box.call(check, { ...what, date: '2027-01-01' })).toMatchObject({ open: false });
    },
  );

  test('in customer-support what was sent back, and which orders there are', async () => {
    const box = await boxOf('customer-support');
    const back = (order_id: string) =>
      box.call('start_return', { order_id, item: 'winter boots', reason: 'does not fit' });
    expect(await back('ORD-43')).toMatchObject({ return_id: 'RET-ORD-43', send_by: '2026-07-15' });
    expect(await back('ORD-43')).toEqual({ error: 'a return of this item has begun already' });
    expect(await back('ORD-42')).toEqual({ error: 'ORD-42 has not been delivered yet' });
    expect(await back('ORD-99')).toEqual({ error: 'there is no order ORD-99' });
    expect(await box.call('create_ticket', { summary: 'help', priority: 'high' })).toMatchObject({
      ticket: 'TCK-1',
    });
  });

  test('in real-estate who views a home when', async () => {
    const box = await boxOf('real-estate');
    const view = (listing_id: string) =>
      box.call('schedule_viewing', {
        ...{ listing_id, date: tomorrow, time: '15:00', name: 'The caller', phone: '+1 415 555 0100' },
      });
    expect(await view('H-101')).toMatchObject({ confirmation: 'V-H-101-2026-07-02-15:00' });
    expect(await view('H-101')).toHaveProperty('error');
    expect(await view('H-102')).toHaveProperty('confirmation');
    expect(await view('H-9')).toEqual({ error: 'there is no listing H-9' });
    expect(await box.call('listing_details', { listing_id: 'H-205' })).toMatchObject({ rooms: 4 });
  });

  test('in concierge which vehicle was ordered, and which rooms there are', async () => {
    const box = await boxOf('concierge');
    const ride = (room: number) => box.call('book_transport', { room, vehicle: 'taxi', time: '08:00' });
    expect(await ride(101)).toMatchObject({ ordered: true });
    expect(await ride(101)).toHaveProperty('error');
    expect(await ride(102)).toMatchObject({ ordered: true });
    expect(await ride(999)).toEqual({ error: 'there is no room 999' });
  });
});

describe('who cannot be served is told so', () => {
  test.each([
    ['customer-support', 'Where is order ORD-99?', /find no order ORD-99/],
    ['concierge', 'A taxi for room 999 at 9:30, please.', /do not find room 999/],
    ['real-estate', 'A home to buy in Oakwood, please.', /nothing in Oakwood/],
    ['healthcare', 'Is there an opening for a check-up on July 20th?', /no visits on 2026-07-20/],
    ['healthcare', 'I have chest pain since this morning.', /dial the emergency number now/],
    ['restaurant', 'Do you have a free table for 2 guests tomorrow at 21:00?', /21:00 is taken/],
    ['appointment-booking', 'A consultation on July 3rd, is a time free?', /2026-07-03 is fully booked/],
  ])('by %s: %s', async (name, says, told) => {
    const api = await scriptOf(name);
    const { said } = await talk(['--base-url', api.base], name, [says]);
    expect(said[0]).toMatch(told);
  });
});
