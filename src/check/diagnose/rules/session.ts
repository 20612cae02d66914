import { diagnosisEntry } from '../../../catalogue/index.js';
import type { DiagnosisCode } from '../../../codes.js';
import { profiles } from '../../../profiles.js';
import type { AckFacts, MqttFacts, ReasonFacts } from '../../facts.js';
import { type Finding, type Rule, saw, sawIn } from '../rule.js';
import { type View, mqttOf } from '../view.js';
import { codeWords, endWords } from '../words.js';

/** The broker took the connection; what went wrong came after. */

function finding(code: DiagnosisCode, certainty: Finding['certainty'], because: Finding['because'], advice: readonly string[] = []): Finding {
  return { code, certainty, because, remedy: [...advice, ...diagnosisEntry(code).remedy] };
}

/** What the reason code of a DISCONNECT stands for, in this catalogue. */
const disconnectCodes: Readonly<Record<number, DiagnosisCode>> = {
  0x8d: 'mqtt.keepalive-lost',
  0x8e: 'mqtt.session-taken-over',
  0x95: 'mqtt.packet-too-large',
  0x9b: 'mqtt.qos-refused',
};

function disconnected(reason: ReasonFacts, source: 'mqtt' | 'ack', otherwise: DiagnosisCode): Finding {
  const because = [saw(source, `the broker sent DISCONNECT ${codeWords(reason)}`)];
  return { ...finding(disconnectCodes[reason.code] ?? otherwise, 'proven', because), brokerSide: true };
}

const ended: Rule = {
  codes: ['mqtt.session-taken-over', 'mqtt.closed-after-connack', 'mqtt.keepalive-lost', 'mqtt.subscribe-refused', 'mqtt.packet-too-large', 'mqtt.qos-refused'],
  find: (view) => {
    const { mqtt, failed } = view;
    if (failed !== 'mqtt' || mqtt?.connack?.code !== 0) return undefined;
    if (mqtt.disconnect !== undefined) {
      return disconnected(mqtt.disconnect, 'mqtt', mqtt.during === 'suback' ? 'mqtt.subscribe-refused' : 'mqtt.closed-after-connack');
    }
    if (mqtt.malformed !== undefined) return undefined;
    if (mqtt.timedOut) return unanswered(mqtt);
    if (mqtt.during === 'suback') {
      const text = saw('mqtt', `the broker ${endWords(mqtt.end)} when it got SUBSCRIBE`);
      return { ...finding('mqtt.subscribe-refused', 'likely', [text]), brokerSide: true };
    }
    return mqtt.end?.by === 'server' ? closed(view, mqtt) : undefined;
  },
};

function unanswered({ during, stayedMs }: MqttFacts): Finding | undefined {
  if (during === 'suback') return finding('mqtt.subscribe-refused', 'likely', [saw('mqtt', 'SUBSCRIBE was never answered')]);
  if (during !== 'pingresp') return undefined;
  return finding('mqtt.keepalive-lost', 'proven', [saw('mqtt', `PINGREQ was not answered; the connection had been up for ${stayedMs ?? 0} ms`)]);
}

/** A take-over has no name in MQTT 3.1.1: what tells it is that only the shared id is thrown out. */
function closed(view: View, mqtt: MqttFacts): Finding | readonly Finding[] {
  const text = saw('mqtt', `the broker ${endWords(mqtt.end)} ${mqtt.stayedMs ?? 0} ms after CONNACK 0`);
  const fresh = view.experiment('fresh-client-id');
  const stayed = mqttOf(fresh)?.reach === 'stayed';
  if (fresh !== undefined && stayed) {
    const because = [text, sawIn('fresh-client-id', `as ${fresh.facts?.clientId ?? 'another client'}: ${fresh.summary}`)];
    return finding('mqtt.session-taken-over', 'likely', because);
  }
  const tried = fresh === undefined ? [] : [sawIn('fresh-client-id', `as another client: ${fresh.summary}`)];
  const other: Finding = { ...finding('mqtt.closed-after-connack', 'likely', [text, ...tried]), brokerSide: true };
  const random = view.target.clientIdFrom === 'random';
  return random || fresh !== undefined ? other : [other, finding('mqtt.session-taken-over', 'possible', [text])];
}

const subscribed: Rule = {
  codes: ['mqtt.subscribe-refused'],
  find: ({ mqtt, ack }) => {
    const inAck = ack?.subscription === undefined ? [] : [{ ...ack.subscription, source: 'ack' as const }];
    const all = [...(mqtt?.subscriptions ?? []).map((one) => ({ ...one, source: 'mqtt' as const })), ...inAck];
    const refused = all.filter(({ granted }) => !granted);
    if (refused.length === 0) return undefined;
    const because = refused.map((one) => saw(one.source, `SUBSCRIBE ${one.topic}: SUBACK ${codeWords(one)}`));
    return { ...finding('mqtt.subscribe-refused', 'proven', because), brokerSide: true };
  },
};

const published: Rule = {
  codes: ['mqtt.publish-refused', 'mqtt.packet-too-large', 'mqtt.qos-refused', 'mqtt.no-puback', 'mqtt.session-taken-over', 'mqtt.keepalive-lost'],
  find: (view) => {
    const { ack, failed } = view;
    if (failed !== 'ack' || ack === undefined || ack.subscription?.granted === false) return undefined;
    const { withheld, publish, disconnect, during, timedOut, end } = ack;
    if (withheld?.why === 'qos') return finding('mqtt.qos-refused', 'proven', [saw('mqtt', `the broker allows QoS ${withheld.limit} at most`)]);
    if (withheld?.why === 'size') return finding('mqtt.packet-too-large', 'proven', [saw('mqtt', `the broker allows packets of ${withheld.limit} bytes at most`)]);
    if (disconnect !== undefined) return disconnected(disconnect, 'ack', during === 'suback' ? 'mqtt.subscribe-refused' : 'mqtt.publish-refused');
    if (during === 'suback') return finding('mqtt.subscribe-refused', 'likely', [saw('ack', 'SUBSCRIBE for the acknowledgements was not answered')]);
    if (publish === undefined) return undefined;
    const sent = `PUBLISH to ${publish.topic} (QoS ${publish.qos}, ${publish.bytes} bytes)`;
    const code = publish.acknowledged?.code ?? 0;
    if (publish.acknowledged !== undefined && code >= 0x80) {
      const because = [saw('ack', `${sent} was answered with ${codeWords(publish.acknowledged)}`)];
      return { ...finding('mqtt.publish-refused', 'proven', because), brokerSide: true };
    }
    if (during === 'puback' && timedOut) return finding('mqtt.no-puback', 'proven', [saw('ack', `${sent} was not acknowledged`)]);
    if (end?.by === 'server') return closedAfter(view, ack, `the broker ${endWords(end)} after ${sent}`);
    return undefined;
  },
};

/** MQTT 3.1.1 has no word for a refused PUBLISH (section 3.3.5): the broker may only close. */
function closedAfter(view: View, { publish }: AckFacts, text: string): Finding | readonly Finding[] {
  const because = [saw('ack', text)];
  const limit = profiles[view.target.profile].maximumPacketSize;
  const bytes = publish?.bytes ?? 0;
  const refused: Finding = { ...finding('mqtt.publish-refused', 'likely', because), brokerSide: true };
  if (limit !== undefined && bytes > limit) {
    return [finding('mqtt.packet-too-large', 'likely', [...because, saw('ack', `the gateway takes ${limit} bytes at most`)]), { ...refused, certainty: 'possible' }];
  }
  const large = finding('mqtt.packet-too-large', bytes >= 64 * 1024 ? 'likely' : 'possible', because);
  return bytes < 8 * 1024 ? refused : bytes >= 64 * 1024 ? [large, { ...refused, certainty: 'possible' }] : [refused, large];
}

const acknowledged: Rule = {
  codes: ['ack.none', 'ack.refused'],
  find: ({ ack, failed }) => {
    if (failed !== 'ack' || ack === undefined) return undefined;
    const refused = ack.acks.filter(({ code }) => code !== 200 && code !== 202);
    if (refused.length > 0) {
      const because = refused.map(({ code, messages }) => saw('ack', `the application answered ${code}${messages.length === 0 ? '' : `: ${messages.join('; ')}`}`));
      return finding('ack.refused', 'proven', because);
    }
    if (ack.during !== 'ack' || !ack.timedOut) return undefined;
    const because = [saw('ack', `the broker took the message, and nothing came on ${ack.ackTopic ?? 'the topic for acknowledgements'}`)];
    return { ...finding('ack.none', 'proven', because), brokerSide: true };
  },
};

export const sessionRules: readonly Rule[] = [ended, subscribed, published, acknowledged];
