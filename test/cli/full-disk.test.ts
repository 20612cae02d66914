import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { fixtures, sapcert } from '../support/run.js';

const bundle = join(fixtures, 'device.pem');

(existsSync('/dev/full') ? describe : describe.skip)('standard output on a full disk', () => {
  test.each([
    [['--help']],
    [['strip', bundle, '-o', '-']],
    [['inspect', bundle]],
    [['inspect', fixtures]],
    [['explain', 'rc=3']],
    [['explain', 'rc=3', '--json']],
    [['check', '--host', '127.0.0.1:1']],
    [['sandbox', '--fault', 'list']],
  ])('sapcert %j says so, and not that sapcert is broken', async (args) => {
    const full = openSync('/dev/full', 'w');
    try {
      const ran = await sapcert(args, { stdio: ['ignore', full, 'pipe'] });
      expect(ran).toMatchObject({
        status: 3,
        stderr: expect.stringContaining('no space left for standard output'),
      });
      expect(ran.stderr).not.toContain('unexpected');
    } finally {
      closeSync(full);
    }
  });
});
