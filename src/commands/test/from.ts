// `agents test from`: a scenario of a recorded conversation.

import { basename } from 'node:path';
import { localDate } from '../../clock.js';
import type { Context } from '../../context.js';
import { CliError } from '../../errors.js';
import { isFile } from '../../files.js';
import { isLoopback } from '../../protocol/address.js';
import { isObject } from '../../protocol/json.js';
import { replay } from '../../session/replay.js';
import { againPrefix, isFileTarget } from '../agent-target.js';
import { examples, type Register, shellQuoted } from '../command.js';
import { isCall, openRecording } from '../replay/file.js';
import { folderOf, namedFrom, writeScenario } from './new-file.js';

interface Flags {
  agent?: string;
  out?: string;
}

export const register: Register = (command, action) =>
  command
    .argument('<file>', 'the recording, made by --record; - for stdin')
    .option('--agent <id|file>', 'whose conversation it was (default: the agent that the recording names)')
    .option('-o, --out <file>', 'write it to a new file (default: print it)')
    .addHelpText(
      'after',
      `
What was said becomes turns, the calls of tools become expectations, and their results canned answers.
${examples(
  'agents test from talk.jsonl --agent agent.yaml -o talk.scenario.yaml',
  'agents test from talk.jsonl > talk.scenario.yaml',
)}`,
    )
    .action(action(scenarioFrom));

async function scenarioFrom(context: Context, recording: string, { agent, out }: Flags): Promise<undefined> {
  const { output } = context;
  const opened = await openRecording(context, recording);
  const [{ gatherTalk }, { scenarioFromTalk }] = await Promise.all([
    import('../../scenario/recorded.js'),
    import('../../scenario/from-recording.js'),
  ]);
  const { header, source } = opened;
  const talk = await gatherTalk(replay(opened.events, { call: isCall(opened) }));
  const started = Date.parse(header?.started_at ?? '');
  const whose = agent === undefined ? textIn(header?.agent, 'agent_id') : named(context, agent, out);
  const text = scenarioFromTalk(talk, {
    source,
    name: recording === '-' ? 'recorded' : basename(recording).replace(/\.jsonl?$/, ''),
    agent: whose,
    agentName: textIn(header?.agent, 'name'),
    today: Number.isNaN(started) ? undefined : localDate(started),
  });
  if (out === undefined || out === '-') {
    output.show({ scenario: text }, (value) => value.scenario);
    return;
  }
  await writeScenario(context, out, text);
  output.show({ file: out }, ({ file }) => `Wrote ${file}`);
  const local = isToBeLocal(context, header?.url) ? ' --local' : '';
  const lacking = whose === undefined ? ' --agent <id|file>' : '';
  output.note(`Run it: ${againPrefix(context)} test ${shellQuoted(out)}${local}${lacking}`);
}

/** What was recorded with the local API is played with it, unless a server was named. */
function isToBeLocal({ settings }: Context, recorded = ''): boolean {
  return !settings.baseUrlGiven && URL.canParse(recorded) && isLoopback(new URL(recorded));
}

/** A member of the agent as the recording has it: its id, where it is one that is stored. */
function textIn(agent: unknown, member: 'agent_id' | 'name'): string | undefined {
  const text = isObject(agent) ? agent[member] : undefined;
  return typeof text === 'string' && text.trim() !== '' ? text : undefined;
}

/** Throws CliError `unreadable` for a file that is not there. */
function named(context: Context, agent: string, out: string | undefined): string {
  if (!isFileTarget(context, agent)) return agent;
  const path = context.path(agent);
  if (agent === '-' || !isFile(path)) {
    throw new CliError('unreadable', `cannot read ${agent}: no such file`, {
      hint: '--agent takes the id of an agent, or its spec file',
    });
  }
  return namedFrom(folderOf(context, out), path);
}
