import type { Duplex } from 'node:stream';
import { parser, type IConnectPacket, type Packet } from 'mqtt-packet';
import type { Behaviour, Connack } from '../behaviour.js';
import type { Report } from '../events.js';

/** What TLS found out about who is connecting. */
export type Peer =
  /** No certificate was shown, or none was asked for. */
  | { readonly kind: 'none' }
  | { readonly kind: 'unverified'; readonly deviceId: string | undefined; readonly reason: string }
  | { readonly kind: 'verified'; readonly deviceId: string | undefined }
  /** There is no TLS on this port: the client id is taken for the device. */
  | { readonly kind: 'plain' };

export interface Refusal {
  readonly returnCode: 1 | 2 | 3 | 5;
  readonly reason: string;
}

/** The CONNECT that opens a connection, with the bytes that came along. */
type Opening =
  | { readonly kind: 'connect'; readonly packet: IConnectPacket }
  | { readonly kind: 'unknown-version' }
  | { readonly kind: 'not-mqtt'; readonly reason: string };

/** As long as aedes waits for it. */
const connectTimeoutMs = 30_000;

export interface AdmissionOptions {
  readonly behaviour: Behaviour;
  readonly report: Report;
  readonly serve: (connection: Duplex) => void;
}

/**
 * Reads the CONNECT of a new connection and answers it when it is to be refused, or as a fault wants it.
 * Otherwise the connection goes on to the broker with every byte unread.
 */
export function admit(connection: Duplex, peer: Peer, options: AdmissionOptions): void {
  const codec = parser();
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => connection.destroy(), connectTimeoutMs);

  const decide = (opening: Opening): void => {
    settle();
    answer(connection, opening, peer, options, () => {
      connection.unshift(Buffer.concat(chunks));
      options.serve(connection);
    });
  };
  const read = (): void => {
    const chunk: unknown = connection.read();
    if (!Buffer.isBuffer(chunk)) return;
    chunks.push(chunk);
    codec.parse(chunk);
  };
  const settle = (): void => {
    clearTimeout(timer);
    codec.removeAllListeners();
    codec.on('error', () => undefined);
    connection.off('readable', read);
    connection.off('close', settle);
  };

  codec.once('packet', (packet) => decide(openingOf(packet)));
  codec.once('error', (error) => decide(openingError(error)));
  connection.on('error', () => connection.destroy());
  connection.on('close', settle);
  connection.on('readable', read);
}

function openingOf(packet: Packet): Opening {
  return packet.cmd === 'connect'
    ? { kind: 'connect', packet }
    : { kind: 'not-mqtt', reason: `the first packet is not CONNECT but ${packet.cmd.toUpperCase()}` };
}

function openingError({ message }: Error): Opening {
  return message === 'Invalid protocol version'
    ? { kind: 'unknown-version' }
    : { kind: 'not-mqtt', reason: 'what came in is not MQTT' };
}

function answer(
  connection: Duplex,
  opening: Opening,
  peer: Peer,
  { behaviour, report }: AdmissionOptions,
  accept: () => void,
): void {
  const refused = (returnCode: number | undefined, reason: string): void =>
    report({ type: 'refused', deviceId: deviceOf(peer), layer: 'mqtt', returnCode, reason });
  if (opening.kind === 'not-mqtt') {
    refused(undefined, opening.reason);
    connection.destroy();
    return;
  }
  if (behaviour.connack.kind !== 'as-due') {
    refused(misanswer(connection, behaviour.connack), 'the fault of this gateway');
    return;
  }
  const refusal = whyNotConnect(opening, peer, behaviour);
  if (refusal === undefined) {
    accept();
    return;
  }
  refused(refusal.returnCode, refusal.reason);
  endWith(connection, connackBytes(refusal.returnCode));
}

/** In the order in which SAP's broker finds it out: protocol, certificate, client id, rights. */
function whyNotConnect(
  opening: Exclude<Opening, { kind: 'not-mqtt' }>,
  peer: Peer,
  { revoked }: Behaviour,
): Refusal | undefined {
  if (opening.kind === 'unknown-version') return { returnCode: 1, reason: 'an unknown version of MQTT' };
  const { protocolVersion, clientId } = opening.packet;
  if (protocolVersion === 5) return { returnCode: 1, reason: 'MQTT 5, where only 3.1 and 3.1.1 are spoken' };
  if (peer.kind === 'plain') {
    return clientId === '' ? { returnCode: 2, reason: 'an empty client id' } : undefined;
  }
  if (peer.kind === 'none') return { returnCode: 3, reason: 'no client certificate was shown' };
  if (peer.kind === 'unverified') return { returnCode: 3, reason: `the client certificate: ${peer.reason}` };
  if (clientId !== peer.deviceId) {
    return {
      returnCode: 2,
      reason: `client id ${clientId}, but the certificate is for ${peer.deviceId ?? 'no device'}`,
    };
  }
  return revoked === 'blocked' ? { returnCode: 5, reason: 'the device is blocked' } : undefined;
}

/** Returns the return code that was sent, if any. */
function misanswer(connection: Duplex, connack: Exclude<Connack, { kind: 'as-due' }>): number | undefined {
  connection.resume();
  switch (connack.kind) {
    case 'code':
      connection.end(connackBytes(connack.returnCode));
      return connack.returnCode;
    case 'close':
      connection.end();
      break;
    case 'garbage':
      connection.end(Buffer.from('\0\0 this is not MQTT\r\n'));
      break;
    case 'silence':
      break;
  }
  return undefined;
}

/** Without reading on, bytes that wait unread would turn the end of the connection into a reset. */
function endWith(connection: Duplex, bytes: Uint8Array): void {
  connection.resume();
  connection.end(bytes);
}

/** MQTT 3.1.1 section 3.2; also the answer to MQTT 5 (its section 3.1.2.2 allows it). */
function connackBytes(returnCode: number): Uint8Array {
  return Buffer.from([0x20, 2, 0, returnCode]);
}

function deviceOf(peer: Peer): string | undefined {
  return peer.kind === 'verified' || peer.kind === 'unverified' ? peer.deviceId : undefined;
}
