import { SapcertError } from '../errors.js';
import type { Outgoing } from './outgoing.js';

export interface BrokerLimits {
  readonly maximumQos: number;
  /** Bytes of a whole packet. */
  readonly maximumPacketSize: number;
}

/** Of a publication: fixed header, lengths, identifier, and MQTT 5's length of properties. */
const overhead = 10;
/** The largest Remaining Length (MQTT 3.1.1 section 2.2.3). */
const protocolMaximum = 268_435_455;

/** Why a broker with these limits would not take a message; `undefined`: it would. */
export function objectionTo(
  { payloadLength, qos }: Outgoing,
  topicLength: number,
  { maximumQos, maximumPacketSize }: BrokerLimits,
): SapcertError | undefined {
  if (qos > maximumQos) {
    const message = `the broker takes messages up to QoS ${maximumQos}, not QoS ${qos}`;
    return new SapcertError('mqtt.qos-refused', message);
  }
  const size = overhead + topicLength + payloadLength;
  const limit = Math.min(protocolMaximum, maximumPacketSize);
  if (size <= limit) return undefined;
  return new SapcertError(
    'mqtt.packet-too-large',
    `a message of ${size} bytes is more than the ${limit} of the broker`,
  );
}
