import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FleetResult } from '../../src/fleet/index.js';
import { openssl } from '../support/run.js';
import { makeBundle } from './bundles.js';

/** Bundles of several forms in a folder, each with a secret of its own beside it. */
export async function makeFolder(folder: string, names: readonly string[], subject: string): Promise<void> {
  const { key, certificate } = await makeBundle(subject);
  for (const [index, name] of names.entries()) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    const args = forms[index % forms.length] ?? [];
    const secret = `S3cret-${index}!`;
    const encrypted = await openssl([...args, '-passout', `pass:${secret}`], { input: key });
    writeFileSync(join(folder, `${name}.pem`), Buffer.concat([encrypted, certificate]));
    writeFileSync(join(folder, `${name}.secret`), `${secret}\n`, { mode: 0o600 });
  }
}

const forms: readonly (readonly string[])[] = [
  ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES', '-iter', '500'],
  ['rsa', '-traditional', '-aes256'],
  ['pkcs8', '-topk8', '-v2', 'aes-256-cbc'],
];

export async function collect(results: AsyncIterable<FleetResult>): Promise<FleetResult[]> {
  const all: FleetResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}

/** `a.pem: done written`, or the code of the failure. */
export const inShort = (result: FleetResult): string =>
  result.status === 'failed'
    ? `${result.input}: ${result.error.code}`
    : `${result.input}: ${result.status} ${result.written.map(({ status }) => status).join(' ')}`.trimEnd();
