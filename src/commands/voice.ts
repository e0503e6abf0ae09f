import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { AgentConfig } from '../protocol/agent.js';
import { type Conversation, converse } from '../session/converse.js';
import { sessionSetup } from '../session/setup.js';
import { editableScreen, readPipedLines } from '../terminal/line-reader.js';
import { loadAgent } from './agent-target.js';
import { examples, type Register } from './command.js';
import { createToolPlayer, refuseTool } from './tool-player.js';
import { type AudioFlags, addAudioFlags, readAudioFlags } from './voice/audio-flags.js';
import { loadClip, type SpokenTurn } from './voice/clips.js';
import { wordsToStderr } from './voice/out.js';
import { talkAtTerminal } from './voice/repl.js';
import { talkByScript } from './voice/script.js';
import { createSound, type Sound } from './voice/sound.js';

interface Flags extends AudioFlags {
  model?: string;
  voice?: string;
}

export const register: Register = (command, action) =>
  addAudioFlags(command.argument('<id|file>', 'the agent, or a spec file'))
    .option('--model <name>', 'the voice model (default: AGENTS_VOICE_MODEL, else grok-voice-latest)')
    .option('--voice <id>', "another voice than the agent's own")
    .addHelpText(
      'after',
      `
At a terminal: type a message and press Enter; /help lists what else can be typed.
Ctrl+C interrupts the agent, and quits when it is silent. From a pipe, each line is a turn.
Sound may be any PCM WAV; latencies of spoken turns count from the end of speech.
${examples(
  'agents voice agent_abc123',
  'agents voice agent.yaml --voice leo -m "Hello" -m "What can you do?"',
  'agents voice agent_abc123 --audio request.wav --save-audio sounds',
  'echo "Where is order ORD-42?" | agents --json voice agent_abc123',
)}`,
    )
    .action(action(voice));

/** What both ways of talking need. */
export interface Talk {
  context: Context;
  agent: AgentConfig;
  conversation: Conversation;
  sound: Sound;
  /** A WAV file as a turn of this session; one that was looked at already is not read again. */
  loadClip(file: string): Promise<SpokenTurn>;
}

async function voice(given: Context, target: string, flags: Flags): Promise<number | undefined> {
  const options = readAudioFlags(flags, given.output.json);
  const context = options.out === '-' ? wordsToStderr(given) : given;
  const { output, settings, io, host, signal } = context;
  const screen = options.turns === undefined ? editableScreen(io, host.env) : undefined;
  if (screen !== undefined && !settings.input && !options.mic) {
    throw new CliError('usage', 'there is nothing to say', { hint: 'give turns with -m, or pipe them in' });
  }
  const sound = createSound(context, options);
  const agent = await loadAgent(context, target);
  const { format, manualTurns } = options;
  const { session, notes } = sessionSetup(agent, { voice: flags.voice, format, manualTurns });
  for (const note of notes) output.note(`note: ${note}`);
  const clips = clipLoader((file) => loadClip(context, file, format, session));
  const files = (options.turns ?? []).flatMap((turn) => ('file' in turn ? [turn.file] : []));
  const spoken = await Promise.all([...new Set(files)].map(clips));
  const transport = await output.during('Connecting', () =>
    context.connect({ model: flags.model ?? settings.voiceModel }),
  );
  const player = screen === undefined ? undefined : createToolPlayer();
  const conversation = converse(transport, {
    setup: session,
    timers: context.clock,
    answerTimeoutMs: settings.timeoutMs,
    runTool: player?.play ?? refuseTool,
    before: spoken.flatMap(({ warnings }) => warnings.map((each) => ({ type: 'warning' as const, ...each }))),
    observers: [sound.observer],
    onAudio: sound.onAudio,
    fast: options.fast,
  });
  context.onClose(async () => conversation.hangUp());
  const talk = { context, agent, conversation, sound, loadClip: clips };
  if (screen !== undefined && player !== undefined) return talkAtTerminal(talk, screen, player);
  return talkByScript(talk, options.turns ?? (options.mic ? undefined : readPipedLines(io, signal)));
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
