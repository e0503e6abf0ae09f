import { describe, expect, test } from 'vitest';
import { type FirstScenario, firstScenario } from '../../src/scenario/first.js';
import { readScenario } from './support.js';

const about: FirstScenario = {
  title: 'Order Support',
  agent: 'agent.yaml',
  tools: undefined,
  script: undefined,
  functions: [],
  schema: undefined,
};

/** The scenario with its examples in place of comments. */
function withExamples(text: string) {
  const lines = text
    .split('\n')
    .filter((line) => /^ {2}# ( |- |\w+ *:)/.test(line) || !line.startsWith('  #'));
  const shown = lines.filter((line) => !/^ {2}# [\w.-]+(:|$)/.test(line));
  return readScenario(shown.join('\n').replace(/^ {2}# /gm, '  '));
}

describe('a first scenario', () => {
  test('says hello', () => {
    expect(firstScenario(about)).toBe(`# A first scenario for Order Support.
# For editors that complete it: agents test --schema > scenario.schema.json

name: Says hello
agent: agent.yaml

turns:
  - user: Hello
    expect: { questions: { most: 1 }, words: { most: 60 } }

expect: { ends: properly }
`);
  });

  test('names what lies around, the schema where editors look for it', () => {
    const text = firstScenario({
      ...about,
      tools: '../agent.tools.yaml',
      script: 'script.yaml',
      schema: 'scenario.schema.json',
    });
    expect(text).toMatch(/^# yaml-language-server: \$schema=scenario\.schema\.json\n# A first/);
    expect(text).not.toContain('agents test --schema');
    expect(readScenario(text)).toMatchObject({
      tools: '../agent.tools.yaml',
      local: { script: 'script.yaml' },
    });
  });

  test('shows each tool in a comment that is a turn', () => {
    const parameters = {
      properties: {
        date: { type: 'string', format: 'date' },
        kind: { enum: ['a', 'b'] },
        fixed: { const: 7 },
        many: { type: ['integer', 'null'] },
        any: {},
        none: true,
        spare: { type: 'string' },
      },
      required: ['date', 'kind', 'fixed', 'many', 'any', 'none'],
    };
    const text = firstScenario({
      ...about,
      functions: [
        { name: 'look_up', description: 'Looks\n it\n up: # always\u001b[31m', parameters },
        { name: 'ask', parameters: { properties: { a: {} } } },
        { name: 'end_call' },
      ],
    });
    expect(text).toContain(
      '  # look_up: Looks it up: # always [31m\n  # - user: Words that make it call look_up\n',
    );
    expect(readScenario(text).turns).toHaveLength(1);
    expect(withExamples(text).turns.slice(1)).toEqual([
      {
        user: 'Words that make it call look_up',
        expect: {
          calls: {
            tool: 'look_up',
            with: {
              date: '{{today+1}}',
              kind: 'a',
              fixed: 7,
              many: { $type: 'integer' },
              any: { $exists: true },
              none: { $exists: true },
            },
          },
          uses_result: 'look_up',
        },
      },
      { user: 'Words that make it call ask', expect: { calls: 'ask', uses_result: 'ask' } },
      { user: 'Thank you, goodbye.', expect: { ends: { with: 'end_call' } } },
    ]);
  });
});
