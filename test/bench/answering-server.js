// A realtime server that costs next to nothing, as a process of its own: what a bench measures is the client.
// Words in: a short answer. `tool` in the words: a call of `f`, and the answer once its result has come. Audio that is
// committed: as much audio back. Prints its port; prints what it was asked to time, a line each, in ms.

import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const words = ['Hello', ' there,', ' how', ' can', ' I', ' help', ' you', ' today?'];
const server = createServer();
new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 }).on(
  'connection',
  (socket) => {
    let wantsTool = false;
    let calledAt = 0;
    let chunks = [];
    let responses = 0;
    const send = (event) => socket.send(JSON.stringify(event));
    send({ type: 'session.created', session: { id: 's' } });
    socket.on('message', (data) => {
      const event = JSON.parse(data);
      switch (event.type) {
        case 'session.update':
          return send({ type: 'session.updated', session: {} });
        case 'conversation.item.create':
          wantsTool = /tool/.test(event.item.content?.[0]?.text ?? '');
          return;
        case 'input_audio_buffer.append':
          chunks.push(event.audio);
          return;
        case 'input_audio_buffer.commit':
          return answer(chunks);
        case 'response.create':
          if (calledAt > 0) process.stdout.write(`${performance.now() - calledAt}\n`);
          calledAt = 0;
          return wantsTool ? call() : answer([]);
      }
    });

    function call() {
      wantsTool = false;
      const id = `c${responses++}`;
      send({ type: 'response.created', response: { id } });
      send({
        type: 'response.function_call_arguments.done',
        response_id: id,
        call_id: `call-${performance.now()}`,
        name: 'f',
        arguments: '{"a":1}',
      });
      calledAt = performance.now();
      send({ type: 'response.done', response: { id, status: 'completed', output: [] } });
    }

    function answer(audio) {
      chunks = [];
      const id = `r${responses++}`;
      const within = { response_id: id, item_id: 'i' };
      send({ type: 'response.created', response: { id } });
      for (const delta of audio) send({ type: 'response.output_audio.delta', ...within, delta });
      for (const delta of words) send({ type: 'response.output_audio_transcript.delta', ...within, delta });
      send({ type: 'response.done', response: { id, status: 'completed', output: [] } });
    }
  },
);
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${server.address().port}\n`));
