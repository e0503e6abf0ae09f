// A spec file changed in place: only the tools concerned are other than they were.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSpec, type ToolEntry, withTools } from '../../src/spec/edit.js';
import { parseValues } from '../../src/spec/parse.js';
import { root } from '../support/agents.js';

const search = { type: 'web_search' };
const look = {
  type: 'function',
  function: { name: 'look', parameters: { type: 'object', required: ['id'] } },
};

async function edited(text: string, source: string, entries: ToolEntry[]): Promise<string> {
  return withTools(await openSpec(text, source), entries);
}
const toolsIn = async (text: string, source: string) => (await openSpec(text, source)).tools;

const plain = `# The front desk.
name: A   # short

tools:
  # Orders.
  - type: function   # ours
    function: {name: look, parameters: {required: [id]}}

  # The web.
  - { type: web_search }
# - type: x_search
voice: {voice_id: eve}
`;

describe('in YAML', () => {
  test('a tool is added behind the others, and nothing else is touched', async () => {
    expect(await edited(plain, 'a.yaml', [{ at: 0 }, { at: 1 }, { tool: { type: 'x_search' } }])).toBe(
      plain.replace('  - { type: web_search }\n', '  - { type: web_search }\n  - type: x_search\n'),
    );
  });

  test('one that goes takes the words about it along', async () => {
    expect(await edited(plain, 'a.yaml', [{ at: 1 }])).toBe(
      plain.replace(/ {2}# Orders[\s\S]*\n\n {2}# The web/, '  # The web'),
    );
    expect(await edited(plain, 'a.yaml', [{ at: 0 }])).toBe(
      plain.replace('  # The web.\n  - { type: web_search }\n', ''),
    );
  });

  test('one that is replaced leaves what is said above it', async () => {
    expect(await edited(plain, 'a.yaml', [{ at: 0 }, { at: 1, tool: { type: 'x_search' } }])).toBe(
      plain.replace('- { type: web_search }', '- type: x_search'),
    );
  });

  test('the last that goes leaves an empty list, which can be filled again', async () => {
    const empty = await edited(plain, 'a.yaml', []);
    expect(empty).toBe(plain.replace(/tools:[\s\S]*\n#/, 'tools: []\n#'));
    expect(await edited(empty, 'a.yaml', [{ tool: search }])).toBe(
      plain.replace(/tools:[\s\S]*\n#/, 'tools:\n  - type: web_search\n#'),
    );
  });

  test.each([
    ['no tools', 'name: A\n', 'name: A\ntools:\n  - type: web_search\n'],
    ['no line break at the end', 'name: A', 'name: A\ntools:\n  - type: web_search\n'],
    ['words behind the end', 'name: A\n\n# end\n', 'name: A\ntools:\n  - type: web_search\n\n# end\n'],
    ['a text at the end', 'instructions: |\n  Be kind.\n  Hello.\n', /Hello\.\ntools:\n {2}- type/],
    [
      'an empty list',
      'tools: []  # none\nname: A\n',
      /^tools: {2}# none\n {2}- type: web_search\nname: A\n$/,
    ],
    ['nothing after the colon', 'tools:\nname: A\n', 'tools:\n  - type: web_search\nname: A\n'],
    ['an envelope', 'agent:\n  name: A\n', 'agent:\n  name: A\n  tools:\n    - type: web_search\n'],
    ['a list of one', '- name: A\n', '- name: A\n  tools:\n    - type: web_search\n'],
    ['Windows line ends', 'name: A\r\n', 'name: A\r\ntools:\r\n  - type: web_search\r\n'],
  ])('the first tool comes into a file with %s', async (_, before, after) => {
    const changed = await edited(before, 'a.yaml', [{ tool: search }]);
    if (typeof after === 'string') expect(changed).toBe(after);
    else expect(changed).toMatch(after);
  });

  test.each([
    ['a list on one line', 'name: A # a\ntools: [{type: x_search}, {type: web_search}]\n', 2],
    ['dashes at the edge', 'tools:\n- type: x_search\n-\n  type: web_search\nname: A\n', 2],
    [
      'a text with dashes and hashes',
      'tools:\n  - description: |\n      # Title\n      - item\n    type: a\n',
      1,
    ],
    ['an alias among them', 'a: &x {type: x_search}\ntools:\n  - *x\n  - type: b\nname: A\n', 2],
    ['an alias for all', 'a: &x [{type: x_search}]\ntools: *x\nname: A\n', 1],
    ['the shape keyed by its kind', 'tools:\n  - function: {name: a, parameters: "{}"}\nname: A\n', 1],
    ['no line break at the end', 'tools:\n  - type: b', 1],
    ['braces all over', '{name: A, tools: [{type: b}]}', 1],
  ])('%s is changed, and reads as it should', async (_, before, count) => {
    const old = await toolsIn(before, 'a.yaml');
    expect(old).toHaveLength(count);
    const stays = old.map((_tool, at) => ({ at }));
    const more = await edited(before, 'a.yaml', [...stays, { tool: look }]);
    expect(await toolsIn(more, 'a.yaml')).toEqual([...old, look]);
    const without = await edited(more, 'a.yaml', stays);
    expect((await parseValues(without, 'a.yaml')).values[0]?.value).toEqual(
      (await parseValues(before, 'a.yaml')).values[0]?.value,
    );
  });

  test('what could only be changed with a loss is refused', async () => {
    const text = 'tools:\n  - &x { type: a }\nextra: *x\n';
    await expect(edited(text, 'a.yaml', [{ tool: search }])).rejects.toMatchObject({
      code: 'invalid_spec',
      message: expect.stringContaining('a.yaml cannot be changed in place'),
    });
  });

  const specs = ['templates', 'clinic'].flatMap((folder) =>
    readdirSync(join(root, 'fixtures', folder))
      .filter((name) => /^[a-z-]+\.yaml$/.test(name) && !/^(tools|script)\.yaml$/.test(name))
      .map((name) => `fixtures/${folder}/${name}`),
  );
  test.each(specs)('%s comes back byte for byte', async (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const stays = (await toolsIn(text, file)).map((_, at) => ({ at }));
    const more = await edited(text, file, [...stays, { tool: look }]);
    expect(more.startsWith(text.slice(0, text.lastIndexOf('\n')))).toBe(true);
    expect(await edited(more, file, stays)).toBe(text);
  });
});

describe('in JSON', () => {
  test.each([
    ['two blanks', '{\n  "name": "A",\n  "tools": [],\n  "x_new": 1\n}\n', '  "name"'],
    ['a tab', '{\n\t"agent": {\n\t\t"tools": null\n\t}\n}\n', '\t\t"tools"'],
    ['one line', '{"name":"A"}', '"name":"A","tools":'],
    ['Windows line ends', '{\r\n  "name": "A"\r\n}\r\n', '  "name": "A",\r\n  "tools"'],
  ])('the form stays: %s', async (_, before, after) => {
    const changed = await edited(before, 'a.json', [{ tool: search }]);
    expect(changed).toContain(after);
    expect(await toolsIn(changed, 'a.json')).toEqual([search]);
    expect(changed.endsWith('\n')).toBe(before.endsWith('\n'));
  });

  test('numbers that JavaScript would round stay what they are', async () => {
    const changed = await edited('{"limit":12345678901234567890}', 'a.json', [{ tool: search }]);
    expect(changed).toContain('"limit":12345678901234567890');
  });
});

test.each([
  ['several', 'name: A\n---\nname: B\n', 'a.yaml holds 2 specs; this takes one'],
  ['no list', 'tools: web_search\n', 'a.yaml: tools must be a list'],
])('a file with %s is refused', async (_, text, message) => {
  await expect(openSpec(text, 'a.yaml')).rejects.toMatchObject({ code: 'invalid_spec', message });
});

test.each([
  ['name: A # hi\r\ntools: [{ type: web_search }]\r\n', 'name: A # hi\r\n'],
  ['name: A\ntools: [{ type: web_search }] # ours\n', 'ours'],
])('of %j, line breaks and what is said beside the list stay', async (text, kept) => {
  const changed = await edited(text, 'a.yaml', [{ at: 0 }, { tool: { type: 'x_search' } }]);
  expect(changed).toContain(kept);
  expect(
    changed.split('\n').every((line) => line === '' || line.endsWith('\r') === text.includes('\r')),
  ).toBe(true);
});
