import { named, oneOf, proven, type Expectation, type FailureRow, type Setup } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { https } from '../servers/http.js';
import { mosquitto } from '../servers/mosquitto.js';
import { alertsAfterCertificate, slow } from '../servers/relay.js';
import { only12, only13, requiring } from '../servers/tls.js';
import { bundleOf, chain, expired } from '../world.js';
import type { Stand } from '../stand.js';
import { device, guest } from './support.js';

const never = ['mqtt.closed-before-connack', 'mqtt.no-connack'] as const;

/** An alert in answer to a certificate that is good by all that the device can see. */
const alerts: readonly (readonly [number: number, what: string, expect: Expectation, named: RegExp])[] = [
  [
    40,
    'handshake failure',
    named('tls.client-certificate-refused', { never: ['tls.no-common-cipher'] }),
    /certificate (?:was )?(?:refused|rejected|not accepted)/i,
  ],
  [42, 'bad certificate', named('tls.client-certificate-refused'), /bad certificate/i],
  [
    43,
    'unsupported certificate',
    named('tls.client-certificate-refused', { never: ['tls.client-certificate-wrong-purpose'] }),
    /unsupported certificate/i,
  ],
  [44, 'revoked', proven('tls.client-certificate-revoked'), /revoked/i],
  [
    45,
    'expired, which it is not',
    named('tls.client-certificate-refused', { never: ['tls.client-certificate-expired'] }),
    /clock/i,
  ],
  [46, 'certificate unknown', named('tls.client-certificate-refused'), /certificate unknown/i],
  [
    48,
    'unknown CA, of whose issuers it had asked for',
    oneOf(['tls.client-certificate-issuer-not-accepted', 'tls.client-certificate-refused'], {
      never: ['tls.client-certificate-chain-incomplete'],
    }),
    /unknown ca/i,
  ],
  [49, 'access denied', named('tls.client-certificate-refused'), /access denied/i],
  // OpenSSL says 51 when its own root of the issuer's name has another key, and when the handshake is not signed.
  [
    51,
    'decrypt error: the signature of the handshake is not accepted',
    oneOf(['tls.client-certificate-issuer-not-accepted', 'tls.client-certificate-refused']),
    /decrypt error/i,
  ],
];

/** Rows about refusals at TLS level that come late, or from afar, or in words of their own. */
export const lateRows: readonly FailureRow[] = [
  ...alerts.map(([number, what, expect, named]): FailureRow => ({
    name: `TLS 1.2: alert ${number} for a good certificate, ${what}`,
    expect,
    named,
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: { ...only12, ...requiring(stand.world.deviceRoot.pem) } });
      return device(stand, await alertsAfterCertificate(stand, behind, number));
    },
  })),
  // Stacks choose their alerts freely: what was sent and what was asked for decide, not the number.
  ...([40, 42, 46, 48, 49] as const).map((number): FailureRow => ({
    name: `TLS 1.2: alert ${number} for a leaf without its intermediate, which is nowhere at hand`,
    expect: oneOf(['tls.client-certificate-chain-incomplete', 'tls.client-certificate-issuer-not-accepted']),
    named: /chain|intermediate|unable to get (?:local )?issuer/i,
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: { ...only12, ...requiring(stand.world.deviceRoot.pem) } });
      return device(stand, await alertsAfterCertificate(stand, behind, number), {
        input: stand.world.leafOnly,
      });
    },
  })),
  ...([100, 700, 1500] as const).map((ms): FailureRow => ({
    name: `TLS 1.3: the refusal of an expired certificate comes ${ms} ms late`,
    needs: ['mosquitto'],
    expect: proven('tls.client-certificate-expired', { never: [...never] }),
    named: /expired/i,
    setup: async (stand) => {
      const input = bundleOf(await stand.world.makeDevice(expired), stand.world.deviceIssuer);
      const behind = await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem, tlsVersion: '1.3' });
      return device(stand, await slow(stand, behind, ms), { input });
    },
  })),
  {
    name: 'TLS 1.3: no certificate, and the refusal comes 700 ms late',
    needs: ['mosquitto'],
    expect: proven('tls.client-certificate-missing', { never: [...never] }),
    named: /certificate required/i,
    setup: async (stand) =>
      guest(
        stand,
        await slow(
          stand,
          await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem, tlsVersion: '1.3' }),
          700,
        ),
      ),
  },
  {
    name: 'TLS 1.3: Node closes without a word, 700 ms late',
    expect: named('tls.client-certificate-missing', { never: [...never] }),
    named: /certificate required|no certificate/i,
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: { ...only13, ...requiring(stand.world.deviceRoot.pem) } });
      return guest(stand, await slow(stand, behind, 700));
    },
  },
  {
    name: 'TLS 1.3: the chain is incomplete, the intermediate in the CA file, every answer 300 ms late',
    needs: ['mosquitto'],
    expect: proven('tls.client-certificate-chain-incomplete', { experiments: { 'chain-added': 'accepted' } }),
    named: /chain|intermediate/i,
    setup: async (stand) => {
      const { world } = stand;
      const behind = await mosquitto(stand, { clientCa: world.deviceRoot.pem, tlsVersion: '1.3' });
      return device(stand, await slow(stand, behind, 300), {
        input: world.leafOnly,
        ca: chain(world.serverRoot, world.deviceIssuer),
      });
    },
  },
  ...(['1.2', '1.3'] as const).flatMap((version): readonly FailureRow[] => {
    const only = version === '1.2' ? only12 : only13;
    const endpoint = async (stand: Stand): Promise<{ host: string; port: number }> =>
      https(stand, { ...only, ...requiring(stand.world.deviceRoot.pem) });
    return [
      {
        name: `--until tls at an HTTPS endpoint, TLS ${version}: no certificate`,
        expect: named('tls.client-certificate-missing', { never: ['tls.http-port'] }),
        named:
          /certificate required|(?:no|missing|without a?) ?(?:client )?certificate|did not (?:send|return) a cert/i,
        setup: async (stand) => guest(stand, await endpoint(stand), { until: 'tls', profile: 'generic' }),
      },
      {
        name: `--until tls at an HTTPS endpoint, TLS ${version}: an expired certificate of a service key`,
        expect: named('tls.client-certificate-expired', { never: ['tls.http-port'] }),
        named: /expired/i,
        setup: async (stand) => {
          const { world } = stand;
          const leaf = await world.makeDevice({
            ...expired,
            subject: 'C=DE, O=SAP SE, L=canary, CN=sb-1b2c',
          });
          const certificate = chain(leaf, world.deviceIssuer);
          const key = String(leaf.key.export({ type: 'pkcs1', format: 'pem' }));
          const input = JSON.stringify({ credentials: { certificate, key, clientid: 'sb-1b2c' } });
          return device(stand, await endpoint(stand), {
            input,
            until: 'tls',
            profile: 'generic',
          } satisfies Partial<Setup>);
        },
      },
    ];
  }),
];
