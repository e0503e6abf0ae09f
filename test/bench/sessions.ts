// A hundred conversations at once in one process: by ours, and by a bare loop over ws. Prints turns a second.
// node sessions.js ours|bare <ws url> <sessions> <turns each>

import WebSocket from 'ws';
import { systemClock } from '../../src/clock.js';
import { converse } from '../../src/session/converse.js';
import { openSocket } from '../../src/session/transport.js';

const [, , way, address = '', sessions = '0', turnsEach = '0'] = process.argv;
const turns = Number(turnsEach);

async function ours(): Promise<number> {
  const transport = await openSocket({
    url: new URL(address),
    headers: {},
    timeoutMs: 30_000,
    refused: ({ status }) => new Error(`refused with ${status}`),
    failed: (error) => error as Error,
  });
  const conversation = converse(transport, {
    setup: { instructions: 'Be brief.' },
    timers: systemClock,
    answerTimeoutMs: 30_000,
    runTool: async () => '{}',
  });
  let done = 0;
  for await (const notice of conversation.notices) {
    if (notice.type === 'turn_done' && notice.status === 'completed') done++;
    if (notice.type !== 'ready' && notice.type !== 'turn_done') continue;
    if (done === turns) conversation.hangUp();
    else conversation.say('hello');
  }
  return done;
}

function bare(): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, { perMessageDeflate: false });
    const send = (event: object) => socket.send(JSON.stringify(event));
    let done = 0;
    const say = () => {
      if (done === turns) return socket.close();
      const content = [{ type: 'input_text', text: 'hello' }];
      send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
      send({ type: 'response.create' });
    };
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data)) as { type: string };
      if (type === 'session.created') send({ type: 'session.update', session: {} });
      if (type === 'response.done') done++;
      if (type === 'session.updated' || type === 'response.done') say();
    });
    socket.on('close', () => resolve(done));
    socket.on('error', reject);
  });
}

const round = () => Promise.all(Array.from({ length: Number(sessions) }, way === 'ours' ? ours : bare));

// Once to warm up: a process that holds a hundred conversations does not do so for its first half second alone.
await round();
const started = performance.now();
const counts = await round();
const seconds = (performance.now() - started) / 1000;
const done = counts.reduce((sum, count) => sum + count, 0);
process.stdout.write(
  `${JSON.stringify({ perSecond: done / seconds, lost: Number(sessions) * turns - done })}\n`,
);
