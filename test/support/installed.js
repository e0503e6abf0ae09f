// The package as npm installs it: packed, and put into an empty folder.

import { execFileSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installs the packed checkout `root` in `folder`. Tells what came: package names, bytes, the path of the program. */
export function installPacked(root, folder) {
  const quiet = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    ...quiet,
  });
  const [{ filename }] = JSON.parse(packed);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', '--omit=dev', join(folder, filename)], { cwd: folder, ...quiet });
  const modules = join(folder, 'node_modules');
  return {
    packages: readdirSync(modules).filter((name) => !name.startsWith('.')),
    bytes: sizeOf(modules),
    bin: join(modules, 'xai-agents', 'bin', 'agents.js'),
  };
}

function sizeOf(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}
