import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fixtures, repository } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();
/** Takes connections and never says a word. */
let silent: Server;
let port = 0;

beforeAll(async () => {
  silent = createServer((socket) => void socket.on('error', () => undefined));
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  port = address.port;
});

afterAll(() => void silent.close());

function newFolder(): string {
  const folder = mkdtempSync(join(root, 'many-'));
  mkdirSync(join(folder, 'in'));
  for (let index = 0; index < 200; index++) {
    copyFileSync(join(fixtures, 'device.pem'), join(folder, `in/d${index}.pem`));
  }
  copyFileSync(join(fixtures, 'device.pem'), join(folder, 'device.pem'));
  writeFileSync(join(folder, 'device.secret'), readFileSync(join(fixtures, 'device.secret')), {
    mode: 0o600,
  });
  return folder;
}

interface Ended {
  /** As a shell has it in `$?`. */
  readonly status: number;
  readonly ms: number;
  readonly stderr: string;
}

/** Runs sapcert, sends it the signal after a while, and waits for its end. */
async function ended(
  args: readonly string[],
  cwd: string,
  after: number | 'output',
  signal: NodeJS.Signals,
): Promise<Ended> {
  const env = { ...process.env, SAPCERT_SECRET: undefined };
  const child = spawn(process.execPath, [join(repository, 'bin/sapcert.cjs'), ...args], { cwd, env });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  child.stdout.resume();
  const closed = new Promise<number>((resolve) => {
    child.on('close', (code, by) => resolve(code ?? (by === 'SIGINT' ? 130 : by === 'SIGTERM' ? 143 : -1)));
  });
  if (after === 'output') {
    await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]);
  } else await sleep(after);
  const began = performance.now();
  child.kill(signal);
  const status = await closed;
  return { status, ms: performance.now() - began, stderr };
}

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s', (signal, status) => {
  test.each<[string, (port: number) => string[], number | 'output']>([
    ['a check of a port that is silent', (to) => ['check', 'device.pem', '--host', `127.0.0.1:${to}`], 1200],
    [
      'a send to a port that is silent',
      (to) => ['send', 'device.pem', '--host', `127.0.0.1:${to}`, '--file', 'device.pem'],
      1200,
    ],
    [
      'a strip of many with the right secret',
      () => ['strip', 'in', '--passin', 'file:device.secret', '--out-dir', 'out'],
      'output',
    ],
    [
      'a strip of many with a wrong secret',
      () => ['strip', 'in', '--passin', 'file:device.pem', '--out-dir', 'out'],
      'output',
    ],
    [
      'a strip that has hardly begun',
      () => ['strip', 'in', '--passin', 'file:device.secret', '--out-dir', 'out'],
      60,
    ],
    [
      'a sandbox that makes its keys',
      () => ['sandbox', '--port', '0', '--dir', 'box', '--devices', '50'],
      700,
    ],
  ])(`%s ends soon with ${status}, without a stack and without half a file`, async (_name, args, after) => {
    const folder = newFolder();
    const ran = await ended(args(port), folder, after, signal);
    expect(ran).toMatchObject({ status });
    expect(ran.ms).toBeLessThan(4000);
    expect(ran.stderr).not.toMatch(/^ {4}at /m);
    const out = join(folder, 'out');
    const names = existsSync(out) ? readdirSync(out) : [];
    expect(names.filter((name) => !name.endsWith('.newcert.pem'))).toEqual([]);
    for (const name of names)
      expect(readFileSync(join(out, name), 'utf8')).toMatch(/END CERTIFICATE-----\n$/);
  });
});
