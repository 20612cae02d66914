import { execFileSync } from 'node:child_process';
import { SapcertError } from '../../../src/errors.js';
import type { DiagnosisCode } from '../../../src/codes.js';
import { peerEnv } from '../../support/programs.js';
import { named, oneOf, proven, type FailureRow, type Setup } from '../row.js';
import type { Stand } from '../stand.js';
import { bundleOf, expired, future, keyPem, rsaKey } from '../world.js';
import { device, fine } from './support.js';

type Bundle = (stand: Stand) => Promise<Partial<Setup>> | Partial<Setup>;

/** A row whose cause is in the file: whatever the network is like, nothing must be contacted. */
function file(
  name: string,
  code: DiagnosisCode,
  named: RegExp,
  bundle: Bundle,
  needs: FailureRow['needs'] = [],
): FailureRow {
  return {
    name: `file: ${name}`,
    expect: proven(code),
    named,
    needs,
    fileOnly: true,
    setup: async (stand) => device(stand, await fine(stand), await bundle(stand)),
  };
}

function pem(label: string, der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString('base64')
    .replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

/** PKCS#8 with version 0, an algorithm (OID and parameters as DER) and five bytes of a key that is none. */
function hollowKey(algorithm: readonly number[]): string {
  const inner = [2, 1, 0, 0x30, algorithm.length, ...algorithm, 4, 5, 0x30, 3, 2, 1, 0];
  return pem('PRIVATE KEY', Uint8Array.of(0x30, inner.length, ...inner));
}

const rsaEncryption = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0];
const gost2012 = [6, 8, 0x2a, 0x85, 3, 7, 1, 1, 1, 1];

/** Changes bytes inside a PEM block, such as an object identifier or a count. */
function patched(block: string, from: readonly number[], to: readonly number[]): string {
  const [, label = '', body = ''] = /-----BEGIN ([^-]+)-----([^-]+)/.exec(block) ?? [];
  const der = Buffer.from(body, 'base64');
  const at = der.indexOf(Buffer.from(from));
  if (at < 0) throw new Error('the bytes to change are not there');
  Buffer.from(to).copy(der, at);
  return pem(label, der);
}

function opensslKey(stand: Stand, args: readonly string[]): string {
  const input = keyPem(stand.world.device.key);
  return execFileSync('openssl', ['pkcs8', '-topk8', '-passout', 'pass:secret', ...args], {
    input,
    env: peerEnv(),
    encoding: 'utf8',
  });
}

const loading = /no such file|not found|unable to load|could not (?:open|read|find)|ENOENT/i;
const badKey = /\bkey\b/i;
const badSecret = /bad decrypt|pass ?(?:word|phrase)|mac verify/i;

export const fileRows: readonly FailureRow[] = [
  file('there is none', 'file.not-found', loading, () => ({
    input: new SapcertError('file.not-found', 'no such file', { place: { file: 'device.pem' } }),
  })),
  file('it may not be read', 'file.unreadable', /permission|EACCES/i, () => ({
    input: new SapcertError('file.unreadable', 'permission denied', { place: { file: 'device.pem' } }),
  })),
  file('it is a disk image', 'file.too-large', /large|size/i, () => ({
    input: new SapcertError('file.too-large', 'larger than any bundle', { place: { file: 'device.pem' } }),
  })),
  file('it is empty', 'file.empty', /empty|no certificate|no start line/i, () => ({ input: '' })),
  file('it holds only blank lines', 'file.empty', /empty|no certificate|no start line/i, () => ({
    input: '\n \r\n\t\n',
  })),
  file(
    'it is the login page that a download gave',
    'file.unrecognised',
    /no start line|not a (?:PEM|cert)|unrecogni/i,
    () => ({
      input: '<!doctype html><html><body><form action="/login">Please sign in</form></body></html>',
    }),
  ),
  file('it is a picture', 'file.unrecognised', /no start line|not a (?:PEM|cert)|unrecogni/i, () => ({
    input: Uint8Array.from([
      0x89,
      0x50,
      0x4e,
      0x47,
      13,
      10,
      26,
      10,
      ...Array.from({ length: 300 }, (_, at) => (at * 37) % 256),
    ]),
  })),
  file('signs that are no base64 in the certificate', 'file.malformed', /base64|decode/i, ({ world }) => ({
    input: keyPem(world.device.key) + world.device.pem.replace(/\n([\w+/]{20})/, '\n$1**--**'),
  })),
  file(
    'cut off in the middle of the certificate',
    'file.truncated',
    /truncat|bad end line|no end|cut/i,
    ({ world }) => ({
      input: world.leafOnly.slice(0, -300),
    }),
  ),
  file(
    'cut off in the middle of the key',
    'file.truncated',
    /truncat|bad end line|no end|cut/i,
    ({ world }) => ({
      input: world.leafOnly.slice(0, 700),
    }),
  ),
  file(
    'the certificate alone',
    'file.no-private-key',
    /private key|no start line.*ANY PRIVATE/i,
    ({ world }) => ({
      input: world.device.pem,
    }),
  ),
  file('a service key without its key', 'file.no-private-key', /private key/i, ({ world }) => ({
    input: JSON.stringify({
      certificate: world.device.pem,
      clientid: 'sb-x',
      certurl: 'https://x.example.com',
    }),
  })),
  file(
    'the key alone',
    'file.no-certificate',
    /no (?:start line|certificate)|unable to load (?:client )?certificate/i,
    ({ world }) => ({
      input: keyPem(world.device.key),
    }),
  ),
  file(
    'two devices in one file',
    'file.several-keys',
    /several|two|more than one|mismatch/i,
    async ({ world }) => ({
      input: bundleOf(await world.makeDevice({ key: rsaKey() })) + world.leafOnly,
    }),
  ),
  file(
    'two private keys, neither of the certificate',
    'key.certificate-mismatch',
    /mismatch|do(?:es)? not (?:match|belong)/i,
    ({ world }) => ({
      input: keyPem(rsaKey()) + keyPem(rsaKey()) + world.device.pem,
    }),
  ),
  file(
    'something else in the certificate block',
    'file.not-a-certificate',
    /not a certificate|asn1|decode|wrong tag/i,
    ({ world }) => ({
      input:
        keyPem(world.device.key) +
        pem('CERTIFICATE', world.device.certificate.publicKey.export({ type: 'spki', format: 'der' })),
    }),
  ),
  file('an encrypted key and no secret', 'key.passphrase-missing', badSecret, ({ world }) => ({
    input: keyPem(world.device.key, 'jJ3fF7dD0rR2rR3wW0eE2tT') + world.device.pem,
  })),
  file('an encrypted key and another device’s secret', 'key.passphrase-wrong', badSecret, ({ world }) => ({
    input: keyPem(world.device.key, 'jJ3fF7dD0rR2rR3wW0eE2tT') + world.device.pem,
    passphrase: 'kK3fF7dD0rR2rR3wW0eE2tT',
  })),
  file('a secret that the shell cut at its !', 'key.passphrase-wrong', badSecret, ({ world }) => ({
    input: keyPem(world.device.key, 'Ab3dEf!gH1jKl#mN0pQr?sT5uVwXyZ12345a') + world.device.pem,
    passphrase: 'Ab3dEf',
  })),
  file(
    'a PKCS#12 file and the wrong secret',
    'key.passphrase-wrong',
    badSecret,
    (stand) => ({
      input: execFileSync(
        'openssl',
        [
          'pkcs12',
          '-export',
          '-in',
          stand.file('all.pem', stand.world.bundle),
          '-passout',
          'pass:right-secret',
        ],
        { env: peerEnv() },
      ),
      passphrase: 'wrong-secret',
    }),
    ['openssl'],
  ),
  file(
    'a key sealed with a cipher that nobody knows',
    'key.unsupported-encryption',
    /unsupported|unknown cipher/i,
    ({ world }) => ({
      input:
        patched(
          keyPem(world.device.key, 'secret'),
          [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a],
          [0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x7f],
        ) + world.device.pem,
      passphrase: 'secret',
    }),
  ),
  file(
    'a key that asks for eight million rounds',
    'key.kdf-too-costly',
    /iteration|costly/i,
    (stand) => ({
      input:
        patched(
          opensslKey(stand, ['-v2', 'aes-256-cbc', '-iter', '1000000']),
          [2, 3, 0x0f, 0x42, 0x40],
          [2, 3, 0x7f, 0xff, 0xff],
        ) + stand.world.device.pem,
      passphrase: 'secret',
    }),
    ['openssl'],
  ),
  file(
    'a key whose scrypt asks for too much',
    'key.kdf-too-costly',
    /memory|scrypt|costly/i,
    (stand) => ({
      input:
        patched(
          opensslKey(stand, ['-scrypt']),
          [2, 2, 0x40, 0, 2, 1, 8, 2, 1, 1],
          [2, 2, 0x40, 0, 2, 1, 0x7f, 2, 1, 0x7f],
        ) + stand.world.device.pem,
      passphrase: 'secret',
    }),
    ['openssl'],
  ),
  file(
    'a key of a kind that TLS does not know',
    'key.unsupported-type',
    /unsupported|unknown/i,
    ({ world }) => ({
      input: hollowKey(gost2012) + world.device.pem,
    }),
  ),
  file(
    'an RSA key without its numbers',
    'key.damaged',
    /asn1|decode|too long|damaged|wrong/i,
    ({ world }) => ({
      input: hollowKey(rsaEncryption) + world.device.pem,
    }),
  ),
  file(
    'the key of another device',
    'key.certificate-mismatch',
    /mismatch|do(?:es)? not (?:match|belong)/i,
    ({ world }) => ({
      input: keyPem(rsaKey()) + world.device.pem,
    }),
  ),
  file(
    'the key of another device in a file of its own',
    'key.certificate-mismatch',
    /mismatch|do(?:es)? not (?:match|belong)/i,
    ({ world }) => ({
      input: world.device.pem,
      key: keyPem(rsaKey()),
    }),
  ),
  file('the public key for the private one', 'key.not-private', badKey, ({ world }) => ({
    input:
      String(world.device.certificate.publicKey.export({ type: 'spki', format: 'pem' })) + world.device.pem,
  })),
  {
    name: 'CA file: it holds no certificate',
    expect: proven('ca-file.unusable'),
    named: /\bCA\b|no certificate or crl|cafile/i,
    setup: async (stand) => device(stand, await fine(stand), { ca: 'no certificates here\n' }),
  },
  ...(['PEM', 'DER'] as const).map((form): FailureRow => ({
    name: `CA file: a collection as Windows exports it (PKCS#7, ${form})`,
    needs: ['openssl'],
    expect: proven('ca-file.unusable', { says: [/PKCS#7/, /print_certs/] }),
    named: /\bCA\b|no certificate or crl|cafile/i,
    setup: async (stand) => {
      const root = stand.file('root-for-p7b.pem', stand.world.serverRoot.pem);
      const args = ['crl2pkcs7', '-nocrl', '-certfile', root, '-outform', form];
      return device(stand, await fine(stand), { ca: execFileSync('openssl', args, { env: peerEnv() }) });
    },
  })),
  {
    name: 'CA file: it is damaged',
    expect: proven('ca-file.unusable'),
    named: /\bCA\b|cafile|asn1|base64|decode/i,
    setup: async (stand) => {
      const { pem } = stand.world.serverRoot;
      return device(stand, await fine(stand), { ca: `${pem.slice(0, 200)}!!${pem.slice(202)}` });
    },
  },
  {
    name: 'certificate: expired, and the network is looked at no further than TCP',
    expect: proven('certificate.expired'),
    named: /expired/i,
    setup: async (stand) => {
      const input = bundleOf(await stand.world.makeDevice(expired), stand.world.deviceIssuer);
      return device(stand, await fine(stand), { input, until: 'tcp' });
    },
  },
  {
    name: 'certificate: not valid before next month, and the network is looked at no further than TCP',
    expect: proven('certificate.not-yet-valid'),
    named: /not yet valid/i,
    setup: async (stand) => {
      const input = bundleOf(await stand.world.makeDevice(future), stand.world.deviceIssuer);
      return device(stand, await fine(stand), { input, until: 'tcp' });
    },
  },
  {
    name: 'certificate: issued for servers only, and the network is looked at no further than TCP',
    // Not every server looks at the purpose: this may be said with less certainty.
    expect: named('certificate.wrong-purpose'),
    named: /purpose/i,
    setup: async (stand) => {
      const input = bundleOf(await stand.world.makeDevice({ usage: 'server' }), stand.world.deviceIssuer);
      return device(stand, await fine(stand), { input, until: 'tcp' });
    },
  },
  {
    name: 'certificate: of another device than the one it should send for',
    // The gateway takes the measures of a foreign device and never acknowledges them: whether they were dropped
    // for their device, or the acknowledgements are late, cannot be seen.
    expect: oneOf(['certificate.device-id-mismatch', 'ack.none']),
    named: /another device|mismatch|belongs to/i,
    tools: 'publish',
    setup: async (stand) =>
      device(stand, await fine(stand), {
        deviceId: 'lab-device-2',
        measure: { capabilityAlternateId: 'c', sensorAlternateId: 's', measures: [['25']] },
        until: 'ack',
        timeout: 1200,
      }),
  },
];
