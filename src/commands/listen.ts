import { setMaxListeners } from 'node:events';
import type { Context } from '../context.js';
import { CliError, exit, messageOf } from '../errors.js';
import { writeProblem } from '../folders.js';
import { functionTools } from '../protocol/agent.js';
import { sessionSetup } from '../session/setup.js';
import { editableScreen, type LineReader, readTypedLines } from '../terminal/line-reader.js';
import { cleanText, type Style } from '../terminal/style.js';
import type { ToolCall } from '../tools/handler.js';
import { type Receiver, startReceiver } from '../webhook/receiver.js';
import { loadAgent } from './agent-target.js';
import { examples, type Register } from './command.js';
import { createDesk, type Desk } from './listen/desk.js';
import { createForwarder } from './listen/forward.js';
import { createRefusalLog } from './listen/refused.js';
import { readSecrets } from './listen/secret.js';
import { runLine } from './listen/slash.js';
import { readPort } from './port-flag.js';
import {
  addRoundsFlag,
  addToolFlags,
  openTools,
  type RoundFlags,
  readCount,
  readRounds,
  readToolFlags,
  type ToolFlags,
} from './tool-flags.js';
import { refuseTool } from './tool-player.js';
import { type MoneyFlags, openMoney } from './voice/money-flags.js';

interface Flags extends ToolFlags, RoundFlags, MoneyFlags {
  port: string;
  host: string;
  path: string;
  secretFile?: string;
  greeting?: string;
  forward?: string;
  maxCalls?: string;
  record?: string;
  voice?: string;
  /** False for `--no-telephony`. */
  telephony: boolean;
  showNumbers?: boolean;
}

export const register: Register = (command, action) => {
  const withTools = addToolFlags(
    command
      .argument('<id|file>', 'the agent, or a spec file')
      .option('--port <n>', 'where to listen; 0 for any free port', '8787')
      .option('--host <address>', 'which address to listen on', '127.0.0.1')
      .option('--path <path>', 'where on it events are posted', '/')
      .option('--secret-file <file>', 'what webhooks are signed with (default: AGENTS_WEBHOOK_SECRET)')
      .option('--greeting <words>', 'say exactly this first ("" for nothing; default: the agent greets)')
      .option('--voice <id>', "another voice than the agent's own"),
  );
  addRoundsFlag(withTools, "a turn's")
    .option('--forward <url>', 'pass verified events on to this address as well')
    .option('--max-calls <n>', 'take at most so many at once; more are answered 503')
    .option('--record <dir>', 'keep all that passes over the lines, a file a call, for agents replay')
    .option('--max-cost <usd>', 'hang a call up before a turn that would pass this, by our estimate')
    .option('--max-minutes <n>', 'hang a call up before a turn that would pass this')
    .option('--no-telephony', "leave out of the estimate what a phone number of xAI's costs")
    .option('--show-numbers', 'show phone numbers whole')
    .addHelpText(
      'after',
      `
The service posts an event for each call to a number with a webhook. It must reach this address: on another machine
by a tunnel or a proxy with https. Events that are not signed with the secret, or not of these five minutes, are refused.
At a terminal: /calls, /transfer, /hangup, /say, /help. Ctrl+C once: no new calls; again: hangs up, and ends with 0.
${examples(
  'agents listen agent.yaml --secret-file secret.txt',
  'agents listen agent_abc123 --secret-file secret.txt --greeting "Acme, how can I help?" --tools tools.yaml',
  'agents --json listen agent.yaml --port 0 --secret-file secret.txt --max-calls 10 --record calls',
)}`,
    )
    .action(action(listen));
};

async function listen(context: Context, target: string, flags: Flags): Promise<number | undefined> {
  const { output, clock } = context;
  const place = { port: readPort(flags.port), host: flags.host, path: readPath(flags.path) };
  const secrets = await readSecrets(context, flags.secretFile);
  const refused = createRefusalLog(output, clock);
  const forwarder = flags.forward === undefined ? undefined : createForwarder(context, flags.forward);
  if (forwarder !== undefined) context.onClose(forwarder.close);
  const desk = await openDesk(context, target, flags);
  const receiver = await openReceiver(() =>
    startReceiver({
      ...place,
      secrets,
      clock,
      refused: refused.add,
      take: (delivery) => {
        if (delivery.call !== undefined && !desk.take(delivery.call)) return false;
        if (delivery.call === undefined && context.settings.verbose)
          output.trace(`an event of type ${delivery.type} is not for us`);
        forwarder?.pass(delivery);
        return true;
      },
    }),
  );
  context.onClose(async () => refused.close());
  context.onClose(receiver.close);
  const url = receiver.url.href;
  output.emit({ type: 'listening', url }, (_, style) => greeting(url, target, style));
  const stopped = await untilStopped(context, desk);
  if (stopped === undefined) {
    output.note('No calls are answered any more.');
    return undefined;
  }
  // Being told to stop is no failure; its calls are hung up while the context closes.
  if (stopped instanceof CliError && stopped.code === 'terminated') return exit.terminated;
  throw stopped;
}

/** A secret that is none is a mistake of whoever gave it; it is not shown. */
async function openReceiver(start: () => Promise<Receiver>): Promise<Receiver> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CliError('usage', `the webhook secret cannot be one: ${error.message}`, {
      hint: 'it looks like whsec_ and base64, as agents phone register showed it once',
    });
  }
}

/** So many calls may be transferred or hung up at a time: one that waits for its answer holds up no other. */
const mostAsked = 32;

/** Everything a call needs, checked before one comes. Calls are hung up, and waited for, with the context. */
async function openDesk(context: Context, target: string, flags: Flags): Promise<Desk> {
  const { output, settings } = context;
  const maxCalls = flags.maxCalls === undefined ? Infinity : readCount('--max-calls', flags.maxCalls, 1);
  const record = flags.record === undefined ? undefined : recordFolder(context, flags.record);
  const plan = await readToolFlags(context, flags);
  const maxToolRounds = readRounds(flags);
  await openMoney(context, flags, settings.voiceModel);
  const agent = await loadAgent(context, target);
  const { session, notes } = sessionSetup(agent, { voice: flags.voice, call: true });
  for (const note of notes) output.note(`note: ${note}`);
  const unhandled = 'the model will be told so';
  const names = functionTools(agent).map((tool) => tool.function?.name ?? '');
  if (!plan.given && names.length > 0)
    output.note(`note: nothing runs ${names.join(', ')} here: ${unhandled}; see --tools`);
  const tools = plan.given
    ? await openTools(context, agent, plan, { play: refuseTool, unhandled })
    : undefined;
  const api = await context.api({ signal: new AbortController().signal, connections: mostAsked });
  // Each call listens for the end of the run, and there may be many.
  setMaxListeners(0, context.signal);
  const desk = createDesk({
    context,
    api,
    agent,
    setup: session,
    model: settings.voiceModel,
    money: flags,
    greeting: flags.greeting,
    record,
    runTool: (call: ToolCall, signal) => tools?.run(call, signal) ?? refuseTool(call),
    maxToolRounds,
    maxCalls,
    showNumbers: flags.showNumbers === true || context.settings.showNumbers,
  });
  context.onClose(async () => {
    desk.close();
    desk.hangUp();
    await desk.idle();
  });
  return desk;
}

function recordFolder(context: Context, given: string): string {
  const folder = context.path(given);
  const problem = writeProblem(folder);
  if (problem === undefined) return folder;
  throw new CliError('usage', `--record ${given}: nothing can be kept there: ${problem}`);
}

function readPath(text: string): string {
  if (/^\/[^\s?#]*$/.test(text)) return text;
  throw new CliError('usage', `--path must begin with / and hold no ? and #, got ${text}`, {
    hint: 'for example --path /calls',
  });
}

/** Undefined when the user has ended it and no call is left; else why the run was stopped. */
function untilStopped(context: Context, desk: Desk): Promise<unknown> {
  const { host, output, io, settings } = context;
  const { interrupts } = host;
  const screen = output.json || !settings.input ? undefined : editableScreen(io, host.env);
  let reader: LineReader | undefined;
  let presses = 0;
  return new Promise((resolve) => {
    const finish = (reason: unknown) => {
      release();
      reader?.close();
      resolve(reason);
    };
    /** The first time politely; whoever asks again means it. */
    const stop = () => {
      presses++;
      desk.close();
      const { length } = desk.calls();
      if (presses === 1 && length > 0) {
        const calls = length === 1 ? '1 call is' : `${length} calls are`;
        output.note(`No new calls. ${calls} under way: Ctrl+C again hangs up, or wait for the end.`);
      } else if (presses === 2 || length === 0) {
        interrupts.startLeaving();
        desk.hangUp();
      }
      if (presses === 1) void desk.idle().then(() => finish(undefined));
    };
    const release = interrupts.capture(stop);
    interrupts.signal.addEventListener('abort', () => finish(interrupts.signal.reason), { once: true });
    if (screen === undefined) return;
    reader = readTypedLines(screen, {
      io,
      prompt: '> ',
      history: [],
      onInterrupt: (cleared) => cleared || stop(),
      onHistory: () => {},
    });
    void readLines(reader, { context, desk, stop }).then(() => presses === 0 && stop());
  });
}

async function readLines(reader: LineReader, board: Parameters<typeof runLine>[0]): Promise<void> {
  for await (const line of reader.lines) {
    void runLine(board, line).catch((error: unknown) => board.context.output.note(messageOf(error)));
  }
}

function greeting(url: string, target: string, { chalk }: Style): string {
  return [
    `${cleanText(target)} answers calls on ${chalk.bold(url)}`,
    chalk.dim('A number rings here once it is registered with that address, as the service reaches it:'),
    chalk.dim(`  agents phone register <number> --webhook ${url} --secret-file <file>`),
    '',
  ].join('\n');
}
