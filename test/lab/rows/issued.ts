import type { Credentials } from '../../../src/pki/index.js';
import { issue } from '../servers/issue.js';
import type { Stand } from '../stand.js';
import { chain, keyPem, type ServerIdentity } from '../world.js';

/** Certificates with extensions and faults that only openssl writes. */

export const localhost = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1';

export function identity(leaf: Credentials, ...above: readonly Credentials[]): ServerIdentity {
  return { cert: chain(leaf, ...above), key: keyPem(leaf.key) };
}

/** A server certificate of the good root, with these extensions. */
export const ofRoot =
  (...extensions: readonly string[]) =>
  (stand: Stand): ServerIdentity =>
    identity(issue(stand, { subject: '/CN=localhost', issuer: stand.world.serverRoot, extensions }));

/** An authority below the good root, with these extensions, and a leaf below it. */
export const below =
  (...extensions: readonly string[]) =>
  (stand: Stand): ServerIdentity => {
    const ca = issue(stand, {
      subject: '/O=Lab Trust Services/CN=Odd CA',
      issuer: stand.world.serverRoot,
      extensions,
    });
    return identity(issue(stand, { subject: '/CN=localhost', issuer: ca, extensions: [localhost] }), ca);
  };
