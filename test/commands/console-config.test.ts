// The rows of the console as the seed describes them, done from the command line: templates, tools, configuration.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { keyboard, person } from '../support/agents.js';
import { startTestApi } from '../support/local-api.js';

/** A person with a local API of one's own, and what a session with an agent was configured with. */
async function theConsole() {
  const api = await startTestApi();
  const { run, home } = person({ env: { AGENTS_BASE_URL: api.base } });
  const stored = (id: string) => api.store.agents.get(id) as Record<string, unknown>;
  return {
    home,
    stored,
    run: (line: string, options = {}) => run(line, { cwd: home, ...options }),
    async create(line: string) {
      const { stdout } = await run(`--json create ${line}`);
      return JSON.parse(stdout).agent.agent_id as string;
    },
    /** The `session.update` that a conversation with the agent begins with. */
    async session(id: string) {
      const file = join(home, `${id}.jsonl`);
      expect(await run(`voice ${id} -m Hello --record ${file}`)).toMatchObject({ code: 0 });
      const frames = readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      return frames.find(({ event }) => event?.type === 'session.update')?.event.session;
    },
  };
}

describe('Choose a template (…) or select Create Custom', () => {
  test.each([
    ['Healthcare', 'healthcare'],
    ['Restaurant', 'restaurant'],
    ['Customer Support', 'customer-support'],
    ['Real Estate', 'real-estate'],
    ['Appointment Booking', 'appointment-booking'],
    ['Concierge', 'concierge'],
  ])('%s', async (title, name) => {
    const { run, create, stored } = await theConsole();
    expect((await run('templates list')).stdout).toMatch(new RegExp(`^${name} +${title} `, 'm'));
    const id = await create(`--template ${name} --name "Our ${title}"`);
    expect(stored(id)).toMatchObject({
      name: `Our ${title}`,
      instructions: expect.stringMatching(/^You are the /),
      voice: { voice_id: expect.stringMatching(/^(eve|ara|rex|sal|leo)$/) },
    });
    expect((stored(id).tools as object[]).length).toBeGreaterThanOrEqual(4);
  });

  test('Create Custom: a name and instructions', async () => {
    const { create, stored } = await theConsole();
    const id = await create('--name "My Agent" --instructions "You are helpful"');
    expect(stored(id)).toEqual({ agent_id: id, name: 'My Agent', instructions: 'You are helpful' });
  });

  test('both are asked for at a terminal, the empty agent first', async () => {
    const { run } = await theConsole();
    const { stream, type } = keyboard();
    let shown = '';
    let asked = false;
    const told = await run('create', {
      stdin: stream,
      tty: { stdin: true, stdout: true, stderr: true },
      onWrite: (_: unknown, text: string) => {
        shown += text;
        if (asked || !shown.includes('Concierge')) return;
        asked = true;
        setImmediate(() => type('\u0003'));
      },
    });
    expect(told.code).toBe(130);
    const choices = ['An empty agent', 'Healthcare', 'Restaurant', 'Customer Support', 'Real Estate'];
    const places = [...choices, 'Appointment Booking', 'Concierge'].map((each) => shown.indexOf(each));
    expect(places.every((place, at) => place > (places[at - 1] ?? -1))).toBe(true);
  });
});

describe('Tools: add function tools with JSON Schema parameters, or enable built-in tools (web search, X search)', () => {
  test('a function is stored with its schema, and a session takes it', async () => {
    const { run, create, stored, session, home } = await theConsole();
    const id = await create('--name Orders --instructions "You look up orders."');
    const parameters = {
      type: 'object',
      properties: { order_id: { type: 'string', pattern: '^ORD-\\d+$' } },
      required: ['order_id'],
    };
    writeFileSync(join(home, 'schema.json'), JSON.stringify(parameters));
    const added = await run(
      `tools add ${id} --name lookup_order --description "Look up an order" --parameters schema.json`,
    );
    expect(added).toMatchObject({ code: 0, stderr: '' });
    const definition = { name: 'lookup_order', description: 'Look up an order', parameters };
    expect(stored(id).tools).toEqual([{ type: 'function', function: definition }]);
    expect((await session(id)).tools).toEqual([{ type: 'function', ...definition }]);
    const asked = await run(`voice ${id} -m "Where is order ORD-42?"`);
    expect(asked.stdout).toContain('→ lookup_order({"order_id":"ORD-42"})');
  });

  test('searching the web and X is switched on and off', async () => {
    const { run, create, stored, session } = await theConsole();
    const id = await create('--name Finder');
    expect(await run(`tools enable ${id} web_search x_search`)).toMatchObject({ code: 0 });
    expect((await session(id)).tools).toEqual([{ type: 'web_search' }, { type: 'x_search' }]);
    expect((await run(`tools list ${id}`)).stdout).toMatch(/^web_search[\s\S]*^x_search/m);
    await run(`tools disable ${id} x_search`);
    expect(stored(id).tools).toEqual([{ type: 'web_search' }]);
  });

  test('a schema that is none is not stored', async () => {
    const { run, create, stored } = await theConsole();
    const id = await create('--name Finder');
    const refused = await run(`tools add ${id} --name find --parameters '{"type":"objekt"}'`);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(stored(id)).toEqual({ agent_id: id, name: 'Finder' });
  });
});

describe('Configuration: edit instructions, select a voice, tune VAD threshold and silence duration', () => {
  test('the instructions, and nothing else', async () => {
    const { run, create, stored, session } = await theConsole();
    const id = await create('--template concierge');
    const { instructions: _old, ...rest } = stored(id);
    await run(`update ${id} --instructions "You are brief."`);
    expect(stored(id)).toEqual({ ...rest, instructions: 'You are brief.' });
    expect((await session(id)).instructions).toBe('You are brief.');
  });

  test.each(['eve', 'ara', 'rex', 'sal', 'leo'])('the voice %s', async (voice) => {
    const { run, create, stored, session } = await theConsole();
    const id = await create('--name A --vad-threshold 0.4');
    await run(`update ${id} --voice ${voice}`);
    expect(stored(id).voice).toEqual({ voice_id: voice, vad_threshold: 0.4 });
    expect((await session(id)).voice).toBe(voice);
  });

  test.each([
    ['quieter speech', '0.3', 0.3],
    ['louder speech only', '0.8', 0.8],
  ])('the threshold, for %s', async (_, given, threshold) => {
    const { run, create, session } = await theConsole();
    const id = await create('--name A --voice eve --vad-silence-ms 300');
    await run(`update ${id} --vad-threshold ${given}`);
    expect((await session(id)).turn_detection).toEqual({
      type: 'server_vad',
      threshold,
      silence_duration_ms: 300,
    });
  });

  test.each([
    ['a quicker agent', 200],
    ['time to pause', 500],
  ])('the silence, for %s', async (_, silence) => {
    const { run, create, session } = await theConsole();
    const id = await create('--name A --vad-threshold 0.5');
    await run(`update ${id} --vad-silence-ms ${silence}`);
    expect((await session(id)).turn_detection).toMatchObject({
      threshold: 0.5,
      silence_duration_ms: silence,
    });
  });

  test.each(['--vad-threshold 1.1', '--vad-silence-ms 10001', '--vad-threshold -0.1'])(
    'nothing outside the ranges: %s',
    async (flags) => {
      const { run, create, stored } = await theConsole();
      const id = await create('--name A');
      expect(await run(`update ${id} ${flags}`)).toMatchObject({ code: 2, stdout: '' });
      expect(stored(id)).toEqual({ agent_id: id, name: 'A' });
    },
  );
});
