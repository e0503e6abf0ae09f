import type { Context } from '../context.js';
import type { LoggedFault, LoggedRequest } from '../emulator/local.js';
import { CliError, exit } from '../errors.js';
import { startLocal } from '../local-server.js';
import { maskNumbers } from '../protocol/redact.js';
import type { Output } from '../terminal/output.js';
import type { Style } from '../terminal/style.js';
import { collect, examples, type Register } from './command.js';
import { faultNames, places, readFaults, readSeed } from './dev-faults.js';
import { readModel } from './dev-model.js';
import { openReplay } from './dev-replay.js';
import { readSpeech, type SpeechFlags } from './dev-speech.js';
import { readPort } from './port-flag.js';

interface Flags extends SpeechFlags {
  port: string;
  host: string;
  data?: string;
  memory?: boolean;
  script?: string;
  modelUrl?: string;
  model?: string;
  fault?: string[];
  seed?: string;
  replay?: string;
}

const script = `
A script says what the agent answers, before the built-in rules do; the first rule that fits answers:
  rules:
    - when: { contains: refund }        # also: matches (a regular expression), turn, tool_result
      say: I can help with that refund.
    - when: { matches: 'order (ORD-\\d+)' }
      say: Let me look up $1.
      call: { name: lookup_order, arguments: { order_id: $1 } }
    - when: { tool_result: lookup_order }
      say: 'It says: $result'
    - when: { contains: tomorrow }      # $today, $today+1: by the clock; $date: the day named
      call: { name: check_day, arguments: { date: $today+1 } }
    - when: { contains: again }         # an argument of the last call of that tool
      call: { name: check_day, arguments: { date: $called.check_day.date } }
    - when: { silence: idle }           # nobody spoke; or unclear: the words could not be made out
      say: Are you still there?
  hears:                                # what is said in the spoken turns of a session, in order
    - I would like a refund
`;

/** Names in lines that fit a terminal. */
function inLines(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    const line = `${lines.at(-1)}${lines.at(-1) === '' ? '' : ', '}${name}`;
    if (line.length > 75) lines.push(name);
    else lines[lines.length - 1] = line;
  }
  return `  ${lines.join(',\n  ')}\n`;
}

const faults = `
Faults, each time or =0.3 with that probability, =1/3 every third time, =2 the first two times
(agents help faults says what each does):
${inLines(faultNames)}`;

export const register: Register = (command, action) =>
  command
    .option('--port <n>', 'where to listen; 0 for any free port', '9978')
    .option('--host <address>', 'which address to listen on', '127.0.0.1')
    .option('--data <dir>', "keep the data here (default: the user's data folder)")
    .option('--memory', 'keep nothing')
    .option('--script <file>', 'a YAML file that decides what the agents say')
    .option('--model-url <url>', 'a server like OpenAI whose model answers (Ollama, llama.cpp, vLLM)')
    .option('--model <name>', 'which of its models; its key comes from AGENTS_LOCAL_MODEL_KEY')
    .option('--speech <program>', 'speak aloud by a program: espeak-ng (default: a quiet synthetic voice)')
    .option('--stt-url <url>', 'a server like OpenAI that puts spoken turns into words (whisper.cpp)')
    .option('--stt-model <name>', 'which of its models (default: whisper-1)')
    .option('--fault <name[=often]>', 'rehearse a fault of the service (repeatable)', collect)
    .option('--seed <n>', 'decides when a fault with a probability strikes (default 1)')
    .option('--replay <file>', 'answer sockets as in this recording; a client that departs is told where')
    .addHelpText(
      'after',
      `
Ctrl+C is how it is meant to end: exit code 0; SIGTERM gives 143.
${script}${faults}${examples(
  'agents dev',
  'agents dev --port 0 --memory',
  'agents --json dev --data ./agents-data --script replies.yaml',
  'agents dev --memory --fault error-500=0.3 --fault drop-in-reply=1/3 --seed 7',
  'agents dev --model-url http://localhost:11434 --model llama3.2',
  'agents dev --port 0 --memory --replay talk.jsonl',
)}`,
    )
    .action(action(dev));

async function dev(context: Context, flags: Flags): Promise<number | undefined> {
  const { output } = context;
  if (flags.data !== undefined && flags.memory) {
    throw new CliError('usage', '--data and --memory contradict each other', { hint: 'give one of them' });
  }
  if (flags.replay !== undefined && flags.script !== undefined) {
    throw new CliError('usage', '--replay and --script contradict each other', { hint: 'give one of them' });
  }
  const local = await startLocal(context, {
    port: readPort(flags.port),
    host: flags.host,
    data: flags.data === undefined ? undefined : context.path(flags.data),
    memory: flags.memory,
    script: flags.script === undefined ? undefined : await readScript(context, flags.script),
    model: readModel(flags, context.host.env),
    faults: await readFaults(flags.fault ?? []),
    seed: flags.seed === undefined ? undefined : readSeed(flags.seed),
    speech: readSpeech(flags),
    ...createLog(output, context.settings.showNumbers),
    replay: flags.replay === undefined ? undefined : await openReplay(context, flags.replay),
    onFailure: output.report,
  });
  const url = local.url.href.replace(/\/$/, '');
  const { isLoopbackAddress } = await import('../emulator/access.js');
  if (!isLoopbackAddress(flags.host)) {
    output.note(
      `note: on ${flags.host} other machines reach it too, by this one's addresses: all of them may read and change its agents`,
    );
  }
  output.emit({ type: 'listening', url }, (_, style) => greeting(url, style));
  // Shown to be listening first: the store's first look into its file takes a moment.
  local.check();
  const stopped = await untilStopped(context);
  output.note('The local API has stopped.');
  // Ctrl+C is how it is meant to end, and being told to stop is no failure either.
  if (stopped instanceof CliError && stopped.code === 'terminated') return exit.terminated;
  if (!(stopped instanceof CliError && stopped.code === 'interrupted')) throw stopped;
}

type Logged = ({ type: 'request' } & Omit<LoggedRequest, 'body'>) | ({ type: 'fault' } & LoggedFault);

/** A line a request or fault, written once for all of a moment: writing each by itself would halve the speed. */
function createLog(output: Output, showNumbers: boolean) {
  let waiting: Logged[] = [];
  const flush = () => {
    const lines = waiting;
    waiting = [];
    output.emitAll(lines, (logged, style) =>
      logged.type === 'request' ? requestLine(logged, style) : faultLine(logged, style),
    );
  };
  const add = (logged: Logged) => {
    if (waiting.length === 0) setImmediate(flush);
    waiting.push(logged);
  };
  return {
    onRequest: ({ body: _body, ...request }: LoggedRequest) =>
      add({ type: 'request', ...request, path: showNumbers ? request.path : maskNumbers(request.path) }),
    onFault: (fault: LoggedFault) => add({ type: 'fault', ...fault }),
  };
}

function untilStopped({ host }: Context): Promise<unknown> {
  const { interrupts } = host;
  return new Promise((resolve) => {
    const release = interrupts.capture(() => {
      release();
      resolve(new CliError('interrupted', 'interrupted'));
    });
    interrupts.signal.addEventListener('abort', () => resolve(interrupts.signal.reason), { once: true });
  });
}

function greeting(url: string, { chalk }: Style): string {
  return `${[
    `The local API listens on ${chalk.bold(url)}`,
    '',
    `  agents --base-url ${url} list`,
    `  export AGENTS_BASE_URL=${url}     then every command uses it`,
    `  curl ${url}/v1/agents`,
    '',
    chalk.dim('It takes any key or none. Ctrl+C ends it.'),
    '',
  ].join('\n')}\n`;
}

function requestLine(
  { at, method, path, status, ms, faults }: Omit<LoggedRequest, 'body'>,
  { chalk }: Style,
): string {
  const colour = status >= 400 || status === 0 ? chalk.red : chalk.green;
  const rehearsed = faults === undefined ? '' : ` ${chalk.yellow(`fault: ${faults.join(', ')}`)}`;
  return `${chalk.dim(at.slice(11, 23))} ${colour(String(status))} ${method} ${path} ${chalk.dim(`${ms} ms`)}${rehearsed}\n`;
}

function faultLine({ at, place, faults }: LoggedFault, { chalk }: Style): string {
  return `${chalk.dim(at.slice(11, 23))} ${chalk.yellow(`fault: ${faults.join(', ')}`)} at ${places[place]}\n`;
}

async function readScript(context: Context, path: string): Promise<{ value: unknown; source: string }> {
  const { parseValues } = await import('../spec/parse.js');
  const { text, source } = await context.read(path);
  const { values } = await parseValues(text, source);
  return { value: values[0]?.value, source };
}
