// Runs a TypeScript program of this repository: node test/support/run-ts.mjs FILE.ts [ARGS]
// (Node 20 has no type stripping of its own.) What it imports from node_modules stays outside the bundle.
import { rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';

const [, , entry, ...args] = process.argv;
if (entry === undefined) throw new Error('usage: run-ts.mjs FILE.ts [ARGS]');
const root = resolve(import.meta.dirname, '../..');
const outfile = resolve(root, 'node_modules/.cache', `${basename(entry)}.${process.pid}.mjs`);
buildSync({
  entryPoints: [entry],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'error',
});
process.on('exit', () => rmSync(outfile, { force: true }));
process.argv = [process.argv[0], resolve(entry), ...args];
await import(pathToFileURL(outfile).href);
