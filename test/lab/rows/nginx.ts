import { anyOf, named, proven, type FailureRow } from '../row.js';
import { haproxy, nginx } from '../servers/proxy.js';
import { closedPort } from '../servers/raw.js';
import type { At, Stand } from '../stand.js';
import { bundleOf, chain, expired } from '../world.js';
import { closed, foreign, plain } from './before.js';
import { device, guest } from './support.js';

export const nginxStream = (stand: Stand, extra: readonly string[], to: number): Promise<At> =>
  nginx(stand, ({ port, cert, key, ca }) => [
    'stream { server {',
    `  listen 127.0.0.1:${port} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};`,
    `  ssl_client_certificate ${ca}; ssl_verify_depth 3; ${extra.join(' ')}`,
    `  proxy_pass 127.0.0.1:${to};`,
    '} }',
  ]);

const nginxHttp = (stand: Stand, extra: readonly string[]): Promise<At> =>
  nginx(stand, ({ port, cert, key, ca }) => [
    'http { access_log off; server {',
    `  listen 127.0.0.1:${port} ssl; ssl_certificate ${cert}; ssl_certificate_key ${key};`,
    `  ssl_client_certificate ${ca}; ${extra.join(' ')}`,
    '  location / { return 200 "hello"; }',
    '} }',
  ]);

export const nginxRows: readonly FailureRow[] = [
  {
    name: 'nginx serves HTTPS on the port, and wants a certificate',
    needs: ['nginx'],
    expect: proven('tls.http-port'),
    named: /HTTP/,
    setup: async (stand) =>
      device(stand, await nginxHttp(stand, ['ssl_verify_client on; ssl_verify_depth 3;'])),
  },
  {
    name: 'nginx serves HTTPS on the port, and no certificate is given where it wants one',
    needs: ['nginx'],
    expect: proven('tls.http-port'),
    named: /HTTP/,
    setup: async (stand) => guest(stand, await nginxHttp(stand, ['ssl_verify_client on;'])),
  },
  {
    name: 'nginx serves HTTP/2 on the port',
    needs: ['nginx'],
    expect: proven('tls.http-port'),
    named: /HTTP/,
    setup: async (stand) => {
      const at = await nginx(stand, ({ port, cert, key }) => [
        'http { access_log off; server {',
        `  listen 127.0.0.1:${port} ssl http2; ssl_certificate ${cert}; ssl_certificate_key ${key};`,
        '} }',
      ]);
      return device(stand, at);
    },
  },
  {
    name: 'nginx serves HTTP without TLS on the port',
    needs: ['nginx'],
    expect: proven('tls.http-port'),
    named: /HTTP/,
    setup: async (stand) =>
      device(
        stand,
        await nginx(stand, ({ port }) => [`http { access_log off; server { listen 127.0.0.1:${port}; } }`]),
      ),
  },
  {
    name: 'nginx rejects every handshake for a name it does not know (ssl_reject_handshake)',
    needs: ['nginx'],
    expect: anyOf(['tls.sni-rejected'], {}),
    named: /unrecogni[sz]ed.name|SNI/i,
    setup: async (stand) =>
      device(
        stand,
        await nginx(stand, ({ port }) => [
          `http { access_log off; server { listen 127.0.0.1:${port} ssl; ssl_reject_handshake on; } }`,
        ]),
      ),
  },
  {
    name: 'haproxy, alert 48 to the leaf alone, and the broker behind it is down as well',
    needs: ['haproxy'],
    expect: named('tls.client-certificate-chain-incomplete', { never: ['mqtt.closed-before-connack'] }),
    named: /unknown ca|chain/i,
    setup: async (stand) => {
      const at = await haproxy(stand, ({ port, both, ca }) => [
        `  bind 127.0.0.1:${port} ssl crt ${both} ca-file ${ca} verify required`,
        '  mode tcp',
        '  tcp-request content reject',
      ]);
      const ca = chain(stand.world.serverRoot, stand.world.deviceIssuer);
      return device(stand, at, { input: stand.world.leafOnly, ca });
    },
  },
  ...(['1.2', '1.3'] as const).map((version): FailureRow => ({
    name: `nginx checks the certificate, which is good, for a broker that is down, TLS ${version}`,
    needs: ['nginx'],
    // To the device it is the same as a certificate that nginx refuses.
    expect: anyOf(['mqtt.closed-before-connack', 'tls.client-certificate-refused'], {
      certainty: ['likely', 'possible'],
      also: ['mqtt.closed-before-connack', 'tls.client-certificate-refused'],
    }),
    named: closed,
    setup: async (stand) =>
      device(
        stand,
        await nginxStream(
          stand,
          ['ssl_verify_client on;', `ssl_protocols TLSv${version};`],
          (await closedPort()).port,
        ),
      ),
  })),
  {
    name: 'nginx ends TLS for a broker that is down',
    needs: ['nginx'],
    expect: named('mqtt.closed-before-connack', { never: ['tcp.closed', 'tls.client-certificate-refused'] }),
    named: closed,
    setup: async (stand) => device(stand, await nginxStream(stand, [], (await closedPort()).port)),
  },
  ...(['1.2', '1.3'] as const).flatMap((version): readonly FailureRow[] => {
    const asks = async (stand: Stand): Promise<At> =>
      nginxStream(
        stand,
        ['ssl_verify_client on;', `ssl_protocols TLSv${version};`],
        (await plain(stand)).port,
      );
    return [
      {
        name: `nginx ends TLS ${version} without a word: no certificate`,
        needs: ['nginx', 'mosquitto'],
        expect: anyOf(['tls.client-certificate-missing'], {}),
        named: /certificate required|no certificate/i,
        setup: async (stand) => guest(stand, await asks(stand)),
      },
      {
        name: `nginx ends TLS ${version} without a word: a certificate of another authority`,
        needs: ['nginx', 'mosquitto'],
        expect: anyOf(['tls.client-certificate-issuer-not-accepted'], {
          never: ['mqtt.client-id-refused', 'mqtt.protocol-version-refused'],
        }),
        named: /unknown ca|issuer/i,
        setup: async (stand) => device(stand, await asks(stand), { input: await foreign(stand) }),
      },
      {
        name: `nginx ends TLS ${version} without a word: an expired certificate`,
        needs: ['nginx', 'mosquitto'],
        expect: named('tls.client-certificate-expired'),
        named: /expired/i,
        setup: async (stand) =>
          device(stand, await asks(stand), {
            input: bundleOf(await stand.world.makeDevice(expired), stand.world.deviceIssuer),
          }),
      },
      {
        name: `nginx ends TLS ${version} without a word: the leaf alone, and the intermediate is in the CA file`,
        needs: ['nginx', 'mosquitto'],
        expect: proven('tls.client-certificate-chain-incomplete', {
          experiments: { 'chain-added': 'accepted' },
        }),
        named: /chain|intermediate/i,
        setup: async (stand) =>
          device(stand, await asks(stand), {
            input: stand.world.leafOnly,
            ca: chain(stand.world.serverRoot, stand.world.deviceIssuer),
          }),
      },
    ];
  }),
];
