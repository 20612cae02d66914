import { failing, nothing, tried } from '../evidence.js';
import { type Row, row, closed, reset, ended } from './row.js';

const allPlainTried = [tried('plain-mqtt', 'refused'), tried('plain-http', 'refused')];
const allTried = [
  ...allPlainTried,
  tried('alpn', 'refused'),
  tried('without-sni', 'refused'),
  tried('tls-1.2', 'refused'),
];

export const portRows: readonly Row[] = [
  row(
    'HTTP answers',
    'tls.http-port',
    'proven',
    failing('tls', { tls: { ...nothing, notTls: { protocol: 'http', sample: 'HTTP/1.1 400 Bad Request' } } }),
  ),
  row(
    'HTTP answers inside TLS',
    'tls.http-port',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connect-sent',
        connack: undefined,
        malformed: { why: 'not MQTT', protocol: 'http', sample: 'HTTP/1.1 400' },
      },
    }),
  ),
  row(
    'HTTP answers inside TLS, and MQTT with ALPN',
    'tls.alpn-required',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connect-sent',
        connack: undefined,
        malformed: { why: 'not MQTT', protocol: 'http', sample: 'HTTP/1.1 400' },
      },
      experiments: [
        tried('alpn', 'accepted', { tls: { alpn: 'mqtt' }, mqtt: {} }),
        tried('repeat', 'refused'),
      ],
    }),
    { never: ['tls.http-port'] },
  ),
  row(
    'WebSocket',
    'tls.wss-port',
    'proven',
    failing('mqtt', {
      mqtt: { ...ended },
      experiments: [tried('https', 'accepted', { facts: { webSocketPath: '/mqtt' } })],
    }),
  ),
  row(
    'plain MQTT answers the probe',
    'tls.plain-mqtt-port',
    'proven',
    failing('tls', {
      tls: { ...nothing, end: reset },
      experiments: [tried('plain-mqtt', 'accepted', { facts: { connackCode: 5 } })],
    }),
    { never: ['tcp.reset'] },
  ),
  row(
    'MQTT answers TLS',
    'tls.plain-mqtt-port',
    'proven',
    failing('tls', { tls: { ...nothing, notTls: { protocol: 'mqtt', sample: '' } } }),
  ),
  row(
    'SSH',
    'tls.not-tls',
    'proven',
    failing('tls', { tls: { ...nothing, notTls: { protocol: 'ssh', sample: 'SSH-2.0-OpenSSH_9.2' } } }),
  ),
  row(
    'silence',
    'tls.silent',
    'proven',
    failing('tls', { tls: { ...nothing, timedOut: true }, experiments: allTried }),
  ),
  row(
    'silence, and a protocol name not tried',
    'tls.silent',
    'likely',
    failing('tls', { tls: { ...nothing, timedOut: true }, experiments: allPlainTried }),
  ),
  row(
    'silence, and an answer without a server name',
    'tls.sni-rejected',
    'proven',
    failing('tls', {
      tls: { ...nothing, timedOut: true },
      experiments: [...allPlainTried, tried('without-sni', 'accepted', { tls: {} })],
    }),
    { never: ['tls.silent'] },
  ),
  row(
    'the end in the middle of a ServerHello',
    'tcp.closed',
    'likely',
    failing('tls', {
      tls: {
        ...nothing,
        bytes: { client: 500, server: 60 },
        partial: { have: 60, need: 127, what: 'handshake record' },
        end: closed,
      },
      experiments: allTried,
    }),
    { never: ['tls.handshake-failed'] },
  ),
  row(
    'the end in the middle of the handshake, and as far with ALPN',
    'tcp.closed',
    'likely',
    failing('tls', {
      tls: { reach: 'server-hello', request: undefined, sent: undefined, verdict: undefined, end: closed },
      experiments: [tried('alpn', 'refused', { tls: {} })],
    }),
    { never: ['tls.handshake-failed'] },
  ),
  row(
    'silence, and nothing else tried',
    'tls.silent',
    'likely',
    failing('tls', { tls: { ...nothing, timedOut: true } }),
  ),
  row(
    'half a record',
    'tls.partial-then-silent',
    'proven',
    failing('tls', {
      tls: {
        ...nothing,
        timedOut: true,
        bytes: { client: 500, server: 1300 },
        partial: { have: 1300, need: 3000, what: 'handshake record' },
      },
    }),
  ),
  row(
    'closed at once',
    'tcp.closed',
    'proven',
    failing('tls', { tls: { ...nothing, end: closed }, experiments: allTried }),
  ),
  row(
    'reset at once',
    'tcp.reset',
    'proven',
    failing('tls', { tls: { ...nothing, end: reset }, experiments: allTried }),
  ),
  row(
    'reset once, and never again',
    'tcp.reset',
    'likely',
    failing('tls', {
      tls: { ...nothing, end: reset },
      experiments: [tried('tls-1.2', 'accepted', { tls: {} }), tried('repeat', 'accepted', { tls: {} })],
    }),
    { never: ['tls.version-mismatch'] },
  ),
  row(
    'another protocol inside TLS',
    'mqtt.malformed-reply',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connect-sent',
        connack: undefined,
        malformed: { why: 'not MQTT', protocol: 'amqp', sample: 'AMQP' },
      },
    }),
  ),
];
