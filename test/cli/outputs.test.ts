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

test.each(['--report', '--pcap'])(
  '%s into a folder that is not there is refused before anything is contacted',
  async (option) => {
    const ran = await sapcert(['check', '--host', '127.0.0.1:1', option, 'no/such/file']);
    expect(ran).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('the folder of no/such/file does not exist'),
    });
    expect(ran.stdout.toString()).toBe('');
  },
);
