import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { Observer } from '../session/conversation.js';
import { createMeter } from '../session/meter.js';
import type { Notice } from '../session/notice.js';
import { replay } from '../session/replay.js';
import { watchObserver } from '../session/watch/watch.js';
import { createNoticeView } from '../terminal/notice-view.js';
import { examples, type Register } from './command.js';
import { loadPrices } from './rates-file.js';
import { checkRecording } from './replay/check.js';
import { isCall, type Opened, openRecording } from './replay/file.js';
import { createPlayback, type Playback } from './replay/playback.js';

interface Flags {
  audio?: boolean;
  speed?: string;
  check?: boolean;
}

export const register: Register = (command, action) =>
  command
    .argument('<file>', 'the recording; - for stdin')
    .option('--speed <n>', 'at this multiple of the speed it had (default: at once)')
    .option('--audio', 'play its sound, at the speed it had (with sox, aplay, ffplay or afplay)')
    .option('--check', 'only name what is wrong in it, with lines (exit code 6 when something is)')
    .addHelpText(
      'after',
      `
A recording is made by agents voice --record <file>. One frame a line, as {"kind":"message","from":
"server"|"client","event":{…}}, is enough, so that those of other clients can be looked at too.
${examples(
  'agents replay talk.jsonl',
  'agents --json replay talk.jsonl --speed 20',
  'agents replay --check talk.jsonl',
)}`,
    )
    .action(action(run));

async function run(context: Context, file: string, flags: Flags): Promise<number | undefined> {
  const speed = readSpeed(flags.speed);
  const other = speed !== undefined ? '--speed' : flags.audio === true ? '--audio' : undefined;
  if (flags.check === true) {
    if (other === undefined) return checkRecording(context, file);
    throw new CliError('usage', `--check and ${other} contradict each other`, { hint: 'give one of them' });
  }
  if (flags.audio !== true) return showRecording(context, file, speed);
  if (speed !== undefined && speed !== 1) {
    throw new CliError('usage', '--audio plays at the speed it had, so --speed can only be 1', {
      hint: 'give one of them',
    });
  }
  return showRecording(context, file, 1, createPlayback(context));
}

async function showRecording(
  context: Context,
  file: string,
  speed: number | undefined,
  playback?: Playback,
): Promise<undefined> {
  const { output, clock, signal } = context;
  const opened = await openRecording(context, file);
  const show = createNoticeView(output, { words: true });
  const sums = createSums();
  const notices = replay(opened.events, {
    onlookers: [watchObserver(), ...(playback === undefined ? [] : [playback.onlooker])],
    observers: await metersOf(context, opened),
    call: isCall(opened),
    ...(speed !== undefined && { until: createPace((ms) => clock.sleep(ms, signal), speed) }),
  });
  for await (const notice of notices) {
    show(opened.isTimed() ? notice : withoutTimes(notice));
    sums.add(notice);
  }
  await playback?.finished();
  output.note(sums.text(opened.isTimed()));
}

/** What it cost, by the prices of its day. Without a header its sound may have been cut, and counts for nothing. */
async function metersOf(context: Context, { header }: Opened): Promise<Observer[]> {
  if (header === undefined) return [];
  const model = header.model ?? context.settings.voiceModel;
  const started = Date.parse(header.started_at);
  const list = await loadPrices(context, Number.isNaN(started) ? context.clock.now() : started);
  // A phone call, reckoned as agents listen does.
  const call = isCall({ header });
  return [createMeter({ model, list, telephony: call, call })];
}

/** Waits for each moment in turn, without counting what the work between takes. */
function createPace(sleep: (ms: number) => Promise<void>, speed: number): (atMs: number) => Promise<void> {
  let lastMs = 0;
  return async (atMs) => {
    const waitMs = (atMs - lastMs) / speed;
    lastMs = atMs;
    if (waitMs > 0) await sleep(waitMs);
  };
}

/** A recording without times says nothing of them: 0 would be a lie. */
function withoutTimes({ at_ms: _at, ...notice }: Notice): Notice {
  if (notice.type !== 'turn_done') return notice as Notice;
  const { first_word_ms: _word, first_audio_ms: _audio, total_ms: _total, ...rest } = notice;
  return rest as Notice;
}

function createSums() {
  let turns = 0;
  let calls = 0;
  let atMs = 0;
  return {
    add: (notice: Notice) => {
      atMs = notice.at_ms;
      if (notice.type !== 'turn_done') return;
      turns++;
      calls += notice.tool_calls;
    },
    text: (isTimed: boolean) => {
      const counted = (count: number, name: string) => `${count} ${name}${count === 1 ? '' : 's'}`;
      const length = isTimed ? `${(atMs / 1000).toFixed(2)} s` : 'no times were kept';
      return `End of the recording: ${counted(turns, 'turn')}, ${counted(calls, 'tool call')}, ${length}.`;
    },
  };
}

function readSpeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const speed = Number(text);
  if (text.trim() === '' || !(speed > 0) || !Number.isFinite(speed)) {
    throw new CliError('usage', `--speed must be a number, more than 0, got ${text}`, {
      hint: '1 is as it was, 2 is twice as fast; without --speed it is shown at once',
    });
  }
  return speed;
}
