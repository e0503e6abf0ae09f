// Builds dist/: the client as a few ES chunks that load when they are needed. Run by `npm run build` and, on
// install from a checkout, by `prepare`.

import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const sqlite = 'node-sqlite3-wasm';

/** Stays a file of its own: it finds its WebAssembly beside itself, and is needed by old Nodes only. */
const besideUs = {
  name: 'beside-us',
  setup(esbuild) {
    esbuild.onResolve({ filter: new RegExp(`^${sqlite}$`) }, () => ({
      path: `./${sqlite}.cjs`,
      external: true,
    }));
  },
};

/**
 * Modules that libraries load with themselves for what is never asked of them: undici for HTTP/2, commander for
 * subcommands that are programs of their own. Together they are 8 ms of every command.
 */
const unneeded = {
  name: 'unneeded',
  setup(esbuild) {
    const absent = { path: 'absent', namespace: 'absent' };
    esbuild.onResolve({ filter: /client-h2\.js$/ }, () => absent);
    esbuild.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes('commander') ? absent : undefined,
    );
    esbuild.onLoad({ filter: /.*/, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }));
  },
};

/**
 * The MCP SDK takes zod's full build. Of a file that both builds use, esbuild keeps one copy with what either needs, and
 * every command would load the other's part: the SDK gets a copy of its own.
 */
const ownZod = {
  name: 'own-zod',
  setup(esbuild) {
    esbuild.onResolve({ filter: /./ }, async ({ path, importer, pluginData, kind, resolveDir }) => {
      const isSdk = importer.includes('@modelcontextprotocol') && /^zod(\/|$)/.test(path);
      if (pluginData === ownZod.name || (!isSdk && !pluginData?.isOwn)) return undefined;
      const found = await esbuild.resolve(path, { importer, kind, resolveDir, pluginData: ownZod.name });
      return { ...found, suffix: '?own', pluginData: { isOwn: true } };
    });
    esbuild.onLoad({ filter: /[\\/]zod[\\/].*\.js$/ }, async ({ path, suffix }) =>
      suffix === '?own'
        ? { contents: await readFile(path, 'utf8'), resolveDir: dirname(path), pluginData: { isOwn: true } }
        : undefined,
    );
  },
};

/** What every command that does something loads before all else. */
const core = ['src/context.ts', 'src/terminal/output.ts'];

/**
 * Parts that load on demand load the core with themselves, which is there by then. Without, esbuild makes a chunk of
 * every file that another set of them needs: forty files for `agents list`, and Node takes a millisecond or two for each.
 */
const together = {
  name: 'together',
  async setup(esbuild) {
    const { inputs } = (await build({ ...common, write: false, bundle: true, packages: 'external' }))
      .metafile;
    const inCore = new Set(core);
    for (const file of inCore) {
      for (const { path, kind } of inputs[file]?.imports ?? [])
        if (kind === 'import-statement') inCore.add(path);
    }
    const onDemand = new Set(
      Object.values(inputs).flatMap(({ imports }) =>
        imports
          .filter(({ path, kind }) => kind === 'dynamic-import' && !inCore.has(path))
          .map(({ path }) => path),
      ),
    );
    const first = core.map((file) => `import ${JSON.stringify(join(root, file))};`).join('');
    esbuild.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) =>
      onDemand.has(relative(root, path).replaceAll('\\', '/'))
        ? { contents: first + (await readFile(path, 'utf8')), loader: 'ts' }
        : undefined,
    );
  },
};

const common = {
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  outdir: dist,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  metafile: true,
};

await rm(dist, { recursive: true, force: true });
const { metafile, outputFiles } = await build({
  ...common,
  write: false,
  bundle: true,
  splitting: true,
  minify: true,
  legalComments: 'none',
  chunkNames: 'chunk-[hash]',
  plugins: [together, besideUs, unneeded, ownZod],
  // Optional speed-ups of ws, not shipped.
  external: ['bufferutil', 'utf-8-validate'],
});
// The thread of a module with tools is a bundle of its own: what it shares with the client would else be another chunk
// for every command to load.
const worker = await build({
  ...common,
  write: false,
  entryPoints: { 'tool-worker': 'src/tools/worker.ts' },
  bundle: true,
  minify: true,
  legalComments: 'none',
});
// What the HTML report brings with it: it is read when one is written, and copied into the page.
await build({
  absWorkingDir: root,
  entryPoints: ['src/scenario/report/page/page.css', 'src/scenario/report/page/page.js'],
  outdir: join(dist, 'report'),
  bundle: true,
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  format: 'iife',
  target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
});
const wasm = join(root, 'node_modules', sqlite);
await mkdir(dist, { recursive: true });
for (const { path, text } of [...outputFiles, ...worker.outputFiles])
  await writeFile(path, withRequire(text));
await cp(join(wasm, 'dist', `${sqlite}.js`), join(dist, `${sqlite}.cjs`));
await cp(join(wasm, 'dist', `${sqlite}.wasm`), join(dist, `${sqlite}.wasm`));
await writeFile(
  join(dist, 'licenses.txt'),
  await licenses([...Object.keys(metafile.inputs), `node_modules/${sqlite}/x`]),
);

/** Bundled CommonJS packages call `require` for Node's own modules, through one chunk: there it needs a meaning. */
function withRequire(code) {
  if (!code.includes('typeof require')) return code;
  const make = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";
  return `${make}\n${code}`;
}

/** The licenses of everything bundled: their terms ask to be passed on. */
async function licenses(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const found = /^(?:.*\/)?(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found !== null) packages.add(found[1]);
  }
  const texts = [];
  for (const folder of [...packages].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    const text = await licenseText(join(root, folder));
    texts.push(`${name} ${version} (${license})\n\n${text}`);
  }
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

async function licenseText(folder) {
  for (const name of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'license.md', 'LICENCE']) {
    try {
      return (await readFile(join(folder, name), 'utf8')).trim();
    } catch {
      // The next spelling.
    }
  }
  return '(no license file in the package)';
}
