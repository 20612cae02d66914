import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { checkConnection } from '../../src/check/index.js';
import { describeWithPeer } from '../support/peers.js';
import { peerEnv } from '../support/programs.js';
import { type World, keyPem, makeWorld } from './servers.js';

let world: World;
let folder: string;
let running: ChildProcess | undefined;

beforeAll(async () => {
  world = await makeWorld();
  folder = mkdtempSync(join(tmpdir(), 'sapcert-hello-'));
  writeFileSync(join(folder, 'server.key'), keyPem(world.server));
  writeFileSync(join(folder, 'server.crt'), world.server.pem);
});
afterEach(() => {
  running?.kill();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function sServer(...args: readonly string[]): Promise<number> {
  const port = await freePort();
  const files = ['-key', join(folder, 'server.key'), '-cert', join(folder, 'server.crt')];
  running = spawn('openssl', ['s_server', '-accept', String(port), ...files, ...args], { env: peerEnv() });
  let said = '';
  running.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  running.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  while (!said.includes('ACCEPT')) {
    if (running.exitCode !== null) throw new Error(`openssl s_server: ${said}`);
    await sleep(10);
  }
  return port;
}

describeWithPeer('openssl', 'what a server would choose is asked with a ClientHello made by hand', () => {
  test.each([
    [
      'a cipher that Node lacks',
      ['-tls1_2', '-cipher', 'ECDHE-ECDSA-CAMELLIA128-SHA256'],
      'tls.no-common-cipher',
      /CAMELLIA/,
    ],
    ['CCM in TLS 1.3', ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_SHA256'], 'tls.no-common-cipher', /CCM/],
    ['TLS 1.0', ['-tls1', '-cipher', 'ALL:@SECLEVEL=0'], 'tls.version-mismatch', /TLSv1\b/],
    ['TLS 1.1', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'], 'tls.version-mismatch', /TLSv1\.1/],
  ] as const)('%s', async (_, args, code, answer) => {
    const port = await sServer(...args);
    const report = await checkConnection({ host: 'localhost', port, ca: world.root.pem, timeout: 3000 });
    expect(report.diagnoses.map((diagnosis) => [diagnosis.code, diagnosis.certainty])).toEqual([
      [code, 'proven'],
    ]);
    expect(report.experiments.find(({ id }) => id === 'any-cipher')?.summary).toMatch(answer);
  });
});
