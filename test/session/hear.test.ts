// An open microphone beside clips of sound.

import { expect, test } from 'vitest';
import { Queue } from '../../src/queue.js';
import { converse } from '../../src/session/converse.js';

test('the microphone is not sent between the pieces of a clip, and is again after it', async () => {
  const frames = new Queue<string>();
  const sent: string[] = [];
  const due: (() => void)[] = [];
  const conversation = converse(
    {
      frames,
      closed: new Promise(() => {}),
      bufferedBytes: () => 0,
      close: () => {},
      send: (text) => {
        const { type, audio } = JSON.parse(text);
        if (type === 'input_audio_buffer.append') sent.push(Buffer.from(audio, 'base64').toString());
      },
    },
    {
      setup: { turn_detection: { type: 'server_vad' } },
      timers: {
        nowMs: () => 0,
        after: (ms, fire) => {
          if (ms < 1000) due.push(fire);
          return () => {};
        },
      },
      answerTimeoutMs: 1000,
      runTool: async () => '{}',
    },
  );
  for (const type of ['session.created', 'session.updated']) frames.push(JSON.stringify({ type }));
  await new Promise((resolve) => setImmediate(resolve));
  const mic = () => conversation.hear(Buffer.from('mic'), 100);
  mic();
  conversation.speak({ bytes: Buffer.from('clip'), bytesPerSecond: 20 });
  for (let fire = due.shift(); fire !== undefined; fire = due.shift()) {
    mic();
    fire();
  }
  mic();
  expect(sent).toEqual(['mic', 'cl', 'ip', 'mic']);
  conversation.hangUp();
});
