import { execFileSync } from 'node:child_process';
import { X509Certificate, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Credentials } from '../../../src/pki/index.js';
import { peerEnv } from '../../support/programs.js';
import type { Stand } from '../stand.js';
import { keyPem } from '../world.js';

export interface IssueSetup {
  /** As openssl takes it: `/C=DE/CN=localhost`. */
  readonly subject: string;
  /** Absent: it signs itself. */
  readonly issuer?: Credentials;
  /** Lines of an extension section; what they refer to may follow as further sections. */
  readonly extensions: readonly string[];
  readonly key?: KeyObject;
  /** Further arguments of `openssl x509 -req`. */
  readonly args?: readonly string[];
}

let made = 0;

/** A certificate with whatever extensions openssl can write, for what src/pki has no words for. */
export function issue(stand: Stand, setup: IssueSetup): Credentials {
  const { subject, issuer, extensions, args = [] } = setup;
  const key = setup.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  made += 1;
  const file = (name: string, text: string): string => stand.file(`issued-${made}-${name}`, text);
  const keyFile = file('key', keyPem(key));
  const request = openssl(['req', '-new', '-utf8', '-key', keyFile, '-subj', subject]);
  const signer =
    issuer === undefined
      ? ['-signkey', keyFile]
      : ['-CA', file('ca', issuer.pem), '-CAkey', file('ca-key', keyPem(issuer.key)), '-CAcreateserial'];
  const pem = openssl([
    'x509',
    '-req',
    '-in',
    file('csr', request),
    ...signer,
    '-extfile',
    file('ext', `${extensions.join('\n')}\n`),
    ...(args.includes('-days') ? [] : ['-days', '300']),
    ...args,
  ]);
  return { pem, certificate: new X509Certificate(pem), key };
}

function openssl(args: readonly string[]): string {
  return execFileSync('openssl', args, {
    env: peerEnv(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
