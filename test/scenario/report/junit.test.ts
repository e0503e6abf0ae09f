import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { junit } from '../../../src/scenario/report/junit.js';
import { check, nasty, report, result, run, turn } from './made.js';

interface Node {
  name: string;
  attributes: Record<string, string>;
  children: Node[];
  text: string;
}

/** By a strict parser: what XML 1.0 does not allow is an error. */
function parsed(xml: string): Node {
  const top: Node = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const node = { name, attributes: attributes as Record<string, string>, children: [], text: '' };
    open.at(-1)?.children.push(node);
    open.push(node);
  });
  parser.on('text', (text) => {
    const node = open.at(-1);
    if (node !== undefined) node.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return top.children[0] as Node;
}

const all = (node: Node, name: string): Node[] =>
  node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
const propertiesOf = (node: Node | undefined) => {
  const own = node?.children.find(({ name }) => name === 'properties')?.children ?? [];
  return Object.fromEntries(own.map(({ attributes }) => [attributes.name, attributes.value]));
};

describe('JUnit', () => {
  const problem = { code: 'network', message: 'cannot reach x.example' };
  const tree = parsed(
    junit(
      report(
        [
          result('A clean booking [monday]', 'passed', {
            flaky: true,
            tags: ['smoke', 'clinic'],
            cost_usd: '0.02',
          }),
          result('Full', 'failed', {
            ms: 2345,
            runs: [run('failed', { checks: [check('failed', { turn: 0 })] })],
          }),
          result('Elsewhere', 'error', { file: 'b.yaml', line: 9, runs: [run('error', { problem })] }),
          result('Late', 'skipped', { file: 'b.yaml' }),
        ],
        { stopped: 'bail', shard: '2/4' },
      ),
    ),
  );

  test('counts all, and each file by itself', () => {
    expect(tree.name).toBe('testsuites');
    expect(tree.attributes).toEqual({
      name: 'agents test',
      tests: '4',
      failures: '1',
      errors: '1',
      skipped: '1',
      time: '2.000',
    });
    expect(tree.children.map(({ name, attributes }) => [name, attributes])).toEqual([
      [
        'testsuite',
        {
          name: 'booking.scenario.yaml',
          tests: '2',
          failures: '1',
          errors: '0',
          skipped: '0',
          time: '3.845',
          timestamp: '2026-07-01T12:00:00',
        },
      ],
      [
        'testsuite',
        expect.objectContaining({ name: 'b.yaml', tests: '2', failures: '0', errors: '1', skipped: '1' }),
      ],
    ]);
    expect(propertiesOf(tree.children[0])).toEqual({
      product: 'agents/1.0.0 node/20.19.0',
      server: 'local',
      seed: '7',
      shard: '2/4',
      stopped: 'bail',
    });
  });

  test('has a case for each scenario', () => {
    const cases = all(tree, 'testcase');
    expect(cases.map(({ attributes }) => attributes)).toEqual([
      {
        name: 'A clean booking [monday]',
        classname: 'booking.scenario.yaml',
        time: '1.500',
        file: 'booking.scenario.yaml',
        line: '3',
      },
      expect.objectContaining({ name: 'Full', time: '2.345' }),
      expect.objectContaining({ name: 'Elsewhere', classname: 'b.yaml', file: 'b.yaml', line: '9' }),
      expect.objectContaining({ name: 'Late', classname: 'b.yaml' }),
    ]);
    expect(cases.map(({ children }) => children.map(({ name }) => name))).toEqual([
      ['properties', 'system-out'],
      ['properties', 'failure', 'system-out'],
      ['properties', 'error', 'system-out'],
      ['properties', 'skipped'],
    ]);
    expect(propertiesOf(cases[0])).toEqual({
      runs: '1/1',
      cost_usd: '0.02',
      flaky: 'true',
      tags: 'smoke clinic',
    });
  });

  test('tells what failed, what could not run, and what was not', () => {
    const [failure] = all(tree, 'failure');
    expect(failure?.attributes).toEqual({
      message: 'expected says "confirmed", got "Good morning."',
      type: 'failed',
    });
    expect(failure?.text).toContain('expected  says "confirmed"  (booking.scenario.yaml:14)\n');
    expect(failure?.text).toContain('replay  agents replay a.jsonl');
    expect(all(tree, 'error')[0]?.attributes).toEqual({ message: 'cannot reach x.example', type: 'network' });
    expect(all(tree, 'skipped')[0]?.attributes).toEqual({ message: 'stopped: bail' });
    expect(all(tree, 'system-out')[1]?.text).toContain(
      '  person  A checkup, please.\n   agent  Good morning.\n',
    );
  });

  test('keeps all that XML can hold, and drops the rest', () => {
    const kept = nasty.replace(/[\u0000\u0007\u001b\ud800\ufffe\uffff]/g, '');
    const given = result(nasty, 'failed', {
      file: nasty,
      name: nasty,
      parameters: '',
      runs: [
        run('failed', { checks: [check('failed', { got: nasty, turn: 0 })], turns: [turn(nasty, nasty)] }),
      ],
    });
    const again = parsed(junit(report([given], { seed: 1, server: nasty })));
    expect(all(again, 'testcase')[0]?.attributes).toMatchObject({ name: kept, classname: kept, file: kept });
    expect(propertiesOf(again.children[0])).toMatchObject({ server: kept });
    const folded = kept.replace(/\s+/g, ' ');
    expect(all(again, 'failure')[0]?.attributes.message).toBe(`expected says "confirmed", got ${folded}`);
    expect(all(again, 'system-out')[0]?.text).toContain(`  person  ${folded}\n   agent  ${folded}\n`);
  });

  test('of no scenario is a document all the same', () => {
    expect(parsed(junit(report([]))).attributes).toMatchObject({ tests: '0' });
  });
});
