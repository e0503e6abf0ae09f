// `agents listen` under way in a test: where it listens, what it has told, and its end.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { Interrupts } from '../../src/interrupts.js';
import { secret } from '../webhook/support.js';
import { agents, type Result, type RunOptions, temporaryFolder } from './agents.js';

export interface Told {
  type: string;
  call_id?: string;
  [member: string]: unknown;
}

export interface Listening {
  url: string;
  home: string;
  interrupts: Interrupts;
  /** Lines of JSON so far. */
  events(type?: string): Told[];
  /** Resolves when such an event has been told. */
  until(type: string, callId?: string): Promise<Told>;
  /** What was shown on both streams, as it came. */
  shown(): string;
  /** Resolves when this has been shown. */
  untilShown(words: RegExp): Promise<void>;
  /** Ends it as Ctrl+C does, as often as it takes. */
  end(): Promise<Result>;
  result: Promise<Result>;
}

export interface ListeningOptions extends RunOptions {
  /** In a home that has these files. */
  files?: Record<string, string>;
  /** Not in JSON. */
  human?: boolean;
}

const spec = JSON.stringify({
  name: 'Acme',
  instructions: 'Be brief.',
  tools: [
    {
      type: 'function',
      function: {
        name: 'lookup_order',
        description: 'Look up an order',
        parameters: { type: 'object', properties: { order_id: { type: 'string' } }, required: ['order_id'] },
      },
    },
    {
      type: 'function',
      function: { name: 'hand_over', description: 'Hand the caller over', parameters: { type: 'object' } },
    },
  ],
});

export async function startListening(
  baseUrl: string,
  flags: readonly string[] = [],
  { files = {}, human = false, ...options }: ListeningOptions = {},
): Promise<Listening> {
  const home = temporaryFolder();
  for (const [name, text] of Object.entries({ 'agent.json': spec, 'secret.txt': `${secret}\n`, ...files }))
    writeFileSync(join(home, name), text);
  const interrupts = new Interrupts();
  let stdout = '';
  let shown = '';
  const wakers = new Set<() => void>();
  const line = [
    ...(human ? [] : ['--json']),
    ...['--base-url', baseUrl, 'listen', 'agent.json', '--port', '0', '--secret-file', 'secret.txt'],
    ...flags,
  ];
  const result = agents(line, {
    interrupts,
    cwd: home,
    ...options,
    env: { HOME: home, XAI_API_KEY: 'xai-test-key', NO_COLOR: '1', ...options.env },
    onWrite: (target, text) => {
      if (target === 'stdout') stdout += text;
      shown += text;
      for (const wake of wakers) wake();
    },
  });
  let isOver = false;
  void result.then(() => {
    isOver = true;
    for (const wake of wakers) wake();
  });
  const when = <T>(look: () => T | undefined, what: string) =>
    new Promise<T>((resolve, reject) => {
      const wake = () => {
        const found = look();
        if (found === undefined && !isOver) return;
        wakers.delete(wake);
        if (found === undefined) reject(new Error(`it ended before ${what}:\n${shown}`));
        else resolve(found);
      };
      wakers.add(wake);
      wake();
    });
  const events = (type?: string) =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((each) => JSON.parse(each) as Told)
      .filter((each) => type === undefined || each.type === type);
  const url = human
    ? await when(() => /http:\/\/\S+/.exec(stdout)?.[0], 'listening')
    : String((await when(() => events('listening')[0], 'listening')).url);
  const end = async () => {
    interrupts.raise('interrupted');
    interrupts.raise('interrupted');
    return result;
  };
  onTestFinished(async () => {
    interrupts.raise('terminated');
    await result;
  });
  return {
    url,
    home,
    interrupts,
    events,
    shown: () => shown,
    until: (type, callId) =>
      when(
        () => events(type).find(({ call_id }) => callId === undefined || call_id === callId),
        `${type} ${callId}`,
      ),
    untilShown: async (words) => {
      await when(() => (words.test(shown) ? true : undefined), String(words));
      expect(shown).toMatch(words);
    },
    end,
    result,
  };
}
