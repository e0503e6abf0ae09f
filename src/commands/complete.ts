import type { Command, Option } from 'commander';
import type { Context } from '../context.js';
import { cleanText } from '../terminal/style.js';
import type { Register } from './command.js';
import { type Candidate, fixed, type LiveSource, live, named } from './complete-sources.js';
import { topics } from './help.js';

export const register: Register = (command, action) =>
  command.argument('[words...]', 'what was typed, the unfinished word last').action(action(complete));

/**
 * Ids are asked for within this time, or left out: a shell waits for the answer. The local API has to start first, which
 * takes a while on a busy machine, but it never hangs.
 */
const askTimeoutSeconds = { remote: 1.5, local: 5 };

/** Prints what could come next, a candidate a line, with a tab before what it is. */
async function complete(context: Context, words: string[]): Promise<undefined> {
  const { io } = context;
  const { program, command, word } = await context.describe(words.slice(0, -1));
  const candidates = await candidatesFor(context, { program, command, words, isHelp: word === 'help' });
  for (const { value, about } of candidates) {
    // What a line break or a tab is in would be taken for several, or for less than it is.
    if (/[\t\r\n]/.test(value)) continue;
    const line = about === '' ? value : `${value}\t${oneLineOf(about)}`;
    io.write('stdout', `${cleanText(line)}\n`);
  }
}

const oneLineOf = (text: string) => text.replace(/\s+/g, ' ');

interface Place {
  program: Command;
  command: Command | undefined;
  words: string[];
  isHelp: boolean;
}

async function candidatesFor(
  context: Context,
  { program, command, words, isHelp }: Place,
): Promise<Candidate[]> {
  const current = words.at(-1) ?? '';
  const options = [...(command?.options ?? []), ...program.options];
  const valued = options.find((option) => option.required && isNamed(option, words.at(-2)));
  if (valued !== undefined) return await flagValues(context, valued, words);
  const [flag = '', given] = current.split(/=(.*)/s);
  const assigned = given === undefined ? undefined : options.find((option) => isNamed(option, flag));
  if (assigned !== undefined) {
    // Names of files the shell would have to join to the flag by itself.
    const values = (await flagValues(context, assigned, words)).filter(({ value }) => value !== ':files');
    return values.map(({ value, about }) => ({ value: `${flag}=${value}`, about }));
  }
  if (current.startsWith('-'))
    return options.map(({ long, description }) => ({ value: long ?? '', about: description }));
  if (isHelp) return [...commandNames(program), ...Object.keys(topics).map(named)];
  if (command === undefined) return commandNames(program);
  if (command.name() === 'completion') return ['bash', 'zsh', 'fish', 'powershell'].map(named);
  const before = givenArguments(command, words);
  const last = command.registeredArguments.at(-1);
  const argument = command.registeredArguments[before.length] ?? (last?.variadic === true ? last : undefined);
  const values = argument === undefined ? [] : await valuesOf(context, argument.name(), words, before);
  const below = before.length > 0 ? [] : command.createHelp().visibleCommands(command).map(described);
  return [...below, ...values];
}

/** The arguments before the unfinished word. */
function givenArguments(command: Command, words: string[]): string[] {
  const start = words.indexOf(command.name()) + 1;
  return words.slice(start, -1).filter((word, at, all) => {
    const before = command.options.find((option) => isNamed(option, all[at - 1]));
    return !word.startsWith('-') && before?.required !== true;
  });
}

const isNamed = ({ long, short }: Option, word: string | undefined) =>
  word !== undefined && (word === long || word === short);

const described = (command: Command): Candidate => ({
  value: command.name(),
  about: command.description(),
});

function commandNames(program: Command): Candidate[] {
  const shown = program.createHelp().visibleCommands(program);
  return [...shown.map(described), { value: 'help', about: 'Show help on a command or a topic' }];
}

async function flagValues(context: Context, option: Option, words: string[]): Promise<Candidate[]> {
  if (option.long === '--template') return [...(fixed.template ?? [])];
  if (option.long === '--voice') return await valuesOf(context, 'voice', words);
  if (option.long === '--reporter') return (await import('./test/reporters.js')).reporterNames.map(named);
  if (option.long === '--fault') return (await import('./dev-faults.js')).faultNames.map(named);
  return await valuesOf(context, option.flags.replace(/^[^<[]*/, ''), words);
}

/** By the words of a placeholder such as `id|file`: what there is on the server, and file names. */
async function valuesOf(
  context: Context,
  placeholder: string,
  words: string[],
  given: readonly string[] = [],
): Promise<Candidate[]> {
  const kinds = placeholder.toLowerCase().split(/[^a-z]+/);
  const candidates: Candidate[] = [];
  for (const kind of kinds) {
    candidates.push(...(fixed[kind] ?? []));
    const source = live[kind];
    if (source === undefined) continue;
    const { ask, read, otherwise } = source;
    const line = typeof ask === 'function' ? ask(given) : ask;
    candidates.push(...((await askServer(context, { ask: line, read }, words)) ?? otherwise));
  }
  const takesFiles = kinds.some((kind) => /^(file|dir)/.test(kind));
  return [...candidates, ...(takesFiles ? [{ value: ':files', about: '' }] : [])];
}

/** Asked by the same command line a person would use, with the same server flags; undefined when it does not answer. */
async function askServer(
  context: Context,
  { ask, read }: Pick<LiveSource, 'read'> & { ask: readonly string[] },
  words: string[],
): Promise<Candidate[] | undefined> {
  const { PassThrough } = await import('node:stream');
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  // Taken as it comes: a stream that nobody reads holds the command up once it is full.
  let answer = '';
  stdout.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  stderr.resume();
  const server = serverFlags(words);
  const isLocal = server.length === 0 ? context.settings.baseUrl === undefined : server[0] === '--local';
  const seconds = isLocal ? askTimeoutSeconds.local : askTimeoutSeconds.remote;
  const flags = ['--json', '--timeout', String(seconds), ...server];
  const answered = context.again([...flags, ...ask], { stdout, stderr });
  const late = new Promise<undefined>((resolve) => {
    context.clock.after(seconds * 1000, () => resolve(undefined));
  });
  const code = await Promise.race([answered, late]);
  return code === 0 ? read(JSON.parse(answer)).map(asText) : undefined;
}

/** What a server says may be something else than the text it should be. */
const asText = ({ value, about }: Record<keyof Candidate, unknown>): Candidate => ({
  value: String(value ?? ''),
  about: typeof about === 'string' ? about : '',
});

function serverFlags(words: string[]): string[] {
  const at = words.indexOf('--base-url');
  const url = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--base-url='))?.slice(11);
  return [...(words.includes('--local') ? ['--local'] : []), ...(url ? ['--base-url', url] : [])];
}
