import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FleetResult, StripFleetOptions } from '../../src/fleet/index.js';
import { hasPeer } from '../support/peers.js';
import { repository, run } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { inShort, makeFolder } from './many.js';

// Threads run the built code: npm test builds it.
const built = join(repository, 'dist/fleet/index.js');
const runnable = existsSync(built) && hasPeer('openssl');
const describeBuilt = runnable || process.env['CI'] === 'true' ? describe : describe.skip;

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const names = Array.from({ length: 40 }, (_, index) => `d${String(index).padStart(2, '0')}`);

const script = (options: Partial<StripFleetOptions>): string => `
  import { stripFleet } from ${JSON.stringify(pathToFileURL(built).href)};
  const { results } = stripFleet(${JSON.stringify({ inputs: [at('in')], output: { folder: at('out') }, ...options })});
  for await (const result of results) console.log(JSON.stringify(result));
`;

async function inProcess(options: Partial<StripFleetOptions>, flags: string[] = []): Promise<FleetResult[]> {
  const { stdout, stderr, status } = await run(process.execPath, [
    ...flags,
    '--input-type=module',
    '-e',
    script(options),
  ]);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line): FleetResult => JSON.parse(line));
}

describeBuilt('in threads and processes of their own', () => {
  beforeAll(async () => {
    await makeFolder(at('in'), names, '/CN=deviceAlternateId:pump-9|gatewayId:1');
  }, 60_000);

  beforeEach(() => {
    rmSync(at('out'), { recursive: true, force: true });
    mkdirSync(at('out'));
  });

  const outputs = (): Map<string, string> =>
    new Map(readdirSync(at('out')).map((name) => [name, readFileSync(at('out', name), 'utf8')]));

  test('threads give the results of no threads, in the order of the inputs', async () => {
    const alone = await inProcess({ threads: 1 });
    const files = outputs();
    expect(alone.map(inShort)).toEqual(names.map((name) => `${name}.pem: done written`));
    rmSync(at('out'), { recursive: true });
    mkdirSync(at('out'));
    expect(await inProcess({ threads: 3 })).toEqual(alone);
    expect(outputs()).toEqual(files);
    expect(await inProcess({ threads: 2, resume: true, passphrase: 'none' })).toHaveLength(names.length);
    const unordered = await inProcess({ threads: 2, resume: true, unordered: true });
    expect(unordered.map(inShort).toSorted()).toEqual(names.map((name) => `${name}.pem: skipped unchanged`));
  });

  test('by itself it chooses threads, also where code generation from strings is forbidden', async () => {
    const results = await inProcess({}, ['--disallow-code-generation-from-strings']);
    expect(results.map(inShort)).toEqual(names.map((name) => `${name}.pem: done written`));
  });

  test('shards as processes: together everything, nothing twice', async () => {
    const shards = [1, 2, 3].map((index) => inProcess({ shard: { index, count: 3 }, unordered: true }));
    const parts = (await Promise.all(shards)).map((results) => results.map(inShort));
    expect(parts.flat().toSorted()).toEqual(names.map((name) => `${name}.pem: done written`));
    expect(Math.min(...parts.map(({ length }) => length))).toBeGreaterThan(0);
    expect(outputs().size).toBe(names.length);
  });

  test('killed in the middle: whole files only, and a rerun does the rest', async () => {
    await inProcess({});
    const whole = outputs();
    for (const wait of [0, 20, 40, 80]) {
      rmSync(at('out'), { recursive: true });
      mkdirSync(at('out'));
      await killed(spawn(process.execPath, ['--input-type=module', '-e', script({ threads: 2 })]), wait);
      for (const [name, content] of outputs()) {
        if (!name.startsWith('.sapcert-')) expect(content).toBe(whole.get(name));
      }
      const results = await inProcess({ resume: true });
      expect(results.every(({ status }) => status !== 'failed')).toBe(true);
      const finished = [...outputs()].filter(([name]) => !name.startsWith('.sapcert-'));
      expect(new Map(finished)).toEqual(whole);
    }
  }, 60_000);
});

/** Ends a process without warning, a while after its first file appeared. */
async function killed(child: ChildProcess, wait: number): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  while (readdirSync(at('out')).length === 0 && child.exitCode === null) await sleep(1);
  await sleep(wait);
  child.kill('SIGKILL');
  await exited;
}
