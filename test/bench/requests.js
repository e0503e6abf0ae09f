// Requests a second of the local API beside a bare node:http server giving the same bytes, and what a page of a large
// store costs.

import { spawn } from 'node:child_process';
import { Agent, get, request } from 'node:http';

const connections = 20;

/** Starts `agents dev` with these flags, and calls `use` with its address. */
export async function withDev(bin, flags, use) {
  const child = spawn(process.execPath, [bin, '--json', 'dev', '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise((resolve) =>
    child.stdout.once('data', (chunk) => resolve(String(chunk).split('\n')[0])),
  );
  child.stdout.resume();
  try {
    return await use(JSON.parse(line).url, child.pid);
  } finally {
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('close', resolve));
  }
}

/** A server that answers everything with these bytes, in a process of its own. */
export async function withBareServer(body, use) {
  const code = `const body=${JSON.stringify(body)};require('http').createServer((_,r)=>{r.writeHead(200,{'content-type':'application/json'});r.end(body)}).listen(0,'127.0.0.1',function(){console.log(this.address().port)})`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise((resolve) => child.stdout.once('data', (chunk) => resolve(Number(chunk))));
  try {
    return await use(`http://127.0.0.1:${port}`);
  } finally {
    child.kill();
  }
}

/** How many GETs a second, over kept connections. */
export async function perSecond(url, count = 4000) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = count;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) await fetchOnce(url, agent);
    }),
  );
  agent.destroy();
  return count / ((performance.now() - started) / 1000);
}

function fetchOnce(url, agent) {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (reply) => {
      reply.resume();
      reply.on('end', resolve);
    }).on('error', reject);
  });
}

/** One request with a JSON body; the reply parsed. */
export function send(method, url, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: { 'content-type': 'application/json' } }, (reply) => {
      let text = '';
      reply.on('data', (chunk) => {
        text += chunk;
      });
      reply.on('end', () => resolve(JSON.parse(text)));
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(body));
  });
}
