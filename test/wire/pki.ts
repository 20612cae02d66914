import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { peerEnv } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';

/** A small world of certificates in a folder of its own, made by openssl. */
export interface Pki {
  readonly dir: string;
  readonly path: (name: string) => string;
  readonly read: (name: string) => string;
}

const extensions = `
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
[server]
subjectAltName=DNS:localhost,DNS:gateway.example,IP:127.0.0.1,IP:::1
extendedKeyUsage=serverAuth
[client]
extendedKeyUsage=clientAuth
`;

/**
 * `ca.crt` signs `server` and `intermediate`, which signs `client` (chain in `client.chain.crt`) and `expired`;
 * `other-ca.crt` signs `stranger`. Keys are P-256, `rsa-server` is RSA.
 */
export function makePki(): Pki {
  const dir = temporaryFolder();
  const path = (name: string): string => join(dir, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: dir, stdio: 'pipe', env: peerEnv() });
  };
  const key = (name: string, rsa = false): void => {
    const kind = rsa
      ? ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048']
      : ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    openssl('genpkey', '-algorithm', ...kind, '-out', `${name}.key`);
  };
  const authority = (name: string, subject: string): void => {
    key(name);
    const args = ['-subj', subject, '-days', '30', '-config', 'ext.cnf', '-extensions', 'ca'];
    openssl('req', '-x509', '-new', '-key', `${name}.key`, '-out', `${name}.crt`, ...args);
  };
  const issue = (name: string, issuer: string, section: string, subject: string, rsa = false): void => {
    key(name, rsa);
    openssl(
      'req',
      '-new',
      '-key',
      `${name}.key`,
      '-subj',
      subject,
      '-out',
      `${name}.csr`,
      '-config',
      'ext.cnf',
    );
    const from = ['-CA', `${issuer}.crt`, '-CAkey', `${issuer}.key`, '-CAcreateserial'];
    const days = name === 'expired' ? ['-days', '-1'] : ['-days', '20'];
    const what = ['-extfile', 'ext.cnf', '-extensions', section, '-out', `${name}.crt`];
    openssl('x509', '-req', '-in', `${name}.csr`, ...from, ...days, ...what);
  };
  writeFileSync(path('ext.cnf'), `[req]\ndistinguished_name=dn\n[dn]\n${extensions}`);
  authority('ca', '/C=DE/O=Example, Inc./CN=Test Root "1"');
  authority('other-ca', '/O=Elsewhere/CN=Other Root');
  issue('intermediate', 'ca', 'ca', '/O=Example/CN=Device CA');
  issue('server', 'ca', 'server', '/CN=localhost');
  issue('rsa-server', 'ca', 'server', '/CN=localhost', true);
  issue('client', 'intermediate', 'client', '/CN=device-1');
  issue('expired', 'intermediate', 'client', '/CN=device-2');
  issue('stranger', 'other-ca', 'client', '/CN=device-3');
  const read = (name: string): string => readFileSync(path(name), 'utf8');
  for (const name of ['client', 'expired'])
    writeFileSync(path(`${name}.chain.crt`), read(`${name}.crt`) + read('intermediate.crt'));
  return { dir, path, read };
}
