// The build: tsc checks the sources and writes their types; esbuild joins them into few files, which Node loads
// in half the time of many. One small CommonJS file starts the command line, because Node loads that fastest.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {
  stdio: 'inherit',
});

const common = {
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20',
  outdir: 'dist',
  outbase: 'src',
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120, // Node prints the line that threw
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [await computedBytes()],
};

await build({
  ...common,
  entryPoints: [
    'src/index.ts',
    'src/cli/main.ts',
    'src/cli/start-fleet.ts',
    'src/fleet/index.ts',
    { in: 'src/bundle/keys/encryption/rare/index.ts', out: 'rare-ciphers' },
  ],
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
});

// A thread loads one file faster than many.
await build({ ...common, entryPoints: ['src/fleet/fleet-worker.ts'], format: 'esm' });

const { outputFiles } = await build({
  ...common,
  entryPoints: ['src/cli/entry.ts'],
  format: 'cjs',
  write: false,
  external: ['./main.js', './start-fleet.js', '../strip-fleet.js'],
  plugins: [...common.plugins, rareCiphersApart()],
});
// A script that comes out of V8's code cache has no `import`: bin/sapcert.cjs hands one in.
writeFileSync('dist/cli/entry.cjs', outputFiles[0].text.replaceAll(/(?<![\w$.])import\(/g, '__import('));
writeCodeCache();

/** Tables of ciphers that few keys use: the file that starts the command line does without them. */
function rareCiphersApart() {
  return {
    name: 'rare ciphers apart',
    setup: (building) =>
      building.onResolve({ filter: /[\\/]rare[\\/]index\.js$/ }, () => ({
        path: '../rare-ciphers.js',
        external: true,
      })),
  };
}

/** What the key derivation generates is computed once, here. */
async function computedBytes() {
  const { outputFiles: generators } = await build({
    entryPoints: ['src/kdf/generate/built.ts'],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const code = Buffer.from(generators[0].contents).toString('base64');
  const { builtBytesModule } = await import(`data:text/javascript;base64,${code}`);
  return {
    name: 'computed bytes',
    setup: (building) =>
      building.onLoad({ filter: /[\\/]kdf[\\/]bytes\.ts$/ }, () => ({ contents: builtBytesModule() })),
  };
}

/** A strip runs, so that the cache holds the functions that a strip needs; V8 compiles functions when they are called. */
function writeCodeCache() {
  const keep = [
    "process.argv.splice(1, 1, 'sapcert', 'strip', 'fixtures/device.pem', '-o', '-');",
    "const { script } = require('./bin/sapcert.cjs');",
    'const cache = `dist/cli/entry.cjs.${process.platform}-${process.arch}.cache`;',
    "process.on('exit', () => require('node:fs').writeFileSync(cache, script.createCachedData()));",
  ].join('\n');
  execFileSync(process.execPath, ['-e', keep, '-'], { stdio: 'ignore' });
}
