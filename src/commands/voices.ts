// Voices: which there are, and how they sound.

import type { Api } from '../api/client.js';
import type { Context } from '../context.js';
import { CliError } from '../errors.js';
import type { VoiceEntry, VoiceList } from '../protocol/account.js';
import { nextPage } from '../protocol/route.js';
import { didYouMean } from '../spec/did-you-mean.js';
import { voiceTable } from '../terminal/account-view.js';
import { examples, type Register } from './command.js';
import { collectPages } from './pages.js';
import { keepOrPlay, readSpeechFlags, type SpeechFlags } from './voices/speech.js';

export const register: Register = (command, action) =>
  command
    .argument('[text]', 'with --play: what the voice says; - for stdin (default: a greeting)')
    .option('--play <voice>', 'let this voice speak, through a program of this machine or to --out')
    .option('--out <file>', 'save it: .wav, .pcm, .mulaw, .alaw or .mp3; - for WAV on stdout')
    .option('--language <code>', 'the language of the text (default en)')
    .option('--speed <factor>', 'from 0.7 to 1.5 (default 1)')
    .addHelpText(
      'after',
      `
Speech is billed by its characters. The local API speaks in a quiet synthetic voice, and makes no mp3.
${examples(
  'agents voices',
  'agents --json voices',
  'agents voices --play eve "Hello, this is Order Support." --out hello.wav',
  'agents voices --play leo "Guten Tag" --language de --speed 0.9 --out - > hello.wav',
)}`,
    )
    .action(action(voices));

async function voices(context: Context, text: string | undefined, flags: SpeechFlags): Promise<undefined> {
  const { output } = context;
  const plan = await readSpeechFlags(context, text, flags);
  const api = await context.api();
  const list = await output.during('Fetching voices', () => api.listVoices({}));
  if (plan !== undefined) {
    const voice = await findVoice(context, api, list, plan.voice);
    return keepOrPlay(context, api, plan, voice);
  }
  const own = (await customVoices(context, api)) ?? [];
  // As the service has it; its lists of one's own voices, which are another request, beside it.
  const answer = own.length === 0 ? list : { ...list, custom_voices: own };
  output.show(answer, (shown, style) => voiceTable(shown.voices, own.length === 0 ? [] : own, style));
}

/** The voice that is meant: by its id or its name, however written. Throws CliError `not_found`. */
async function findVoice(
  context: Context,
  api: Api,
  { voices: builtIn }: VoiceList,
  wanted: string,
): Promise<string> {
  const named = (list: readonly VoiceEntry[]) =>
    list.find(({ voice_id }) => isSame(voice_id, wanted)) ?? list.find(({ name }) => isSame(name, wanted));
  const found = named(builtIn);
  if (found !== undefined) return found.voice_id;
  const own = await customVoices(context, api);
  const custom = named(own ?? []);
  if (custom !== undefined) return custom.voice_id;
  // Where one's own voices cannot be listed, theirs may be the name: the service knows.
  if (own === undefined && customId.test(wanted)) return wanted;
  const known = [...builtIn, ...(own ?? [])].flatMap(({ voice_id, name }) => [voice_id, name ?? '']);
  const unlike = known.filter((name) => name !== '');
  throw new CliError('not_found', `there is no voice ${wanted}${didYouMean(wanted, unlike)}`, {
    hint: 'agents voices lists those there are',
  });
}

/** As they were seen. */
const customId = /^[a-z0-9]{8}$/;

const isSame = (name: string | null | undefined, wanted: string) =>
  (name ?? '').toLowerCase() === wanted.toLowerCase();

/** The user's own voices, all pages; undefined where the team cannot have them or they cannot be listed. */
async function customVoices({ output, signal }: Context, api: Api): Promise<VoiceEntry[] | undefined> {
  try {
    return await output.during('Fetching your voices', () =>
      collectPages(async (query) => {
        const page = await api.listCustomVoices({ query });
        return { entries: page.voices, next: nextPage(page) };
      }),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CliError)) throw error;
    // Most teams have none, and are told so in this way.
    const isUsual = ['forbidden', 'not_found', 'refused'].includes(error.code);
    if (!isUsual) output.note(`note: your own voices cannot be listed: ${error.message}`);
    return undefined;
  }
}
