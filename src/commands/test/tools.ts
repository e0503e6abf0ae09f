// What answers an agent's tools in a scenario: the file it names, with what the scenario changes of it.

import { besideContext } from '../../beside.js';
import type { Context } from '../../context.js';
import { Once } from '../../once.js';
import type { AgentConfig } from '../../protocol/agent.js';
import type { Case } from '../../scenario/scenario.js';
import { templatePrefix } from '../../spec/templates.js';
import { merged } from '../../tools/canned.js';
import { readToolFile, type ToolFile } from '../../tools/file.js';
import type { Toolbox } from '../../tools/toolbox.js';
import { openTools, readToolsFile } from '../tool-flags.js';
import { refuseTool } from '../tool-player.js';
import { pathFrom } from './paths.js';

export interface CaseTools {
  /** Reads what a scenario's tools are made of. Throws CliError. */
  check(scenario: Case): Promise<void>;
  /** The tools of one run; closed with `side`. Throws CliError. */
  open(side: Context, scenario: Case, agent: AgentConfig): Promise<Toolbox>;
}

/** As `agents voice` has it. */
const toolTimeoutMs = 30_000;

const isModule = (file: string) => /\.[mc]?[jt]s$/i.test(file);

export function createCaseTools(context: Context): CaseTools {
  const read = new Once<ToolFile>();
  const tried = new Set<string>();

  /** A file is read once; a module runs anew for each run, which has its state for itself. */
  function readOnce(side: Context, named: string): Promise<ToolFile> {
    if (isModule(named)) return readToolsFile(side, named);
    return read.get(named, () => readToolsFile(context, named));
  }

  async function fileFor(
    side: Context,
    { tools, folder, file: source }: Case,
  ): Promise<ToolFile | undefined> {
    if (tools === undefined) return undefined;
    const { file, state, answers } = tools;
    const isTemplate = file?.startsWith(templatePrefix) === true;
    const named = file === undefined || isTemplate ? file : pathFrom(context, folder, file);
    const given = named === undefined ? undefined : await readOnce(side, named);
    const own = answers && readToolFile({ tools: answers }, `${source}: tools.answers`, folder);
    const base = given ?? own;
    if (base === undefined) return undefined;
    return {
      ...base,
      handlers: new Map([...(given?.handlers ?? []), ...(own?.handlers ?? [])]),
      state: state === undefined ? base.state : merged(base.state ?? {}, state),
    };
  }

  return {
    check: async (scenario) => {
      const { file } = scenario.tools ?? {};
      if (file === undefined || !isModule(file)) return void (await fileFor(context, scenario));
      const module = pathFrom(context, scenario.folder, file);
      if (tried.has(module)) return;
      tried.add(module);
      // Whether it loads is tried once: each run has it anew.
      const side = besideContext(context, { note: context.output.note });
      await fileFor(side, scenario).finally(() => side.close());
    },
    open: async (side, scenario, agent) => {
      const { fail = {}, slow = {} } = scenario.tools ?? {};
      const plan = {
        given: true,
        file: await fileFor(side, scenario),
        timeoutMs: toolTimeoutMs,
        failing: new Map(Object.entries(fail)),
        slow: new Map(Object.entries(slow)),
      };
      return openTools(side, agent, plan, { play: refuseTool, unhandled: 'the model will be told so' });
    },
  };
}
