// The packed tarball as its users get it: installed in an empty folder, run by every Node it is meant for, and by all
// of them at once over the same data.

import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installPacked } from './support/installed.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'agents-packed-'));
const say = (text) => process.stdout.write(`${text}\n`);

try {
  const bin = install();
  const nodes = [process.execPath, ...['22', '24'].map(nodeOf)];
  for (const node of nodes) await tryOut(node, bin);
  await allAtOnce(nodes, bin);
  say('the tarball holds what it promises');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Installs the tarball and looks at what came. Returns the path of the program. */
function install() {
  const { packages, bytes, bin } = installPacked(root, folder);
  assert.deepEqual(packages, ['xai-agents'], 'one package is installed');
  const megabytes = bytes / 1024 / 1024;
  say(`installed: ${packages.length} package, ${megabytes.toFixed(2)} MB`);
  assert.ok(megabytes <= 5, 'it is no larger than 5 MB');
  return bin;
}

/** The executable of another Node, fetched by npm. */
function nodeOf(major) {
  return execFileSync('npx', ['-y', `node@${major}`, '-p', 'process.execPath'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

function environment(home) {
  const { PATH } = process.env;
  return { PATH, HOME: home, NO_COLOR: '1' };
}

/** The main job, by one Node, in a home of its own. */
async function tryOut(node, bin) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const home = mkdtempSync(join(folder, 'home-'));
  const env = environment(home);
  const run = async (words, stdin = '') => {
    const running = promisify(execFile)(node, [bin, ...words], { cwd: home, env });
    running.child.stdin.end(stdin);
    return running.then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );
  };
  const spec =
    '{"name":"Bot","instructions":"You are Bot.","tools":[{"type":"function","function":{"name":"lookup_order","parameters":{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}}}]}';
  const made = await run(['--local', '--json', 'create', '-'], spec);
  assert.equal(made.stderr, '');
  const id = JSON.parse(made.stdout).agent.agent_id;
  assert.match((await run(['--local', 'list'])).stdout, /Bot/);
  assert.match((await run(['--local', 'get', id])).stdout, /lookup_order\(order_id\)/);
  assert.match((await run(['--local', 'run', id, '-m', 'Look up order ORD-42'])).stdout, /→ lookup_order/);
  const talked = await run(['--local', 'voice', id], 'Hello\nLook up order ORD-42\n');
  assert.equal(talked.code, 0, talked.stderr);
  assert.match(talked.stdout, /this is Bot[\s\S]*→ lookup_order\(\{"order_id":"ORD-42"\}\)/);
  const hotel = await run(['--local', 'create', '--template', 'concierge']);
  const taxi = ['-m', 'A taxi for room 102 at 9:30, please', '--tools', 'template:concierge'];
  const ordered = await run(['--local', 'voice', /agent_\w+/.exec(hotel.stdout)[0], ...taxi]);
  assert.match(ordered.stdout, /ordered true, vehicle taxi/);
  assert.equal((await run(['--local', 'delete', id])).code, 0);
  assert.deepEqual((await run(['--local', '--json', 'get', id])).code, 3);
  assert.equal((await run(['list'])).code, 4);
  assert.equal((await run(['lst'])).code, 2);
  assert.match((await run(['completion', 'bash'])).stdout, /complete -o filenames/);
  const toured = (await run(['tour'])).stdout;
  assert.match(toured, /That was all real/);
  assert.doesNotMatch(toured, /Not installed/);
  await serveAndStop(node, bin, env);
  say(`${version}: works`);
}

/** `agents dev` until Ctrl+C. */
async function serveAndStop(node, bin, env) {
  const server = spawn(node, [bin, '--json', 'dev', '--port', '0', '--memory'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [line] = await new Promise((resolve) =>
    server.stdout.once('data', (chunk) => resolve(String(chunk).split('\n'))),
  );
  const reply = await fetch(`${JSON.parse(line).url}/v1/agents`);
  assert.deepEqual(await reply.json(), { agents: [] });
  const ended = new Promise((resolve) => server.once('close', resolve));
  server.kill('SIGINT');
  assert.equal(await ended, 0);
}

/** Different Nodes have different SQLite builds: over one file they must not lose each other's writes. */
async function allAtOnce(nodes, bin) {
  const home = mkdtempSync(join(folder, 'home-'));
  const env = environment(home);
  const create = (node, name) =>
    promisify(execFile)(node, [bin, '--local', 'create', '--name', name], { env });
  const names = nodes.flatMap((node, at) =>
    Array.from({ length: 8 }, (_, n) => ({ node, name: `agent ${at}-${n}` })),
  );
  await Promise.all(names.map(({ node, name }) => create(node, name)));
  const { stdout } = await promisify(execFile)(nodes.at(-1), [bin, '--local', '--json', 'list'], { env });
  const listed = JSON.parse(stdout).agents.map(({ name }) => name);
  assert.deepEqual(listed.sort(), names.map(({ name }) => name).sort());
  say(`${names.length} creates by ${nodes.length} Nodes at once: none lost`);
}
