// The inner loop of writing an agent: the file changes, and the conversation goes on with what it says now.

import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { changedParts } from '../../src/commands/voice/reload.js';
import { agents, keyboard, temporaryFolder } from '../support/agents.js';
import { startTestApi, type TestApi } from '../support/local-api.js';

interface Writer {
  file: string;
  api: TestApi;
  type(keys: string): void;
  write(text: string): void;
}
/** What to do when this has been shown, counted from the moment before. */
type Moment = [shown: RegExp, act: (writer: Writer) => void];

async function talk(moments: Moment[], target?: (api: TestApi) => Promise<string>) {
  const api = await startTestApi();
  const { stream, type } = keyboard();
  const cwd = temporaryFolder();
  const file = join(cwd, 'agent.yaml');
  const writer: Writer = { file, api, type, write: (text) => writeFileSync(file, text) };
  writer.write('name: A\ninstructions: You are Ava.\n');
  const waiting = [...moments];
  let shown = '';
  const told = await agents(['--base-url', api.base, 'voice', (await target?.(api)) ?? 'agent.yaml'], {
    cwd,
    stdin: stream,
    tty: { stdin: true, stdout: true, stderr: true },
    env: { NO_COLOR: '1' },
    onWrite: (_, text) => {
      shown += text;
      const next = waiting[0];
      if (next === undefined || !next[0].test(shown)) return;
      waiting.shift();
      shown = '';
      setImmediate(() => next[1](writer));
    },
  });
  return { ...told, missed: waiting.map(([words]) => String(words)) };
}

const quit: Moment[1] = ({ type }) => type('/quit\r');
const agentYaml = (instructions: string, rest = '') => `name: A\ninstructions: ${instructions}\n${rest}`;

describe('a spec file that changes while it is talked to', () => {
  test('is taken by the session, which says what is other', async () => {
    const told = await talk([
      [/> /, ({ write }) => write(agentYaml('You are Bea.', 'tools: [{ type: web_search }]\n'))],
      [/agent\.yaml changed: instructions, 1 tool\n/, ({ type }) => type('Hello\r')],
      [/ begin:[\s\S]* Bea\./, () => {}],
      [/total [^)]*\)/, ({ type }) => type('/tools\r')],
      [/web_search/, ({ write }) => write(agentYaml('You are Bea.'))],
      [/agent\.yaml changed: 1 tool\n/, quit],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
  });

  test('may hold integers larger than a number', async () => {
    const tool = (rest: string) =>
      `tools: [{ type: function, function: { name: f, ${rest} parameters: { maximum: 9007199254740993 } } }]\n`;
    const told = await talk([
      [/> /, ({ write }) => write(agentYaml('You are Ava.', tool('')))],
      [
        /agent\.yaml changed: 1 tool\n/,
        ({ write }) => write(agentYaml('You are Ava.', tool('description: F,'))),
      ],
      [/agent\.yaml changed: 1 tool\n/, quit],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
  });

  test('may be replaced by another, as editors do', async () => {
    const replace: Moment[1] = ({ file }) => {
      writeFileSync(`${file}~`, agentYaml('You are Cleo.'));
      renameSync(`${file}~`, file);
    };
    const told = await talk([
      [/> /, replace],
      [/agent\.yaml changed: instructions\n/, ({ write }) => write(agentYaml('You are Dora.'))],
      [/agent\.yaml changed: instructions\n/, quit],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
  });

  test('that is wrong or gone is told with its place, and the session keeps what it has', async () => {
    const told = await talk([
      [/> /, ({ write }) => write('name: [\n')],
      [
        /agent\.yaml: not valid YAML: line 2, column 1: .*; the session keeps what it has\n/,
        ({ write }) => write('name: A\nvoice: 7\n'),
      ],
      [/agent\.yaml: voice .*; the session keeps what it has\n/, ({ file }) => rmSync(file)],
      [/cannot read agent\.yaml: no such file; the session keeps/, ({ type }) => type('Hello\r')],
      [/ begin:[\s\S]* Ava\.[\s\S]*total/, ({ write }) => write(agentYaml('You are Eve.'))],
      [/agent\.yaml changed: instructions\n/, quit],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
  });

  test('that the service refuses is asked for again, and is not what the session has', async () => {
    const told = await talk([
      [/> /, ({ write }) => write(agentYaml('You are Ava.', 'tools: [{ type: mystery }]\n'))],
      [/the service refuses the new configuration, the old one stays/, ({ type }) => type('/tools\r')],
      [/The agent has no tools/, ({ type }) => type('/reload\r')],
      [/the service refuses the new configuration/, ({ write }) => write(agentYaml('You are Ava.'))],
      [/> /, ({ write }) => write(agentYaml('You are Hal.'))],
      [/agent\.yaml changed: instructions\n/, quit],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
  });

  test('is no news when nothing of it concerns the session', async () => {
    const told = await talk([
      [
        /> /,
        ({ write, type }) => {
          write('name: B\ninstructions: You are Ava.\n');
          type('/reload\r');
        },
      ],
      [/agent\.yaml: nothing has changed\n/, ({ write }) => write(agentYaml('You are Gil.'))],
      [/agent\.yaml changed: instructions\n/, quit],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
    expect(told.stderr.match(/agent\.yaml changed/g)).toHaveLength(1);
  });
});

describe('/reload', () => {
  const send = (api: TestApi, method: string, path: string, body: object) =>
    fetch(`${api.base}/v1/agents${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('fetches a stored agent again', async () => {
    let id = '';
    const told = await talk(
      [
        [
          /> /,
          async ({ api, type }) => {
            const agent = { instructions: 'You are Fay.' };
            await send(api, 'PATCH', `/${id}`, { agent, field_mask: { paths: ['instructions'] } });
            type('/reload\r');
          },
        ],
        [/agent_\S+ changed: instructions\n/, quit],
      ],
      async (api) => {
        const reply = await send(api, 'POST', '', { name: 'A', instructions: 'You are Ava.' });
        id = ((await reply.json()) as { agent: { agent_id: string } }).agent.agent_id;
        return id;
      },
    );
    expect(told).toMatchObject({ code: 0, missed: [] });
  });

  test('takes the date in stored instructions for no change', async () => {
    const told = await talk(
      [
        [/> /, ({ type }) => type('/reload\r')],
        [/nothing has changed\n/, quit],
      ],
      async (api) => {
        const reply = await send(api, 'POST', '', { name: 'A', instructions: 'Today is {{today}}.' });
        return ((await reply.json()) as { agent: { agent_id: string } }).agent.agent_id;
      },
    );
    expect(told).toMatchObject({ code: 0, missed: [] });
  });
});

describe('what is other about a session', () => {
  const tool = (name: string, description = '') => ({ type: 'function', name, description });

  test.each([
    [{}, {}, []],
    [{ instructions: 'a' }, { instructions: 'b' }, ['instructions']],
    [{ voice: 'ara' }, { voice: 'leo' }, ['voice']],
    [{ tools: [tool('a')] }, { tools: [tool('a')] }, []],
    [{ tools: [tool('a')] }, { tools: [tool('a', 'x'), tool('b')] }, ['2 tools']],
    [{ tools: [tool('a'), { type: 'web_search' }] }, {}, ['2 tools']],
    [{ turn_detection: { threshold: 0.5 } }, { turn_detection: { threshold: 0.6 } }, ['turn detection']],
  ])('%j → %j', (before, after, changes) => {
    expect(changedParts(before, after)).toEqual(changes);
  });
});
