// The flags that say what runs an agent's tools, and what trouble to rehearse, for voice and run alike.

import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../context.js';
import { CliError, messageOf } from '../errors.js';
import { type AgentConfig, functionTools } from '../protocol/agent.js';
import { didYouMean } from '../spec/did-you-mean.js';
import { templateFile, templatePrefix } from '../spec/templates.js';
import type { ToolFile } from '../tools/file.js';
import type { ToolCall } from '../tools/handler.js';
import type { ModuleHost } from '../tools/module.js';
import type { Toolbox } from '../tools/toolbox.js';
import { collect } from './command.js';

export interface ToolFlags {
  tools?: string;
  toolTimeout?: string;
  failTool?: string[];
  slowTool?: string[];
}

const defaultTimeoutSeconds = 30;

export function addToolFlags(command: Command): Command {
  return command
    .option(
      '--tools <file>',
      'what runs its tools here: YAML, JSON, a module, or template:<name> (see: agents help handlers)',
    )
    .option('--tool-timeout <s>', `how long a tool may take, in seconds (default ${defaultTimeoutSeconds})`)
    .option(
      '--fail-tool <name[=reason]>',
      'let a tool fail, to see what the agent does (repeatable)',
      collect,
    )
    .option('--slow-tool <name=ms>', 'let a tool take that much longer (repeatable)', collect);
}

const defaultRounds = 8;

export interface RoundFlags {
  maxToolRounds?: string;
}

/** For `run` and `voice`: `what` is what may be answered by calls so often. */
export function addRoundsFlag(command: Command, what: string): Command {
  return command.option(
    '--max-tool-rounds <n>',
    `how often ${what} calls are run before it must have answered (default ${defaultRounds})`,
  );
}

/** Throws CliError `usage`. */
export function readRounds({ maxToolRounds = String(defaultRounds) }: RoundFlags): number {
  return readCount('--max-tool-rounds', maxToolRounds, 1);
}

/** What the flags and the tools file say, before it is known which agent it is for. */
export interface ToolPlan {
  /** Whether anything was said about tools at all. */
  given: boolean;
  file: ToolFile | undefined;
  timeoutMs: number;
  failing: Map<string, string>;
  slow: Map<string, number>;
}

/** Throws CliError `usage` or `invalid_spec`; nothing has run then but the modules of the file. */
export async function readToolFlags(context: Context, flags: ToolFlags): Promise<ToolPlan> {
  const plan = {
    timeoutMs: readTimeout(flags.toolTimeout),
    failing: new Map((flags.failTool ?? []).map(readFailing)),
    slow: new Map((flags.slowTool ?? []).map(readSlow)),
  };
  const file = flags.tools === undefined ? undefined : await readToolsFile(context, flags.tools);
  return { ...plan, file, given: file !== undefined || plan.failing.size > 0 || plan.slow.size > 0 };
}

/**
 * The tools of an agent, ready to run; closed with the context. `otherwise` gives calls their result that nothing
 * here runs; `unhandled` says in a note what becomes of them. Throws CliError `usage` for a flag that names no tool.
 */
export async function openTools(
  context: Context,
  agent: AgentConfig,
  plan: ToolPlan,
  otherwise: { play(call: ToolCall): Promise<string>; unhandled: string },
): Promise<Toolbox> {
  const { host, output } = context;
  const tools = functionTools(agent);
  const names = tools.map((tool) => tool.function?.name ?? '');
  checkNames('--fail-tool', plan.failing, names);
  checkNames('--slow-tool', plan.slow, names);
  const { openToolbox } = await import('../tools/toolbox.js');
  const opening = openToolbox({
    file: plan.file,
    tools,
    ...moduleHost(context),
    version: host.version,
    platform: host.platform,
    kill: (pid, signal) => host.kill(pid, signal),
    timeoutMs: plan.timeoutMs,
    failing: plan.failing,
    slow: plan.slow,
    otherwise: otherwise.play,
    signal: context.signal,
    onLeave: (last) => host.interrupts.onLeave(last),
  });
  const toolbox = await output.during('Opening the tools', () => opening);
  context.onClose(() => toolbox.close());
  if (plan.file !== undefined) noteMismatches(context, plan.file, toolbox, names, otherwise.unhandled);
  return toolbox;
}

/** What the threads of modules need to know of this machine. */
function moduleHost({ host, clock, output }: Context): ModuleHost {
  const { env, nodeVersion, root } = host;
  const workerFile = join(root, 'dist', 'tool-worker.js');
  return { workerFile, env, nodeVersion, clock, note: output.note };
}

function noteMismatches(
  { output }: Context,
  { source, handlers }: ToolFile,
  toolbox: Toolbox,
  names: string[],
  unhandled: string,
): void {
  for (const name of handlers.keys()) {
    if (names.includes(name)) continue;
    output.note(`note: ${source}: ${name} is no tool of this agent${didYouMean(name, names)}`);
  }
  const left = names.filter((name) => !toolbox.has(name));
  if (left.length > 0) output.note(`note: nothing runs ${left.join(', ')} here: ${unhandled}`);
}

function checkNames(flag: string, named: ReadonlyMap<string, unknown>, names: string[]): void {
  for (const name of named.keys()) {
    if (names.includes(name)) continue;
    throw new CliError('usage', `${flag}: the agent has no function tool ${name}${didYouMean(name, names)}`, {
      hint: names.length === 0 ? 'it has none at all' : `its tools: ${names.join(', ')}`,
    });
  }
}

/** A tools file as `--tools` names it. Throws CliError `usage`, `unreadable` or `invalid_spec`. */
export async function readToolsFile(context: Context, named: string): Promise<ToolFile> {
  const { readToolFile } = await import('../tools/file.js');
  const template = named.startsWith(templatePrefix) ? named.slice(templatePrefix.length) : undefined;
  const given = template === undefined ? named : join(context.host.root, templateFile(template, 'tools'));
  const path = context.path(given);
  const folder = given === '-' ? context.path('.') : dirname(path);
  if (/\.[mc]?[jt]s$/i.test(given)) return readToolFile(await readModule(context, given), given, folder);
  const { text, source } = await context.read(given);
  const { parseValues } = await import('../spec/parse.js');
  const { values } = await parseValues(text, source);
  const [first, second] = values;
  if (second !== undefined) {
    throw new CliError('invalid_spec', `${source} holds ${values.length} documents; a tools file is one`);
  }
  return readToolFile(first?.value, template === undefined ? source : named, folder);
}

async function readModule(context: Context, given: string): Promise<unknown> {
  const { loadModule, toolFileValue } = await import('../tools/module.js');
  try {
    const options = { source: given, isToolsFile: true };
    const { exports, end } = await loadModule(context.path(given), moduleHost(context), options);
    context.onClose(end);
    return toolFileValue(exports);
  } catch (cause) {
    throw new CliError('invalid_spec', `${given}: ${messageOf(cause)}`, {
      hint: 'agents help handlers shows what a tools file may hold',
      cause,
    });
  }
}

function readTimeout(text: string | undefined): number {
  if (text === undefined) return defaultTimeoutSeconds * 1000;
  const seconds = Number(text);
  if (text.trim() === '' || !Number.isFinite(seconds) || seconds <= 0 || seconds > 86_400) {
    throw new CliError(
      'usage',
      `--tool-timeout must be a number of seconds, more than 0 and at most 86400, got ${text}`,
      { hint: 'for example --tool-timeout 5' },
    );
  }
  return seconds * 1000;
}

function readFailing(text: string): [string, string] {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  return [name, (at < 0 ? '' : text.slice(at + 1).trim()) || 'the tool failed'];
}

function readSlow(text: string): [string, number] {
  const [, name, ms] = /^(.+)=(\d{1,8})$/.exec(text) ?? [];
  if (name !== undefined && ms !== undefined) return [name, Number(ms)];
  throw new CliError('usage', `--slow-tool must name a tool and milliseconds, got ${text}`, {
    hint: 'for example --slow-tool lookup_order=3000',
  });
}

/** A count from a flag, `least` or more, and no more than `most`. Throws CliError `usage`. */
export function readCount(flag: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least && count <= most) return count;
  const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
  throw new CliError('usage', `${flag} must be a whole number, ${range}, got ${text}`);
}
