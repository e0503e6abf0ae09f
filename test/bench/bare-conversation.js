// A conversation with the least a client can do: a socket by ws, a line after the other, and the words of each answer.

import WebSocket from 'ws';

/** The answers to so many lines. Rejects when the line breaks. */
export function converse(address, lines) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(new URL('/v1/realtime', address), { perMessageDeflate: false });
    const send = (event) => socket.send(JSON.stringify(event));
    const answers = [];
    let words = '';
    const say = () => {
      const text = lines[answers.length];
      if (text === undefined) return socket.close();
      const content = [{ type: 'input_text', text }];
      send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
      send({ type: 'response.create' });
    };
    socket.on('message', (data) => {
      const { type, delta } = JSON.parse(data);
      if (type === 'session.created') send({ type: 'session.update', session: {} });
      if (type === 'session.updated') say();
      if (type === 'response.output_audio_transcript.delta') words += delta;
      if (type !== 'response.done') return;
      answers.push(words);
      words = '';
      say();
    });
    socket.on('close', () => resolve(answers));
    socket.on('error', reject);
  });
}
