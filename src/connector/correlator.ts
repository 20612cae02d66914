import { parseJson, sensorOf, type ReceivedAcknowledgement } from './acknowledgements.js';
import type { Outbox } from './outbox.js';
import type { Outgoing } from './outgoing.js';

/** Finds the message that an acknowledgement is for. */
export class Correlator {
  /** Several messages under way may bear the same id, if their sender gave it to them. */
  readonly #byId = new Map<string, Outgoing[]>();

  expect(message: Outgoing): void {
    for (const id of message.ids) {
      const known = this.#byId.get(id);
      if (known === undefined) this.#byId.set(id, [message]);
      else known.push(message);
    }
  }

  forget(message: Outgoing): void {
    for (const id of message.ids) {
      const rest = this.#byId.get(id)?.filter((other) => other !== message) ?? [];
      if (rest.length === 0) this.#byId.delete(id);
      else this.#byId.set(id, rest);
    }
  }

  /**
   * By id; an acknowledgement without one goes to the oldest message of the same sensor and capability.
   *
   * @param outbox where those under way are
   */
  match(
    acknowledgement: ReceivedAcknowledgement,
    outbox: Pick<Outbox, 'arrived' | 'sent'>,
  ): Outgoing | undefined {
    if (acknowledgement.id !== undefined) return this.#byId.get(acknowledgement.id)?.[0];
    if (acknowledgement.sensor === undefined) return undefined;
    for (const message of [...outbox.arrived, ...outbox.sent]) {
      if (message.ids.length > 0 && sensorOfMessage(message) === acknowledgement.sensor) return message;
    }
    return undefined;
  }
}

function sensorOfMessage(message: Outgoing): string {
  message.sensor ??= sensorOf(parseJson(Buffer.from(message.payload))) ?? '';
  return message.sensor;
}
