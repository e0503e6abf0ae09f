// The least a client can be: a socket by ws, a turn a line, the first word of each answer on stdout.

import { createInterface } from 'node:readline';
import WebSocket from 'ws';

const socket = new WebSocket(process.argv[2]);
const send = (event) => socket.send(JSON.stringify(event));
socket.on('message', (data) => {
  const event = JSON.parse(data);
  if (event.type === 'session.created') send({ type: 'session.update', session: {} });
  if (event.type === 'session.updated') process.stdout.write('ready\n');
  if (event.type === 'response.output_audio_transcript.delta') process.stdout.write(`${event.delta}\n`);
  if (event.type === 'response.done') process.stdout.write('done\n');
});
createInterface({ input: process.stdin })
  .on('line', (text) => {
    const content = [{ type: 'input_text', text }];
    send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
    send({ type: 'response.create' });
  })
  .on('close', () => socket.close());
