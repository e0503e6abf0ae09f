import { describe, expect, test } from 'vitest';
import { type Agent, type AgentTool, readAgent } from '../../src/protocol/agent.js';
import { agentCard, agentTable, toolName, toolText } from '../../src/terminal/agent-view.js';
import { createStyle } from '../../src/terminal/style.js';
import { textWidth } from '../../src/terminal/table.js';

const plain = createStyle(0, Number.POSITIVE_INFINITY);
const full: Agent = {
  agent_id: 'agent_1',
  name: 'Order Support',
  instructions: 'Be brief.\n\nNever guess.',
  voice: { voice_id: 'eve', vad_threshold: 0.5, vad_silence_duration_ms: 300, language_hint: 'en' },
  tools: [
    {
      type: 'function',
      function: {
        name: 'lookup_order',
        description: 'Looks up\nan order.',
        parameters: { type: 'object', properties: { id: {}, email: {} }, required: ['id'] },
      },
    },
    { type: 'web_search', allowed_domains: ['a.com'] },
    { type: 'mcp', server_url: 'https://a.com', server_label: 'a' },
  ],
  collection_ids: ['collection_1', 'collection_2'],
  phone_number_id: 'phone_1',
  created_at: 1782907200,
  updateTime: '2026-07-01T12:00:00.500Z',
  workflow_json: '{"steps":[]}',
  flags: { beta: true },
};

describe('the card of an agent', () => {
  test('shows everything there is', () => {
    expect(agentCard(full, plain)).toBe(
      [
        'Order Support',
        'agent_1',
        '',
        '  Voice            eve, threshold 0.5, silence 300 ms, language hint en',
        '  Tools            lookup_order(id, email?)  Looks up an order.',
        '                   web_search {"allowed_domains":["a.com"]}',
        '                   mcp {"server_url":"https://a.com","server_label":"a"}',
        '  Collections      collection_1, collection_2',
        '  Phone number id  phone_1',
        '  Created at       2026-07-01T12:00:00.000Z',
        '  Update time      2026-07-01T12:00:00.500Z',
        '  Workflow json    {"steps":[]}',
        '  Flags            {"beta":true}',
        '',
        'Instructions',
        'Be brief.',
        '',
        'Never guess.',
      ].join('\n'),
    );
  });

  test.each([
    ['that has only a name', { agent_id: 'a1', name: 'Bot' }, 'Bot\na1'],
    ['that has no name', { agent_id: 'a1' }, '(no name)\na1'],
    ['whose lists are empty', { agent_id: 'a1', name: 'Bot', tools: [], collection_ids: [] }, 'Bot\na1'],
    ['without instructions', { agent_id: 'a1', name: 'Bot', instructions: '' }, 'Bot\na1'],
    [
      'that has only instructions',
      { agent_id: 'a1', name: 'Bot', instructions: 'Hi' },
      'Bot\na1\n\nInstructions\nHi',
    ],
    ['whose name has lines', { agent_id: 'a1', name: 'Bot\n of many ' }, 'Bot of many\na1'],
    ['with a member of many lines', { agent_id: 'a1', note: 'one\ntwo' }, '(no name)\na1\n\n  Note  one two'],
    [
      'with a threshold of 0',
      { agent_id: 'a1', voice: { vad_threshold: 0 } },
      '(no name)\na1\n\n  Voice  threshold 0',
    ],
  ])('%s', (_, agent, card) => {
    expect(agentCard(agent as Agent, plain)).toBe(card);
  });

  test.each([
    ['seconds', 1782907200, '2026-07-01T12:00:00.000Z'],
    ['milliseconds', 1782907200500, '2026-07-01T12:00:00.500Z'],
    ['ISO text', '2026-07-01T12:00:00Z', '2026-07-01T12:00:00.000Z'],
    ['text of another kind', 'yesterday', 'yesterday'],
    ['nothing', null, 'null'],
    ['a time that cannot be', 1e300, '1e+300'],
    ['an object', { seconds: 5 }, '{"seconds":5}'],
  ])('tells a time given as %s', (_, created_at, told) => {
    expect(agentCard({ agent_id: 'a1', created_at }, plain)).toBe(`(no name)\na1\n\n  Created at  ${told}`);
  });

  test('leaves out nothing that a function has beyond the usual', () => {
    const tool = { type: 'function', function: { name: 'f', strict: true }, cached: 'yes' };
    const card = agentCard({ agent_id: 'a1', tools: [tool] }, plain);
    expect(card).toContain('strict');
    expect(card).toContain('cached');
  });

  test.each([
    ['voice', { voice: null }],
    ['tools', { tools: null }],
    ['instructions', { instructions: null }],
    ['name', { name: null }],
    ['collections', { collection_ids: null }],
    ['one of the tools', { tools: [null, { type: 'web_search' }] }],
    [
      'the parameters of a tool',
      { tools: [{ type: 'function', function: { name: 'f', parameters: null } }] },
    ],
    [
      'one of the properties',
      {
        tools: [{ type: 'function', function: { name: 'f', parameters: { properties: { a: null } } } }],
      },
    ],
  ])('bears null for its %s, as some services write what is not there', (_, members) => {
    const agent = readAgent({ agent: { agent_id: 'a1', ...members } }) as Agent;
    expect(agentCard(agent, plain)).toContain('a1');
    expect(agentTable([agent], plain)).toContain('a1');
  });

  test.each([
    ['a voice that is only a name', { voice: 'eve' }],
    ['tools that are no list', { tools: { web_search: {} } }],
    ['a tool that is only its kind', { tools: ['web_search'] }],
    ['collections that are no list', { collection_ids: 'c1' }],
    [
      'parameters that are text',
      { tools: [{ type: 'function', function: { name: 'f', parameters: '{x' } }] },
    ],
    [
      'a list of what is required that is none',
      {
        tools: [
          { type: 'function', function: { name: 'f', parameters: { properties: { a: 1 }, required: 5 } } },
        ],
      },
    ],
    ['a function whose name is no text', { tools: [{ type: 'function', function: { name: 5 } }] }],
    ['a name that is a number', { name: 7 }],
    ['instructions that are a list', { instructions: ['One.'] }],
  ])('does not break on %s', (_, members) => {
    const agent = readAgent({ agent: { agent_id: 'a1', ...members } }) as Agent;
    expect(agentCard(agent, plain)).toContain('a1');
    expect(agentTable([agent], plain)).toContain('a1');
  });

  test('tells a voice that is only a name by that name', () => {
    expect(agentCard({ agent_id: 'a1', voice: 'eve' } as unknown as Agent, plain)).toContain('eve');
  });

  test('has its name in bold and its labels dimmed where there is colour', () => {
    const card = agentCard({ agent_id: 'a1', name: 'Bot', voice: { voice_id: 'eve' } }, createStyle(1, 80));
    expect(card).toBe('\u001b[1mBot\u001b[22m\na1\n\n  \u001b[2mVoice  \u001b[22meve');
  });
});

describe('the list of agents', () => {
  const agent: Agent = {
    agent_id: 'agent_0123456789abcdef',
    name: 'Order Support',
    instructions: 'Be brief. '.repeat(50),
    voice: { voice_id: 'eve' },
    tools: [{ type: 'web_search' }, { type: 'x_search' }],
  };
  const header = (width: number) => agentTable([agent], createStyle(0, width)).split('\n')[0]?.split(/ +/);

  test('says of long instructions that there is more', () => {
    const shown = agentTable([agent], plain).split('\n')[1] ?? '';
    expect(shown).toMatch(/Be brief\. Be brief.*…$/);
    expect(shown.length).toBeLessThan(300);
    const emoji = { ...agent, instructions: `${'x'.repeat(198)}😀${'y'.repeat(9)}` };
    expect(agentTable([emoji], plain)).toContain('x…');
  });

  test.each([
    [120, ['ID', 'NAME', 'VOICE', 'TOOLS', 'INSTRUCTIONS']],
    [80, ['ID', 'NAME', 'VOICE', 'TOOLS', 'INSTRUCTIONS']],
    [60, ['ID', 'NAME', 'VOICE', 'TOOLS']],
    [45, ['ID', 'NAME', 'VOICE']],
    [40, ['ID', 'NAME', 'VOICE']],
    [36, ['ID', 'NAME']],
  ])('at %i columns leaves out what there is no room for', (width, columns) => {
    expect(header(width)).toEqual(columns);
    const widths = agentTable([agent], createStyle(0, width)).split('\n').map(textWidth);
    expect(Math.max(...widths)).toBeLessThanOrEqual(width);
  });
});

describe('a tool', () => {
  test.each<[string, AgentTool, string, string]>([
    ['a function', { type: 'function', function: { name: 'f', description: 'Does.' } }, 'f', 'f()  Does.'],
    [
      'a function of parameters',
      {
        type: 'function',
        function: { name: 'f', parameters: { properties: { a: {}, b: {} }, required: ['b'] } },
      },
      'f',
      'f(a?, b)',
    ],
    ['a built-in', { type: 'x_search' }, 'x_search', 'x_search'],
    [
      'a built-in with settings',
      { type: 'x_search', from_date: '2026-01-01' },
      'x_search',
      'x_search {"from_date":"2026-01-01"}',
    ],
  ])('%s has a name and a text', (_, tool, name, text) => {
    expect([toolName(tool), toolText(tool, plain)]).toEqual([name, text]);
  });
});

describe('the list of agents', () => {
  test('of none says so', () => {
    expect(agentTable([], plain)).toBe('No agents.');
  });

  test('has a line for each', () => {
    expect(agentTable([full, { agent_id: 'a2' }], plain)).toBe(
      [
        'ID       NAME           VOICE  TOOLS                          INSTRUCTIONS',
        'agent_1  Order Support  eve    lookup_order, web_search, mcp  Be brief. Never guess.',
        'a2',
      ].join('\n'),
    );
  });

  test('fits the screen and keeps the ids whole', () => {
    const long: Agent = { ...full, agent_id: 'agent_0123456789abcdef', instructions: 'word '.repeat(100) };
    const lines = agentTable([long, full], createStyle(0, 80)).split('\n');
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/^agent_0123456789abcdef {2}Order Support/);
  });
});
