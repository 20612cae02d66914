import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { skipReason } from '../support/peers.js';
import { repository, run } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const tests = `
test('one', () => undefined);
test('two', () => undefined);
test('three', () => { throw new Error('on purpose'); });
test.skip(${JSON.stringify(skipReason('against a broker', ['mosquitto', 'paho']))}, () => undefined);
test.skip(${JSON.stringify(skipReason('against another', ['mosquitto']))}, () => undefined);
`;

describe('how a run of the tests ends', () => {
  const folder = temporaryFolder();
  let lines: readonly string[] = [];

  beforeAll(async () => {
    writeFileSync(join(folder, 'some.test.cjs'), tests);
    writeFileSync(join(folder, 'broken.test.cjs'), 'this is no program');
    const reporter = join(repository, 'test/support/closing-reporter.mjs');
    const config = { rootDir: folder, reporters: [reporter], testMatch: ['**/*.test.cjs'], transform: {} };
    const jest = join(repository, 'node_modules/jest/bin/jest.js');
    const { status, stderr } = await run(process.execPath, [jest, '--config', JSON.stringify(config)]);
    expect(status).toBe(1);
    lines = stderr.trimEnd().split('\n');
  });

  test('with the count in one plain line; a file that cannot be loaded is a failure', () => {
    expect(lines.at(-1)).toBe('2 passed, 2 failed, 2 skipped');
  });

  test('with what to install for the tests that were skipped', () => {
    expect(lines.slice(-3, -1)).toEqual([
      'Skipped 2 groups of tests, which need: mosquitto, paho',
      'To run them as well: apt-get install mosquitto python3 python3-paho-mqtt',
    ]);
  });
});
