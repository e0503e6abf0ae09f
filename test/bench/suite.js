// Scenarios by the hundred: a person counts, the agent says the number again. Each turn has words that must be said,
// words that must not, and a length; each conversation its end and its questions.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const perFile = 10;

/** What is said in a turn of a conversation. */
export const lineOf = (conversation, turn) => `Please repeat number ${answerOf(conversation, turn)}`;

/** One word: the local API waits between two. */
export const answerOf = (conversation, turn) => String(conversation * 100 + turn);

/** Writes agent, script and scenarios into a folder, and returns where each is. */
export function writeSuite(folder, { scenarios, turns }) {
  const tests = join(folder, 'tests');
  const script = join(folder, 'script.json');
  mkdirSync(tests, { recursive: true });
  const rules = [{ when: { matches: 'number (\\d+)' }, say: '$1' }];
  writeFileSync(script, JSON.stringify({ rules }));
  writeFileSync(
    join(tests, 'agent.json'),
    JSON.stringify({ name: 'Counter', instructions: 'Repeat the number.' }),
  );
  for (let first = 0; first < scenarios; first += perFile) {
    const numbers = Array.from({ length: Math.min(perFile, scenarios - first) }, (_, at) => first + at);
    const text = ['agent: agent.json', 'scenarios:', ...numbers.flatMap((each) => scenario(each, turns)), ''];
    writeFileSync(join(tests, `from-${first}.scenario.yaml`), text.join('\n'));
  }
  return { tests, script, scenarios, turns };
}

function scenario(number, turns) {
  const lines = Array.from({ length: turns }, (_, turn) => [
    `      - user: ${lineOf(number, turn)}`,
    `        expect: { says: '${answerOf(number, turn)}', not_says: sorry, words: 1 }`,
  ]);
  return [
    `  - name: Counts from ${number}`,
    '    turns:',
    ...lines.flat(),
    '    expect: { ends: properly, questions: 0 }',
  ];
}
