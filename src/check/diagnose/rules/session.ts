import type { DiagnosisCode } from '../../../codes.js';
import type { MqttFacts, ReasonFacts } from '../../facts/index.js';
import { type Finding, type Rule, brokerFinding, finding, saw, sawIn } from '../rule.js';
import { type View, mqttOf } from '../view.js';
import { codeWords, endWords } from '../words.js';

/** The broker took the connection; what went wrong came after. */

/** What the reason code of a DISCONNECT stands for, in this catalogue. */
const disconnectCodes: Readonly<Record<number, DiagnosisCode>> = {
  0x8d: 'mqtt.keepalive-lost',
  0x8e: 'mqtt.session-taken-over',
  0x95: 'mqtt.packet-too-large',
  0x9b: 'mqtt.qos-refused',
};

export function disconnected(reason: ReasonFacts, source: 'mqtt' | 'ack', otherwise: DiagnosisCode): Finding {
  const because = [saw(source, `the broker sent DISCONNECT ${codeWords(reason)}`)];
  return brokerFinding(disconnectCodes[reason.code] ?? otherwise, 'proven', because);
}

const ended: Rule = {
  codes: [
    'mqtt.session-taken-over',
    'mqtt.closed-after-connack',
    'mqtt.keepalive-lost',
    'mqtt.subscribe-refused',
    'mqtt.packet-too-large',
    'mqtt.qos-refused',
  ],
  find: (view) => {
    const { mqtt, failed } = view;
    if (failed !== 'mqtt' || mqtt?.connack?.code !== 0) return undefined;
    if (mqtt.disconnect !== undefined) {
      return disconnected(
        mqtt.disconnect,
        'mqtt',
        mqtt.during === 'suback' ? 'mqtt.subscribe-refused' : 'mqtt.closed-after-connack',
      );
    }
    if (mqtt.malformed !== undefined) return undefined;
    if (mqtt.timedOut) return unanswered(mqtt);
    if (mqtt.during === 'suback') {
      const text = saw('mqtt', `the broker ${endWords(mqtt.end)} when it got SUBSCRIBE`);
      return brokerFinding('mqtt.subscribe-refused', 'likely', [text]);
    }
    return mqtt.during === undefined ? undefined : closed(view, mqtt);
  },
};

function unanswered({ during, stayedMs, otherPacketId }: MqttFacts): Finding | undefined {
  if (during === 'suback') {
    const because = [saw('mqtt', 'SUBSCRIBE was never answered'), ...otherSuback('mqtt', otherPacketId)];
    return finding('mqtt.subscribe-refused', 'likely', because);
  }
  if (during !== 'pingresp') return undefined;
  return finding('mqtt.keepalive-lost', 'proven', [
    saw('mqtt', `PINGREQ was not answered; the connection had been up for ${stayedMs ?? 0} ms`),
  ]);
}

export function otherSuback(source: 'mqtt' | 'ack', packetId: number | undefined): Finding['because'] {
  if (packetId === undefined) return [];
  return [saw(source, `a SUBACK came for the packet identifier ${packetId}, which was not sent`)];
}

/** A take-over has no name in MQTT 3.1.1: what tells it is that only the shared id is thrown out. */
function closed(view: View, mqtt: MqttFacts): Finding | readonly Finding[] {
  const text = saw('mqtt', `the broker ${endWords(mqtt.end)} ${mqtt.stayedMs ?? 0} ms after CONNACK 0`);
  const fresh = view.experiment('fresh-client-id');
  const stayed = mqttOf(fresh)?.reach === 'stayed';
  if (fresh !== undefined && stayed) {
    const because = [
      text,
      sawIn('fresh-client-id', `as ${fresh.facts?.clientId ?? 'another client'}: ${fresh.summary}`),
    ];
    return finding('mqtt.session-taken-over', 'likely', because);
  }
  const tried = fresh === undefined ? [] : [sawIn('fresh-client-id', `as another client: ${fresh.summary}`)];
  const other: Finding = brokerFinding('mqtt.closed-after-connack', 'likely', [text, ...tried]);
  const random = view.target.clientIdFrom === 'random';
  return random || fresh !== undefined
    ? other
    : [other, finding('mqtt.session-taken-over', 'possible', [text])];
}

const subscribed: Rule = {
  codes: ['mqtt.subscribe-refused'],
  find: ({ mqtt, ack }) => {
    const inAck = ack?.subscription === undefined ? [] : [{ ...ack.subscription, source: 'ack' as const }];
    const all = [
      ...(mqtt?.subscriptions ?? []).map((one) => ({ ...one, source: 'mqtt' as const })),
      ...inAck,
    ];
    const refused = all.filter(({ granted }) => !granted);
    if (refused.length === 0) return undefined;
    const because = refused.map((one) => saw(one.source, `SUBSCRIBE ${one.topic}: SUBACK ${codeWords(one)}`));
    return brokerFinding('mqtt.subscribe-refused', 'proven', because);
  },
};

export const sessionRules: readonly Rule[] = [ended, subscribed];
