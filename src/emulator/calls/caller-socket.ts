// The caller's end of a call on a web socket under `/__local/`: what the caller does comes in, what the caller hears goes
// out, as JSON.

import type { WebSocket } from 'ws';
import { messageOf } from '../../errors.js';
import { writeJson } from '../../json-text.js';
import { CallerMessage, type CallNews } from '../../protocol/caller.js';
import { parseJson } from '../../protocol/json.js';
import { e164 } from '../../protocol/phone.js';
import { invalidArgument, type Refusal } from '../refusal.js';
import type { Call } from './call.js';
import type { Calls } from './calls.js';
import { spoken, type Utterance } from './utterance.js';

export interface Dialled {
  from: string;
  to: string;
}

/** Who calls where nobody says: a number of the range that is kept for examples. */
export const usualCaller = '+14155550100';

/** Who calls whom, by the query of the socket's address. */
export function readDialled({ searchParams }: URL): Dialled | Refusal {
  // A plus in an address means a blank, and nobody wants to know.
  const numberOf = (name: string) => searchParams.get(name)?.replace(/^ /, '+');
  const to = numberOf('to') ?? '';
  const from = numberOf('from') ?? usualCaller;
  const wrong = [to, from].find((number) => !e164.test(number));
  if (wrong === undefined) return { from, to };
  return invalidArgument(
    `A number to call from or to is +, country and number, such as +14155550100; got "${wrong}"`,
  );
}

/** A call for as long as the socket is open. */
export function serveCaller(socket: WebSocket, { from, to }: Dialled, calls: Calls): void {
  const send = (news: CallNews & { at_ms?: number }) => {
    if (socket.readyState === socket.OPEN) socket.send(writeJson(news));
    if (news.type === 'ended') socket.close(1000, news.reason);
  };
  const call = dialled(() => calls.dial(from, to, send));
  if (call === undefined) return;
  const hangUp = () => call.end(call.status === 'in_progress' ? 'completed' : 'no_answer', 'caller_hung_up');
  socket.on('message', (data) => {
    const message = readMessage(String(data));
    if (message === undefined) return send({ type: 'error', message: notUnderstood });
    if ('hang_up' in message) return hangUp();
    if ('dtmf' in message) return call.press(message.dtmf);
    if ('say' in message) return call.say(spoken(message.say));
    void playWav(call, message).catch((error: Error) => send({ type: 'error', message: error.message }));
  });
  socket.on('close', hangUp);
  // A broken line is followed by `close`.
  socket.on('error', () => {});

  function dialled(dial: () => Call): Call | undefined {
    try {
      return dial();
    } catch (error) {
      // The store cannot be read: the server itself goes on.
      send({ type: 'error', message: messageOf(error) });
      socket.close(1011, 'the call could not be placed');
      return undefined;
    }
  }
}

const notUnderstood =
  'A caller sends {"say": "…"}, {"audio": "<a WAV file in base64>", "words"?: "…"}, {"dtmf": "12#"} or {"hang_up": true}';

function readMessage(text: string): CallerMessage | undefined {
  try {
    return CallerMessage.parse(parseJson(text));
  } catch {
    return undefined;
  }
}

async function playWav(
  call: Call,
  { audio, words }: { audio: string; words?: string | undefined },
): Promise<void> {
  const { readWav } = await import('../../audio/wav.js');
  const file = Buffer.from(audio, 'base64');
  const sound: Utterance['sound'] = (rate) => readWav(file, rate, 'the sound').pcm;
  // Told now, not when its turn comes.
  sound(telephoneRate);
  call.say({ words, sound });
}

const telephoneRate = 8000;
