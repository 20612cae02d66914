import { SapcertError } from '../errors.js';
import { seconds } from './network-errors.js';
import type { Outgoing } from './outgoing.js';

/** What is known about the confirmations of one connection. Times are in milliseconds. */
export interface Confirmations {
  /** The highest sequence that was confirmed. */
  readonly upTo: number;
  /** The last confirmation, or when the first message after a pause was sent. */
  readonly last: number;
}

/**
 * The messages whose PUBACK is not merely slow to come, but missing: all that are older than the timeout when
 * the broker has confirmed nothing for that long, and those that it passed over, since it has to confirm in the
 * order of sending [MQTT-4.6.0-2]. A slow broker, which confirms one after the other, is left alone.
 *
 * @param sent in the order of sending
 */
export function missingConfirmations(
  sent: Iterable<Outgoing>,
  { upTo, last }: Confirmations,
  now: number,
  timeout: number,
): Outgoing[] {
  const silent = now - last > timeout;
  const missing: Outgoing[] = [];
  for (const message of sent) {
    if (now - message.since <= timeout) break;
    if (silent || message.sequence < upTo) missing.push(message);
  }
  return missing;
}

/** The messages for which the gateway's acknowledgement is late. */
export function lateAcknowledgements(arrived: Iterable<Outgoing>, now: number, timeout: number): Outgoing[] {
  const late: Outgoing[] = [];
  for (const message of arrived) {
    if (now - message.since <= timeout) break;
    late.push(message);
  }
  return late;
}

export function noAcknowledgement({ ids }: Outgoing, timeout: number): SapcertError {
  const name = ids[0] === undefined ? '' : ` for measure ${ids[0]}`;
  return new SapcertError('ack.none', `no acknowledgement${name} within ${seconds(timeout)}`, {
    hint: 'the broker has it; the gateway may be slow, or not know the device, or have no acknowledgements: then ack: false (--no-ack)',
  });
}

export function noConfirmation(timeout: number, times: number): SapcertError {
  const often = times > 1 ? `, and was sent ${times} times` : '';
  return new SapcertError(
    'mqtt.no-puback',
    `the broker did not confirm a message within ${seconds(timeout)}${often}`,
  );
}
