import type { Socket } from 'node:net';
import { createAuthority } from '../../../src/pki/index.js';
import { named, oneOf, proven, type FailureRow } from '../row.js';
import { http, https, wss } from '../servers/http.js';
import { serveMqtt } from '../servers/mqtt.js';
import { mosquitto } from '../servers/mosquitto.js';
import { afterHello, raw, says } from '../servers/raw.js';
import { gateway } from '../servers/gateway.js';
import { losesLargeFromClient, losesFromServerAfter } from '../servers/relay.js';
import { only12, only13, requiring, tlsServer } from '../servers/tls.js';
import type { Stand } from '../stand.js';
import type { ServerIdentity } from '../world.js';
import { device, guest, impatient } from './support.js';

const plain = /plain|unencrypted|wrong version number|not TLS|packet length too long/i;
const notTls = [
  'tls.version-mismatch',
  'tls.handshake-failed',
  'tls.silent',
  'tcp.closed',
  'tcp.reset',
] as const;

/** Rows in which the port speaks something that is not TLS with MQTT in it. */
export const portRows: readonly FailureRow[] = [
  {
    name: 'port: mosquitto without TLS',
    needs: ['mosquitto'],
    expect: proven('tls.plain-mqtt-port', { experiments: { 'plain-mqtt': 'accepted' }, never: [...notTls] }),
    named: plain,
    setup: async (stand) => device(stand, await mosquitto(stand, { identity: 'none' })),
  },
  {
    name: 'port: mosquitto without TLS which wants a password',
    needs: ['mosquitto'],
    expect: proven('tls.plain-mqtt-port', { never: [...notTls] }),
    named: plain,
    setup: async (stand) => device(stand, await mosquitto(stand, { identity: 'none', users: { a: 'b' } })),
  },
  {
    name: 'port: a plain broker which waits for more of what it takes for a packet',
    expect: proven('tls.plain-mqtt-port', { never: [...notTls] }),
    named: plain,
    setup: async (stand) =>
      device(
        stand,
        await raw(stand, (socket) => {
          socket.once('data', (first: Buffer) => {
            if (first[0] !== 0x10) return;
            socket.unshift(first);
            serveMqtt(socket, {});
          });
        }),
        { timeout: impatient },
      ),
  },
  {
    name: 'port: a web server without TLS',
    expect: proven('tls.http-port', { never: [...notTls] }),
    named: /http/i,
    setup: async (stand) => device(stand, await http(stand)),
  },
  {
    name: 'port: a web server with TLS',
    expect: proven('tls.http-port', {
      never: ['mqtt.malformed-reply', 'mqtt.closed-before-connack', 'tls.wss-port'],
    }),
    named: /http/i,
    setup: async (stand) => device(stand, await https(stand)),
  },
  {
    name: 'port: a web server with TLS that says nothing to what is not HTTP',
    expect: named('tls.http-port', { never: ['tls.wss-port', 'mqtt.no-connack'] }),
    named: /http/i,
    setup: async (stand) => device(stand, await patientWebServer(stand), { timeout: impatient }),
  },
  {
    name: 'port: MQTT over WebSocket on the usual path',
    expect: proven('tls.wss-port', { never: ['mqtt.malformed-reply', 'tls.http-port'] }),
    named: /websocket|wss|http/i,
    setup: async (stand) => device(stand, await wss(stand)),
  },
  ...[
    ['SSH', 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7\r\n'],
    ['mail', '220 mail.example.com ESMTP Postfix\r\n'],
    ['a database', Uint8Array.from([0x4a, 0, 0, 0, 0x0a, ...Buffer.from('8.0.36\0abcdefghijklmnop')])],
  ].map(([kind, banner]): FailureRow => ({
    name: `port: ${String(kind)}, which speaks first`,
    expect: proven('tls.not-tls', { never: [...notTls] }),
    named: /SSH|SMTP|mail|database|mysql|not TLS|wrong version number/i,
    setup: async (stand) => device(stand, await raw(stand, says(banner ?? ''))),
  })),
  {
    name: 'port: AMQP without TLS',
    expect: proven('tls.not-tls', { never: [...notTls], says: [/AMQP/i] }),
    named: /AMQP|not TLS|wrong version number/i,
    setup: async (stand) =>
      device(
        stand,
        await raw(stand, afterHello(says(Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1), 'close'))),
      ),
  },
  {
    name: 'port: AMQP with TLS',
    expect: proven('mqtt.malformed-reply', { says: [/AMQP/i], never: ['mqtt.closed-before-connack'] }),
    named: /AMQP|malformed|protocol error|invalid/i,
    setup: async (stand) => {
      const answer = says(Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1), 'close');
      return device(stand, await tlsServer(stand, {}, (socket) => socket.once('data', () => answer(socket))));
    },
  },
  {
    name: 'port: random bytes after TLS',
    expect: proven('mqtt.malformed-reply'),
    named: /malformed|protocol error|invalid|garbage/i,
    setup: async (stand) =>
      device(
        stand,
        await tlsServer(stand, {}, (socket) =>
          socket.once('data', () => socket.write('\u0000\u0001\u0002zzzz')),
        ),
      ),
  },
  {
    name: 'path: part of the server’s first record, then nothing',
    expect: named('tls.partial-then-silent', { never: ['tls.silent', 'tcp.timeout'] }),
    named: /MTU|partial|part of/i,
    setup: async (stand) =>
      device(stand, await raw(stand, afterHello(says(Uint8Array.of(22, 3, 3, 0, 122, 2, 0, 0)))), {
        timeout: impatient,
      }),
  },
  ...(
    [
      ['1.2', only12],
      ['1.3', only13],
    ] as const
  ).map(([version, only]): FailureRow => ({
    name: `path: large packets of the server are lost, TLS ${version}`,
    expect: named('tls.partial-then-silent', { never: ['tls.silent', 'tls.client-certificate-refused'] }),
    named: /MTU|partial|part of/i,
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: { ...only, ...requiring(stand.world.deviceRoot.pem) } });
      return device(stand, await losesFromServerAfter(stand, behind, 600), { timeout: impatient });
    },
  })),
  {
    name: 'path: large packets of the client are lost, TLS 1.2',
    expect: named('tls.partial-then-silent', { never: ['tls.silent', 'mqtt.no-connack'] }),
    named: /MTU|partial|part of/i,
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: { ...only12, ...requiring(stand.world.deviceRoot.pem) } });
      return device(stand, await losesLargeFromClient(stand, behind), { timeout: impatient });
    },
  },
  {
    name: 'path: large packets of the client are lost, TLS 1.3',
    // In TLS 1.3 the client's side is done before its certificate arrives: no ticket and no CONNACK come, and
    // nobody can tell whether the broker is silent or never got the certificate. Both must be on the list.
    expect: oneOf(['mqtt.no-connack', 'tls.partial-then-silent']),
    named: /no (?:answer|connack)|MTU/i,
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: { ...only13, ...requiring(stand.world.deviceRoot.pem) } });
      return device(stand, await losesLargeFromClient(stand, behind), { timeout: impatient });
    },
  },
  {
    name: 'path: a proxy of the company in between, whose root nobody gave to the device',
    expect: named('tls.intercepted'),
    named: /intercept|proxy|inspection/i,
    setup: async (stand) => {
      const identity = await inspected(
        stand,
        'C=US, ST=California, L=San Jose, O=Zscaler Inc., OU=Zscaler Inc., CN=Zscaler Root CA',
      );
      return device(stand, await tlsServer(stand, identity, (socket) => serveMqtt(socket, {})));
    },
  },
  {
    name: 'path: a firewall that looks into TLS, and no CA file given',
    expect: named('tls.intercepted'),
    named: /intercept|proxy|inspection/i,
    setup: async (stand) => {
      const identity = await inspected(
        stand,
        'C=US, ST=California, L=Sunnyvale, O=Fortinet, OU=Certificate Authority, CN=FG100E4Q16001234',
      );
      const at = await tlsServer(stand, identity, (socket) => serveMqtt(socket, {}));
      return { ...at, input: stand.world.bundle };
    },
  },
  {
    name: 'port: TLS stands without a certificate being asked for, and then nothing',
    expect: named('mqtt.no-connack', { never: ['tls.silent'] }),
    named: /no (?:answer|connack)|tim(?:ed? ?out)/i,
    setup: async (stand) =>
      guest(stand, await tlsServer(stand, {}, (socket) => void socket.resume()), { timeout: impatient }),
  },
];

/** What an inspecting proxy shows: a fresh certificate of its own issuing CA, sent with that one. */
async function inspected(stand: Stand, subject: string): Promise<ServerIdentity> {
  const parent = await createAuthority({ subject, keyKind: 'ec-p256' });
  const issuer = await createAuthority({
    subject: subject.replace(/CN=/, 'CN=Intermediate '),
    parent,
    keyKind: 'ec-p256',
  });
  return stand.world.makeServer({ issuer });
}

/** Answers a request line and keeps silent otherwise, as some load balancers do. */
async function patientWebServer(stand: Stand): ReturnType<typeof raw> {
  return tlsServer(stand, {}, (socket) => {
    let heard = '';
    (socket as Socket).on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (!/^[A-Z]+ \/\S* HTTP\/1\.1\r\n[^]*\r\n\r\n$/.test(heard)) return;
      socket.end(
        'HTTP/1.1 404 Not Found\r\nServer: balancer\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      );
    });
  });
}
