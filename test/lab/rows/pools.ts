import { connect } from 'node:net';
import { anyOf, type FailureRow } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { afterHello, alert, raw, says } from '../servers/raw.js';
import { serveMqtt } from '../servers/mqtt.js';
import { asking, tlsServer } from '../servers/tls.js';
import type { At, Stand } from '../stand.js';
import { chain } from '../world.js';
import { device } from './support.js';

/** Several servers take turns behind one address, and not all of them are well: what is varied makes no difference. */

/** How many take turns; all but the last are at fault. */
const sizes = [2, 3] as const;

const varied = [
  'tls.alpn-required',
  'tls.sni-rejected',
  'tls.version-mismatch',
  'mqtt.protocol-version-refused',
  'mqtt.client-id-refused',
  'tls.client-certificate-chain-incomplete',
] as const;

interface PoolCase {
  readonly what: string;
  readonly codes: FailureRow['expect']['codes'];
  readonly named: RegExp;
  readonly bad: (stand: Stand) => Promise<At>;
}

const cases: readonly PoolCase[] = [
  {
    what: 'closes on every ClientHello',
    codes: ['tcp.closed'],
    named: /closed|EOF|reset/i,
    bad: async (stand) =>
      raw(
        stand,
        afterHello((socket) => void socket.end()),
      ),
  },
  {
    what: 'answers alert 80 to every ClientHello',
    codes: ['tls.handshake-failed'],
    named: /internal error/i,
    bad: async (stand) => raw(stand, afterHello(says(alert(80), 'close'))),
  },
  {
    what: 'ends every connection after the handshake',
    codes: ['mqtt.closed-before-connack'],
    named: /closed|EOF|reset/i,
    bad: async (stand) => tlsServer(stand, asking(stand.world.deviceRoot.pem), (socket) => void socket.end()),
  },
  {
    what: 'answers return code 3',
    codes: ['mqtt.server-unavailable'],
    named: /unavailable/i,
    bad: async (stand) => gateway(stand, { connect: () => 3 }),
  },
  {
    what: 'closes after CONNECT',
    codes: ['mqtt.closed-before-connack'],
    named: /closed|connection lost/i,
    bad: async (stand) => tlsServer(stand, {}, (socket) => serveMqtt(socket, { connect: () => 'close' })),
  },
];

export const poolRows: readonly FailureRow[] = cases.flatMap(({ what, codes, named, bad }) =>
  sizes.map((size): FailureRow => ({
    name: `pool: of ${size} servers only one is well, and the rest ${what}`,
    expect: anyOf(codes, { never: varied }),
    named,
    setup: async (stand) => {
      const { world } = stand;
      const [at, other] = [await gateway(stand), await bad(stand)];
      const ca = chain(world.serverRoot, world.deviceIssuer);
      return device(stand, await inTurn(stand, size, at, other), { input: world.leafOnly, ca });
    },
  })),
);

async function inTurn(stand: Stand, size: number, well: At, other: At): Promise<At> {
  let count = 0;
  return raw(stand, (client) => {
    count += 1;
    const server = connect({
      port: count % size === 0 ? well.port : other.port,
      host: '127.0.0.1',
      allowHalfOpen: true,
    });
    stand.defer(() => server.destroy());
    server.on('error', () => client.destroy()).on('close', () => client.end());
    client.on('close', () => server.destroy());
    client.pipe(server).pipe(client);
  });
}
