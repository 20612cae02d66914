import { createDiffieHellmanGroup } from 'node:crypto';
import type { HealthyRow } from '../row.js';
import { serveMqtt } from '../servers/mqtt.js';
import { only12, requiring, tlsServer } from '../servers/tls.js';
import { device } from './support.js';

/** Groups of RFC 2409 and RFC 3526 for Diffie-Hellman: 1024, 1536 and 2048 bits. What is below 2048 gets a warning. */
const groups = [
  ['modp2', ['tls.server-weak-key']],
  ['modp5', ['tls.server-weak-key']],
  ['modp14', []],
] as const;

export const healthyExchange: readonly HealthyRow[] = groups.map(([group, warns]) => ({
  name: `server: Diffie-Hellman in the group ${group}, TLS 1.2`,
  warns,
  setup: async (stand) => {
    const { world } = stand;
    const identity = await world.makeServer({ keyKind: 'rsa-2048' });
    const dh = { ciphers: 'DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0', dhparam: parameters(group) };
    const tls = { ...only12, ...requiring(world.deviceRoot.pem), ...identity, ...dh };
    return device(stand, await tlsServer(stand, tls, (socket) => serveMqtt(socket, {})));
  },
}));

/** PKCS#3 DHParameter: SEQUENCE of prime and base. */
function parameters(group: string): string {
  const known = createDiffieHellmanGroup(group);
  const content = Buffer.concat([integer(known.getPrime()), integer(known.getGenerator())]);
  const base64 = element(0x30, content).toString('base64');
  return `-----BEGIN DH PARAMETERS-----\n${base64.replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END DH PARAMETERS-----\n`;
}

/** Positive, whatever its first bit is. */
function integer(bytes: Buffer): Buffer {
  return element(0x02, (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]));
}

function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag, 0x82, content.length >> 8, content.length & 0xff), content]);
}
