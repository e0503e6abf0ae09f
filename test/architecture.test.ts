// The import rule and the house rules, as a table: the table is the document and cannot go stale.

import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from './support/agents.js';

const leaves = [
  ...[
    'errors',
    'queue',
    'clock',
    'chance',
    'interrupts',
    'job-control',
    'json-text',
    'money',
    'secrets',
    'port',
    'folders',
    'patterns',
    'once',
    'one-line',
  ],
];
/** What leaves may have from elsewhere. */
const leafPackages = ['lossless-json', 'node:net', 'node:fs', 'node:path', 'node:crypto', 'node:vm'];

interface Layer {
  /** Layers whose values it may use. */
  uses: string[];
  /** Layers it may know the types of. */
  knows?: string[];
  packages: string[];
}

/** Whatever a row does not name may not be imported. Files beside the folders join the layers and may use all. */
const layers: Record<string, Layer> = {
  protocol: { uses: ['json-text'], packages: ['zod/mini', 'eventsource-parser'] },
  audio: { uses: leaves, packages: ['alawmulaw', '@audio/decode-wav', '@audio/resample-polyphase'] },
  api: {
    uses: ['protocol', ...leaves],
    // The way to a server is looked at step by step.
    packages: [
      ...['undici', 'undici/lib/*', 'node:v8'],
      ...['node:dns/promises', 'node:http', 'node:https', 'node:net', 'node:tls'],
    ],
  },
  session: { uses: ['protocol', ...leaves], packages: ['ws', 'node:http', 'node:net'] },
  // Who may post to us: knows HTTP and signatures, and nothing of what becomes of a call.
  webhook: {
    uses: ['protocol', ...leaves],
    packages: ['standardwebhooks', 'node:crypto', 'node:http', 'node:net'],
  },
  spec: { uses: ['protocol', ...leaves], packages: ['yaml', 'fastest-levenshtein'] },
  // Wraps the session's line, tells its notices; the machine itself is none of its business.
  recording: { uses: ['protocol', ...leaves], knows: ['session'], packages: [] },
  // Runs what is the user's own: the only layer of the client that starts programs and loads modules.
  tools: {
    uses: ['protocol', 'spec', ...leaves],
    packages: [
      'zod/mini',
      'ajv',
      'ajv-formats',
      '@modelcontextprotocol/sdk/*',
      'node:child_process',
      'node:fs',
      'node:path',
      'node:url',
      'node:util',
      'node:async_hooks',
      'node:worker_threads',
    ],
  },
  // Scenario files, what is expected of a conversation, and what becomes of it: no screen, no server.
  scenario: {
    uses: ['protocol', 'session', 'spec', 'audio', ...leaves],
    knows: ['recording', 'tools'],
    packages: ['zod/mini', 'yaml', 'node:crypto', 'tinyld/light'],
  },
  terminal: {
    uses: leaves,
    knows: ['protocol', 'session', 'scenario'],
    packages: [
      'chalk',
      'ora',
      'prompts',
      'fast-string-truncated-width',
      'node:readline',
      'node:stream',
      'node:string_decoder',
    ],
  },
  emulator: {
    uses: ['protocol', 'audio', ...leaves],
    // What it is given to replay; reading files is the client's.
    knows: ['recording'],
    packages: [
      'hono',
      'hono/*',
      '@hono/node-server',
      '@hono/node-server/*',
      'zod/mini',
      'ws',
      'node-sqlite3-wasm',
      'standardwebhooks',
      'node:*',
    ],
  },
  commands: {
    uses: [
      'protocol',
      'api',
      'session',
      'scenario',
      'webhook',
      'recording',
      'spec',
      'tools',
      'audio',
      'terminal',
      'context',
      'beside',
      'settings',
      'files',
      'shared-files',
      'watched-files',
      'folders',
      'programs',
      ...leaves,
    ],
    packages: ['commander', 'node:events', 'node:path', 'node:stream'],
  },
};

/** What starts the server. */
const starters = ['local-server'];
/** Only these commands serve, or see whether one could: the others never meet the server's code. */
const servers = [
  ...['commands/dev.ts', 'commands/dev-faults.ts', 'commands/dev-replay.ts'],
  'commands/doctor/local.ts',
  'commands/test/locals.ts',
];
/** Only here is the socket library named. */
const sockets = [
  'session/transport.ts',
  'emulator/server.ts',
  'emulator/realtime/socket.ts',
  'emulator/replay/serve.ts',
];

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));
const source = (file: string) => readFileSync(join(root, 'src', file), 'utf8');
/** Code without comments and without what stands in quotes. */
const code = (file: string) =>
  source(file)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '')
    .replace(/'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g, "''");

interface Import {
  target: string;
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const found = source(file).matchAll(
    /^(?:import|export)\s+(type\s+)?[^;'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gms,
  );
  return [...found].map(([, type, from, dynamic, bare]) => ({
    target: from ?? dynamic ?? bare ?? '',
    typeOnly: type !== undefined,
  }));
}

const layerOf = (file: string) => file.split('/')[0]?.replace(/\.ts$/, '') ?? '';
const inside = (file: string, target: string) =>
  posix.normalize(posix.join(posix.dirname(file), target)).replace(/\.js$/, '.ts');
const matches = (patterns: string[], name: string) =>
  patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name,
  );

/** What the rule says against an import; undefined when it is allowed. */
function objection(file: string, { target, typeOnly }: Import): string | undefined {
  const layer = layerOf(file);
  const rule = layers[layer];
  if (rule === undefined) return undefined;
  if (!target.startsWith('.')) {
    if (target === 'ws' && !typeOnly && !sockets.includes(file)) return `${file} names ws`;
    return matches(rule.packages, target) || (typeOnly && target === 'commander')
      ? undefined
      : `${file} → ${target}`;
  }
  const other = layerOf(inside(file, target));
  if (other === layer || rule.uses.includes(other)) return undefined;
  if (typeOnly && rule.knows?.includes(other)) return undefined;
  if ((other === 'emulator' || starters.includes(other)) && servers.includes(file)) return undefined;
  return `${file} → ${inside(file, target)}${typeOnly ? ' (type)' : ''}`;
}

describe('the structure', () => {
  test('every import is one the table allows', () => {
    expect(files.length).toBeGreaterThan(50);
    const objections = files.flatMap((file) =>
      importsOf(file).flatMap((each) => objection(file, each) ?? []),
    );
    expect(objections).toEqual([]);
  });

  test('the table refuses what it should: client and server never meet', () => {
    const tries: [string, Import][] = [
      ['api/client.ts', { target: '../emulator/app.js', typeOnly: false }],
      ['emulator/app.ts', { target: '../api/client.js', typeOnly: true }],
      ['session/session.ts', { target: '../terminal/output.js', typeOnly: true }],
      ['terminal/output.ts', { target: '../session/session.js', typeOnly: false }],
      ['protocol/agent.ts', { target: '../errors.js', typeOnly: false }],
      ['commands/get.ts', { target: '../emulator/local.js', typeOnly: false }],
      ['session/session.ts', { target: 'ws', typeOnly: false }],
      ['tools/toolbox.ts', { target: '../session/notice.js', typeOnly: true }],
      ['tools/toolbox.ts', { target: '../terminal/output.js', typeOnly: true }],
      ['webhook/receiver.ts', { target: '../session/converse.js', typeOnly: true }],
      ['webhook/check.ts', { target: '../emulator/local.js', typeOnly: false }],
    ];
    expect(tries.filter(([file, each]) => objection(file, each) === undefined)).toEqual([]);
  });

  test('leaves import no layer', () => {
    const wrong = leaves.flatMap((leaf) =>
      importsOf(`${leaf}.ts`).filter(
        ({ target }) => !leaves.some((other) => target === `./${other}.js`) && !leafPackages.includes(target),
      ),
    );
    expect(wrong).toEqual([]);
  });

  test('only main and the thread of modules name the process, nothing names the console', () => {
    const names = (word: RegExp) => files.filter((file) => word.test(code(file)));
    expect(names(/\bprocess\s*[.[]|\bimport process\b/)).toEqual(['main.ts', 'tools/worker.ts']);
    expect(names(/\bconsole\.(log|error|warn|info|debug)\b/)).toEqual([]);
  });

  test('no file is longer than 300 lines, and nothing is left to do', () => {
    const all = files.map((file) => ({ file, lines: source(file).split('\n').length }));
    expect(all.filter(({ lines }) => lines > 300)).toEqual([]);
    expect(files.filter((file) => /\b(TODO|FIXME|XXX)\b/.test(source(file)))).toEqual([]);
  });

  test('no command is loaded before it is called', () => {
    expect(
      importsOf('cli.ts').filter(({ target, typeOnly }) => target.startsWith('./commands/') && !typeOnly),
    ).toEqual([{ target: './commands/help.js', typeOnly: false }]);
  });
});
