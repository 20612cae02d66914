import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { bmpString } from '../../src/kdf/index.js';
import { referenceKey } from './reference.js';

const request = {
  password: bmpString('queeg'),
  salt: Buffer.from('05DEC959ACFF72F7', 'hex'),
  iterations: 600,
  purpose: 1,
  length: 50,
} as const;
const expectedKeys = Array.from({ length: 5 }, () => referenceKey(request).toString('hex'));

/** Runs in a process or a thread of its own, on the one file that esbuild makes. */
const probe = (file: string): string => `
  const { engines, pkcs12KeySha1Batch } = require(${JSON.stringify(file)});
  const request = {
    password: Buffer.from('${Buffer.from(request.password).toString('hex')}', 'hex'),
    salt: Buffer.from('${request.salt.toString('hex')}', 'hex'),
    iterations: ${request.iterations}, purpose: ${request.purpose}, length: ${request.length},
  };
  const keys = pkcs12KeySha1Batch(Array(5).fill(request)).map((key) => Buffer.from(key).toString('hex'));
  const report = { keys, single: engines.single !== undefined, wide: engines.wide !== undefined };
`;

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sapcert-kdf-'));
  const bundle = join(folder, 'kdf.cjs');
  const contents = "export * from './src/kdf/index.ts'; export * from './src/kdf/engine.ts';";
  await build({
    stdin: { contents, resolveDir: process.cwd() },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['as it is', [], { single: true, wide: true }],
  [
    'with --disallow-code-generation-from-strings',
    ['--disallow-code-generation-from-strings'],
    { single: true, wide: true },
  ],
  ['on a processor without SSE4.1', ['--no-enable-sse4-1'], { single: true, wide: false }],
  ['without WebAssembly', ['--jitless'], { single: false, wide: false }],
])('node %s', (_name, flags, engines) => {
  const main = join(folder, `main${flags.join('')}.cjs`);
  writeFileSync(main, `${probe(join(folder, 'kdf.cjs'))}; console.log(JSON.stringify(report));`);
  const env = { ...process.env, NODE_OPTIONS: '', NODE_EXTRA_CA_CERTS: undefined };
  const output = execFileSync(process.execPath, [...flags, main], { encoding: 'utf8', env });
  expect(JSON.parse(output)).toEqual({ keys: expectedKeys, ...engines });
});

test('in a worker thread', async () => {
  const source = `${probe(join(folder, 'kdf.cjs'))}; require('node:worker_threads').parentPort.postMessage(report);`;
  const worker = new Worker(source, { eval: true });
  const report = await new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
  await worker.terminate();
  expect(report).toEqual({ keys: expectedKeys, single: true, wide: true });
});
