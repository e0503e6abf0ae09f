import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { checkSpec } from '../../src/spec/spec.js';
import { readTemplate, templateFile, templates } from '../../src/spec/templates.js';
import { root } from '../support/agents.js';

const template = (name: string) =>
  readTemplate(name, async (file) => ({ text: await readFile(`${root}${file}`, 'utf8'), source: file }));
const names = templates.map(({ name }) => name);

test('there are six templates, those of the builder', () => {
  expect(templates.map(({ title }) => title)).toEqual([
    'Healthcare',
    'Restaurant',
    'Customer Support',
    'Real Estate',
    'Appointment Booking',
    'Concierge',
  ]);
});

describe.each(names)('the template %s', (name) => {
  test('may be sent as it is, with nothing to note', async () => {
    const agent = await template(name);
    expect(checkSpec(agent, name, 'create')).toEqual([]);
  });

  test('says who the agent is, how it sounds and what it can do', async () => {
    expect(await template(name)).toEqual({
      name: expect.stringMatching(/\w/),
      instructions: expect.stringMatching(/^You [\s\S]{200,}/),
      voice: expect.objectContaining({ voice_id: expect.stringMatching(/^\w+$/) }),
      tools: expect.arrayContaining([
        {
          type: 'function',
          function: {
            name: expect.any(String),
            description: expect.stringMatching(/\w/),
            parameters: expect.objectContaining({ type: 'object' }),
          },
        },
      ]),
    });
  });

  test('speaks of its functions by their names', async () => {
    const { instructions, tools } = await template(name);
    const functions = (tools as { function?: { name: string } }[]).flatMap(
      (tool) => tool.function?.name ?? [],
    );
    const spokenOf = String(instructions).match(/\b[a-z]+(_[a-z]+)+\b/g) ?? [];
    expect(functions).toEqual(expect.arrayContaining([...new Set(spokenOf)]));
  });
});

describe('a template of another name', () => {
  test.each([
    ['near one there is', 'concierg', 'there is no template concierg (did you mean "concierge"?)'],
    ['near none', 'spaceship', 'there is no template spaceship'],
    ['that would be another file', '../agents/order-support', 'there is no template ../agents/order-support'],
  ])('is refused, and all names are listed: %s', async (_, name, message) => {
    await expect(template(name)).rejects.toMatchObject({
      code: 'usage',
      exit: 2,
      message,
      hint: `templates: ${names.join(', ')}`,
    });
  });
});

test('a template is meant by its title too, in capitals or not', () => {
  expect(templateFile('Restaurant', 'spec')).toBe('fixtures/templates/restaurant.yaml');
  expect(templateFile('customer support', 'tools')).toBe('fixtures/templates/customer-support.tools.yaml');
});
