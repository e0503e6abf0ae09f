// A local API with knowledge, and a person who uses it: for both, time passes where the person waits.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { person, type RunOptions } from './agents.js';
import { startTestApi } from './local-api.js';

/** A clock on which waiting is what takes time. */
export function waitingClock() {
  let now = Date.UTC(2026, 6, 1, 12);
  return {
    now: () => now,
    sleep: async (ms: number, signal?: AbortSignal) => {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      now += ms;
    },
  };
}

export const returnsText = `# Returns

You may return an order within 30 days of delivery.

Refunds take five working days.
`;

/** A person with a few files, and commands that go to a local API. */
export async function knowledgeable(options: RunOptions = {}) {
  const clock = waitingClock();
  const api = await startTestApi({ nowMs: clock.now });
  const someone = filed({ clock, ...options, env: { AGENTS_BASE_URL: api.base, ...options.env } });
  return { api, ...someone };
}

/** A person with these files in the folder they work in. */
export function filed(options: RunOptions, files: Record<string, string | Buffer> = {}) {
  const { run, home } = person({ clock: waitingClock(), ...options });
  const write = (name: string, content: string | Buffer) => writeFileSync(join(home, name), content);
  for (const [name, content] of Object.entries({ 'returns.md': returnsText, ...files })) write(name, content);
  return {
    home,
    write,
    run: (line: string | readonly string[], more: RunOptions = {}) => run(line, { cwd: home, ...more }),
  };
}
