// What the console's page says of its voices and of its "Testing" tab, done from the terminal: choose a voice, type a
// message or talk, with the agent's configuration as it is now, and begin a new conversation.

import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agents, keyboard, root, temporaryFolder } from '../support/agents.js';
import { misbehaving } from '../support/hostile-socket.js';
import { startTestApi, type TestApiOptions } from '../support/local-api.js';
import { renderScreen } from '../support/screen.js';

interface Sent {
  type: string;
  session?: Record<string, unknown>;
  item?: { role?: string; content?: { text?: string }[] };
}

type Moment = [shown: RegExp, act: (keys: (text: string) => void) => unknown];

/** Talks at a terminal: each moment waits for its words, counted from the moment before. */
async function atTerminal(line: readonly string[], moments: Moment[]) {
  const { stream, type } = keyboard();
  const waiting = [...moments];
  let shown = '';
  let screen = '';
  const { code } = await agents(line, {
    stdin: stream,
    tty: { stdin: true, stdout: true, stderr: true, columns: 200 },
    env: { NO_COLOR: '1' },
    onWrite: (_, text) => {
      shown += text;
      screen += text;
      const next = waiting[0];
      if (next === undefined || !next[0].test(shown)) return;
      waiting.shift();
      shown = '';
      setImmediate(() => next[1](type));
    },
  });
  return { code, screen: await renderScreen(screen), missed: waiting.map(([words]) => String(words)) };
}

async function withAgent(options: TestApiOptions = {}) {
  const api = await startTestApi(options);
  const run = (line: string, more = {}) => agents(`--base-url ${api.base} ${line}`, more);
  const made = await run('--json create --name "Order Support" --instructions "Be kind."');
  return { api, run, id: JSON.parse(made.stdout).agent.agent_id as string };
}

describe('select a voice', () => {
  test.each(['Eve', 'Ara', 'Rex', 'Sal', 'Leo'])(
    '%s: listed, chosen, kept, and spoken with',
    async (name) => {
      const { run, id } = await withAgent();
      const voice = name.toLowerCase();
      expect((await run('voices')).stdout).toMatch(new RegExp(`^${voice} +${name} `, 'm'));
      await run(`update ${id} --voice ${voice}`);
      expect(JSON.parse((await run(`--json get ${id}`)).stdout).agent.voice.voice_id).toBe(voice);
      const told = await run(`--verbose voice ${id} -m Hello`);
      expect(told.code).toBe(0);
      expect(told.stderr).toContain(`"voice":"${voice}"`);
    },
  );

  test('only to try it: another voice than the stored one, which stays', async () => {
    const { run, id } = await withAgent();
    await run(`update ${id} --voice eve`);
    const told = await run(`--verbose voice ${id} --voice leo -m Hello`);
    expect(told.stderr).toContain('"voice":"leo"');
    expect(JSON.parse((await run(`--json get ${id}`)).stdout).agent.voice.voice_id).toBe('eve');
  });
});

describe('the Testing tab', () => {
  test('type a message', async () => {
    const { run, id } = await withAgent();
    const piped = await run(`voice ${id}`, { stdin: 'Hello\nAnd you?\n' });
    expect(piped.code).toBe(0);
    expect(piped.stdout).toMatch(
      /^Hello, this is Order Support\. You said: Hello\.[\s\S]*You said: And you\?/,
    );
  });

  test('talk', async () => {
    const { api, run, id } = await withAgent();
    await fetch(`${api.base}/__local/speech`, { method: 'POST', body: '{"words":"Where is my order?"}' });
    const cwd = temporaryFolder();
    copyFileSync(join(root, 'test/support/examples/request.wav'), join(cwd, 'request.wav'));
    const told = await run(`voice ${id} --audio request.wav --fast`, { cwd });
    expect(told).toMatchObject({ code: 0, stdout: expect.stringContaining('You said: Where is my order?') });
  });

  test('loads the agent’s current configuration by itself', async () => {
    const { run, id } = await withAgent();
    await run(`update ${id} --instructions "Speak of the sea."`);
    expect((await run(`voice ${id} -m Hello`)).stdout).toContain('Speak of the sea.');
  });

  test('Clear Chat: /clear begins a new conversation, with the agent as it is now', async () => {
    const { api, run, id } = await withAgent();
    const lines = ['--base-url', api.base, 'voice', id];
    const told = await atTerminal(lines, [
      [/Ctrl\+C to quit\.\n[\s\S]*> /, (type) => type('/conversation\r')],
      [/continue it with/, (type) => type('My name is Kim\r')],
      [
        /total .*\)/,
        async (type) => {
          await run(`update ${id} --instructions "Speak of the sea."`);
          type('/clear\r');
        },
      ],
      [/A new conversation: the agent knows nothing/, (type) => type('/conversation\r')],
      [/continue it with/, (type) => type('Hello again\r')],
      [/total .*\)/, (type) => type('/quit\r')],
    ]);
    expect(told).toMatchObject({ code: 0, missed: [] });
    expect(told.screen).toContain('changed: instructions');
    // The screen breaks lines where they end.
    const flat = told.screen.replace(/\s+/g, '');
    expect(flat).toMatch(/Yousaid:Helloagain\..*Speakofthesea\./);
    expect(told.screen).not.toContain('Reconnecting');
    const ids = [...told.screen.matchAll(/([\w-]+); continue it with/g)].map(([, each]) => each);
    expect(new Set(ids).size).toBe(2);
    // What can be continued later is the new one.
    expect(flat).toContain(`Continuewith:agents--base-url${api.base}voice${id}--resume${ids[1]}`);
    const opened = (await api.requests()).filter(({ path }) => path === '/v1/realtime');
    expect(opened).toHaveLength(2);
  });

  test('/clear: nothing of before is told to the new conversation, and the old one is not asked for', async () => {
    const socket = await misbehaving('reply', () => true);
    const cwd = temporaryFolder();
    const spec = join(cwd, 'agent.json');
    writeFileSync(spec, '{"name":"A","instructions":"Be kind."}');
    const told = await atTerminal(
      ['--base-url', socket.url, 'voice', spec],
      [
        [/Ctrl\+C to quit\.\n[\s\S]*> /, (type) => type('My name is Kim\r')],
        [/total .*\)/, (type) => type('/clear\r')],
        [/A new conversation/, (type) => type('Hello again\r')],
        [/total .*\)/, (type) => type('/quit\r')],
      ],
    );
    expect(told).toMatchObject({ code: 0, missed: [] });
    const said = socket.received.map((events) =>
      (events as Sent[]).flatMap(({ item }) => item?.content?.[0]?.text ?? []),
    );
    expect(said).toEqual([['My name is Kim'], ['Hello again']]);
    expect(socket.queries[1]).not.toHaveProperty('conversation_id');
  });

  test('/clear says so where there can be no new line', async () => {
    const { api, id } = await withAgent();
    const told = await atTerminal(
      ['--base-url', api.base, 'voice', id, '--no-reconnect'],
      [
        [/Ctrl\+C to quit\.\n[\s\S]*> /, (type) => type('/clear\r')],
        [/--no-reconnect rules out/, (type) => type('/quit\r')],
      ],
    );
    expect(told).toMatchObject({ code: 0, missed: [] });
  });
});
