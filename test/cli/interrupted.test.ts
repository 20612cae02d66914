import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
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
  writeFileSync(join(folder, 'wrong.secret'), 'of another device', { mode: 0o600 });
  return folder;
}

interface Ended {
  /** `null`: the signal found nothing under way yet, and ended the process by itself. */
  readonly status: number | null;
  readonly ms: number;
  readonly stderr: string;
}

/** When the signal comes. */
type Moment = 'start' | 'output' | 'connection' | 'folder';

async function come(moment: Moment, child: ChildProcessWithoutNullStreams, cwd: string): Promise<void> {
  switch (moment) {
    case 'start':
      return sleep(60);
    case 'output':
      return void (await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')]));
    case 'connection':
      return void (await once(silent, 'connection'));
    case 'folder':
      while (!existsSync(join(cwd, 'box')) && child.exitCode === null) await sleep(10);
  }
}

/** Runs sapcert, sends it the signal at that moment, and waits for its end. */
async function ended(
  args: readonly string[],
  cwd: string,
  moment: Moment,
  signal: NodeJS.Signals,
): Promise<Ended> {
  const env = { ...process.env, SAPCERT_SECRET: undefined };
  const child = spawn(process.execPath, [join(repository, 'bin/sapcert.cjs'), ...args], { cwd, env });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
  child.stdout.resume();
  const closed = new Promise<number | null>((resolve) => void child.on('close', resolve));
  await come(moment, child, cwd);
  const began = performance.now();
  child.kill(signal);
  const status = await closed;
  return { status, ms: performance.now() - began, stderr };
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test.each<[string, (port: number) => string[], Moment]>([
    [
      'a check of a port that is silent',
      (to) => ['check', 'device.pem', '--host', `127.0.0.1:${to}`],
      'connection',
    ],
    [
      'a send to a port that is silent',
      (to) => ['send', 'device.pem', '--host', `127.0.0.1:${to}`, '--file', 'device.pem'],
      'connection',
    ],
    [
      'a strip of many with the right secret',
      () => ['strip', 'in', '--passin', 'file:device.secret', '--out-dir', 'out'],
      'output',
    ],
    [
      'a strip of many with a wrong secret',
      () => ['strip', 'in', '--passin', 'file:wrong.secret', '--out-dir', 'out'],
      'output',
    ],
    [
      'a strip that has hardly begun',
      () => ['strip', 'in', '--passin', 'file:device.secret', '--out-dir', 'out'],
      'start',
    ],
    [
      'a sandbox that makes its keys',
      () => ['sandbox', '--port', '0', '--dir', 'box', '--devices', '50'],
      'folder',
    ],
  ])('%s ends soon with 3, without a stack and without half a file', async (_name, args, moment) => {
    const folder = newFolder();
    const ran = await ended(args(port), folder, moment, signal);
    expect(moment === 'start' ? [3, null] : [3]).toContain(ran.status);
    expect(ran.ms).toBeLessThan(4000);
    expect(ran.stderr).not.toMatch(/^ {4}at /m);
    const out = join(folder, 'out');
    const names = existsSync(out) ? readdirSync(out) : [];
    expect(names.filter((name) => !name.endsWith('.newcert.pem'))).toEqual([]);
    for (const name of names)
      expect(readFileSync(join(out, name), 'utf8')).toMatch(/END CERTIFICATE-----\n$/);
  });
});
