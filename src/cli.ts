// One run of the command line: argv and host in, exit code out. The one place where failure becomes a message and a
// number.

import type { Command } from 'commander';
import type { Action } from './commands/command.js';
import type { Context, Host } from './context.js';
import { CliError, exit, messageOf } from './errors.js';
import { PipeClosed } from './interrupts.js';
import { buildProgram, commandWord } from './program.js';
import { createIo, type Io } from './terminal/io.js';
import { createOutput, type Output } from './terminal/output.js';

/** Runs one command line. Never throws. */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const io = createIo(host, host.env, host.interrupts);
  // Known before anything is parsed: a wrong flag is told in JSON too.
  const output = createOutput(io, asksForJson(argv));
  let code: number;
  try {
    code = await dispatch(argv, host, io, output);
  } catch (error) {
    code = report(error, output, host);
  }
  try {
    await io.flushed();
  } catch (error) {
    if (code === exit.done) code = report(error, output, host);
  }
  return host.interrupts.signal.reason instanceof PipeClosed ? exit.pipeClosed : code;
}

async function dispatch(argv: readonly string[], host: Host, io: Io, output: Output): Promise<number> {
  const word = commandWord(argv);
  let code: number = exit.done;
  const action: Action =
    (work) =>
    async (...args) => {
      const { createContext } = await import('./context.js');
      const context = createContext({ host, io, output, flags: program.opts(), again: run });
      try {
        code = (await untilStopped(work(context, ...args), context)) ?? exit.done;
      } finally {
        await context.close();
      }
    };
  const write = (text: string) => io.write('stdout', text);
  const load = word === 'help' ? argv.filter((each) => !each.startsWith('-')) : [word ?? ''];
  const width = Number.isFinite(io.style.width) ? io.style.width : 100;
  const program = await buildProgram({ version: host.version, load, action, write, width });
  program
    .command('help [topic]')
    .description('Show help on a command, or on exit-codes or environment')
    .action(async (topic?: string) => write(await help(program, topic)));
  if (argv.length === 0) {
    io.write('stderr', program.helpInformation());
    return exit.usage;
  }
  await program.parseAsync(argv, { from: 'user' });
  return code;
}

/** A run that was told to stop is over, even where something it waits for does not notice. */
function untilStopped<T>(work: Promise<T>, { signal }: Context): Promise<T> {
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

async function help(program: Command, topic: string | undefined): Promise<string> {
  const { helpText } = await import('./commands/help.js');
  return helpText(program, topic);
}

function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
}

function report(thrown: unknown, output: Output, { env, interrupts }: Host): number {
  if (thrown instanceof PipeClosed) return exit.pipeClosed;
  const told = fromCommander(thrown);
  if (told === undefined) return exit.done;
  // What fails because the run was stopped is not news.
  const stopped: unknown = interrupts.signal.reason;
  const error = stopped instanceof CliError ? stopped : told;
  output.report(error);
  if (error.code === 'internal' && env.AGENTS_DEBUG && error.cause instanceof Error) {
    output.trace(error.cause.stack ?? '');
  }
  return error.exit;
}

/** Anything thrown as a CliError; undefined for what commander throws after help or version. */
function fromCommander(error: unknown): CliError | undefined {
  if (error instanceof CliError) return error;
  const { code, message } = error as { code?: unknown; message?: string };
  if (typeof code !== 'string' || !code.startsWith('commander.')) return unexpected(error);
  if (['commander.helpDisplayed', 'commander.version', 'commander.help'].includes(code)) return undefined;
  // "error: unknown option '--jsn'\n(Did you mean --json?)"
  const [first = '', ...rest] = (message ?? '').replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').trim();
  return new CliError('usage', `${first}${suggestion === '' ? '' : ` ${suggestion.replace('Did', 'did')}`}`, {
    hint: 'agents --help shows what there is; agents <command> --help shows its flags',
  });
}

function unexpected(error: unknown): CliError {
  return new CliError('internal', `this is a fault of agents itself: ${messageOf(error)}`, {
    hint: 'set AGENTS_DEBUG=1 to see where, and please report it',
    cause: error,
  });
}
