import { connect, type ConnectionOptions } from 'node:tls';
import { once } from 'node:events';
import { generate, parser, type IConnectPacket, type Packet } from 'mqtt-packet';
import type { Lab } from './support.js';

/** One connection, spoken by hand: Node's TLS and MQTT packets as they come. */
export interface Session {
  readonly send: (packet: Packet) => void;
  /** The next packet, or `undefined` when the connection has ended. */
  readonly next: () => Promise<Packet | undefined>;
  /** Everything that came in, to the end of the connection. */
  readonly bytesToTheEnd: () => Promise<string>;
  readonly end: () => void;
}

export async function openSession(
  { sandbox, device }: Lab,
  options: ConnectionOptions = {},
): Promise<Session> {
  const socket = connect({
    host: sandbox.host,
    port: sandbox.port,
    servername: 'localhost',
    ca: sandbox.caPem,
    key: device.key,
    cert: device.cert,
    ...options,
  });
  await once(socket, 'secureConnect');
  const codec = parser();
  const received: Packet[] = [];
  const bytes: Buffer[] = [];
  const state = { ended: false };
  let wake = (): void => undefined;
  codec.on('packet', (packet) => void received.push(packet));
  codec.on('error', () => undefined);
  socket.on('data', (chunk) => {
    bytes.push(chunk);
    codec.parse(chunk);
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    state.ended = true;
    wake();
  });
  const progress = async (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  return {
    send: (packet) => void socket.write(generate(packet)),
    next: async () => {
      while (received.length === 0 && !state.ended) await progress();
      return received.shift();
    },
    bytesToTheEnd: async () => {
      while (!state.ended) await progress();
      return Buffer.concat(bytes).toString('hex');
    },
    end: () => socket.destroy(),
  };
}

export function connectPacket(clientId: string, changes: Partial<IConnectPacket> = {}): IConnectPacket {
  return {
    cmd: 'connect',
    clientId,
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    keepalive: 60,
    ...changes,
  };
}

/** A session whose CONNECT was answered with CONNACK 0. */
export async function connected(lab: Lab, changes: Partial<IConnectPacket> = {}): Promise<Session> {
  const session = await openSession(lab);
  session.send(connectPacket(lab.device.id, changes));
  const answer = await session.next();
  if (answer?.cmd !== 'connack' || answer.returnCode !== 0)
    throw new Error(`not connected: ${JSON.stringify(answer)}`);
  return session;
}

/** Subscribes to one topic and returns what was granted: a QoS, or 128. */
export async function subscribe(session: Session, topic: string, qos: 0 | 1 | 2 = 1): Promise<unknown> {
  session.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos }] });
  const answer = await session.next();
  if (answer?.cmd !== 'suback') throw new Error(`not answered: ${JSON.stringify(answer)}`);
  return answer.granted[0];
}

export function publishPacket(topic: string, payload: string, qos: 0 | 1 | 2, messageId = 7): Packet {
  return { cmd: 'publish', topic, payload, qos, messageId, dup: false, retain: false };
}
