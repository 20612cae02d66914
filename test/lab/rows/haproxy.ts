import { anyOf, named, proven, type FailureRow } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { mosquitto } from '../servers/mosquitto.js';
import { balancer, haproxy } from '../servers/proxy.js';
import { closedPort } from '../servers/raw.js';
import type { At, Stand } from '../stand.js';
import { bundleOf, chain, expired } from '../world.js';
import { closed, foreign, plain } from './before.js';
import { device, guest } from './support.js';

export const haproxyRows: readonly FailureRow[] = [
  {
    name: 'haproxy ends TLS, and the broker behind it is down',
    needs: ['haproxy'],
    expect: named('mqtt.closed-before-connack', { never: ['tls.client-certificate-refused', 'tcp.closed'] }),
    named: closed,
    setup: async (stand) => {
      const dead = await closedPort();
      const at = await balancer(stand, dead.port, ({ both }) => `ssl crt ${both}`);
      return device(stand, at);
    },
  },
  {
    name: 'haproxy asks for a certificate, and the broker behind it is down',
    needs: ['haproxy'],
    expect: named('mqtt.closed-before-connack', { never: ['tcp.closed'] }),
    named: closed,
    setup: async (stand) => {
      const dead = await closedPort();
      const at = await balancer(
        stand,
        dead.port,
        ({ both, ca }) => `ssl crt ${both} ca-file ${ca} verify required`,
      );
      return device(stand, at);
    },
  },
  {
    name: 'haproxy passes TLS on, and the broker behind it is down',
    needs: ['haproxy'],
    expect: anyOf(['tcp.closed', 'tcp.reset'], { never: ['tls.version-mismatch', 'tls.sni-rejected'] }),
    named: closed,
    setup: async (stand) => {
      const dead = await closedPort();
      const at = await balancer(stand, dead.port);
      return device(stand, at);
    },
  },
  {
    name: 'haproxy takes the port for HTTP, with TLS',
    needs: ['haproxy'],
    expect: proven('tls.http-port'),
    named: /HTTP/,
    setup: async (stand) => {
      const at = await haproxy(stand, ({ port, both }) => [
        `  bind 127.0.0.1:${port} ssl crt ${both}`,
        '  mode http',
        '  http-request return status 200',
      ]);
      return device(stand, at);
    },
  },
  {
    name: 'haproxy takes the port for HTTP, without TLS',
    needs: ['haproxy'],
    expect: proven('tls.http-port'),
    named: /HTTP/,
    setup: async (stand) => {
      const at = await haproxy(stand, ({ port }) => [
        `  bind 127.0.0.1:${port}`,
        '  mode http',
        '  http-request return status 200',
      ]);
      return device(stand, at);
    },
  },
  {
    name: 'haproxy expects the PROXY protocol',
    needs: ['haproxy'],
    expect: anyOf(['tcp.closed', 'tcp.reset'], {
      never: ['tls.version-mismatch', 'tls.sni-rejected', 'tls.silent'],
    }),
    named: closed,
    setup: async (stand) => {
      const behind = await gateway(stand);
      const at = await balancer(stand, behind.port, () => 'accept-proxy');
      return device(stand, at);
    },
  },
  {
    name: 'haproxy sends the PROXY protocol to a mosquitto that does not know it',
    needs: ['haproxy', 'mosquitto'],
    expect: anyOf(['tcp.closed', 'tcp.reset', 'tls.handshake-failed'], {
      never: ['tls.sni-rejected', 'tls.no-common-cipher'],
    }),
    named: /closed|reset|alert/i,
    setup: async (stand) => {
      const behind = await mosquitto(stand);
      const at = await balancer(stand, behind.port, undefined, { server: 'send-proxy' });
      return device(stand, at);
    },
  },
  {
    name: 'haproxy knows no such name (strict-sni)',
    needs: ['haproxy'],
    expect: anyOf(['tls.sni-rejected'], { never: ['tls.no-common-cipher', 'tls.version-mismatch'] }),
    named: /unrecogni[sz]ed.name|SNI|alert 112/i,
    setup: async (stand) => {
      const identity = await stand.world.makeServer({
        subject: 'CN=iot.example.net',
        altNames: ['iot.example.net'],
      });
      const at = await haproxy(
        stand,
        ({ port, both }) => [
          `  bind 127.0.0.1:${port} ssl crt ${both} strict-sni`,
          '  mode tcp',
          '  tcp-request content reject',
        ],
        identity,
      );
      return device(stand, at);
    },
  },
  {
    name: 'haproxy routes by name in TLS, and has nobody for this one',
    needs: ['haproxy'],
    expect: anyOf(['tcp.closed', 'tls.sni-rejected', 'tcp.reset'], {
      never: ['tls.version-mismatch', 'tls.silent'],
    }),
    named: closed,
    setup: async (stand) => {
      const at = await haproxy(stand, ({ port }) => [
        `  bind 127.0.0.1:${port}`,
        '  mode tcp',
        '  tcp-request inspect-delay 2s',
        '  tcp-request content accept if { req_ssl_hello_type 1 }',
        '  use_backend b if { req_ssl_sni -i iot.example.net }',
        'backend b',
        '  mode tcp',
        '  server s 127.0.0.1:9',
      ]);
      return device(stand, at);
    },
  },
  {
    name: 'haproxy lets nobody in who is idle for a second',
    needs: ['haproxy', 'mosquitto'],
    expect: named('mqtt.closed-after-connack', { never: ['mqtt.session-taken-over', 'mqtt.keepalive-lost'] }),
    named: closed,
    tools: 'stay',
    setup: async (stand) => {
      const behind = await plain(stand);
      const at = await balancer(stand, behind.port, ({ both }) => `ssl crt ${both}`, {
        frontend: ['timeout client 1s'],
        backend: ['timeout server 1s'],
      });
      return device(stand, at, { watch: 4000 });
    },
  },
  {
    name: 'haproxy that rejects after TLS without a word',
    needs: ['haproxy'],
    expect: anyOf(['mqtt.closed-before-connack'], {
      never: ['tls.client-certificate-refused', 'tcp.closed'],
    }),
    named: closed,
    setup: async (stand) => {
      const at = await haproxy(stand, ({ port, both }) => [
        `  bind 127.0.0.1:${port} ssl crt ${both}`,
        '  mode tcp',
        '  tcp-request content reject',
      ]);
      return device(stand, at);
    },
  },
  ...(['1.2', '1.3'] as const).flatMap((version): readonly FailureRow[] => {
    const asks = async (stand: Stand): Promise<At> => {
      const behind = await plain(stand);
      return balancer(
        stand,
        behind.port,
        ({ both, ca }) =>
          `ssl crt ${both} ca-file ${ca} verify required ssl-min-ver TLSv${version} ssl-max-ver TLSv${version}`,
      );
    };
    return [
      {
        name: `haproxy, TLS ${version}: no certificate`,
        needs: ['haproxy', 'mosquitto'],
        expect: proven('tls.client-certificate-missing'),
        named: /certificate required|handshake failure|no certificate/i,
        setup: async (stand) => guest(stand, await asks(stand)),
      },
      {
        name: `haproxy, TLS ${version}: a certificate of another authority`,
        needs: ['haproxy', 'mosquitto'],
        expect: named('tls.client-certificate-issuer-not-accepted'),
        named: /unknown ca|issuer/i,
        setup: async (stand) => device(stand, await asks(stand), { input: await foreign(stand) }),
      },
      {
        name: `haproxy, TLS ${version}: an expired certificate`,
        needs: ['haproxy', 'mosquitto'],
        expect: proven('tls.client-certificate-expired'),
        named: /expired/i,
        setup: async (stand) =>
          device(stand, await asks(stand), {
            input: bundleOf(await stand.world.makeDevice(expired), stand.world.deviceIssuer),
          }),
      },
      {
        name: `haproxy, TLS ${version}: the leaf alone, and the intermediate is in the CA file`,
        needs: ['haproxy', 'mosquitto'],
        expect: proven('tls.client-certificate-chain-incomplete', {
          experiments: { 'chain-added': 'accepted' },
        }),
        named: /unknown ca|chain/i,
        setup: async (stand) =>
          device(stand, await asks(stand), {
            input: stand.world.leafOnly,
            ca: chain(stand.world.serverRoot, stand.world.deviceIssuer),
          }),
      },
    ];
  }),
];
