import { selfSigned, createAuthority, sapSubject } from '../../../src/pki/index.js';
import type { Peer } from '../../support/programs.js';
import {
  anyOf,
  likely,
  named,
  oneOf,
  proven,
  type Expectation,
  type FailureRow,
  type Setup,
} from '../row.js';
import { gateway } from '../servers/gateway.js';
import { mosquitto } from '../servers/mosquitto.js';
import { sServer } from '../servers/openssl.js';
import { stack, stacks, type StackName, type StackTls } from '../servers/stacks.js';
import { only12, only13, requiring } from '../servers/tls.js';
import type { At, Stand } from '../stand.js';
import { bundleOf, chain, expired, future, rsaKey } from '../world.js';
import { device } from './support.js';

interface Fault {
  readonly what: string;
  readonly expect: Expectation;
  readonly named: RegExp;
  readonly options: (stand: Stand) => Promise<Partial<Setup>> | Partial<Setup>;
  /** Stacks that let this pass. */
  readonly not?: readonly string[];
}

const refusedNever = [
  'mqtt.closed-before-connack',
  'mqtt.no-connack',
  'tls.handshake-failed',
  'tls.no-common-cipher',
  'tcp.reset',
  'tcp.closed',
] as const;
const unknownCa = /unknown ca|unable to get local issuer|issuer|self[- ]signed/i;
const missingChain = /chain|intermediate|unable to get (?:local )?issuer/i;

/** What devices do wrong, as every server that verifies at TLS level sees it. */
const faults: readonly Fault[] = [
  {
    what: 'no certificate',
    expect: proven('tls.client-certificate-missing', { never: [...refusedNever] }),
    named: /certificate required|peer did not return a certificate|did not (?:send|return)|no certificate/i,
    options: () => ({ input: undefined }),
  },
  {
    what: 'a certificate of another authority, with its whole chain',
    expect: named('tls.client-certificate-issuer-not-accepted', {
      never: ['tls.client-certificate-chain-incomplete', ...refusedNever],
    }),
    named: unknownCa,
    options: async ({ world }) => ({
      input: bundleOf(
        await world.makeDevice({ issuer: world.foreignIssuer }),
        world.foreignIssuer,
        world.foreignRoot,
      ),
    }),
  },
  {
    what: 'the leaf without its intermediate, which is nowhere at hand',
    // The same alert comes for an authority that is not trusted; only the intermediate would tell them apart.
    expect: oneOf(['tls.client-certificate-chain-incomplete', 'tls.client-certificate-issuer-not-accepted'], {
      never: [...refusedNever],
    }),
    named: missingChain,
    options: ({ world }) => ({ input: world.leafOnly }),
  },
  {
    what: 'the leaf without its intermediate, which stands in the CA file',
    expect: proven('tls.client-certificate-chain-incomplete', {
      experiments: { 'chain-added': 'accepted' },
      never: ['tls.client-certificate-issuer-not-accepted', ...refusedNever],
      says: [/SAP Internet of Things CA/],
    }),
    named: missingChain,
    options: ({ world }) => ({ input: world.leafOnly, ca: chain(world.serverRoot, world.deviceIssuer) }),
  },
  {
    what: 'an expired certificate',
    expect: named('tls.client-certificate-expired', { never: ['clock.wrong', ...refusedNever] }),
    named: /expired/i,
    options: async ({ world }) => ({ input: bundleOf(await world.makeDevice(expired), world.deviceIssuer) }),
  },
  {
    what: 'a certificate that is not yet valid',
    expect: named('tls.client-certificate-not-yet-valid', { never: [...refusedNever] }),
    named: /not yet valid/i,
    options: async ({ world }) => ({ input: bundleOf(await world.makeDevice(future), world.deviceIssuer) }),
  },
  {
    what: 'a certificate for servers',
    expect: named('tls.client-certificate-wrong-purpose', { never: [...refusedNever] }),
    named: /purpose|unsupported certificate/i,
    options: async ({ world }) => ({
      input: bundleOf(await world.makeDevice({ usage: 'server' }), world.deviceIssuer),
    }),
    not: ['GnuTLS'],
  },
  {
    what: 'a self-signed certificate',
    // The server may have pinned another self-signed one: no certainty.
    expect: likely('chain.self-signed', {
      never: ['tls.client-certificate-chain-incomplete', ...refusedNever],
    }),
    named: /self[- ]signed/i,
    options: async ({ world }) => ({
      input: bundleOf(
        await selfSigned({ subject: sapSubject({ deviceId: world.deviceId }), key: world.device.key }),
      ),
    }),
  },
];

type Server = readonly [
  name: string,
  needs: readonly Peer[],
  start: (stand: Stand, version: StackTls) => Promise<At>,
];

/** The world's good setting on each stack: certificates below the device root are required. */
const servers: readonly Server[] = [
  [
    'Node',
    [],
    async ({ shared }, version) =>
      shared(`Node ${version}`, async (common) =>
        gateway(common, {
          tls: { ...(version === '1.2' ? only12 : only13), ...requiring(common.world.deviceRoot.pem) },
        }),
      ),
  ],
  [
    'mosquitto',
    ['mosquitto'],
    async ({ shared }, version) =>
      shared(`mosquitto ${version}`, async (common) =>
        mosquitto(common, { clientCa: common.world.deviceRoot.pem, tlsVersion: version }),
      ),
  ],
  [
    's_server',
    ['openssl'],
    async (stand, version) =>
      sServer(stand, {
        clientCa: stand.world.deviceRoot.pem,
        args: [version === '1.2' ? '-tls1_2' : '-tls1_3'],
      }),
  ],
  ...(Object.keys(stacks) as StackName[]).map((name): Server => [
    name,
    [stacks[name].peer],
    async (stand, version) => stack(stand, name, version),
  ]),
];

const onStacks = servers.flatMap(([name, needs, start]) =>
  (['1.2', '1.3'] as const).flatMap((version) =>
    faults
      .filter(({ not = [] }) => !not.includes(name))
      .map(({ what, expect, named, options }): FailureRow => ({
        name: `${name}, TLS ${version}: ${what}`,
        needs,
        expect,
        named,
        setup: async (stand) => device(stand, await start(stand, version), await options(stand)),
      })),
  ),
);

const versions = ['1.2', '1.3'] as const;

/** What only some brokers can show. */
const special = versions.flatMap((version): readonly FailureRow[] => {
  const tlsVersion = version;
  const flag = version === '1.2' ? '-tls1_2' : '-tls1_3';
  return [
    {
      name: `mosquitto, TLS ${version}: a revoked certificate`,
      needs: ['mosquitto'],
      expect: proven('tls.client-certificate-revoked', { never: ['tls.client-certificate-refused'] }),
      named: /revoked/i,
      setup: async (stand) => {
        const { world } = stand;
        const issuer = world.deviceRoot;
        const leaf = await world.makeDevice({ issuer });
        const crl = await issuer.revoke([leaf.certificate]);
        return device(stand, await mosquitto(stand, { clientCa: issuer.pem, crl, tlsVersion }), {
          input: bundleOf(leaf),
        });
      },
    },
    {
      name: `mosquitto, TLS ${version}: the broker’s revocation list has expired (alert 45 for a valid certificate)`,
      needs: ['mosquitto'],
      expect: named('tls.client-certificate-refused', {
        never: ['tls.client-certificate-expired', 'clock.wrong'],
      }),
      named: /crl|revocation list/i,
      setup: async (stand) => {
        const { world } = stand;
        const issuer = world.deviceRoot;
        const crl = await issuer.revoke([], { thisUpdate: new Date(Date.now() - 40 * 86_400_000), days: 10 });
        const input = bundleOf(await world.makeDevice({ issuer }));
        return device(stand, await mosquitto(stand, { clientCa: issuer.pem, crl, tlsVersion }), { input });
      },
    },
    {
      name: `mosquitto, TLS ${version}: the broker has no revocation list of the intermediate (alert 48 for a good chain)`,
      needs: ['mosquitto'],
      // The root that is asked for stands above the chain that was sent, and yet it is unknown to the broker: a
      // list that lacks, or a root of the same name with another key. Either way it is the operator's to look.
      expect: oneOf(['tls.client-certificate-refused', 'tls.client-certificate-issuer-not-accepted'], {
        never: ['tls.client-certificate-chain-incomplete'],
      }),
      named: /crl|revocation list/i,
      setup: async (stand) => {
        const crl = await stand.world.deviceRoot.revoke([]);
        return device(
          stand,
          await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem, crl, tlsVersion }),
        );
      },
    },
    {
      name: `mosquitto, TLS ${version}: the broker’s clock is two years ahead`,
      needs: ['mosquitto', 'faketime'],
      expect: named('tls.client-certificate-refused', {
        never: ['tls.client-certificate-expired'],
        says: [/clock/],
      }),
      named: /clock/i,
      setup: async (stand) => {
        const clientCa = stand.world.deviceRoot.pem;
        return device(stand, await mosquitto(stand, { clientCa, tlsVersion, clock: '+730d' }));
      },
    },
    {
      name: `mosquitto, TLS ${version}: the broker’s clock is a day behind, the certificate is from today`,
      needs: ['mosquitto', 'faketime'],
      expect: named('tls.client-certificate-refused', {
        never: ['tls.client-certificate-not-yet-valid'],
        says: [/clock/],
      }),
      named: /clock/i,
      setup: async (stand) => {
        const { world } = stand;
        const issuer = world.deviceIssuer;
        // The authorities are from last year, as they would be.
        const long = { notBefore: new Date(Date.now() - 365 * 86_400_000) };
        const root = await createAuthority({ subject: 'CN=Older Device Root', keyKind: 'ec-p256', ...long });
        const above = await createAuthority({
          subject: issuer.subject,
          parent: root,
          keyKind: 'ec-p256',
          ...long,
        });
        const input = bundleOf(await world.makeDevice({ issuer: above }), above);
        return device(stand, await mosquitto(stand, { clientCa: root.pem, tlsVersion, clock: '-1d' }), {
          input,
        });
      },
    },
    {
      name: `mosquitto, TLS ${version}: an intermediate that has expired`,
      needs: ['mosquitto'],
      expect: proven('chain.intermediate-expired', { never: ['tls.client-certificate-expired'] }),
      named: /expired/i,
      setup: async (stand) => {
        const { world } = stand;
        const issuer = await createAuthority({
          subject: 'CN=Old Device CA',
          parent: world.deviceRoot,
          keyKind: 'ec-p256',
          ...expired,
        });
        const input = bundleOf(await world.makeDevice({ issuer }), issuer);
        return device(stand, await mosquitto(stand, { clientCa: world.deviceRoot.pem, tlsVersion }), {
          input,
        });
      },
    },
    {
      name: `mosquitto, TLS ${version}: a key of 1024 bits (security level 2)`,
      needs: ['mosquitto'],
      expect: named('tls.client-certificate-weak'),
      named: /key too small|weak/i,
      setup: async (stand) => {
        const { world } = stand;
        const input = bundleOf(await world.makeDevice({ keyKind: 'rsa-1024' }), world.deviceIssuer);
        return device(stand, await mosquitto(stand, { clientCa: world.deviceRoot.pem, tlsVersion }), {
          input,
        });
      },
    },
    {
      name: `mosquitto, TLS ${version}: a certificate signed with SHA-1`,
      needs: ['mosquitto'],
      // Whether it is said of the file or of the refusal, it is the signature.
      expect: anyOf(['tls.client-certificate-weak', 'certificate.weak-signature'], {
        certainty: ['proven', 'likely'],
        also: ['certificate.weak-signature'],
        never: ['tls.client-certificate-missing'],
      }),
      named: /md too weak|SHA-?1|weak/i,
      setup: async (stand) => {
        const { world } = stand;
        const issuer = await createAuthority({ subject: 'CN=Lab RSA Device CA', parent: world.deviceRoot });
        const input = bundleOf(await world.makeDevice({ issuer, signatureHash: 'SHA-1' }), issuer);
        return device(stand, await mosquitto(stand, { clientCa: world.deviceRoot.pem, tlsVersion }), {
          input,
        });
      },
    },
    {
      name: `s_server, TLS ${version}: an EC key, and the server takes only RSA signatures`,
      needs: ['openssl'],
      expect: proven('tls.client-certificate-unusable-key-type', {
        never: ['tls.client-certificate-missing'],
      }),
      named: /signature|key type|no suitable/i,
      setup: async (stand) => {
        const { world } = stand;
        const input = bundleOf(await world.makeDevice({ keyKind: 'ec-p256' }), world.deviceIssuer);
        const args = [flag, '-client_sigalgs', 'RSA-PSS+SHA256:RSA+SHA256'];
        return device(stand, await sServer(stand, { clientCa: world.deviceRoot.pem, args }), { input });
      },
    },
    {
      name: `Node, TLS ${version}: a certificate that the broker revoked, which closes without a word`,
      expect: oneOf(['tls.client-certificate-refused', 'tls.client-certificate-issuer-not-accepted'], {
        never: ['tls.client-certificate-chain-incomplete'],
      }),
      named: /revoked/i,
      setup: async (stand) => {
        const { world } = stand;
        const issuer = world.deviceRoot;
        const leaf = await world.makeDevice({ issuer });
        const tls = {
          ...(version === '1.2' ? only12 : only13),
          ...requiring(issuer.pem),
          crl: await issuer.revoke([leaf.certificate]),
        };
        return device(stand, await gateway(stand, { tls }), { input: bundleOf(leaf) });
      },
    },
    {
      name: `mosquitto, TLS ${version}: the CA file of the broker has a root of the right name and another key`,
      needs: ['mosquitto'],
      expect: oneOf(['tls.client-certificate-issuer-not-accepted', 'tls.client-certificate-refused'], {
        never: ['tls.client-certificate-chain-incomplete'],
      }),
      named: unknownCa,
      setup: async (stand) => {
        const twin = await createAuthority({ subject: stand.world.deviceRoot.subject, keyKind: 'ec-p256' });
        return device(stand, await mosquitto(stand, { clientCa: twin.pem, tlsVersion }));
      },
    },
  ];
});

export const clientRows: readonly FailureRow[] = [
  {
    name: 'mosquitto: the leaf and the root, and a gap where the intermediate should be',
    needs: ['mosquitto'],
    // The root is one that is asked for; that it stands above the leaf's issuer cannot be seen.
    expect: oneOf(['tls.client-certificate-chain-incomplete', 'tls.client-certificate-issuer-not-accepted'], {
      says: [/SAP Internet of Things CA/],
    }),
    named: missingChain,
    setup: async (stand) => {
      const { world } = stand;
      const at = await mosquitto(stand, { clientCa: world.deviceRoot.pem });
      return device(stand, at, { input: bundleOf(world.device, world.deviceRoot) });
    },
  },
  {
    name: 'Node: a key of 512 bits, which is too short for any signature that is asked for',
    expect: anyOf(
      ['tls.client-certificate-weak', 'tls.client-certificate-unusable-key-type', 'certificate.weak-key'],
      {
        certainty: ['proven', 'likely'],
        also: ['certificate.weak-key'],
        never: ['tls.client-certificate-missing'],
      },
    ),
    named: /key too small|weak/i,
    setup: async (stand) => {
      const { world } = stand;
      const input = bundleOf(await world.makeDevice({ key: rsaKey(512) }), world.deviceIssuer);
      return device(stand, await gateway(stand, { tls: requiring(world.deviceRoot.pem) }), { input });
    },
  },
  ...onStacks,
  ...special,
  {
    name: 's_server, TLS 1.3: a secp256k1 key, for which TLS 1.3 has no signature',
    needs: ['openssl'],
    expect: named('tls.client-certificate-unusable-key-type', { never: ['tls.client-certificate-missing'] }),
    named: /signature|key type|no suitable/i,
    setup: async (stand) => {
      const { world } = stand;
      const input = bundleOf(await world.makeDevice({ keyKind: 'ec-secp256k1' }), world.deviceIssuer);
      return device(stand, await sServer(stand, { clientCa: world.deviceRoot.pem, args: ['-tls1_3'] }), {
        input,
      });
    },
  },
];
