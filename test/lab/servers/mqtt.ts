import type { Duplex } from 'node:stream';
import mqttPacket, {
  type IConnackPacket,
  type IConnectPacket,
  type IPublishPacket,
  type Packet,
} from 'mqtt-packet';

/** What a scripted broker answers: a code, a code with MQTT 5 properties, bytes as they are, or an act. */
export type Answer =
  | number
  | { readonly code: number; readonly properties: NonNullable<IConnackPacket['properties']> }
  | Uint8Array
  | 'close'
  | 'reset'
  | 'silence';

/** One client of a scripted broker. */
export interface Client {
  readonly stream: Duplex;
  readonly version: number;
  readonly clientId: string;
  readonly send: (packet: Packet) => void;
}

/** How a scripted broker behaves; what is absent goes well. */
export interface Script {
  readonly connect?: (packet: IConnectPacket) => Answer | Promise<Answer>;
  readonly connected?: (client: Client) => void;
  /** What it does besides its answer to CONNECT. */
  readonly asked?: (client: Client) => void;
  readonly subscribe?: Answer;
  readonly publish?: Answer;
  /** What comes back on `ack/<device>` for what came on `measures/<device>`. */
  readonly acknowledge?: (measure: unknown) => unknown;
  readonly ping?: 'silence';
  readonly release?: 'silence';
}

/** Speaks MQTT over a stream as the script says. mqtt-packet reads and writes the packets. */
export function serveMqtt(stream: Duplex, script: Script): void {
  const settings: { protocolVersion: number } = { protocolVersion: 4 };
  const parser = mqttPacket.parser(settings);
  let clientId = '';
  const send = (packet: Packet): void => {
    if (!stream.destroyed) stream.write(mqttPacket.generate(packet, settings));
  };
  const answer = (given: Answer, packet: (code: number, properties?: object) => Packet): void => {
    if (given === 'silence') return;
    if (given === 'close') stream.end();
    else if (given === 'reset') reset(stream);
    else if (given instanceof Uint8Array) stream.write(given);
    else if (typeof given === 'number') send(packet(given));
    else send(packet(given.code, given.properties));
  };

  const handlers: Partial<Record<Packet['cmd'], (packet: never) => unknown>> = {
    connect: async (packet: IConnectPacket) => {
      settings.protocolVersion = packet.protocolVersion ?? 4;
      ({ clientId } = packet);
      const client = { stream, version: settings.protocolVersion, clientId, send };
      script.asked?.(client);
      const given = (await script.connect?.(packet)) ?? 0;
      answer(given, (code, properties) => connack(code, properties));
      const code = typeof given === 'object' && 'code' in given ? given.code : given;
      if (code === 0) script.connected?.(client);
      else if (typeof code === 'number') stream.end();
    },
    subscribe: ({ messageId, subscriptions }: { messageId: number; subscriptions: { qos: number }[] }) => {
      const granted = (code: number): number[] => subscriptions.map(({ qos }) => (code === 0 ? qos : code));
      answer(script.subscribe ?? 0, (code) => ({ cmd: 'suback', messageId, granted: granted(code) }));
    },
    publish: (packet: IPublishPacket) => {
      const { messageId = 0, qos, topic } = packet;
      const cmd = qos === 2 ? 'pubrec' : 'puback';
      const given = script.publish ?? 0;
      if (qos > 0 || typeof given !== 'number') {
        answer(given, (reasonCode, properties) => ({
          cmd,
          messageId,
          reasonCode,
          ...(properties && { properties }),
        }));
      }
      if (script.acknowledge !== undefined && topic.startsWith('measures/')) acknowledge(packet);
    },
    pubrel: ({ messageId }: { messageId: number }) =>
      script.release === 'silence' ? undefined : send({ cmd: 'pubcomp', messageId, reasonCode: 0 }),
    pingreq: () => (script.ping === 'silence' ? undefined : send({ cmd: 'pingresp' })),
    disconnect: () => stream.end(),
  };

  function connack(code: number, properties?: object): Packet {
    const codes = settings.protocolVersion === 5 ? { reasonCode: code } : { returnCode: code };
    return { cmd: 'connack', sessionPresent: false, ...codes, ...(properties && { properties }) };
  }

  function acknowledge({ topic, payload }: IPublishPacket): void {
    const reply = script.acknowledge?.(JSON.parse(String(payload)));
    if (reply === undefined) return;
    const answer = { qos: 0, dup: false, retain: false, payload: JSON.stringify(reply) } as const;
    send({ cmd: 'publish', topic: topic.replace('measures/', 'ack/'), ...answer });
  }

  parser.on(
    'packet',
    (packet) => void (handlers[packet.cmd] as ((packet: Packet) => unknown) | undefined)?.(packet),
  );
  parser.on('error', () => stream.destroy());
  stream.on('data', (chunk: Buffer) => parser.parse(chunk));
  stream.on('error', () => undefined).on('end', () => stream.end());
}

function reset(stream: Duplex): void {
  const socket = stream as Duplex & {
    resetAndDestroy?: () => void;
    _parent?: { resetAndDestroy: () => void };
  };
  if (socket._parent !== undefined) socket._parent.resetAndDestroy();
  else if (socket.resetAndDestroy !== undefined) socket.resetAndDestroy();
  else socket.destroy();
}
