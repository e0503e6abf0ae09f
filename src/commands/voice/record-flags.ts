// What is kept of a conversation: a recording of all that passes over the line, a transcript of the words.

import type { Command } from 'commander';
import type { Context } from '../../context.js';
import { CliError, messageOf } from '../../errors.js';
import { removeFile, writePrivate } from '../../files.js';
import { writeJson } from '../../json-text.js';
import type { AgentConfig } from '../../protocol/agent.js';
import { hideForRecord } from '../../recording/hide.js';
import { createTranscriber, transcriptMarkdown } from '../../recording/transcript.js';
import type { Observer } from '../../session/conversation.js';
import type { NoticeBody } from '../../session/notice.js';
import { recordFrames } from '../record-frames.js';
import type { AudioFlags } from './audio-flags.js';
import { checkNamed, createNamed, refuseShared } from './named-file.js';

export interface RecordFlags {
  record?: string;
  transcript?: string;
}

export function addRecordFlags(command: Command): Command {
  return command
    .option('--record <file>', 'keep all that passes over the line, for agents replay (JSON lines)')
    .option('--transcript <file>', 'keep the words, as .md or .json');
}

/** What keeps a conversation. */
export interface Keeping {
  /** The context to connect with. */
  context: Context;
  /** Says who is spoken with, before connecting. */
  about(agent: AgentConfig): void;
  /** For `converse`, after what changes notices. */
  observers: readonly Observer[];
}

/**
 * Opens what the flags name. Throws CliError `usage` for a file that is there, has no known ending, or is named twice.
 */
export function keepConversation(
  given: Context,
  flags: RecordFlags & Pick<AudioFlags, 'audioOut' | 'saveAudio'>,
): Keeping {
  refuseShared(given, {
    '--record': flags.record,
    '--transcript': flags.transcript,
    '--audio-out': flags.audioOut,
    '--save-audio': flags.saveAudio,
  });
  const observers: Observer[] = [];
  let agent: AgentConfig | undefined;
  const about = (spoken: AgentConfig) => {
    agent = spoken;
  };
  if (flags.transcript !== undefined) observers.push(keepWords(given, flags.transcript, () => agent));
  if (flags.record === undefined) return { context: given, about, observers };
  const { context, observer } = keepFrames(given, flags.record, () => agent);
  return { context, about, observers: [observer, ...observers] };
}

function keepFrames(given: Context, named: string, agent: () => AgentConfig | undefined) {
  const file = createNamed(given, { flag: '--record', named, what: 'a recording' });
  let failure: NoticeBody | undefined;
  const { context, isEmpty } = recordFrames(given, {
    write: (line) => file.write(Buffer.from(line())),
    agent,
    onFailure: (error) => {
      failure = {
        type: 'warning',
        code: 'recording_failed',
        message: `the recording ends here: ${messageOf(error)}`,
      };
    },
  });
  const takeFailure = () => {
    const taken = failure === undefined ? [] : [failure];
    failure = undefined;
    return taken;
  };
  given.onClose(async () => {
    file.close();
    // Failed with the last of all lines.
    for (const each of takeFailure()) if (each.type === 'warning') given.output.note(`note: ${each.message}`);
    if (await isEmpty()) await removeFile(given.path(named));
  });
  return { context, observer: { sent: takeFailure, received: takeFailure } satisfies Observer };
}

type Ending = '.md' | '.json';

function keepWords(context: Context, named: string, agent: () => AgentConfig | undefined): Observer {
  const ending = endingOf(named);
  const path = context.path(named);
  checkNamed(context, { flag: '--transcript', named, what: 'a transcript' });
  const { clock, output } = context;
  const transcriber = createTranscriber({ started: clock.now(), startedMs: Math.round(clock.nowMs()) });
  let failure: unknown;
  let hasTold = false;
  let saving = Promise.resolve();

  async function save(): Promise<void> {
    const { key } = await context.server();
    // The words somebody asked to keep: a number to call back is the point of some conversations. Secrets go before it is
    // written as Markdown, which puts its own signs between the letters of a key.
    const transcript = hideForRecord(transcriber.transcript(agent()?.name), { key, showNumbers: true });
    const text = ending === '.md' ? transcriptMarkdown(transcript) : `${writeJson(transcript, 2)}\n`;
    failure = undefined;
    await writePrivate(path, text).catch((error: unknown) => {
      failure = error;
    });
  }
  // One after another: the last is the whole.
  const saveLater = () => {
    saving = saving.then(save, save);
    return saving;
  };
  /** Told once; the conversation goes on, and the next turn tries again. */
  async function saveTurn(): Promise<void> {
    await saveLater();
    if (failure === undefined || hasTold) return;
    hasTold = true;
    output.note(`note: ${messageOf(failure)}; the next turn tries again`);
  }
  context.onClose(async () => {
    if (transcriber.isEmpty()) return;
    await saveLater();
    if (failure !== undefined) throw failure;
  });
  return {
    told: (notice, atMs) => {
      transcriber.add(notice, atMs);
      if (notice.type === 'turn_done') void saveTurn();
      return notice;
    },
  };
}

function endingOf(named: string): Ending {
  const ending = /\.(md|json)$/i.exec(named)?.[0].toLowerCase();
  if (ending === '.md' || ending === '.json') return ending;
  throw new CliError('usage', `--transcript must name a .md or a .json file, got ${named}`, {
    hint: 'for example --transcript conversation.md',
  });
}
