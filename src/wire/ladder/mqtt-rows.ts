import { count } from '../../count.js';
import type { MqttPacketView, MqttVersion } from '../mqtt/packets.js';
import { lines, type RowText } from './row.js';

const versionNames: Readonly<Record<MqttVersion, string>> = { 3: 'MQTT 3.1', 4: 'MQTT 3.1.1', 5: 'MQTT 5' };

/** The lowest code of MQTT that says no, in reason codes and in SUBACK (MQTT 5.0 section 2.4). */
const REFUSAL = 0x80;

export function describeMqtt(
  packet: MqttPacketView,
  explain: (packet: MqttPacketView) => string | undefined = () => undefined,
): RowText {
  const text = describe(packet);
  return { ...text, details: lines(...(text.details ?? []), explain(packet)) };
}

function describe(packet: MqttPacketView): RowText {
  switch (packet.type) {
    case 'connect':
      return connect(packet);
    case 'connack':
      return {
        title: `CONNACK ${packet.code}: ${packet.name}`,
        details: lines(packet.reason, packet.sessionPresent ? 'session present' : undefined),
        tone: packet.code === 0 ? 'good' : 'bad',
      };
    case 'publish': {
      const flags = [`QoS ${packet.qos}`, packet.retain && 'retained', packet.dup && 'sent again'].filter(
        Boolean,
      );
      const size = count(packet.payloadBytes, 'byte');
      return { title: 'PUBLISH', details: [packet.topic, `${size}, ${flags.join(', ')}`] };
    }
    case 'subscribe':
      return {
        title: 'SUBSCRIBE',
        details: packet.subscriptions.map(({ topic, qos }) => `${topic}, QoS ${qos}`),
      };
    case 'unsubscribe':
      return { title: 'UNSUBSCRIBE', details: packet.topics };
    case 'suback':
    case 'unsuback': {
      const refused = packet.codes.some((code) => code >= REFUSAL);
      const title = `${packet.type.toUpperCase()} ${packet.codes.join(', ')}`.trimEnd();
      return { title, details: lines(packet.reason), tone: refused ? 'bad' : 'good' };
    }
    case 'puback':
    case 'pubrec':
    case 'pubrel':
    case 'pubcomp':
    case 'disconnect':
    case 'auth':
      return withCode(packet);
    case 'pingreq':
    case 'pingresp':
      break;
  }
  return { title: packet.type.toUpperCase(), mergeable: true };
}

function connect(packet: Extract<MqttPacketView, { type: 'connect' }>): RowText {
  const given = [packet.username && 'a user name', packet.password && 'a password']
    .filter(Boolean)
    .join(' and ');
  return {
    title: 'CONNECT',
    details: lines(
      `${versionNames[packet.version]}, keep alive ${packet.keepalive} s, ${packet.clean ? 'clean' : 'lasting'} session`,
      packet.clientId === '' ? 'no client id' : `client id ${packet.clientId}`,
      given === '' ? undefined : `with ${given}`,
      packet.will && `will on ${packet.will.topic}`,
    ),
  };
}

type WithCode = Extract<MqttPacketView, { name?: string | undefined; code?: number | undefined }>;

function withCode({ type, code, name, reason }: Exclude<WithCode, { type: 'connack' }>): RowText {
  const told = code === undefined || code === 0 ? '' : ` ${code}: ${name}`;
  const tone = code !== undefined && code >= REFUSAL ? 'bad' : 'plain';
  return { title: `${type.toUpperCase()}${told}`, details: lines(reason), tone };
}
