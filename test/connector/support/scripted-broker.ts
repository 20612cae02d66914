import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { generate, parser, type IConnectPacket, type IPublishPacket, type Packet } from 'mqtt-packet';
import type { World } from './world.js';

/** One connection as the script sees it. */
export interface Peer {
  /** 1 for the first connection. */
  readonly number: number;
  readonly connect: IConnectPacket;
  readonly send: (packet: Packet) => void;
  readonly socket: TLSSocket;
}

/** What the broker does instead of what a broker would do. */
export interface Script {
  readonly onConnect?: (peer: Peer) => void;
  readonly onPublish?: (packet: IPublishPacket, peer: Peer) => void;
  readonly onSubscribe?: (packet: Packet & { readonly cmd: 'subscribe' }, peer: Peer) => void;
  readonly server?: { readonly key: string; readonly cert: string };
  readonly tls?: { readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3' };
}

export interface ScriptedBroker {
  readonly port: number;
  /** Every PUBLISH, in the order of its arrival. */
  readonly published: readonly (IPublishPacket & { readonly connection: number })[];
  readonly connects: readonly IConnectPacket[];
  readonly packets: readonly Packet[];
  readonly close: () => void;
}

/** A broker that can misbehave as real ones do not on demand, speaking real MQTT over real TLS. */
export async function scriptedBroker(world: World, script: Script = {}): Promise<ScriptedBroker> {
  const published: (IPublishPacket & { connection: number })[] = [];
  const connects: IConnectPacket[] = [];
  const packets: Packet[] = [];
  const sockets = new Set<TLSSocket>();
  const { key, cert } = script.server ?? world.server;
  const server = createServer(
    { key, cert, requestCert: true, rejectUnauthorized: false, ...script.tls },
    (socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
      const number = sockets.size === 0 ? 1 : connects.length + 1;
      let peer: Peer | undefined;
      let version = 4;
      const send = (packet: Packet): void => {
        if (!socket.destroyed) socket.write(generate(packet, { protocolVersion: version }));
      };
      const incoming = parser();
      incoming.on('packet', (packet: Packet) => {
        packets.push(packet);
        if (packet.cmd === 'connect') {
          version = packet.protocolVersion ?? 4;
          connects.push(packet);
          peer = { number, connect: packet, send, socket };
          (script.onConnect ?? accept)(peer);
        } else if (peer !== undefined) answer(packet, peer, script, published);
      });
      socket.on('data', (chunk: Buffer) => void incoming.parse(chunk));
    },
  ).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => undefined);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    published,
    connects,
    packets,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

export function accept(peer: Peer, properties: Record<string, unknown> = {}, sessionPresent = false): void {
  const code = peer.connect.protocolVersion === 5 ? { reasonCode: 0, properties } : { returnCode: 0 };
  peer.send({ cmd: 'connack', sessionPresent, ...code });
}

export function confirm({ messageId, qos }: IPublishPacket, peer: Peer): void {
  if (qos === 1) peer.send({ cmd: 'puback', messageId: messageId ?? 0 });
  if (qos === 2) peer.send({ cmd: 'pubrec', messageId: messageId ?? 0 });
}

function answer(
  packet: Packet,
  peer: Peer,
  script: Script,
  published: (IPublishPacket & { connection: number })[],
): void {
  const { messageId = 0 } = packet;
  if (packet.cmd === 'publish') {
    published.push({ ...packet, connection: peer.number });
    (script.onPublish ?? confirm)(packet, peer);
  } else if (packet.cmd === 'pubrel') {
    peer.send({ cmd: 'pubcomp', messageId });
  } else if (packet.cmd === 'subscribe') {
    const granted = packet.subscriptions.map(({ qos }) => qos);
    if (script.onSubscribe === undefined) peer.send({ cmd: 'suback', messageId, granted });
    else script.onSubscribe(packet, peer);
  } else if (packet.cmd === 'unsubscribe') {
    peer.send({ cmd: 'unsuback', messageId, granted: [0] });
  } else if (packet.cmd === 'pingreq') {
    peer.send({ cmd: 'pingresp' });
  }
}
