import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CheckReport } from '../../src/check/index.js';
import { describeWithPeer } from '../support/peers.js';
import { repository, run } from '../support/run.js';
import { gateway } from './servers/gateway.js';
import { requiring } from './servers/tls.js';
import { openLab, type At, type Lab } from './stand.js';

/** A broker with which all is well, and a device whose clock is not: the whole check runs under faketime. */
describeWithPeer('faketime', 'the clock of the device', () => {
  let lab: Lab;
  let close: () => Promise<void>;
  let at: At;

  beforeAll(async () => {
    lab = await openLab();
    const stand = lab.stand();
    ({ close } = stand);
    at = await gateway(stand, { tls: requiring(lab.world.deviceRoot.pem) });
  });

  afterAll(async () => {
    await close();
    await lab.close();
  });

  test.each([
    ['1970, as after a power cut', '1970-01-02 00:00:00'],
    ['two years behind', '-730d'],
    ['eleven years ahead', '+4015d'],
  ])('%s', async (_, clock) => {
    const report = await checkAt(clock);
    expect(report.diagnoses.map(({ code }) => code)[0]).toBe('clock.wrong');
  });

  test('right, and all is well', async () => {
    expect((await checkAt('+0d')).diagnoses).toEqual([]);
  });

  async function checkAt(clock: string): Promise<CheckReport> {
    const { world } = lab;
    const program = ['test/support/run-ts.mjs', 'test/lab/check-once.ts'];
    const options = { ...at, input: world.bundle, ca: world.serverRoot.pem, timeout: 8000 };
    const { stdout, stderr } = await run('faketime', ['-f', clock, process.execPath, ...program], {
      cwd: join(repository),
      input: JSON.stringify(options),
      env: { FAKETIME_DONT_FAKE_MONOTONIC: '1' },
    });
    if (stdout.length === 0) throw new Error(stderr);
    return JSON.parse(stdout.toString()) as CheckReport;
  }
});
