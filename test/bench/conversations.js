// What a client adds to a conversation: for a tool's round, for minutes of audio, for a hundred sessions at once.

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { median, used } from './measure.js';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Runs `use` with the address of a server that answers, and the lines it prints. */
async function withServer(use) {
  const server = spawn(process.execPath, [here('answering-server.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  try {
    const port = await new Promise((resolve) => {
      server.stdout.on('data', (chunk) => {
        text += chunk;
        const found = /^port (\d+)$/m.exec(text);
        if (found !== null) resolve(found[1]);
      });
    });
    return await use(`127.0.0.1:${port}`, () => text.split('\n').slice(1).filter(Boolean).map(Number));
  } finally {
    server.kill();
  }
}

/** From the call's end leaving the server to the demand for the answer reaching it, in ms: ours, and a bare client's. */
export async function toolRound(bin, folder) {
  const spec = join(folder, 'tool-spec.json');
  const tools = join(folder, 'tools.mjs');
  const parameters = { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] };
  const definition = { name: 'f', description: 'A function', parameters };
  writeFileSync(
    spec,
    JSON.stringify({ name: 'A', instructions: 'x', tools: [{ type: 'function', function: definition }] }),
  );
  writeFileSync(tools, 'export const f = () => ({ ok: true });\n');
  const turns = Array.from({ length: 300 }, () => 'tool\n').join('');
  const timed = (command) =>
    withServer(async (address, lines) => {
      const child = spawn(process.execPath, command(address), { stdio: ['pipe', 'ignore', 'inherit'] });
      child.stdin.end(turns);
      await new Promise((resolve) => child.once('close', resolve));
      // The first ones warm both up.
      return median(lines().slice(50));
    });
  const ours = await timed((address) => [
    bin,
    '--json',
    '--base-url',
    `http://${address}`,
    'voice',
    spec,
    '--tools',
    tools,
  ]);
  const bare = await timed((address) => [here('bare-client.js'), `ws://${address}`, 'tools']);
  return { ours, bare };
}

/** Turns a second of so many sessions at once in one process, ours and of a bare loop; and how many were lost. */
export async function manySessions(folder, { sessions = 100, turns = 20, runs = 5 } = {}) {
  const script = join(folder, 'sessions.mjs');
  await build({
    entryPoints: [here('sessions.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    minify: true,
    external: ['bufferutil', 'utf-8-validate'],
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
  });
  return withServer(async (address) => {
    const run = async (way) =>
      JSON.parse(await outputOf([script, way, `ws://${address}`, String(sessions), String(turns)]));
    const ratios = [];
    const rates = { ours: [], bare: [] };
    let lost = 0;
    for (let at = 0; at < runs; at++) {
      const ours = await run('ours');
      const bare = await run('bare');
      lost += ours.lost + bare.lost;
      rates.ours.push(ours.perSecond);
      rates.bare.push(bare.perSecond);
      ratios.push(ours.perSecond / bare.perSecond);
    }
    return { ratio: median(ratios), ours: median(rates.ours), bare: median(rates.bare), lost };
  });
}

/**
 * So many minutes of audio to the server and as many back: seconds of processor time, and the most memory, in MB, of
 * ours and of a bare client.
 */
export async function minutesOfAudio(bin, folder, minutes) {
  const spec = join(folder, 'audio-spec.json');
  const wav = join(folder, 'speech.wav');
  writeFileSync(spec, '{"name":"A","instructions":"x"}');
  writeFileSync(wav, toneWav(minutes * 60));
  return withServer(async (address) => {
    const base = `http://${address}`;
    const ours = await used([bin, '--base-url', base, 'voice', spec, '--audio', wav, '--fast']);
    const bare = await used([here('bare-client.js'), `ws://${address}`, 'audio', wav]);
    return { ours, bare };
  });
}

/** Mono 24 kHz 16-bit: a soft tone that comes and goes, as speech does. */
function toneWav(seconds) {
  const rate = 24_000;
  const data = Buffer.alloc(seconds * rate * 2);
  for (let at = 0; at < seconds * rate; at++) {
    const swell = Math.max(0, Math.sin((2 * Math.PI * at) / (rate * 4)));
    data.writeInt16LE(Math.round(8000 * swell * Math.sin((2 * Math.PI * 180 * at) / rate)), at * 2);
  }
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

function outputOf(command) {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  return new Promise((resolve) => child.once('close', () => resolve(text)));
}
