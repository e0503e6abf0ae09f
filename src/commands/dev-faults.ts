// Faults to rehearse, as they are given to `agents dev`, listed by its help and told by `agents help faults`.

import type { Rehearsal } from '../emulator/faults/plan.js';
import {
  type FaultName,
  faultNames,
  faultTable,
  isFaultName,
  type Place,
  places,
} from '../emulator/faults/table.js';
import { CliError } from '../errors.js';
import { didYouMean } from '../spec/did-you-mean.js';

export { faultNames } from '../emulator/faults/table.js';

/** Throws CliError `usage` for a name that is none, or a number that does not say how often. */
export async function readFaults(given: readonly string[]): Promise<Rehearsal[]> {
  const { readRehearsal } = await import('../emulator/faults/plan.js');
  return given.map((text) => {
    const name = text.split('=')[0] ?? '';
    if (!isFaultName(name)) {
      throw new CliError('usage', `there is no fault ${name}${didYouMean(name, faultNames)}`, {
        hint: 'agents help faults lists them',
      });
    }
    try {
      return readRehearsal(text);
    } catch (error) {
      throw new CliError('usage', `--fault ${(error as Error).message}`, { cause: error });
    }
  });
}

/** Throws CliError `usage`. */
export function readSeed(text: string): number {
  const seed = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new CliError('usage', `--seed must be a whole number from 0 on, got ${text}`);
  return seed;
}

/** `agents help faults`. */
export function faultsHelp(): string {
  const width = Math.max(...faultNames.map((name) => name.length));
  const sections = (Object.keys(places) as Place[]).map((place) => {
    const names = faultNames.filter((name) => faultTable[name].at.includes(place));
    const lines = names.map((name: FaultName) => `  ${name.padEnd(width)}  ${faultTable[name].does}`);
    return `At ${places[place]}:\n${lines.join('\n')}\n`;
  });
  return `Faults the local API can rehearse

  agents dev --fault error-500             each time
  agents dev --fault error-500=0.3         each time with a probability of 0.3
  agents dev --fault error-500=1/3         every third time
  agents dev --fault error-500=2           the first two times only

--seed <n> (1 unless given) decides when a probability strikes: the same seed and the same
requests give the same run. A request, or the handshake of a socket, may ask for faults of its
own by a header; so may a running local API be told of others, which GET lists and DELETE ends:

  curl -H 'x-local-fault: error-500, slow-reply=1/2' http://localhost:9978/v1/agents
  curl -X PUT http://localhost:9978/__local/faults -d '{"faults":["error-500=0.3"],"seed":7}'

${sections.join('\n')}`;
}
