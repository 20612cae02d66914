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

await build({
  entryPoints: ['dist/cli/entry.js'],
  outfile: 'dist/cli/entry.cjs',
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
