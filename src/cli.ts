// One run of the command line: argv and host in, exit code out. The one place where failure becomes a message and a
// number. What help and version do not need is loaded when it is needed.

import type { Command } from 'commander';
import type { Action } from './commands/command.js';
import { helpTopics } from './commands.js';
import type { Host } from './context.js';
import { CliError, exit, messageOf } from './errors.js';
import { type Interrupts, PipeClosed } from './interrupts.js';
import { buildProgram, commandFor, commandWord, missingOptions } from './program.js';
import { createIo, type Io } from './terminal/io.js';

/** A run in the making. */
interface Running {
  argv: readonly string[];
  host: Host;
  io: Io;
  /** Known before anything is parsed: a wrong flag is told in JSON too. */
  json: boolean;
  /** As `Context` has it, once there is one. */
  program: string;
  /** The command that is called, as it is typed: "phone buy". */
  called?: string | undefined;
}

/** Runs one command line. Never throws. */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const io = createIo(host, host.interrupts);
  const running: Running = { argv, host, io, json: asksForJson(argv), program: 'agents' };
  let code: number;
  // A reader that does not read must not keep a stopped run alive.
  const flushed = () => untilStopped(io.flushed(), host.interrupts.signal);
  try {
    code = await dispatch(running).catch(doneIfNoFailure);
    await flushed();
  } catch (error) {
    code = await report(error, running);
    await flushed().catch(() => {});
  }
  const stopped: unknown = host.interrupts.signal.reason;
  if (stopped instanceof PipeClosed) return exit.pipeClosed;
  // Stopped when the work was done and its answer was still being written: nobody knows how much of it arrived.
  return code === exit.done && stopped instanceof CliError ? stopped.exit : code;
}

/** commander throws to say that help or the version was printed. */
function doneIfNoFailure(error: unknown): number {
  if (asCliError(error) !== undefined || error instanceof PipeClosed) throw error;
  return exit.done;
}

async function dispatch(running: Running): Promise<number> {
  const { argv, host, io } = running;
  const word = commandWord(argv);
  let code: number = exit.done;
  const action: Action =
    (work) =>
    async (...args) => {
      const context = await openContext(running, program);
      const close = () => inTime(context.close(), host.interrupts);
      try {
        code = (await untilStopped(work(context, ...args), host.interrupts.signal)) ?? exit.done;
      } catch (error) {
        // The first failure is the one to tell.
        await close().catch(() => {});
        throw error;
      }
      await close();
    };
  const write = (text: string) => io.write('stdout', text);
  // Help that nobody asked for is no answer for a program.
  const writeError = (text: string) => (running.json ? undefined : io.write('stderr', text));
  const load = word === 'help' ? argv.filter((each) => !each.startsWith('-')) : [word ?? ''];
  const width = Number.isFinite(io.width.stdout) ? io.width.stdout : 100;
  const program = await buildProgram({ version: host.version, load, action, write, writeError, width });
  running.called = calledAs(commandFor(program, argv));
  program
    .command('help [topic...]')
    .description(`Show help on a command, or on ${inWords(helpTopics)}`)
    .helpGroup('This machine:')
    .action(async (topic: string[]) => {
      const { showHelp } = await import('./commands/help.js');
      await showHelp(program, topic, write);
    });
  await program.parseAsync(argv, { from: 'user' }).catch((error: { code?: unknown }) => {
    // commander names the first alone.
    const command = commandFor(program, argv);
    if (error.code === 'commander.missingMandatoryOptionValue' && command !== undefined)
      throw new CliError('usage', `${missingOptions(command)} not specified`);
    // commander has shown the help, as for whoever does not know what to type.
    if (error.code !== 'commander.help') throw error;
    if (running.json) throw new CliError('usage', 'there is no command', { hint: usageHint(undefined) });
    code = exit.usage;
  });
  return code;
}

/** "a, b or c". */
function inWords(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

/** A command with the one above it; undefined for what people do not type. */
function calledAs(command: Command | undefined): string | undefined {
  if (command === undefined || command.name().startsWith('__')) return undefined;
  const above = command.parent?.parent == null ? '' : `${command.parent.name()} `;
  return `${above}${command.name()}`;
}

/** Where somebody who asked wrongly finds out. */
function usageHint(command: string | undefined): string {
  if (command !== undefined) return `agents ${command} --help shows its arguments and flags`;
  return 'agents --help shows what there is; agents <command> --help shows its flags';
}

async function openContext(running: Running, program: Command) {
  const { host, io, json } = running;
  const [{ createContext }, { createOutput }] = await Promise.all([
    import('./context.js'),
    import('./terminal/output.js'),
  ]);
  const output = createOutput(io, host.env, json, () => running.program);
  const context = createContext({
    host,
    io,
    output,
    flags: program.opts(),
    again: run,
    describe: async (words) => {
      const word = commandWord(words);
      const described = await buildProgram({ ...silent, version: host.version, load: [word ?? ''] });
      return { program: described, command: commandFor(described, words), word };
    },
  });
  running.program = context.program;
  return context;
}

/** For a program that is looked at and not run. */
const silent = { action: () => async () => {}, write: () => {}, writeError: () => {}, width: 80 };

/** A run that was told to stop is over, even where something it waits for does not notice. */
function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    work.then(resolve, reject);
    const stop = () => {
      const timer = setTimeout(() => reject(signal.reason), stopGraceMs);
      work.catch(() => {}).finally(() => clearTimeout(timer));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** For work that is stopped to put things in order. */
const stopGraceMs = 500;

/** Whoever left waits for what is closed, but not for what cannot be. */
async function inTime(closing: Promise<void>, interrupts: Interrupts): Promise<void> {
  if (!interrupts.isLeaving) return closing;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeGraceMs);
  });
  await Promise.race([closing, late]).finally(() => clearTimeout(timer));
}

const closeGraceMs = 2000;

function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

async function report(thrown: unknown, { io, host, json, program, called }: Running): Promise<number> {
  const stopped: unknown = host.interrupts.signal.reason;
  // What fails because the run was stopped is not news.
  const known = stopped instanceof Error ? asCliError(stopped) : asCliError(thrown);
  if (known === undefined) return exit.done;
  const error =
    known.code === 'usage' && known.hint === undefined ? known.withHint(usageHint(called)) : known;
  const { createOutput } = await import('./terminal/output.js');
  const output = createOutput(io, host.env, json, () => program);
  output.report(error);
  if (error.code === 'internal' && host.env.AGENTS_DEBUG && error.cause instanceof Error) {
    output.trace(error.cause.stack ?? '');
  }
  return error.exit;
}

/** Anything thrown; undefined for what is no failure: help, version, a reader that has left. */
function asCliError(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error;
  if (error instanceof PipeClosed) return undefined;
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code !== 'string' || !code.startsWith('commander.')) return unexpected(error);
  if (['commander.helpDisplayed', 'commander.version'].includes(code)) return undefined;
  // "error: unknown option '--jsn'\n(Did you mean --json?)"
  const [first = '', ...rest] = (message ?? '').replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').trim().replace('Did', 'did');
  return new CliError('usage', `${first} ${suggestion}`.trim());
}

function unexpected(error: unknown): CliError {
  return new CliError('internal', `this is a fault of agents itself: ${messageOf(error)}`, {
    hint: 'set AGENTS_DEBUG=1 to see where, and please report it',
    cause: error,
  });
}
