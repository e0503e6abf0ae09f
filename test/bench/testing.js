// What `agents test` costs beside the conversations themselves: for a thousand turns, for a hundred workers, and for ten
// times as many scenarios.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pairs, used } from './measure.js';
import { promptfoo } from './promptfoo.js';
import { withDev } from './requests.js';
import { writeSuite } from './suite.js';

/** So many that the pace of the local API's speech, 15 ms before an answer, holds up neither side. */
const workers = 32;

const ours = (bin, { tests }, url, many = workers) => ({
  command: [bin, '--base-url', url, 'test', tests, '--workers', `${many}`],
  // What it remembers of this run is nothing to the user.
  env: { XDG_STATE_HOME: join(tests, 'state') },
});

const bare = ({ scenarios, turns }, url) => ({
  command: [
    fileURLToPath(new URL('bare-turns.js', import.meta.url)),
    url.replace(/^http/, 'ws'),
    ...[scenarios, turns, workers].map(String),
  ],
});

/** What a run took in which all went as it should. */
async function passing({ command, env }) {
  const found = await used(command, env);
  if (found.code !== 0) throw new Error(`${command.join(' ')} ended with ${found.code}`);
  return found;
}

const seconds = async (run) => (await passing(run)).ms / 1000;
const megabytes = async (run) => (await passing(run)).megabytes;

/** Calls `use` with a suite, and the address of a local API that answers it. */
async function withSuite(bin, folder, size, use) {
  const suite = writeSuite(join(folder, `suite-${size.scenarios}-${size.turns}`), size);
  return withDev(bin, ['--memory', '--script', suite.script], (url) => use(suite, url));
}

/** A thousand turns: how many a second by ours and by a bare loop of as many conversations at a time, start included. */
export async function thousandTurns(bin, folder, runs = 5) {
  return withSuite(bin, folder, { scenarios: 100, turns: 10 }, (suite, url) => {
    const rate = (run) => async () => 1000 / (await seconds(run));
    return pairs(rate(ours(bin, suite, url)), rate(bare(suite, url)), runs);
  });
}

/** The same conversations by promptfoo, as it is installed in a folder: seconds, ours and its. */
export async function besidePromptfoo(bin, folder, installed, runs = 3) {
  return withSuite(bin, folder, { scenarios: 100, turns: 10 }, (suite, url) => {
    const theirs = promptfoo(installed, folder, url.replace(/^http/, 'ws'), suite, workers);
    return pairs(
      () => seconds(ours(bin, suite, url)),
      () => seconds(theirs),
      runs,
    );
  });
}

/** The most memory in MB, with a hundred workers and with one. */
export async function hundredWorkers(bin, folder, runs = 3) {
  return withSuite(bin, folder, { scenarios: 100, turns: 10 }, (suite, url) =>
    pairs(
      () => megabytes(ours(bin, suite, url, 100)),
      () => megabytes(ours(bin, suite, url, 1)),
      runs,
    ),
  );
}

/** Milliseconds a scenario of one turn, of a thousand and of a hundred; and of ten. */
export async function tenTimesAsMany(bin, folder, runs = 3) {
  const each = (scenarios) => (use) =>
    withSuite(bin, folder, { scenarios, turns: 1 }, (suite, url) =>
      use(async () => ((await seconds(ours(bin, suite, url))) * 1000) / scenarios),
    );
  return each(10)((ten) =>
    each(100)((hundred) =>
      each(1000)(async (thousand) => ({ ten: await ten(), ...(await pairs(thousand, hundred, runs)) })),
    ),
  );
}
