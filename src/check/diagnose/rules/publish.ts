import { profiles } from '../../../profiles.js';
import type { AckFacts } from '../../facts/index.js';
import { type Finding, type Rule, brokerFinding, finding, saw } from '../rule.js';
import type { View } from '../view.js';
import { codeWords, endWords } from '../words.js';
import { disconnected, otherSuback } from './session.js';

/** What became of the message that the check was told to publish. */

const published: Rule = {
  codes: [
    'mqtt.publish-refused',
    'mqtt.subscribe-refused',
    'mqtt.packet-too-large',
    'mqtt.qos-refused',
    'mqtt.no-puback',
    'mqtt.session-taken-over',
    'mqtt.keepalive-lost',
    'mqtt.closed-after-connack',
  ],
  find: (view) => {
    const { ack, failed } = view;
    if (failed !== 'ack' || ack === undefined || ack.subscription?.granted === false) return undefined;
    const { withheld, publish, disconnect, during, timedOut, end } = ack;
    if (withheld?.why === 'qos')
      return finding('mqtt.qos-refused', 'proven', [
        saw('mqtt', `the broker allows QoS ${withheld.limit} at most`),
      ]);
    if (withheld?.why === 'size')
      return finding('mqtt.packet-too-large', 'proven', [
        saw('mqtt', `the broker allows packets of ${withheld.limit} bytes at most`),
      ]);
    if (disconnect !== undefined)
      return disconnected(
        disconnect,
        'ack',
        during === 'suback' ? 'mqtt.subscribe-refused' : 'mqtt.publish-refused',
      );
    if (during === 'suback')
      return finding('mqtt.subscribe-refused', 'likely', [
        saw('ack', 'SUBSCRIBE for the acknowledgements was not answered'),
        ...otherSuback('ack', ack.otherPacketId),
      ]);
    if (publish === undefined || ack.malformed !== undefined) return undefined;
    const sent = `PUBLISH to ${publish.topic} (QoS ${publish.qos}, ${publish.bytes} bytes)`;
    const code = publish.acknowledged?.code ?? 0;
    if (publish.acknowledged !== undefined && code >= 0x80) {
      const because = [saw('ack', `${sent} was answered with ${codeWords(publish.acknowledged)}`)];
      return brokerFinding('mqtt.publish-refused', 'proven', because);
    }
    if (during === 'puback' && timedOut) return unanswered(publish, sent);
    const text = `the broker ${endWords(end)} after ${sent}`;
    if (during === 'ack')
      return timedOut ? undefined : brokerFinding('mqtt.closed-after-connack', 'likely', [saw('ack', text)]);
    return during === undefined ? undefined : closedAfter(view, ack, text);
  },
};

function unanswered(
  { qos, acknowledged, otherPacketId }: NonNullable<AckFacts['publish']>,
  sent: string,
): Finding {
  if (qos === 0) {
    const text = `after ${sent}, which nobody acknowledges, PINGREQ was not answered`;
    return finding('mqtt.keepalive-lost', 'proven', [saw('ack', text)]);
  }
  const first =
    acknowledged === undefined
      ? `${sent} was not acknowledged`
      : `${sent} was answered with PUBREC, and PUBREL never with PUBCOMP`;
  const other =
    otherPacketId === undefined
      ? []
      : [
          saw(
            'ack',
            `an acknowledgement came for the packet identifier ${otherPacketId}, which was not sent`,
          ),
        ];
  return finding('mqtt.no-puback', 'proven', [saw('ack', first), ...other]);
}

/** MQTT 3.1.1 has no word for a refused PUBLISH (section 3.3.5): the broker may only close. */
function closedAfter(view: View, { publish }: AckFacts, text: string): Finding | readonly Finding[] {
  const because = [saw('ack', text)];
  const limit = profiles[view.target.profile].maximumPacketSize;
  const bytes = publish?.bytes ?? 0;
  const refused: Finding = brokerFinding('mqtt.publish-refused', 'likely', because);
  if (limit !== undefined && bytes > limit) {
    return [
      finding('mqtt.packet-too-large', 'likely', [
        ...because,
        saw('ack', `the gateway takes ${limit} bytes at most`),
      ]),
      { ...refused, certainty: 'possible' },
    ];
  }
  if (bytes < suspiciousSize) return refused;
  const large = finding('mqtt.packet-too-large', bytes >= 64 * 1024 ? 'likely' : 'possible', because);
  return large.certainty === 'likely' ? [large, { ...refused, certainty: 'possible' }] : [refused, large];
}

/** Bytes of payload below which no broker minds the size. */
const suspiciousSize = 512;

const acknowledged: Rule = {
  codes: ['ack.none', 'ack.refused', 'certificate.device-id-mismatch'],
  find: (view) => {
    const { ack, failed } = view;
    if (failed !== 'ack' || ack === undefined) return undefined;
    const refused = ack.acks.filter(({ code }) => code !== 200 && code !== 202);
    if (refused.length > 0) {
      const because = refused.map(({ code, messages }) =>
        saw(
          'ack',
          `the application answered ${code}${messages.length === 0 ? '' : `: ${messages.join('; ')}`}`,
        ),
      );
      return finding('ack.refused', 'proven', because);
    }
    if (ack.during !== 'ack' || !ack.timedOut) return undefined;
    const because = [
      saw(
        'ack',
        `the broker took the message, and nothing came on ${ack.ackTopic ?? 'the topic for acknowledgements'}${ack.otherAcks === undefined ? '' : ` for it: what came there (${ack.otherAcks}) names other messages`}`,
      ),
    ];
    if (view.target.ownDeviceId === undefined || view.target.ownDeviceId === view.target.deviceId) {
      return brokerFinding('ack.none', 'proven', because);
    }
    const other = saw(
      'file',
      `the certificate names the device ${view.target.ownDeviceId}, and the measure was sent for ${view.target.deviceId ?? ''}`,
    );
    return [
      finding('certificate.device-id-mismatch', 'likely', [other, ...because]),
      brokerFinding('ack.none', 'possible', because),
    ];
  },
};

export const publishRules: readonly Rule[] = [published, acknowledged];
