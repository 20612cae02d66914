import type { IConnackPacket, IConnectPacket, Packet } from 'mqtt-packet';
import { harmless } from '../bytes.js';
import { connackName, reasonName } from '../registry/mqtt-codes.js';
import type { MqttPacketView, MqttProperties, MqttVersion } from './packets.js';

/** The packet without its secrets. What text there is holds no control characters. */
export function viewPacket(packet: Packet, version: MqttVersion): MqttPacketView {
  switch (packet.cmd) {
    case 'connect':
      return viewConnect(packet);
    case 'connack':
      return viewConnack(packet, version);
    case 'publish':
      return {
        type: 'publish',
        topic: harmless(packet.topic),
        qos: packet.qos,
        retain: packet.retain,
        dup: packet.dup,
        messageId: packet.messageId,
        payloadBytes: packet.payload.length,
        properties: safeProperties(packet.properties),
      };
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
      return { type: packet.cmd, messageId: packet.messageId ?? 0, ...reasoned(packet, version) };
    case 'subscribe': {
      const subscriptions = packet.subscriptions.map(({ topic, qos }) => ({ topic: harmless(topic), qos }));
      return { type: 'subscribe', messageId: packet.messageId ?? 0, subscriptions };
    }
    case 'unsubscribe':
      return {
        type: 'unsubscribe',
        messageId: packet.messageId ?? 0,
        topics: packet.unsubscriptions.map(harmless),
      };
    case 'suback':
    case 'unsuback': {
      const granted: readonly unknown[] = packet.granted ?? [];
      const codes = granted.filter((code) => typeof code === 'number');
      const { reason, properties } = reasoned(packet, version);
      return { type: packet.cmd, messageId: packet.messageId ?? 0, codes, reason, properties };
    }
    case 'disconnect':
    case 'auth':
      return { type: packet.cmd, ...reasoned(packet, version) };
    case 'pingreq':
    case 'pingresp':
      break;
  }
  return { type: packet.cmd };
}

function viewConnect(packet: IConnectPacket): MqttPacketView {
  const { will } = packet;
  return {
    type: 'connect',
    protocol: packet.protocolId ?? 'MQTT',
    version: packet.protocolVersion ?? 4,
    clientId: harmless(packet.clientId),
    clean: packet.clean ?? false,
    keepalive: packet.keepalive ?? 0,
    username: packet.username !== undefined,
    password: packet.password !== undefined,
    will: will && {
      topic: harmless(will.topic),
      qos: will.qos ?? 0,
      retain: will.retain ?? false,
      payloadBytes: will.payload.length,
    },
    properties: safeProperties(withoutUserProperties(packet.properties)),
  };
}

/** What a client tells about itself in its own words may be a token. */
function withoutUserProperties(properties: object | undefined): object | undefined {
  return properties && { ...properties, userProperties: undefined };
}

function viewConnack(packet: IConnackPacket, version: MqttVersion): MqttPacketView {
  const code = packet.reasonCode ?? packet.returnCode ?? 0;
  const { reason, properties } = reasoned(packet, version);
  const name = connackName(code, version);
  return { type: 'connack', version, sessionPresent: packet.sessionPresent, code, name, reason, properties };
}

interface WithReason {
  readonly reasonCode?: number;
  readonly properties?: { readonly reasonString?: string };
}

function reasoned(packet: WithReason, version: MqttVersion) {
  if (version < 5) return {};
  const code = packet.reasonCode ?? 0;
  const reason = packet.properties?.reasonString;
  return {
    code,
    name: reasonName(code),
    reason: reason === undefined ? undefined : harmless(reason),
    properties: safeProperties(packet.properties),
  };
}

/** Numbers, flags and texts; user properties as `name: value` lines. Bytes such as authentication data are dropped. */
function safeProperties(properties: object | undefined): MqttProperties | undefined {
  const safe: Record<string, string | number | boolean | readonly string[]> = {};
  for (const [name, value] of Object.entries(properties ?? {}) as [string, unknown][]) {
    if (typeof value === 'string') safe[name] = harmless(value);
    else if (typeof value === 'number' || typeof value === 'boolean') safe[name] = value;
    else if (name === 'userProperties' && typeof value === 'object' && value !== null)
      safe[name] = userLines(value);
  }
  return Object.keys(safe).length === 0 ? undefined : safe;
}

function userLines(value: object): string[] {
  const entries = Object.entries(value) as [string, unknown][];
  return entries.flatMap(([name, one]) => [one].flat().map((text) => harmless(`${name}: ${String(text)}`)));
}
