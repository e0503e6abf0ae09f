import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { AgentConfig } from '../protocol/agent.js';
import type { Conversation } from '../session/conversation.js';
import { editableScreen, readPipedLines } from '../terminal/line-reader.js';
import type { Toolbox } from '../tools/toolbox.js';
import { examples, type Register } from './command.js';
import { openConversation } from './conversation.js';
import {
  addRoundsFlag,
  addToolFlags,
  openTools,
  type RoundFlags,
  readRounds,
  readToolFlags,
  type ToolFlags,
  type ToolPlan,
} from './tool-flags.js';
import { createToolPlayer, refuseTool, type ToolPlayer } from './tool-player.js';
import { type AudioFlags, addAudioFlags, readAudioFlags, refuseIdleFlags } from './voice/audio-flags.js';
import { loadClip, type SpokenTurn } from './voice/clips.js';
import { type LineFlags, lineFlags, readTarget } from './voice/line-flags.js';
import { addMoneyFlags, type Money, type MoneyFlags, openMoney } from './voice/money-flags.js';
import { wordsToStderr } from './voice/out.js';
import { addRecordFlags, keepConversation, type RecordFlags } from './voice/record-flags.js';
import { talkAtTerminal } from './voice/repl.js';
import { nothingToSay, readAhead, talkByScript } from './voice/script.js';
import { createSound, type Sound } from './voice/sound.js';

type Flags = Omit<LineFlags, 'format' | 'manualTurns'> &
  AudioFlags &
  ToolFlags &
  RoundFlags &
  MoneyFlags &
  RecordFlags;

export const register: Register = (command, action) => {
  addAudioFlags(command.argument('<id|file>', 'the agent, or a spec file'))
    .option('--model <name>', 'the voice model (default: AGENTS_VOICE_MODEL, else grok-voice-latest)')
    .option('--voice <id>', "another voice than the agent's own")
    .addHelpText(
      'after',
      `
At a terminal: type a message and press Enter; /help lists what else can be typed.
Ctrl+C clears the line and interrupts the agent; with neither to do, it quits.
From a pipe, each line is a turn. Sound may be any PCM WAV; latencies of spoken turns count from the end of speech.
${examples(
  'agents voice agent_abc123',
  'agents voice agent.yaml --voice leo -m "Hello" -m "What can you do?"',
  'agents voice agent.yaml --tools tools.yaml -m "Where is order ORD-42?"',
  'agents voice agent_abc123 --audio request.wav --save-audio sounds',
  'echo "Where is order ORD-42?" | agents --json voice agent_abc123',
  'agents voice agent_abc123 -m "Hello" --record hello.jsonl --transcript hello.md',
)}`,
    )
    .action(action(voice));
  lineFlags(command);
  addRoundsFlag(addToolFlags(command), "a turn's");
  addMoneyFlags(command);
  addRecordFlags(command);
};

/** What both ways of talking need. */
export interface Talk {
  context: Context;
  /** As it was named: an id or a file. */
  target: string;
  flags: LineFlags;
  agent: AgentConfig;
  conversation: Conversation;
  money: Money;
  /** Where tools run here. */
  toolbox: Toolbox | undefined;
  sound: Sound;
  /** A WAV file as a turn of this session; one that was looked at already is not read again. */
  loadClip(file: string): Promise<SpokenTurn>;
}

async function voice(given: Context, target: string, flags: Flags): Promise<number | undefined> {
  const options = readAudioFlags(flags, given.output.json);
  const keeping = keepConversation(options.out === '-' ? wordsToStderr(given) : given, flags);
  const { context } = keeping;
  const { output, settings, io, host, signal } = context;
  const screen = options.turns === undefined ? editableScreen(io, host.env) : undefined;
  if (screen === undefined) refuseIdleFlags(flags);
  if (screen !== undefined && !settings.input && !options.mic) {
    throw nothingToSay();
  }
  if (options.turns?.some((turn) => 'text' in turn && turn.text.trim() === '')) {
    throw new CliError('usage', 'the message is empty', { hint: 'agents voice <id> -m "Hello"' });
  }
  const sound = createSound(context, options);
  const plan = await readToolFlags(context, flags);
  const maxToolRounds = readRounds(flags);
  const money = await openMoney(context, flags, flags.model ?? settings.voiceModel);
  const { format, manualTurns } = options;
  const isPiped = screen === undefined && options.turns === undefined && !options.mic;
  // A spec comes first where it is read from stdin, and leaves nothing.
  const piped = isPiped && target !== '-' ? readAhead(readPipedLines(io, signal)) : undefined;
  const progress = screen === undefined ? 'spinner' : 'line';
  const line: LineFlags = { ...flags, format, manualTurns };
  const { agent, setup, query } = await readTarget(context, target, line, progress);
  keeping.about(agent);
  for (const note of setup.notes) output.note(`note: ${note}`);
  const clips = clipLoader((file) => loadClip(context, file, format, setup.session));
  const files = (options.turns ?? []).flatMap((turn) => ('file' in turn ? [turn.file] : []));
  const spoken = await Promise.all([...new Set(files)].map(clips));
  const player = screen === undefined ? undefined : createToolPlayer();
  const toolbox = plan.given ? await openToolbox(context, agent, plan, player) : undefined;
  if (isPiped && piped?.isEmpty() !== false && io.stdin.isTTY !== true) throw nothingToSay();
  const opening = () =>
    openConversation(context, {
      query,
      line,
      setup: setup.session,
      before: spoken.flatMap(({ warnings }) =>
        warnings.map((each) => ({ type: 'warning' as const, ...each })),
      ),
      observers: [sound.observer, ...money.observers, ...keeping.observers],
      onAudio: sound.onAudio,
      fast: options.fast,
      runTool: money.guarded(toolbox?.run ?? player?.play ?? refuseTool),
      maxToolRounds,
    });
  const conversation = await output.during('Connecting', opening, progress);
  money.watch(conversation);
  const talk = {
    context,
    target,
    flags: line,
    agent,
    conversation,
    money,
    toolbox,
    sound,
    loadClip: clips,
  };
  if (screen !== undefined && player !== undefined) return talkAtTerminal(talk, screen, player);
  return talkByScript(talk, options.turns ?? piped ?? (isPiped ? [] : undefined));
}

/** A file that was looked at beforehand is not read again when its turn comes. */
function clipLoader(load: (file: string) => Promise<SpokenTurn>): (file: string) => Promise<SpokenTurn> {
  const loaded = new Map<string, Promise<SpokenTurn>>();
  return (file) => {
    const clip = loaded.get(file) ?? load(file);
    loaded.set(file, clip);
    return clip;
  };
}

/** The handlers; calls of tools without one go to the person, or to nobody. */
function openToolbox(
  context: Context,
  agent: AgentConfig,
  plan: ToolPlan,
  player: ToolPlayer | undefined,
): Promise<Toolbox> {
  const unhandled =
    player === undefined ? 'the model will be told so' : 'you will be asked for their results';
  return openTools(context, agent, plan, { play: player?.play ?? refuseTool, unhandled });
}
