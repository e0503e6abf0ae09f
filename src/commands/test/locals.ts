// Under --local: a local API for each way that scenarios want it to answer, started when the first of them is played.

import { join } from 'node:path';
import { besideContext } from '../../beside.js';
import type { Context, Server } from '../../context.js';
import { Once } from '../../once.js';
import type { Case } from '../../scenario/scenario.js';
import { templateFile, templatePrefix } from '../../spec/templates.js';
import { pathFrom } from './paths.js';

export interface Locals {
  /**
   * Where a run of a scenario leads; `seed` decides when its faults strike. What is started for this run alone is closed
   * with `side`. Throws CliError.
   */
  serverFor(scenario: Case, seed: number, side: Context): Promise<Server>;
}

/** Words come as fast as they can be told apart: an answer that is to be interrupted must last. */
const wordDelayMs = 1;

export function createLocals(context: Context): Locals {
  const started = new Once<Server>();

  async function start(scenario: Case, seed: number, owner: Context): Promise<Server> {
    const { script, faults } = scenario.local;
    const { today } = scenario.override;
    const side = besideContext(context, { today, note: context.output.note });
    owner.onClose(() => side.close());
    const [{ startLocal }, { readFaults }] = await Promise.all([
      import('../../local-server.js'),
      import('../dev-faults.js'),
    ]);
    const local = await startLocal(side, {
      port: 0,
      host: '127.0.0.1',
      storeless: true,
      wordDelayMs,
      script: script === undefined ? undefined : await readScript(context, scenario, script),
      faults: await readFaults(faults),
      seed,
    });
    return { baseUrl: local.url, key: undefined };
  }

  return {
    serverFor: (scenario, seed, side) => {
      const { script, faults } = scenario.local;
      // Faults strike by counting: a run has them for itself.
      const isOwn = faults.length > 0;
      const own = isOwn ? [faults, seed, scenario.id] : [];
      const way = JSON.stringify([script && join(scenario.folder, script), scenario.override.today, ...own]);
      return started.get(way, () => {
        // A hundred thousand runs must not leave as many servers.
        if (isOwn) side.onClose(async () => started.forget(way));
        return start(scenario, seed, isOwn ? side : context);
      });
    },
  };
}

async function readScript(context: Context, { folder }: Case, named: string) {
  const { parseValues } = await import('../../spec/parse.js');
  const template = named.startsWith(templatePrefix) ? named.slice(templatePrefix.length) : undefined;
  const file =
    template === undefined
      ? pathFrom(context, folder, named)
      : join(context.host.root, templateFile(template, 'script'));
  const { text, source } = await context.read(file);
  const { values } = await parseValues(text, source);
  return { value: values[0]?.value, source };
}
