import { blackHole, closedPort, raw } from '../servers/raw.js';
import { named, oneOf, proven, type FailureRow } from '../row.js';
import { bundleOf, expired } from '../world.js';
import { gateway } from '../servers/gateway.js';
import { device, impatient, lookupFails, resolvesTo } from './support.js';

const name = 'gateway.lab.invalid';
const dnsNamed = /ENOTFOUND|EAI_AGAIN|lookup error|name or service not known|not known|resol/i;
const dnsNever = ['tcp.timeout', 'tcp.refused'] as const;

export const networkRows: readonly FailureRow[] = [
  {
    name: 'DNS: the name does not exist',
    expect: proven('dns.not-found', { never: [...dnsNever] }),
    named: dnsNamed,
    setup: async (stand) => device(stand, { host: name, port: 8883 }, { lookup: lookupFails('ENOTFOUND') }),
  },
  {
    name: 'DNS: the system’s resolver knows no such name',
    // Without any name server the same question gives EAI_AGAIN: then it is a failure of the resolver.
    expect: named('dns.not-found'),
    named: dnsNamed,
    setup: async (stand) =>
      device(
        stand,
        { host: name, port: 8883 },
        (await resolverAnswers()) ? {} : { lookup: lookupFails('ENOTFOUND') },
      ),
  },
  {
    name: 'DNS: the name has no address',
    expect: named('dns.not-found'),
    named: dnsNamed,
    setup: async (stand) => device(stand, { host: name, port: 8883 }, { lookup: lookupFails('ENODATA') }),
  },
  {
    name: 'DNS: the resolver cannot be reached',
    expect: proven('dns.failed', { never: ['dns.not-found'] }),
    named: dnsNamed,
    setup: async (stand) => device(stand, { host: name, port: 8883 }, { lookup: lookupFails('EAI_AGAIN') }),
  },
  {
    name: 'DNS: the resolver never answers',
    expect: proven('dns.failed', { never: ['dns.not-found', 'tcp.timeout'] }),
    named: dnsNamed,
    setup: async (stand) =>
      device(
        stand,
        { host: name, port: 8883 },
        { lookup: async () => new Promise(() => undefined), timeout: impatient },
      ),
  },
  {
    name: 'TCP: nothing listens',
    expect: proven('tcp.refused'),
    named: /refused/i,
    setup: async (stand) => device(stand, await closedPort()),
  },
  {
    name: 'TCP: nothing listens, and the certificate is expired as well',
    expect: proven('tcp.refused', {
      also: ['certificate.expired'],
      never: ['tls.client-certificate-expired'],
    }),
    named: /refused/i,
    setup: async (stand) => {
      const input = bundleOf(await stand.world.makeDevice(expired), stand.world.deviceIssuer);
      return device(stand, await closedPort(), { input });
    },
  },
  {
    name: 'TCP: nothing listens on any of three addresses',
    expect: proven('tcp.refused'),
    named: /refused/i,
    setup: async (stand) => {
      const lookup = resolvesTo('127.0.0.1', '127.0.0.2', '::1');
      return device(stand, await closedPort(), { host: 'gateway.lab.test', lookup });
    },
  },
  {
    name: 'TCP: a firewall drops every packet',
    expect: proven('tcp.timeout', { never: ['tls.silent', 'tcp.refused'] }),
    named: /tim(?:ed? ?out)/i,
    setup: async (stand) => device(stand, await blackHole(stand), { timeout: impatient }),
  },
  {
    name: 'TCP: one address refuses, the other drops',
    expect: oneOf(['tcp.refused', 'tcp.timeout'], { certainty: ['proven', 'likely', 'possible'] }),
    named: /refused|tim(?:ed? ?out)/i,
    setup: async (stand) => {
      const { port } = await blackHole(stand);
      return device(
        stand,
        { host: 'gateway.lab.test', port },
        { lookup: resolvesTo('127.0.0.1', '127.0.0.2'), timeout: impatient },
      );
    },
  },
  {
    name: 'TCP: there is no route',
    // The kernel refuses TCP to a multicast address with ENETUNREACH, as it does where there is no route.
    expect: proven('tcp.unreachable'),
    named: /unreachable/i,
    setup: async (stand) => device(stand, { host: '224.0.0.1', port: 8883 }),
  },
  {
    name: 'TCP: an IPv6 address, and the broker listens on IPv4',
    expect: named('tcp.wrong-address-family'),
    named: /IPv6|address family/i,
    setup: async (stand) => device(stand, await gateway(stand), { host: '::1' }),
  },
  {
    name: 'TCP: an IPv4 address, and the broker listens on IPv6',
    expect: named('tcp.wrong-address-family'),
    named: /IPv6|address family/i,
    setup: async (stand) => device(stand, await gateway(stand, { address: '::1' }), { host: '127.0.0.1' }),
  },
  {
    name: 'TCP: accepted and closed at once',
    expect: proven('tcp.closed', { never: ['tcp.refused', 'tls.silent'] }),
    named: /closed|EOF|unexpected eof|before secure TLS/i,
    setup: async (stand) => device(stand, await raw(stand, (socket) => socket.end())),
  },
  {
    name: 'TCP: closed once it has read the ClientHello, whatever that says',
    expect: proven('tcp.closed', {
      never: ['tls.sni-rejected', 'tls.version-mismatch', 'tls.alpn-required'],
    }),
    named: /closed|EOF|before secure TLS/i,
    setup: async (stand) =>
      device(stand, await raw(stand, (socket) => socket.once('data', () => socket.end())), {
        host: 'localhost',
      }),
  },
  {
    name: 'TCP: reset at once',
    expect: proven('tcp.reset', { never: ['tcp.refused'] }),
    named: /reset|ECONNRESET/i,
    setup: async (stand) =>
      device(stand, await raw(stand, (socket) => void socket.resetAndDestroy()), { host: '127.0.0.1' }),
  },
  {
    name: 'TCP: reset once it has read the ClientHello',
    expect: proven('tcp.reset', { never: ['tls.version-mismatch', 'tls.sni-rejected'] }),
    named: /reset|ECONNRESET/i,
    setup: async (stand) =>
      device(stand, await raw(stand, (socket) => socket.once('data', () => void socket.resetAndDestroy()))),
  },
  {
    name: 'TCP: accepted, then nothing',
    expect: named('tls.silent', { never: ['tcp.timeout', 'tls.partial-then-silent', 'tls.plain-mqtt-port'] }),
    named: /no (?:answer|reply)|silent|handshake.*tim|tim.*handshake/i,
    setup: async (stand) => device(stand, await raw(stand, () => undefined), { timeout: impatient }),
  },
];

async function resolverAnswers(): Promise<boolean> {
  const { lookup } = await import('node:dns/promises');
  return lookup(name).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOTFOUND',
  );
}
