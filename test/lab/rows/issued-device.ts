import type { Credentials } from '../../../src/pki/index.js';
import { anyOf, named, proven, type Expectation, type FailureRow } from '../row.js';
import { issue } from '../servers/issue.js';
import { mosquitto } from '../servers/mosquitto.js';
import { slowAfterFirst } from '../servers/relay.js';
import type { At, Stand } from '../stand.js';
import { bundleOf } from '../world.js';
import { device } from './support.js';

interface DeviceCase {
  readonly what: string;
  readonly expect: Expectation;
  readonly named: RegExp;
  readonly input: (stand: Stand) => string | Promise<string>;
}

const deviceLeaf = (stand: Stand, issuer: Credentials, ...extensions: readonly string[]): Credentials =>
  issue(stand, {
    subject: '/CN=lab-device-1',
    issuer,
    extensions: extensions.length === 0 ? ['basicConstraints=CA:FALSE'] : extensions,
  });

const belowDeviceRoot = (stand: Stand, ...extensions: readonly string[]): string => {
  const ca = issue(stand, {
    subject: '/O=Lab Device Trust/CN=Odd CA',
    issuer: stand.world.deviceRoot,
    extensions,
  });
  return bundleOf(deviceLeaf(stand, ca), ca);
};

const refusedByTls = [
  'tls.client-certificate-refused',
  'tls.client-certificate-issuer-not-accepted',
] as const;

const deviceCases: readonly DeviceCase[] = [
  {
    what: 'for e-mail only (extended key usage)',
    expect: proven('tls.client-certificate-wrong-purpose', { says: [/emailProtection/] }),
    named: /purpose|unsupported/i,
    input: (stand) => bundleOf(deviceLeaf(stand, stand.world.deviceRoot, 'extendedKeyUsage=emailProtection')),
  },
  {
    what: 'for encryption only (key usage)',
    expect: proven('tls.client-certificate-wrong-purpose', { says: [/digitalSignature/] }),
    named: /purpose|unsupported/i,
    input: (stand) =>
      bundleOf(deviceLeaf(stand, stand.world.deviceRoot, 'keyUsage=critical,dataEncipherment')),
  },
  {
    what: 'below a certificate that is no authority',
    expect: anyOf(refusedByTls, {
      never: ['tls.client-certificate-chain-incomplete', 'tls.client-certificate-expired'],
    }),
    named: /unknown ca|invalid CA|bad certificate|alert/i,
    input: (stand) => belowDeviceRoot(stand, 'basicConstraints=critical,CA:FALSE'),
  },
  {
    what: 'below an authority that is for servers only',
    expect: named('tls.client-certificate-wrong-purpose', {
      never: ['tls.client-certificate-chain-incomplete'],
    }),
    named: /purpose|unsupported/i,
    input: (stand) =>
      belowDeviceRoot(stand, 'basicConstraints=critical,CA:TRUE', 'extendedKeyUsage=serverAuth'),
  },
  {
    what: 'below an authority that has expired',
    expect: named('chain.intermediate-expired'),
    named: /expired/i,
    input: (stand) => {
      const ca = issue(stand, {
        subject: '/O=Lab Device Trust/CN=Old Device CA',
        issuer: stand.world.deviceRoot,
        extensions: ['basicConstraints=critical,CA:TRUE'],
        args: ['-days', '-1'],
      });
      return bundleOf(deviceLeaf(stand, ca), ca);
    },
  },
  {
    what: 'with a critical extension that nobody knows, and its intermediate',
    expect: anyOf(refusedByTls, {
      certainty: ['likely', 'possible'],
      never: ['tls.client-certificate-chain-incomplete', 'tls.client-certificate-expired'],
    }),
    named: /unhandled critical|certificate unknown|alert/i,
    input: (stand) => {
      const ca = stand.world.deviceIssuer;
      return bundleOf(deviceLeaf(stand, ca, '1.2.3.4.5=critical,ASN1:UTF8String:hello'), ca);
    },
  },
  {
    what: 'with a critical extension that nobody knows',
    expect: anyOf(refusedByTls, {
      certainty: ['likely', 'possible'],
      never: ['tls.client-certificate-expired'],
    }),
    named: /alert|certificate/i,
    input: (stand) =>
      bundleOf(deviceLeaf(stand, stand.world.deviceRoot, '1.2.3.4.5=critical,ASN1:UTF8String:hello')),
  },
  {
    what: 'that signed itself, under the name of the gateway’s authority',
    expect: anyOf(['chain.self-signed', 'tls.client-certificate-issuer-not-accepted'], {
      never: ['tls.client-certificate-chain-incomplete'],
    }),
    named: /self[- ]signed|unknown ca|alert/i,
    input: (stand) =>
      bundleOf(
        issue(stand, {
          subject: '/C=DE/O=Lab Device Trust/CN=Lab Device Root',
          extensions: ['basicConstraints=CA:FALSE'],
        }),
      ),
  },
  {
    what: 'of an authority of the same name, made anew with another key',
    expect: anyOf(['tls.client-certificate-issuer-not-accepted', 'tls.client-certificate-refused'], {
      never: ['tls.client-certificate-expired', 'tls.client-certificate-revoked'],
    }),
    named: /signature|unknown ca|alert/i,
    input: (stand) => {
      const twin = issue(stand, {
        subject: '/C=DE/O=Lab Device Trust/CN=Lab Device Root',
        extensions: ['basicConstraints=critical,CA:TRUE'],
      });
      return bundleOf(deviceLeaf(stand, twin));
    },
  },
];

const row = (
  { what, expect, named, input }: DeviceCase,
  tlsVersion: '1.2' | '1.3',
  path = async (_stand: Stand, broker: At): Promise<At> => broker,
): FailureRow => ({
  name: `mosquitto, TLS ${tlsVersion}: a certificate ${what}`,
  needs: ['openssl', 'mosquitto'],
  expect,
  named,
  setup: async (stand) => {
    const broker = await mosquitto(stand, { tlsVersion, clientCa: stand.world.deviceRoot.pem });
    return device(stand, await path(stand, broker), { input: await input(stand), profile: 'generic' });
  },
});

export const issuedDeviceRows: readonly FailureRow[] = [
  ...(['1.2', '1.3'] as const).flatMap((version) => deviceCases.map((one) => row(one, version))),
  // What was refused at once is refused late when it is tried again: that is no success of what was varied.
  ...deviceCases.map((one) =>
    row({ ...one, what: `${one.what}; later answers are late` }, '1.3', (stand, broker) =>
      slowAfterFirst(stand, broker, 400),
    ),
  ),
];
