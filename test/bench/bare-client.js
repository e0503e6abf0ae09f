// The least a client can be: a socket by ws, a turn a line, the first word of each answer on stdout.
// node bare-client.js <ws url> [tools | audio <wav file>]
// With `tools` it answers calls with a constant; with `audio` it sends a file in pieces of 100 ms instead of lines.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

const [, , url, way, file] = process.argv;
const socket = new WebSocket(url);
const send = (event) => socket.send(JSON.stringify(event));
const call = { id: undefined };
let heard = 0;
socket.on('message', (data) => {
  const event = JSON.parse(data);
  if (event.type === 'session.created') send({ type: 'session.update', session: {} });
  if (event.type === 'session.updated') process.stdout.write('ready\n');
  if (event.type === 'session.updated' && way === 'audio') speak();
  if (event.type === 'session.updated' && way === 'tools') readLines();
  if (event.type === 'response.function_call_arguments.done') call.id = event.call_id;
  if (event.type === 'response.output_audio_transcript.delta') process.stdout.write(`${event.delta}\n`);
  if (event.type === 'response.output_audio.delta') heard += Buffer.from(event.delta, 'base64').length;
  if (event.type !== 'response.done') return;
  if (call.id === undefined) return done();
  const item = { type: 'function_call_output', call_id: call.id, output: '{"ok":true}' };
  send({ type: 'conversation.item.create', item });
  send({ type: 'response.create' });
  call.id = undefined;
});

const waiting = [];

function done() {
  process.stdout.write('done\n');
  if (way === 'audio') socket.close();
  if (way === 'tools') next();
}

function say(text) {
  const content = [{ type: 'input_text', text }];
  send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
  send({ type: 'response.create' });
}

function next() {
  const text = waiting.shift();
  if (text === undefined) socket.close();
  else say(text);
}

/** All lines first: with tools, a turn is two answers, and the next begins after both. */
function readLines() {
  createInterface({ input: process.stdin })
    .on('line', (text) => waiting.push(text))
    .on('close', next);
}

function speak() {
  const pcm = readFileSync(file).subarray(44);
  const piece = 4800;
  for (let at = 0; at < pcm.length; at += piece) {
    const audio = pcm.subarray(at, at + piece).toString('base64');
    send({ type: 'input_audio_buffer.append', audio });
  }
  send({ type: 'input_audio_buffer.commit' });
}

if (way === undefined) {
  createInterface({ input: process.stdin })
    .on('line', say)
    .on('close', () => socket.close());
}
process.on('exit', () => process.stderr.write(way === 'audio' && heard === 0 ? 'no audio came\n' : ''));
