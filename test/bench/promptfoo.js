// The conversations of a suite by promptfoo, where it is installed: a provider for it, and what it is to run. A test is
// a conversation: its answers, a line each, are looked at by the expectations that both know.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { converse } from './bare-conversation.js';
import { answerOf, lineOf } from './suite.js';

// biome-ignore lint/style/noDefaultExport: promptfoo knows no other
export default class Provider {
  constructor({ config }) {
    this.address = config.address;
  }

  id() {
    return 'conversation';
  }

  async callApi(prompt) {
    return { output: (await converse(this.address, prompt.split('\n'))).join('\n') };
  }
}

/** The command that runs a suite against an address, and the environment in which it keeps to itself. */
export function promptfoo(installed, folder, address, { scenarios, turns }, workers) {
  const config = join(folder, 'promptfoo.json');
  const each = Array.from({ length: turns }, (_, turn) => turn);
  const tests = Array.from({ length: scenarios }, (_, number) => ({
    vars: { conversation: each.map((turn) => lineOf(number, turn)).join('\n') },
    assert: [
      ...each.map((turn) => ({ type: 'contains', value: answerOf(number, turn) })),
      { type: 'not-icontains', value: 'sorry' },
      { type: 'javascript', value: `output.split('\\n').length === ${turns}` },
    ],
  }));
  const id = `file://${fileURLToPath(import.meta.url)}`;
  const providers = [{ id, config: { address } }];
  writeFileSync(config, JSON.stringify({ prompts: ['{{conversation}}'], providers, tests }));
  const quiet = ['--no-cache', '--no-write', '--no-table', '--no-progress-bar'];
  return {
    command: [
      join(installed, 'node_modules/.bin/promptfoo'),
      'eval',
      '-c',
      config,
      '-j',
      `${workers}`,
      ...quiet,
    ],
    env: {
      NODE_NO_WARNINGS: '1',
      PROMPTFOO_CONFIG_DIR: join(folder, 'promptfoo'),
      PROMPTFOO_DISABLE_TELEMETRY: '1',
      PROMPTFOO_DISABLE_UPDATE: '1',
      PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
    },
  };
}
