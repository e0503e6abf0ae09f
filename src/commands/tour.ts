import { join, relative } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Context } from '../context.js';
import { CliError, exit } from '../errors.js';
import { isFile, makeTemporaryFolder } from '../files.js';
import { readJson } from '../json-text.js';
import type { Agent } from '../protocol/agent.js';
import { textWidth } from '../terminal/table.js';
import { examples, type Register, shellQuoted } from './command.js';

export const register: Register = (command, action) =>
  command
    .addHelpText(
      'after',
      `\nIt works in a temporary folder and touches nothing of yours.\n${examples('agents tour', 'npm start')}`,
    )
    .action(action(tour));

/** Real commands, one after the other, over data of their own. */
async function tour(context: Context): Promise<undefined> {
  const { path: folder, remove } = await makeTemporaryFolder();
  context.onClose(remove);
  const { env, root, cwd } = context.host;
  const ownEnv = { ...env, AGENTS_DATA_DIR: join(folder, 'data'), AGENTS_STATE_DIR: join(folder, 'state') };
  const spec = join(root, 'fixtures', 'agents', 'order-support.json');
  const shown = relative(cwd, spec);
  const step = (about: string, ...words: string[]) => showStep(context, about, ['--local', ...words], ownEnv);

  say(context, 'A tour of agents: no key, no network; the local API stands in for api.x.ai.\n');
  await step(
    'An agent is a small file. This makes one from it:',
    'create',
    shown.startsWith('..') ? spec : shown,
  );
  const { agent_id: id } = await newestAgent(context, ownEnv);
  await step('What there is:', 'list');
  await step('One of them in full:', 'get', id);
  await step(
    'One question, one answer. It asks for its tool:',
    'run',
    id,
    '--message',
    "What's the status of order ORD-42?",
  );
  await step(
    'A realtime session of two turns, word by word:',
    'voice',
    id,
    '-m',
    'Hello, who is this?',
    '-m',
    'Can I still change my address?',
  );
  say(context, farewell(shown.startsWith('..') ? spec : shown, isInstalled(context)));
}

/** As a package, or from a checkout that is on the PATH. */
function isInstalled({ host: { root, env, platform } }: Context): boolean {
  if (/[\\/]node_modules[\\/]/.test(root)) return true;
  const folders = (env.PATH ?? '').split(platform === 'win32' ? ';' : ':').filter((folder) => folder !== '');
  return folders.some((folder) => isFile(join(folder, platform === 'win32' ? 'agents.cmd' : 'agents')));
}

function say({ output }: Context, text: string): void {
  output.emit({ type: 'tour', text }, (value) => `${value.text}\n`);
}

async function showStep(
  context: Context,
  about: string,
  words: string[],
  env: Context['host']['env'],
): Promise<void> {
  const line = ['agents', ...words].map(shellQuoted).join(' ');
  context.output.emit(
    { type: 'command', about, command: line },
    (step, { chalk }) => `${chalk.dim(step.about)}\n${chalk.bold(`$ ${step.command}`)}\n`,
  );
  const code = await (context.output.json ? runInLines(context, words, env) : context.again(words, { env }));
  context.signal.throwIfAborted();
  if (code !== exit.done)
    throw new CliError('internal', `the tour stops here: that command ended with ${code}`);
  if (!context.output.json) say(context, '');
}

/** A command whose answer is told as lines of JSON, also where by itself it would be one document of many lines. */
async function runInLines(context: Context, words: string[], env: Context['host']['env']): Promise<number> {
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
  const code = await context.again(['--json', ...words], { env, stdout });
  const text = Buffer.concat(chunks).toString('utf8');
  const isDocument = /^[{[]\n/.test(text);
  const lines = isDocument ? [text] : text.split('\n').filter((line) => line !== '');
  for (const line of lines) context.output.emit(readJson(line), () => '');
  return code;
}

/** What the command line would show, read instead of shown. */
async function newestAgent(context: Context, env: Context['host']['env']): Promise<Agent> {
  const stdout = new PassThrough();
  await context.again(['--local', '--json', 'list'], { env, stdout });
  const { agents } = JSON.parse(String(stdout.read())) as { agents: Agent[] };
  const agent = agents.at(-1);
  if (agent === undefined) throw new CliError('internal', 'the tour made no agent');
  return agent;
}

function farewell(spec: string, installed: boolean): string {
  const next = [
    [`agents --local create ${shellQuoted(spec)}`, 'an agent of your own, kept on this machine'],
    ['agents --local voice <id>', 'talk to it: type, watch the words come, Ctrl+C to interrupt'],
    ['agents dev', 'the local API for your own programs, on port 9978'],
    ['export XAI_API_KEY=xai-…', 'then leave out --local'],
  ] as const;
  const width = Math.max(...next.map(([command]) => textWidth(command)));
  return [
    'That was all real: the same commands work against api.x.ai with a key. To go on:',
    '',
    ...next.map(([command, about]) => `  ${command}${' '.repeat(width - textWidth(command))}   ${about}`),
    ...(installed ? [] : ['', 'Not installed yet? npm install -g . puts agents on your PATH.']),
  ].join('\n');
}
