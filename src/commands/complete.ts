import type { Command, Option } from 'commander';
import type { Context } from '../context.js';
import { templates } from '../spec/templates.js';
import { cleanText } from '../terminal/style.js';
import type { Register } from './command.js';
import { topics } from './help.js';

export const register: Register = (command, action) =>
  command.argument('[words...]', 'what was typed, the unfinished word last').action(action(complete));

/**
 * Ids are asked for within this time, or left out: a shell waits for the answer. The local API has to start first, which
 * takes a while on a busy machine, but it never hangs.
 */
const askTimeoutSeconds = { remote: 1.5, local: 5 };

interface Candidate {
  value: string;
  about: string;
}

/** Prints what could come next, a candidate a line, with a tab before what it is. */
async function complete(context: Context, words: string[]): Promise<undefined> {
  const { io } = context;
  const { program, command, word } = await context.describe(words.slice(0, -1));
  const candidates = await candidatesFor(context, { program, command, words, isHelp: word === 'help' });
  for (const { value, about } of candidates) {
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
  if (valued !== undefined) return await valuesOf(valued);
  const [flag = '', given] = current.split(/=(.*)/s);
  const assigned = given === undefined ? undefined : options.find((option) => isNamed(option, flag));
  if (assigned !== undefined) {
    // Names of files the shell would have to join to the flag by itself.
    const values = (await valuesOf(assigned)).filter(({ value }) => value !== ':files');
    return values.map(({ value, about }) => ({ value: `${flag}=${value}`, about }));
  }
  if (current.startsWith('-'))
    return options.map(({ long, description }) => ({ value: long ?? '', about: description }));
  if (isHelp) return [...commandNames(program), ...Object.keys(topics).map(named)];
  if (command === undefined) return commandNames(program);
  if (command.name() === 'completion') return ['bash', 'zsh', 'fish', 'powershell'].map(named);
  const argument = command.registeredArguments.find((each) => each.variadic) ?? nextArgument(command, words);
  if (argument === undefined) return [];
  const files = /file/.test(argument.name()) ? [{ value: ':files', about: '' }] : [];
  const ids = /id/.test(argument.name()) ? await agentIds(context, words) : [];
  return [...ids, ...files];
}

/** The argument the unfinished word stands for. */
function nextArgument(command: Command, words: string[]) {
  const start = words.indexOf(command.name()) + 1;
  const given = words.slice(start, -1).filter((word, at, all) => {
    const before = command.options.find((option) => isNamed(option, all[at - 1]));
    return !word.startsWith('-') && before?.required !== true;
  });
  return command.registeredArguments[given.length];
}

const isNamed = ({ long, short }: Option, word: string | undefined) =>
  word !== undefined && (word === long || word === short);

const named = (value: string): Candidate => ({ value, about: '' });

function commandNames(program: Command): Candidate[] {
  const shown = program.createHelp().visibleCommands(program);
  return [
    ...shown.map((command) => ({ value: command.name(), about: command.description() })),
    { value: 'help', about: 'Show help on a command or a topic' },
  ];
}

async function valuesOf(option: Option): Promise<Candidate[]> {
  if (option.long === '--template') return templates.map(({ name, about }) => ({ value: name, about }));
  if (option.long === '--voice') return ['eve', 'ara', 'rex', 'sal', 'leo'].map(named);
  if (option.long === '--fault') return (await import('./dev-faults.js')).faultNames.map(named);
  return /file|dir/i.test(option.flags) ? [{ value: ':files', about: '' }] : [];
}

/** Asked by the same command line a person would use, with the same server flags. */
async function agentIds(context: Context, words: string[]): Promise<Candidate[]> {
  const { PassThrough } = await import('node:stream');
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const server = serverFlags(words);
  const isLocal = server.length === 0 ? context.settings.baseUrl === undefined : server[0] === '--local';
  const seconds = isLocal ? askTimeoutSeconds.local : askTimeoutSeconds.remote;
  const flags = ['--json', '--timeout', String(seconds), ...server];
  const answered = context.again([...flags, 'list', '--limit', '100'], { stdout, stderr });
  const late = new Promise<undefined>((resolve) => {
    context.clock.after(seconds * 1000, () => resolve(undefined));
  });
  const code = await Promise.race([answered, late]);
  if (code !== 0) return [];
  const { agents } = JSON.parse(String(stdout.read())) as { agents: { agent_id: string; name?: string }[] };
  return agents.map(({ agent_id, name = '' }) => ({ value: agent_id, about: name }));
}

function serverFlags(words: string[]): string[] {
  const at = words.indexOf('--base-url');
  const url = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--base-url='))?.slice(11);
  return [...(words.includes('--local') ? ['--local'] : []), ...(url ? ['--base-url', url] : [])];
}
