import type { Socket } from 'node:net';
import { createAuthority } from '../../../src/pki/index.js';
import { anyOf, likely, named, proven, type FailureRow } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { issue } from '../servers/issue.js';
import { mosquitto } from '../servers/mosquitto.js';
import { afterHello, alert, raw, says } from '../servers/raw.js';
import { trickles } from '../servers/relay.js';
import { asking, only12, tlsServer } from '../servers/tls.js';
import { bundleOf, chain } from '../world.js';
import { device, impatient, resolvesTo } from './support.js';

/** What answers the port of a proxy, a portal or another service when it gets a ClientHello. */
const answers: readonly (readonly [string, string | Uint8Array, FailureRow['expect'], RegExp])[] = [
  [
    'a captive portal that sends everybody to its login page',
    'HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/\r\nContent-Length: 0\r\n\r\n',
    proven('tls.http-port'),
    /HTTP/,
  ],
  [
    'a proxy that wants CONNECT',
    'HTTP/1.1 400 Bad Request\r\nVia: 1.1 proxy.corp.example (squid/5.7)\r\nX-Squid-Error: ERR_INVALID_REQ 0\r\n\r\n',
    proven('tls.http-port'),
    /HTTP/,
  ],
  [
    'a proxy that wants a password',
    'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="corp"\r\n\r\n',
    proven('tls.http-port'),
    /HTTP/,
  ],
  [
    'a gateway without a backend',
    'HTTP/1.0 503 Service Unavailable\r\nConnection: close\r\n\r\n<html>',
    proven('tls.http-port'),
    /HTTP/,
  ],
  [
    'a SOCKS proxy',
    Uint8Array.of(5, 0xff),
    proven('tls.not-tls'),
    /unexpected|wrong version|not TLS|record/i,
  ],
  [
    'an SSH server',
    'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n',
    proven('tls.not-tls'),
    /unexpected|wrong version|SSH/i,
  ],
  [
    'a mail server',
    '220 mail.example.net ESMTP Postfix\r\n',
    proven('tls.not-tls'),
    /unexpected|wrong version|SMTP/i,
  ],
  [
    'an LDAP server',
    Uint8Array.of(0x30, 0x0c, 2, 1, 0, 0x78, 7, 0x0a, 1, 2, 4, 0, 4, 0),
    proven('tls.not-tls'),
    /unexpected|wrong version|not TLS/i,
  ],
  [
    'a PostgreSQL server',
    'E\0\0\0\x25SFATAL\0C0A000\0Munsupported\0\0',
    proven('tls.not-tls'),
    /unexpected|wrong version|not TLS/i,
  ],
  [
    'a Kafka broker or another binary protocol',
    Uint8Array.of(0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 0),
    proven('tls.not-tls'),
    /unexpected|wrong version|not TLS/i,
  ],
  [
    'a broker of CoAP over TCP',
    Uint8Array.of(0x00, 0xe1),
    proven('tls.not-tls'),
    /unexpected|wrong version|not TLS/i,
  ],
];

const portRows: readonly FailureRow[] = answers.map(([what, bytes, expect, pattern]) => ({
  name: `on the port: ${what}`,
  expect,
  named: pattern,
  setup: async (stand) =>
    device(stand, await raw(stand, afterHello(says(bytes, 'close'))), { timeout: impatient }),
}));

/** Inside TLS, after CONNECT. */
const inside: readonly (readonly [string, string | Uint8Array, FailureRow['expect'], RegExp])[] = [
  [
    'a captive portal',
    'HTTP/1.1 302 Found\r\nLocation: http://login.hotel.example/\r\nContent-Length: 0\r\n\r\n',
    proven('tls.http-port'),
    /HTTP/,
  ],
  [
    'STOMP',
    'ERROR\nmessage:malformed frame received\n\n\0',
    proven('mqtt.malformed-reply'),
    /malformed|protocol/i,
  ],
  [
    'NATS',
    'INFO {"server_id":"X","version":"2.9"}\r\n-ERR \'Unknown Protocol Operation\'\r\n',
    proven('mqtt.malformed-reply', { says: [/NATS/] }),
    /malformed|protocol/i,
  ],
  ['Redis', '-ERR unknown command\r\n', proven('mqtt.malformed-reply'), /malformed|protocol/i],
  ['a line of JSON', '{"error":"bad request"}\n', proven('mqtt.malformed-reply'), /malformed|protocol/i],
];

const insideRows: readonly FailureRow[] = inside.map(([what, bytes, expect, pattern]) => ({
  name: `inside TLS: ${what}`,
  expect,
  named: pattern,
  setup: async (stand) => {
    const answer = (socket: Socket): void => void socket.once('data', () => socket.end(bytes));
    const at = await tlsServer(stand, asking(stand.world.deviceRoot.pem), answer);
    return device(stand, at, { timeout: impatient });
  },
}));

const handshakeRows = ([10, 20, 22, 47, 50, 51, 86, 109, 110, 115] as const).map((number): FailureRow => ({
  name: `alert ${number} to a ClientHello`,
  expect: anyOf(['tls.handshake-failed', 'tls.version-mismatch', 'tls.no-common-cipher'], {
    certainty: ['likely', 'possible'],
    never: ['tls.client-certificate-refused', 'tls.server-untrusted', 'tcp.closed'],
    says: [new RegExp(`alert ${number}`)],
  }),
  named: /alert|handshake/i,
  setup: async (stand) => device(stand, await raw(stand, afterHello(says(alert(number), 'close')))),
}));

const inspected: readonly FailureRow[] = [
  {
    name: 'path: the handshake comes 5 bytes every 60 ms, slower than anybody waits',
    expect: likely('tls.partial-then-silent', { says: [/slow/, /--timeout/] }),
    named: /time/i,
    setup: async (stand) =>
      device(stand, await trickles(stand, await gateway(stand), 5, 60), { timeout: impatient }),
  },
  {
    name: 'mosquitto: the certificate of an authority, which may only sign, instead of the device’s',
    needs: ['openssl', 'mosquitto'],
    expect: proven('tls.client-certificate-wrong-purpose', { says: [/keyCertSign/] }),
    named: /purpose|unsupported/i,
    setup: async (stand) => {
      const authority = issue(stand, {
        subject: '/CN=an authority',
        issuer: stand.world.deviceRoot,
        extensions: ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'],
      });
      const at = await mosquitto(stand, { clientCa: stand.world.deviceRoot.pem });
      return device(stand, at, { input: bundleOf(authority), profile: 'generic' });
    },
  },
  {
    name: 'a proxy of the company opens TLS, its root is in the CA file, and it sends no certificate of the device on',
    expect: anyOf(['tls.client-certificate-not-requested', 'tls.intercepted', 'mqtt.not-authorized'], {
      never: ['tls.client-certificate-missing', 'mqtt.client-id-refused'],
    }),
    named: /intercept|inspect|not request|proxy/i,
    setup: async (stand) => {
      const proxy = await createAuthority({
        subject: 'O=Acme, CN=Acme TLS Inspection CA',
        keyKind: 'ec-p256',
      });
      const served = await stand.world.makeServer({ issuer: proxy });
      const at = await gateway(stand, { tls: served, connect: () => 5 });
      return device(stand, at, { ca: chain(stand.world.serverRoot, proxy) });
    },
  },
  {
    name: 'the name leads to this machine, where another server shows its own certificate',
    expect: anyOf(
      ['tls.server-wrong-host', 'tls.server-self-signed', 'tls.server-untrusted', 'ca-file.not-the-issuer'],
      {
        says: [/127\.0\.0\.1/],
      },
    ),
    named: /host ?name|altnames|match/i,
    setup: async (stand) => {
      const served = await stand.world.makeServer({ altNames: ['portal.local'], subject: 'CN=portal.local' });
      const at = await gateway(stand, { tls: { ...served, ...only12 } });
      return device(stand, at, { host: 'demo.eu10.cp.iot.sap', lookup: resolvesTo('127.0.0.1') });
    },
  },
  {
    name: 'SAP-like gateway, return code 3, to a device whose clock is right and whose certificate begins tomorrow',
    expect: named('tls.client-certificate-not-yet-valid'),
    named: /not yet valid/i,
    setup: async (stand) => {
      const leaf = await stand.world.makeDevice({ notBefore: new Date(Date.now() + 86_400_000) });
      const at = await gateway(stand, { connect: (_, { trusted }) => (trusted ? 0 : 3) });
      return device(stand, at, { input: bundleOf(leaf, stand.world.deviceIssuer) });
    },
  },
];

export const answerRows: readonly FailureRow[] = [...portRows, ...insideRows, ...handshakeRows, ...inspected];
