import { generateKeyPairSync } from 'node:crypto';
import type { TlsOptions } from 'node:tls';
import type { Credentials } from '../../../src/pki/index.js';
import { anyOf, named, oneOf, proven, type Expectation, type FailureRow, type Setup } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { issue } from '../servers/issue.js';
import { asking } from '../servers/tls.js';
import type { Stand } from '../stand.js';
import { rsaKey, type ServerIdentity } from '../world.js';
import { below, identity, localhost, ofRoot } from './issued.js';
import { device } from './support.js';

interface ServerCase {
  readonly what: string;
  readonly expect: Expectation;
  readonly named: RegExp;
  readonly identity: (stand: Stand) => ServerIdentity | Promise<ServerIdentity>;
  readonly tls?: TlsOptions;
  readonly options?: (stand: Stand) => Partial<Setup> | Promise<Partial<Setup>>;
}

const wrongName = /host ?name|altnames|doesn'?t match|does not match|mismatch/i;
const untrusted =
  /unable to|verify failed|invalid CA|path length|not permitted|permitted subtree|critical|unknown ca/i;

/** One key under two certificates. */
const renewed = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

const serverCases: readonly ServerCase[] = [
  {
    what: 'with a CN that fits, and alternative names that do not',
    expect: proven('tls.server-wrong-host'),
    named: wrongName,
    identity: ofRoot('subjectAltName=DNS:broker.example.net'),
  },
  {
    what: 'that has the address as a DNS name, and the device is given the address',
    expect: proven('tls.server-wrong-host'),
    named: wrongName,
    identity: ofRoot('subjectAltName=DNS:127.0.0.1'),
    options: () => ({ host: '127.0.0.1' }),
  },
  {
    what: 'for another address than the one the device is given',
    expect: proven('tls.server-wrong-host'),
    named: wrongName,
    identity: ofRoot('subjectAltName=IP:192.0.2.7,DNS:localhost'),
    options: () => ({ host: '127.0.0.1' }),
  },
  {
    what: 'with an e-mail address as its only name, and a CN that fits',
    expect: anyOf(['tls.server-wrong-host']),
    named: wrongName,
    identity: (stand) =>
      identity(
        issue(stand, {
          subject: '/CN=somebody else',
          issuer: stand.world.serverRoot,
          extensions: ['subjectAltName=email:me@example.net'],
        }),
      ),
  },
  {
    what: 'with no name at all',
    expect: proven('tls.server-wrong-host', { says: [/no name at all|for /] }),
    named: wrongName,
    identity: (stand) =>
      identity(
        issue(stand, {
          subject: '/O=Nameless',
          issuer: stand.world.serverRoot,
          extensions: ['basicConstraints=CA:FALSE'],
        }),
      ),
  },
  {
    what: 'whose wildcard stands for a whole domain (*.lab.test), and the name has two labels before it',
    expect: proven('tls.server-wrong-host'),
    named: wrongName,
    identity: ofRoot('subjectAltName=DNS:*.lab.test'),
    options: () => ({ servername: 'a.b.lab.test' }),
  },
  {
    what: 'for clients only (extended key usage)',
    expect: proven('tls.server-wrong-purpose'),
    named: /purpose|unsupported/i,
    identity: ofRoot(localhost, 'extendedKeyUsage=clientAuth'),
  },
  {
    what: 'for code signing only',
    expect: proven('tls.server-wrong-purpose', { says: [/codeSigning/] }),
    named: /purpose|unsupported/i,
    identity: ofRoot(localhost, 'extendedKeyUsage=critical,codeSigning'),
  },
  {
    what: 'below an authority whose extended key usage is for clients only',
    expect: anyOf(['tls.server-wrong-purpose']),
    named: /purpose|unsupported/i,
    identity: below('basicConstraints=critical,CA:TRUE', 'extendedKeyUsage=clientAuth'),
  },
  {
    what: 'below a certificate that is no authority',
    expect: named('tls.server-untrusted', {
      never: ['tls.server-wrong-purpose', 'tls.server-chain-incomplete'],
      says: [/Odd CA/],
    }),
    named: untrusted,
    identity: below('basicConstraints=critical,CA:FALSE'),
  },
  {
    what: 'below an authority that may not sign certificates (key usage)',
    expect: proven('tls.server-untrusted', {
      never: ['tls.server-chain-incomplete', 'ca-file.not-the-issuer', 'tls.server-weak-key'],
      says: [/Odd CA.*may not sign certificates/],
    }),
    named: untrusted,
    identity: below('basicConstraints=critical,CA:TRUE', 'keyUsage=digitalSignature'),
  },
  {
    what: 'whose key identifiers name another issuer than the one that signed it',
    expect: named('tls.server-untrusted', {
      never: ['tls.server-chain-incomplete', 'ca-file.not-the-issuer'],
      says: [/key identifiers/],
    }),
    named: untrusted,
    identity: (stand) => {
      const ca = (serial: string) =>
        issue(stand, {
          subject: '/O=Lab Trust Services/CN=Renewed CA',
          issuer: stand.world.serverRoot,
          extensions: ['basicConstraints=critical,CA:TRUE', 'subjectKeyIdentifier=hash'],
          key: renewed,
          args: ['-set_serial', serial],
        });
      const extensions = [localhost, 'authorityKeyIdentifier=issuer:always'];
      const leaf = issue(stand, { subject: '/CN=localhost', issuer: ca('77'), extensions });
      return identity(leaf, ca('78'));
    },
  },
  ...(['basicConstraints=CA:FALSE', 'subjectKeyIdentifier=hash'] as const).map((line): ServerCase => {
    const make = (stand: Stand) =>
      sameFor(stand, line, () =>
        issue(stand, { subject: '/O=Lab Trust Services/CN=Plain root', extensions: [line] }),
      );
    return {
      what: `of a root in the CA file that is no authority (${line})`,
      expect: proven('ca-file.unusable', {
        never: ['tls.server-wrong-purpose', 'ca-file.not-the-issuer'],
        says: [/Plain root.*basic constraints/],
      }),
      named: untrusted,
      identity: (stand) =>
        identity(issue(stand, { subject: '/CN=localhost', issuer: make(stand), extensions: [localhost] })),
      options: (stand) => ({ ca: make(stand).pem }),
    };
  }),
  {
    what: 'of an authority that is allowed other names only (name constraints)',
    expect: anyOf(['tls.server-untrusted'], { says: [/permitted/i], never: ['tls.server-wrong-host'] }),
    named: untrusted,
    identity: below(
      'basicConstraints=critical,CA:TRUE',
      'nameConstraints=critical,permitted;DNS:example.net',
    ),
  },
  {
    what: 'below one authority more than its root allows (path length)',
    expect: anyOf(['tls.server-untrusted'], { says: [/PATH_LENGTH|path length/i] }),
    named: untrusted,
    identity: (stand) => {
      const first = issue(stand, {
        subject: '/O=Lab Trust Services/CN=Last CA',
        issuer: stand.world.serverRoot,
        extensions: ['basicConstraints=critical,CA:TRUE,pathlen:0'],
      });
      const second = issue(stand, {
        subject: '/O=Lab Trust Services/CN=One too many',
        issuer: first,
        extensions: ['basicConstraints=critical,CA:TRUE'],
      });
      return identity(
        issue(stand, { subject: '/CN=localhost', issuer: second, extensions: [localhost] }),
        second,
        first,
      );
    },
  },
  {
    what: 'with a critical extension that nobody knows',
    expect: anyOf(['tls.server-untrusted'], { says: [/critical/i] }),
    named: untrusted,
    identity: ofRoot(localhost, '1.2.3.4.5=critical,ASN1:UTF8String:hello'),
  },
  {
    what: 'with an RSA key of 1024 bits, signed with SHA-1',
    expect: anyOf(['tls.server-weak-key']),
    named: /too (?:weak|small)|weak/i,
    identity: (stand) => {
      const root = stand.world.serverRoot;
      const key = rsaKey(1024);
      return identity(
        issue(stand, {
          subject: '/CN=localhost',
          issuer: root,
          extensions: [localhost],
          key,
          args: ['-sha1'],
        }),
      );
    },
    tls: { ciphers: 'DEFAULT:@SECLEVEL=0' },
  },
  {
    what: 'that expired a minute ago',
    expect: proven('tls.server-expired', { never: ['clock.wrong'] }),
    named: /expired/i,
    identity: async ({ world }) =>
      world.makeServer({ notBefore: new Date(Date.now() - 86_460_000), days: 1 }),
  },
  {
    what: 'that begins in ten minutes, as when the clocks differ',
    expect: proven('tls.server-not-yet-valid'),
    named: /not yet valid/i,
    identity: async ({ world }) => world.makeServer({ notBefore: new Date(Date.now() + 600_000) }),
  },
  {
    what: 'whose issuer, which it sends, has expired',
    expect: proven('tls.server-expired', { says: [/intermediate Old CA/] }),
    named: /expired/i,
    identity: (stand) => {
      const old = issue(stand, {
        subject: '/O=Lab Trust Services/CN=Old CA',
        issuer: stand.world.serverRoot,
        extensions: ['basicConstraints=critical,CA:TRUE'],
        args: ['-days', '-1'],
      });
      return identity(issue(stand, { subject: '/CN=localhost', issuer: old, extensions: [localhost] }), old);
    },
  },
  {
    what: 'of a root that has expired, which is in the CA file',
    expect: proven('ca-file.unusable', { says: [/expired/] }),
    named: /expired/i,
    identity: async (stand) =>
      identity(issue(stand, { subject: '/CN=localhost', issuer: oldRoot(stand), extensions: [localhost] })),
    options: (stand) => ({ ca: oldRoot(stand).pem }),
  },
  {
    what: 'of a private root that it sends along, and no CA file given',
    expect: named('tls.server-untrusted', { says: [/SHA-256/] }),
    named: untrusted,
    identity: async ({ world }) => world.makeServer({ above: [world.serverIssuer, world.serverRoot] }),
    options: () => ({ ca: undefined, profile: 'generic' }),
  },
  {
    what: 'sent with the intermediate of another authority',
    expect: oneOf(['tls.server-chain-incomplete', 'ca-file.not-the-issuer']),
    named: untrusted,
    identity: async ({ world }) => world.makeServer({ above: [world.foreignIssuer] }),
  },
  {
    what: 'of a root whose intermediate alone is trusted, but another one',
    expect: anyOf(['ca-file.not-the-issuer']),
    named: untrusted,
    identity: async ({ world }) => world.server,
    options: ({ world }) => ({ ca: world.foreignIssuer.pem }),
  },
];

const made = new WeakMap<object, Map<string, Credentials>>();

/** The server and the CA file need the same one. */
function sameFor(stand: Stand, what: string, make: () => Credentials): Credentials {
  const known = made.get(stand.world) ?? new Map<string, Credentials>();
  made.set(stand.world, known);
  const found = known.get(what) ?? make();
  known.set(what, found);
  return found;
}

function oldRoot(stand: Stand): Credentials {
  return sameFor(stand, 'expired', () =>
    issue(stand, {
      subject: '/O=Lab Trust Services/CN=Lab Root of old',
      extensions: ['basicConstraints=critical,CA:TRUE', 'subjectKeyIdentifier=hash'],
      args: ['-days', '-1'],
    }),
  );
}

export const issuedServerRows: readonly FailureRow[] = serverCases.map(
  ({ what, expect, named, identity: make, tls = {}, options }): FailureRow => ({
    name: `server certificate ${what}`,
    needs: ['openssl'],
    expect,
    named,
    setup: async (stand) => {
      const served = await make(stand);
      const at = await gateway(stand, { tls: { ...asking(stand.world.deviceRoot.pem), ...served, ...tls } });
      return device(stand, at, await options?.(stand));
    },
  }),
);
