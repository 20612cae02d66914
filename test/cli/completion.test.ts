import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { listFaults } from '../../src/sandbox/index.js';
import { repository, run, sapcert } from '../support/run.js';
import { peerEnv } from '../support/programs.js';
import { temporaryFolder } from '../support/temp.js';

const root = temporaryFolder();
writeFileSync(
  join(root, 'sapcert'),
  `#!/bin/sh\nexec "${process.execPath}" "${join(repository, 'bin/sapcert.cjs')}" "$@"\n`,
);
chmodSync(join(root, 'sapcert'), 0o755);

/** What a real bash offers for the last of the words, with the script that `sapcert completion` prints. */
function offered(...words: string[]): Promise<string[]> {
  return offeredBy('sapcert completion', { SHELL: '/bin/bash' }, words);
}

async function offeredBy(
  completion: string,
  shell: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<string[]> {
  const folder = mkdtempSync(join(root, 'folder-'));
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const script = [
    `eval "$(${completion})"`,
    `COMP_WORDS=(sapcert ${quoted}); COMP_CWORD=${words.length}`,
    '_sapcert_yargs_completions',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const env = { PATH: `${root}${delimiter}${peerEnv()['PATH'] ?? ''}`, ...shell };
  const { stdout } = await run('bash', ['-c', script], { cwd: folder, env });
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '');
}

describe('completion in bash', () => {
  test.each<[string[], string[]]>([
    [['st'], ['strip']],
    [['help', 'in'], ['inspect']],
    [['strip', '--pass'], ['--passin']],
    [
      ['check', '--mqtt-version', ''],
      ['3.1.1', '5'],
    ],
    [
      ['verify-connect', '--until', 't'],
      ['tcp', 'tls'],
    ],
    [
      ['strip', '--key-format', 'p'],
      ['pkcs8', 'pkcs1'],
    ],
    [['strip', '--key-format', '=', 'pkcs1'], ['pkcs1']],
    [['check', '--profile', 'c'], ['cumulocity']],
    [['sandbox', '--fault', 'server-exp'], ['server-expired']],
    [['explain', 'mqtt.session'], ['mqtt.session-taken-over']],
    [['inspect', 'x.pem', '--json', '--js'], []],
  ])('%j', async (words, expected) => expect(await offered(...words)).toEqual(expected));

  test.each<[Record<string, string>]>([[{ SHELL: '/bin/zsh' }], [{ SHELL: '/bin/zsh', ZSH_NAME: 'zsh' }]])(
    'asked for by name, under the login shell of %j: words without descriptions',
    async (shell) => {
      expect(await offeredBy('sapcert completion bash', shell, ['strip', '--overw'])).toEqual([
        '--overwrite',
      ]);
    },
  );

  test('every fault, and the list of them', async () => {
    const names = listFaults().map(({ name }) => name);
    expect((await offered('sandbox', '--fault', '')).toSorted()).toEqual(['list', ...names].toSorted());
  });

  test.each([
    ['an input', ['strip', '']],
    ['the value of an option that names a file', ['strip', 'x.pem', '-o', '']],
    ['a secret', ['check', 'x.pem', '--ca', '']],
    ['what is no command', ['strap', '']],
  ])('%s: nothing, so that bash offers files', async (_name, words) => {
    expect(await offered(...words)).toEqual([]);
  });
});

test.each([
  ['bash', '/bin/zsh', 'complete -o bashdefault'],
  ['zsh', '/bin/bash', '#compdef sapcert'],
])('sapcert completion %s prints that one, whatever shell runs', async (shell, running, words) => {
  const ran = await sapcert(['completion', shell], { env: { SHELL: running, ZSH_NAME: 'zsh' } });
  expect(ran).toMatchObject({ status: 0, stderr: '' });
  expect(ran.stdout.toString()).toContain(words);
});

test('the script for zsh says that zsh asks', async () => {
  const { stdout } = await sapcert(['completion', 'zsh'], { env: { SHELL: '/bin/bash' } });
  expect(stdout.toString()).toContain('SHELL=/bin/zsh sapcert --get-yargs-completions');
});

test('its help is no script', async () => {
  const { status, stdout } = await sapcert(['completion', '--help']);
  expect({ status, script: stdout.toString().includes('_sapcert') }).toEqual({ status: 0, script: false });
});

test('zsh gets descriptions', async () => {
  const env = { SHELL: '/bin/zsh' };
  expect((await sapcert(['completion'], { env })).stdout.toString()).toContain('#compdef sapcert');
  const args = ['--get-yargs-completions', 'sapcert', 'strip', '--overw'];
  expect((await sapcert(args, { env })).stdout.toString()).toBe('--overwrite:replace existing files\n');
});
