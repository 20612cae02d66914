import { harmless, view } from './bytes.js';

/** What a stream of bytes is, judged by how it begins. */
export type PlaintextProtocol =
  | 'amqp'
  | 'http'
  | 'http2'
  | 'imap'
  | 'mqtt'
  | 'mysql'
  | 'nats'
  | 'pop3'
  | 'postgresql'
  | 'proxy'
  | 'redis'
  | 'rfb'
  | 'smtp-or-ftp'
  | 'ssh'
  | 'stomp'
  | 'tls'
  | 'xmpp';

const textSigns: readonly (readonly [RegExp, PlaintextProtocol])[] = [
  [/^HTTP\/[01]\.\d /, 'http'],
  [/^(GET|POST|PUT|HEAD|OPTIONS|CONNECT|DELETE|PATCH) \S+ HTTP\/1/, 'http'],
  [/^PRI \* HTTP\/2\.0/, 'http2'],
  [/^<(!DOCTYPE html|html)/i, 'http'],
  [/^SSH-\d/, 'ssh'],
  [/^220[ -]/, 'smtp-or-ftp'],
  [/^[45]\d\d[ -][\x20-\x7e]/, 'smtp-or-ftp'],
  [/^\+OK/, 'pop3'],
  [/^\* (OK|PREAUTH|BYE)/, 'imap'],
  [/^AMQP[\x00-\x03]/, 'amqp'],
  [/^INFO \{/, 'nats'],
  [/^-(ERR|DENIED|NOAUTH)/, 'redis'],
  [/^RFB \d/, 'rfb'],
  [/^PROXY (TCP|UNKNOWN)/, 'proxy'],
  [/^(CONNECTED|ERROR)\r?\n/, 'stomp'],
  [/^<(\?xml|stream:)/, 'xmpp'],
];

/** A few hundred bytes from the start of what one side said are enough. Undefined: not recognised. */
export function classifyPlaintext(bytes: Uint8Array): PlaintextProtocol | undefined {
  const text = view(bytes.subarray(0, 256)).toString('latin1');
  return textSigns.find(([sign]) => sign.test(text))?.[1] ?? classifyBinary(bytes);
}

function classifyBinary(bytes: Uint8Array): PlaintextProtocol | undefined {
  if (isMqtt(bytes)) return 'mqtt';
  const [a, b, c, d, e] = bytes;
  if (a !== undefined && a >= 0x14 && a <= 0x18 && b === 3 && (c ?? 9) <= 4) return 'tls';
  // A SETTINGS frame on stream 0 (RFC 9113 section 6.5).
  if (a === 0 && b === 0 && d === 4 && (e ?? 9) <= 1 && bytes.length >= 9) return 'http2';
  // The greeting: 3 bytes of length, sequence 0, protocol version 10 or an error.
  if (d === 0 && (e === 10 || e === 0xff) && c === 0 && bytes.length > 5) return 'mysql';
  // ErrorResponse, or the one byte that answers SSLRequest.
  if (a === 0x45 && b === 0 && c === 0 && bytes.length > 5) return 'postgresql';
  return undefined;
}

/** CONNECT names the protocol (MQTT 3.1.1 section 3.1.2.1); a CONNACK is short, and its flags are 0 or 1. */
function isMqtt(bytes: Uint8Array): boolean {
  const [type, length = 0, flags = 9] = bytes;
  if (type === 0x10)
    return /^.[\x80-\xff]{0,3}[\0-\x7f]\0(\x04MQTT|\x06MQIsdp)/s.test(
      view(bytes.subarray(0, 16)).toString('latin1'),
    );
  // MQTT 5 adds properties; a long property part has a length of two bytes.
  if (type === 0x20) return length >= 0x80 ? bytes.length > 3 : length >= 2 && flags <= 1;
  return type === 0xe0 && (length === 0 || length >= 1) && bytes.length === length + 2;
}

/** The first line, where it is text; else nothing. */
export function textSample(bytes: Uint8Array): string {
  const head = view(bytes.subarray(0, 200)).toString('latin1');
  const [line = ''] = head.split(/\r?\n/, 1);
  return /^[\x20-\x7e\t]{2,}$/.test(line) ? harmless(line.replaceAll('\t', ' ')).slice(0, 100) : '';
}
