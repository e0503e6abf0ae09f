// Every fault the local API can rehearse, met by the program: the right exit code, a true message, and nothing on
// stdout that passes for an answer. A fault without a row does not compile.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FaultAt, FaultName } from '../../src/emulator/faults/table.js';
import { agents, keyboard, type RunOptions, temporaryFolder, testClock } from '../support/agents.js';
import { startTestApi } from '../support/local-api.js';
import { renderScreen } from '../support/screen.js';

interface Met {
  line: string;
  code: number;
  /** What stdout holds in full; nothing unless said. */
  prints?: string | RegExp;
  says: RegExp | '';
}

const list = 'list';
const voice = 'voice spec.json -m Hello --timeout 0.4';
/** Without coming back: what a drop itself is told as. */
const once = `${voice} --no-reconnect`;
const order = 'voice spec.json -m "Where is order ORD-42?" --timeout 0.4';
const run = 'run spec.json -m Hello --timeout 0.4';
const whole = 'Hello, this is Ava. You said: Hello. My instructions begin: You are Ava.\n';

/** What only another command can meet has a test of its own below. */
type Elsewhere =
  | 'late-deltas'
  | 'interim-only-transcript'
  | 'no-session-updated'
  | FaultAt<'webhook' | 'dial'>;

const met: Record<Exclude<FaultName, Elsewhere>, Met> = {
  'wrong-key': { line: list, code: 4, says: /Incorrect API key provided: xai-\*\*\*\*[\s\S]*XAI_API_KEY/ },
  'unauthorized-401': { line: list, code: 4, says: /missing or have expired[\s\S]*XAI_API_KEY/ },
  'team-blocked-403': { line: list, code: 4, says: /team is blocked[\s\S]*the team, not the key/ },
  'agents-not-enabled': { line: list, code: 4, says: /not enabled for this team[\s\S]*console\.x\.ai/ },
  'no-provisioning-403': {
    line: 'phone buy --area-code 415 --name "Support Line" --yes',
    code: 4,
    says: /is not supported\. Use the console[\s\S]*console\.x\.ai[\s\S]*phone register/,
  },
  'not-found-404': { line: 'get agent_1', code: 3, says: /Nothing was found at \/v1\/agents\/agent_1/ },
  'conflict-409': { line: 'create --name A', code: 1, says: /It exists already/ },
  'unprocessable-422': { line: 'create --name A', code: 1, says: /Failed to deserialize/ },
  'rate-limit-429': { line: list, code: 5, says: /Too many requests[\s\S]*Retry-After 1/ },
  'no-credits-429': { line: run, code: 4, says: /used all available credits[\s\S]*does not help/ },
  'error-500': { line: list, code: 5, says: /Something went wrong/ },
  'bad-gateway-502': { line: list, code: 5, says: /502 server error/ },
  'unavailable-503': { line: run, code: 5, says: /currently unavailable/ },
  'overloaded-529': { line: list, code: 5, says: /Overloaded/ },
  'empty-reply': { line: list, code: 1, says: /the reply is empty/ },
  'html-reply': { line: list, code: 1, says: /not JSON/ },
  reset: { line: list, code: 5, says: /reset|closed/ },
  'torn-reply': { line: list, code: 5, says: /cut short|closed|broke off/ },
  'slow-reply': { line: `${list} --timeout 0.2`, code: 5, says: /no answer within 0\.2 s/ },
  'stream-error-200': { line: run, code: 1, says: /could not begin its answer/ },
  'error-in-stream': { line: run, code: 1, prints: 'Hello,\n', says: /in the middle of its answer/ },
  'torn-stream': { line: run, code: 5, prints: 'Hello,\n', says: /closed|broke off|ended before/ },
  'stalled-stream': { line: run, code: 5, prints: 'Hello,\n', says: /stopped coming[\s\S]*--timeout/ },
  'slow-stream': { line: 'run spec.json -m Hello', code: 0, prints: whole, says: '' },
  'handshake-401': { line: voice, code: 4, says: /missing or have expired[\s\S]*XAI_API_KEY/ },
  'handshake-403': { line: voice, code: 4, says: /team is blocked/ },
  'handshake-429': {
    line: voice,
    code: 5,
    says: /Too many concurrent sessions[\s\S]*trying again in 1\.0 s/,
  },
  'handshake-503': { line: voice, code: 5, says: /currently unavailable/ },
  'drop-at-connect': { line: voice, code: 5, says: /closed the conversation \(code 1006/ },
  'silent-session': { line: voice, code: 5, says: /then said nothing for 0\.4 s/ },
  'silent-reply': { line: voice, code: 5, says: /no answer came within 0\.4 s/ },
  'drop-in-reply': { line: once, code: 5, prints: /^(Hello,\n)?$/, says: /code 1006/ },
  'close-1011-in-reply': { line: once, code: 5, prints: 'Hello,\n', says: /code 1011: internal error/ },
  'max-duration': { line: once, code: 5, prints: 'Hello,\n', says: /maximum duration[\s\S]*code 1000/ },
  'failed-reply': {
    line: voice,
    code: 1,
    prints: 'Hello,\n',
    says: /The model failed[\s\S]*ended as failed/,
  },
  'stalled-reply': { line: voice, code: 5, prints: 'Hello,\n', says: /no answer came within/ },
  'error-in-reply': {
    line: voice,
    code: 1,
    prints: /^Hello,\n? this is Ava[\s\S]*You are Ava\.\n$/,
    says: /Something went wrong/,
  },
  'slow-words': { line: 'voice spec.json -m Hello', code: 0, prints: whole, says: '' },
  'torn-frame': {
    line: voice,
    code: 0,
    prints: whole,
    says: /something that is no event/,
  },
  'misshapen-event': {
    line: voice,
    code: 0,
    prints: whole,
    says: /delta in an unknown shape: delta must be a string/,
  },
  'not-json': { line: voice, code: 0, prints: /^Hello,\n this\n[\s\S]* Ava\.\n$/, says: /no event: <html>/ },
  'unknown-event': { line: voice, code: 0, prints: whole, says: '' },
  'out-of-order-events': { line: voice, code: 0, prints: whole, says: '' },
  'duplicate-events': { line: voice, code: 0, prints: whole, says: '' },
  'lost-tool-result': {
    line: order,
    code: 5,
    prints: /lookup_order/,
    says: /no answer came within/,
  },
};

const spec = {
  name: 'Ava',
  instructions: 'You are Ava.',
  tools: [
    {
      type: 'function',
      function: {
        name: 'lookup_order',
        description: 'Look up an order',
        parameters: { type: 'object', properties: { order_id: { type: 'string' } }, required: ['order_id'] },
      },
    },
  ],
};

function world(url: string): RunOptions {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'spec.json'), JSON.stringify(spec));
  return { cwd, env: { AGENTS_BASE_URL: url, XAI_API_KEY: 'xai-test' } };
}

/** Waits that a fault makes are short here, unless they are to outlast the client's patience. */
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms === 3000 ? 1000 : 1));

describe('a fault', () => {
  test.each(Object.entries(met))('%s is told as what it is', async (name, row) => {
    const api = await startTestApi({ faults: [name], sleep });
    const told = await agents(row.line, world(api.base));
    if (row.says === '') expect(told.stderr).toMatch(/^(\(.*\)\n)*$/);
    else expect(told.stderr).toMatch(row.says);
    const { prints = '' } = row;
    if (typeof prints === 'string') expect(told.stdout).toBe(prints);
    else expect(told.stdout).toMatch(prints);
    expect(told.code).toBe(row.code);
    expect((await struck(api.base))[0]).toBeGreaterThan(0);
  });
});

describe('besides', () => {
  test.each(['drop-in-reply=1', 'close-1011-in-reply=2', 'max-duration=1'])(
    '%s is survived: the answer comes whole',
    async (fault) => {
      const api = await startTestApi({ faults: [fault] });
      const told = await agents('voice spec.json -m Hello', world(api.base));
      expect(told).toMatchObject({ code: 0, stderr: expect.stringContaining('Connected again') });
      expect(told.stdout.endsWith(whole)).toBe(true);
    },
  );

  test.each(['duplicate-events', 'out-of-order-events', 'unknown-event'])(
    '%s make no tool run twice, and no word be said twice',
    async (fault) => {
      const api = await startTestApi({ faults: [fault] });
      const told = await agents(order, world(api.base));
      expect(told.stdout).toBe(
        'One moment, let me lookup order for ORD-42.\n' +
          '→ lookup_order({"order_id":"ORD-42"})\n' +
          'I am sorry, lookup order did not work: unknown tool: lookup_order.\n',
      );
      expect(told.stderr).toMatch(/\(session: 1 turn in \S+ s, 1 tool call /);
    },
  );

  test.each(['drop-in-reply', 'close-1011-in-reply', 'max-duration'])(
    '%s is survived when it strikes once, and told when it always does',
    async (fault) => {
      const passing = await startTestApi({ faults: [`${fault}=1`], sleep });
      const survived = await agents(voice, world(passing.base));
      expect(survived.stdout.endsWith(whole)).toBe(true);
      expect(survived.stderr).toContain('Connected again');
      expect(survived.code).toBe(0);
      const lasting = await startTestApi({ faults: [fault], sleep });
      const told = await agents(voice, world(lasting.base));
      expect({ code: told.code, told: told.stderr.includes('5 tries to come back') }).toEqual({
        code: 5,
        told: true,
      });
    },
  );

  test('no-session-updated is told, and the conversation goes on without', async () => {
    const api = await startTestApi({ faults: ['no-session-updated'] });
    const clock = { after: (ms: number, fire: () => void) => testClock.after(ms === 5000 ? 20 : ms, fire) };
    const told = await agents('voice spec.json -m Hello', { ...world(api.base), clock });
    expect(told).toEqual({
      code: 0,
      stdout: whole,
      stderr: expect.stringContaining('the service did not confirm the configuration; going on without'),
    });
  });

  test('late-deltas are no part of the next answer', async () => {
    const api = await startTestApi({ faults: ['late-deltas'], wordDelayMs: 5 });
    const { stream, type } = keyboard();
    let shown = '';
    const acts: [RegExp, string][] = [
      [/> /, 'Hello\r'],
      [/ You/, '\u0003'],
      [/cancelled\)/, 'Again\r'],
      [/total [^)]*\)/, '/quit\r'],
    ];
    const told = await agents('voice spec.json', {
      ...world(api.base),
      env: { AGENTS_BASE_URL: api.base, NO_COLOR: '1' },
      stdin: stream,
      tty: { stdin: true, stdout: true, stderr: true },
      onWrite: (_, text) => {
        shown += text;
        const next = acts[0];
        if (next === undefined || !next[0].test(shown)) return;
        acts.shift();
        shown = '';
        setImmediate(() => type(next[1]));
      },
    });
    expect({ code: told.code, left: acts }).toEqual({ code: 0, left: [] });
    expect(await renderScreen(told.stdout)).toMatch(
      /Hello, this is Ava\. You said: Again\. My instructions begin: You are Ava\.$/m,
    );
    expect(await struck(api.base)).toEqual([1]);
  });
});

async function struck(base: string): Promise<number[]> {
  const { faults } = (await (await fetch(`${base}/__local/faults`)).json()) as {
    faults: { struck: number }[];
  };
  return faults.map((each) => each.struck);
}
