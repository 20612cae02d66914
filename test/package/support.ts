import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe } from '@jest/globals';
import { type Ran, repository, run } from '../support/run.js';

/** A `describe` that installs packages: skipped where no registry answers; with CI=true it runs, and fails there. */
export function describeWithRegistry(title: string, body: () => void): void {
  const runs = process.env['CI'] === 'true' || registryAnswers();
  (runs ? describe : describe.skip)(runs ? title : `${title}: needs a package registry`, body);
}

function registryAnswers(): boolean {
  try {
    execFileSync('npm', ['view', 'yargs', 'version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** Packs the built package and installs it into a folder, as a stranger would who runs no install scripts. */
export async function installInto(folder: string): Promise<void> {
  const packed = await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: repository,
  });
  if (packed.status !== 0) throw new Error(packed.stderr);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
  await npm(['install', '--global', '--prefix', join(folder, 'global'), join(folder, tarball)], folder);
  await npm(['install', join(folder, tarball)], folder);
}

/** @throws what npm said */
export async function npm(args: readonly string[], folder: string): Promise<void> {
  // A registry behind an authority of one's own.
  const env = { NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'] };
  const ran = await run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    env,
  });
  if (ran.status !== 0) throw new Error(ran.stderr);
}

/** An installed sapcert, and with what it is run. */
export interface Installed {
  /** `node`, or another version of it. */
  readonly node: string;
  readonly program: string;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function start({ node, program, cwd, env = {} }: Installed, args: readonly string[]): Promise<Ran> {
  return run(node, [program, ...args], { cwd, env });
}

interface Ready {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly devices: readonly { readonly bundle: string }[];
}

/** The exit codes of a device's life: a gateway, a check against it, a measure sent to it, and its end. */
export async function deviceLife(installed: Installed): Promise<Readonly<Record<string, number | null>>> {
  const { node, program, cwd, env = {} } = installed;
  const sandbox = spawn(node, [program, 'sandbox', '--port', '0', '--json'], {
    cwd,
    env: { ...process.env, ...env },
  });
  const ended = new Promise<number | null>((resolve) => sandbox.on('close', resolve));
  sandbox.stderr.resume();
  const codes: Record<string, number | null> = {};
  try {
    for await (const line of createInterface({ input: sandbox.stdout })) {
      const { host, port, ca, devices } = JSON.parse(line) as Ready;
      const where = [devices[0]?.bundle ?? '', '--host', `${host}:${port}`, '--ca', ca];
      codes['check'] = (await start(installed, ['check', ...where])).status;
      const measure = ['--capability', 'c', '--sensor', 's', '--measure', 'a=1'];
      codes['send'] = (await start(installed, ['send', ...where, ...measure])).status;
      break;
    }
  } finally {
    sandbox.kill('SIGINT');
  }
  return { ...codes, sandbox: await ended };
}
