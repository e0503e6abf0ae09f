import type { Context } from '../context.js';
import { CliError, messageOf } from '../errors.js';
import { routes } from '../protocol/routes.js';
import { titled } from '../terminal/table.js';
import { follow } from './call/follow.js';
import { hangUpAtLast } from './call/leave.js';
import { notPlaced } from './call/refused.js';
import { examples, type Register } from './command.js';
import { checkYes, goesOn } from './confirm.js';
import { findAgent } from './find-agent.js';
import { createHangUp } from './phone/hang-up.js';
import { dialled, readE164 } from './phone/numbers.js';

interface Flags {
  to: string;
  from?: string;
  yes?: boolean;
  path?: string;
}

export const register: Register = (command, action) =>
  command
    .argument('<agent>', 'the agent that calls, by its id or exact name')
    .requiredOption('--to <e164>', 'whom it calls: +, country and number')
    .option('--from <number>', "one of the agent's numbers, its name or its id (default: the server decides)")
    .option('-y, --yes', 'do not ask')
    .option('--path <path>', `where the server places calls (default ${routes.placeCall.path})`)
    .addHelpText(
      'after',
      `
A telephone rings: at a terminal it asks before, elsewhere --yes is needed. A call is never placed twice.
What is said is followed to the end. Ctrl+C hangs up and waits for the end; once more leaves at once.
api.x.ai has no public endpoint for this; the local API has one, with a made-up person who picks up.
Exit code 6 when nobody answers or the line is busy, 1 when the call breaks off.
${examples(
  'agents call agent_abc123 --to +14155550199 --yes',
  'agents --json call "Order Support" --to +14155550199 --from +14155550123 --yes',
)}`,
    )
    .action(action(call));

async function call(context: Context, given: string, flags: Flags): Promise<undefined> {
  const { output } = context;
  const to = readE164(flags.to, '--to');
  const path = readPath(flags.path, context.host.env.AGENTS_CALLS_PATH);
  const confirmed = { yes: flags.yes, what: 'a call' };
  checkYes(context, confirmed);
  const from = flags.from === undefined ? undefined : await dialled(context, flags.from, '--from');
  const agent = await findAgent(context, given);
  const question = `Let ${titled(agent.name, agent.agent_id)} call ${to}?`;
  if (!(await goesOn(context, question, confirmed))) return void output.note('Nobody was called.');
  const api = await context.api();
  const { agent_id } = agent;
  /** Set when the call is known: before that, there is nothing to hang up. */
  let hangUp = () => {};
  const ctrlC = createHangUp(context, () => hangUp());
  try {
    const body = { agent_id, to, ...(from !== undefined && { from }) };
    const placing = output.during('Dialling', () => api.placeCall({ at: path, body }));
    const placed = await placing.catch((error: unknown) => {
      if (context.signal.aborted)
        output.note('Nobody knows whether the telephone rings: look before you call once more.');
      throw notPlaced(error, api.show('placeCall', { at: path, body }).url);
    });
    hangUp = () =>
      void api
        .hangUpCall({ at: `${path}/{call_id}/hangup`, call_id: placed.call_id })
        .catch((error: unknown) => {
          // It was over already.
          if (!(error instanceof CliError && error.code === 'not_found'))
            output.note(`not hung up: ${messageOf(error)}`);
        });
    if (ctrlC.isPressed()) hangUp();
    let isOver = false;
    context.onClose(async () => {
      if (context.signal.aborted && !isOver) await hangUpAtLast(context, path, placed.call_id);
    });
    await follow(context, api, placed, path, () => {
      isOver = true;
    });
    ctrlC.throwIfPressed();
  } finally {
    ctrlC.release();
  }
}

/** Where calls are placed: flag, then environment, then the usual place. Throws CliError `usage`. */
function readPath(flag: string | undefined, inEnvironment: string | undefined): string {
  const path = flag ?? (inEnvironment || routes.placeCall.path);
  if (/^(\/[\w.~-]+)+$/.test(path) && !/\/\.\.?(\/|$)/.test(path)) return path;
  throw new CliError('usage', `${flag === undefined ? 'AGENTS_CALLS_PATH' : '--path'} ${path} is no path`, {
    hint: `it looks like ${routes.placeCall.path}`,
  });
}
