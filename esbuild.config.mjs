// The build: tsc writes the library (ES modules and their types); what the key derivation generates is
// computed once, here; and esbuild makes one small CommonJS file for the start of the command line, because
// that is what Node loads fastest.
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {
  stdio: 'inherit',
});

const { builtBytesModule } = await import('./dist/kdf/generate/built.js');
writeFileSync('dist/kdf/bytes.js', builtBytesModule());

const { outputFiles } = await build({
  entryPoints: ['dist/cli/entry.js'],
  outfile: 'dist/cli/entry.cjs',
  write: false,
  bundle: true,
  packages: 'external',
  // Never reached from here: `strip` of many bundles runs in the whole command line.
  external: ['./main.js', '../strip-fleet.js'],
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
});
// A script that comes out of V8's code cache has no `import`: bin/sapcert.cjs hands one in.
writeFileSync('dist/cli/entry.cjs', outputFiles[0].text.replaceAll(/(?<![\w$.])import\(/g, '__import('));
writeCodeCache();

/** A strip runs, so that the cache holds the functions that a strip needs; V8 compiles functions when they are called. */
function writeCodeCache() {
  const keep = [
    "process.argv.splice(1, 1, 'sapcert', 'strip', 'fixtures/device.pem', '-o', '-');",
    "const { script } = require('./bin/sapcert.cjs');",
    "process.on('exit', () => require('node:fs').writeFileSync('dist/cli/entry.cjs.cache', script.createCachedData()));",
  ].join('\n');
  execFileSync(process.execPath, ['-e', keep, '-'], { stdio: 'ignore' });
}

// A thread loads one file faster than many.
await build({
  entryPoints: ['dist/fleet/fleet-worker.js'],
  outfile: 'dist/fleet/fleet-worker.js',
  allowOverwrite: true,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
});
