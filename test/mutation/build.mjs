// Bundles tests and what they test into one program: node test/mutation/build.mjs OUTFILE TEST.ts..
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [, , outfile, ...tests] = process.argv;
const globals = resolve('test/mutation/jest-globals.ts');
const imports = tests.map((test) => `import ${JSON.stringify(resolve(test))};`).join('\n');

/** What a file asks about its own place, it is told as if it were not bundled. */
const places = {
  name: 'places',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@jest\/globals$/ }, () => ({ path: globals }));
    onLoad({ filter: /\/(?:src|test)\/.*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8')
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }));
  },
};

await build({
  stdin: {
    contents: `${imports}\nexport { run } from ${JSON.stringify(globals)};`,
    resolveDir: process.cwd(),
  },
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'error',
  plugins: [places],
});
