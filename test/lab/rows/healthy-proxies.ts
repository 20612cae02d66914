import type { HealthyRow } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { balancer, socat, stunnel } from '../servers/proxy.js';
import { requiring } from '../servers/tls.js';
import { plain } from './before.js';
import { nginxStream } from './nginx.js';
import { device } from './support.js';

/** The same before brokers that are well. */
export const healthyProxies: readonly HealthyRow[] = [
  {
    name: 'haproxy ends TLS and checks the certificate',
    needs: ['haproxy', 'mosquitto'],
    setup: async (stand) => {
      const behind = await plain(stand);
      const at = await balancer(
        stand,
        behind.port,
        ({ both, ca }) => `ssl crt ${both} ca-file ${ca} verify required`,
      );
      return device(stand, at);
    },
  },
  {
    name: 'haproxy passes TLS on',
    needs: ['haproxy'],
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: requiring(stand.world.deviceRoot.pem) });
      const at = await balancer(stand, behind.port);
      return device(stand, at);
    },
  },
  ...(['1.2', '1.3'] as const).map((version): HealthyRow => ({
    name: `nginx ends TLS ${version} and checks the certificate`,
    needs: ['nginx', 'mosquitto'],
    setup: async (stand) =>
      device(
        stand,
        await nginxStream(
          stand,
          ['ssl_verify_client on;', `ssl_protocols TLSv${version};`],
          (await plain(stand)).port,
        ),
      ),
  })),
  {
    name: 'stunnel ends TLS and checks the certificate',
    needs: ['stunnel', 'mosquitto'],
    setup: async (stand) => {
      const behind = await plain(stand);
      const at = await stunnel(stand, ({ port, cert, key, ca }) => [
        `accept = 127.0.0.1:${port}`,
        `connect = 127.0.0.1:${behind.port}`,
        `cert = ${cert}`,
        `key = ${key}`,
        `CAfile = ${ca}`,
        'verifyChain = yes',
      ]);
      return device(stand, at);
    },
  },
  {
    name: 'socat ends TLS and checks the certificate',
    needs: ['socat', 'mosquitto'],
    setup: async (stand) => {
      const behind = await plain(stand);
      const at = await socat(stand, ({ port, cert, key, ca }) => [
        `OPENSSL-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr,cert=${cert},key=${key},cafile=${ca},verify=1`,
        `TCP4:127.0.0.1:${behind.port}`,
      ]);
      return device(stand, at);
    },
  },
];
