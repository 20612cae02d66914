// The build: tsc writes the library (ES modules and their types), esbuild one small CommonJS file for the
// start of the command line, because that is what Node loads fastest.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {
  stdio: 'inherit',
});
if (existsSync('src/cli/entry.ts')) {
  await build({
    entryPoints: ['src/cli/entry.ts'],
    outfile: 'dist/cli/entry.cjs',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['./main.js'],
    minifySyntax: true,
    logLevel: 'warning',
  });
}
