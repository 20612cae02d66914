import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openssl } from '../support/run.js';

/** A new RSA key and a certificate of its own, as openssl makes them. */
export async function makeBundle(subject: string): Promise<{ key: Buffer; certificate: Buffer }> {
  const folder = mkdtempSync(join(tmpdir(), 'sapcert-test-'));
  try {
    const file = join(folder, 'key');
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', file];
    const args = ['-utf8', '-multivalue-rdn', '-days', '365', '-subj', subject];
    const certificate = await openssl(['req', '-x509', ...key, ...args]);
    return { key: readFileSync(file), certificate };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
