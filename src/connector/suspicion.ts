import { SapcertError } from '../errors.js';
import type { Outgoing } from './outgoing.js';

/** After so many losses of the connection in a row with the same message in front it is sent alone. */
const suspiciousLosses = 2;
/** After so many it is given up: it is what the broker cannot stand. */
const maximumLosses = 5;

/**
 * Watches for a message that a broker cannot stand (too large, or a forbidden topic in MQTT 3.1.1). It shows
 * itself only by the end of the connection, each time it is sent, and must not keep everything behind it from
 * arriving.
 */
export class Suspicion {
  #suspect: Outgoing | undefined;

  /** There is one: it is to be sent with nothing beside it. */
  get isOpen(): boolean {
    return this.#suspect !== undefined;
  }

  /** The message has arrived, or is done with. */
  clear(message: Outgoing): void {
    message.losses = 0;
    if (message === this.#suspect) this.#suspect = undefined;
  }

  /**
   * A connection was lost on which nothing was confirmed.
   *
   * @param first the oldest of what was sent
   * @param alone whether nothing else was
   * @returns why to give the message up, if so
   */
  connectionLost(first: Outgoing, alone: boolean): SapcertError | undefined {
    first.losses += 1;
    if (first.losses >= suspiciousLosses) this.#suspect = first;
    if (first.losses < maximumLosses || !alone) return undefined;
    const message = `the connection ended ${first.losses} times with a message on ${first.topic} that nothing else can explain`;
    return new SapcertError('mqtt.publish-refused', message);
  }
}
