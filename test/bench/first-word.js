// From the frame with the first word leaving the server to the word leaving the client, by ours and by a bare one.

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';
import { median } from './measure.js';

const turns = 300;

/** Medians in ms, over so many turns each. */
export async function firstWord(bin, specFile) {
  const server = createServer();
  let sentAt = 0;
  let responses = 0;
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    const send = (event) => socket.send(JSON.stringify(event));
    send({ type: 'session.created', session: { id: 's' } });
    socket.on('message', (data) => {
      const { type } = JSON.parse(data);
      if (type === 'session.update') send({ type: 'session.updated', session: {} });
      if (type !== 'response.create') return;
      const id = `r${responses++}`;
      send({ type: 'response.created', response: { id } });
      sentAt = performance.now();
      send({ type: 'response.output_audio_transcript.delta', response_id: id, item_id: 'i', delta: 'word' });
      send({ type: 'response.done', response: { id, status: 'completed', output: [] } });
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `127.0.0.1:${server.address().port}`;
  const ours = await times(
    [bin, '--json', '--base-url', `http://${base}`, 'voice', specFile],
    /"type":"text"/,
    /"type":"turn_done"/,
    /"type":"ready"/,
  );
  const bare = await times(
    [fileURLToPath(new URL('bare-client.js', import.meta.url)), `ws://${base}`],
    /^word$/m,
    /^done$/m,
    /^ready$/m,
  );
  server.closeAllConnections();
  server.close();
  return { ours: median(ours), bare: median(bare), added: median(ours) - median(bare) };

  async function times(command, isWord, isDone, isReady) {
    const child = spawn(process.execPath, command, { stdio: ['pipe', 'pipe', 'inherit'] });
    const measured = [];
    let heard = '';
    await new Promise((resolve, reject) => {
      child.once('close', () => reject(new Error(`${command[0]} ended before its turns`)));
      child.stdout.on('data', (chunk) => {
        const at = performance.now();
        heard += chunk;
        if (sentAt > 0 && isWord.test(heard)) {
          measured.push(at - sentAt);
          sentAt = 0;
        }
        if (isReady.test(heard) || isDone.test(heard)) {
          heard = '';
          if (measured.length >= turns) return resolve();
          // A moment of rest, as between turns: the next word must not ride on the last one's wake.
          setTimeout(() => child.stdin.write('hello\n'), 2);
        }
      });
    });
    child.stdin.end();
    child.kill();
    // The first ones warm both up.
    return measured.slice(50);
  }
}
