import { Fifo } from './fifo.js';
import { MessageList } from './message-list.js';
import type { Outgoing } from './outgoing.js';

/** How much may be under way. */
export interface SendLimits {
  /** Messages that are not done yet. */
  readonly window: number;
  /** Messages without a PUBACK: MQTT 5's Receive Maximum (section 3.2.2.3.3). */
  readonly receiveMaximum: number;
}

/**
 * Which messages wait, are under way, or have to be sent again: bookkeeping only, no clock and no network. What
 * is to be sent again goes first, in the order in which it was first given.
 */
export class Outbox {
  readonly #waiting = new Fifo<Outgoing>();
  #again = new Fifo<Outgoing>();
  /** Sent, and no PUBACK yet; the one that was sent first stands first. */
  readonly sent = new MessageList();
  /** At the broker, and no acknowledgement of the gateway yet; oldest first. */
  readonly arrived = new MessageList();
  #orders = 0;
  #sequences = 0;
  #waitingCount = 0;
  /** PUBLISH packets of this connection without a PUBACK, those included whose outcome is known already. */
  #unconfirmed = 0;

  /** Messages that are neither under way nor done. */
  get waiting(): number {
    return this.#waitingCount;
  }

  /** Those of them that were sent before. */
  get repeats(): number {
    return this.#again.length;
  }

  get underWay(): number {
    return this.sent.size + this.arrived.size;
  }

  get size(): number {
    return this.#waitingCount + this.underWay;
  }

  add(message: Outgoing): void {
    message.order = ++this.#orders;
    this.#waitingCount += 1;
    this.#waiting.push(message);
  }

  /** Takes the next message that may be sent now, and counts it as sent. */
  next(limits: SendLimits, now: number): Outgoing | undefined {
    if (this.underWay >= limits.window || this.#unconfirmed >= limits.receiveMaximum) return undefined;
    const message = takeWaiting(this.#again) ?? takeWaiting(this.#waiting);
    if (message === undefined) return undefined;
    this.#waitingCount -= 1;
    message.sequence = ++this.#sequences;
    message.since = now;
    message.sends += 1;
    message.state = 'sent';
    this.sent.add(message);
    if (message.qos > 0) this.#unconfirmed += 1;
    return message;
  }

  /**
   * The broker has it (PUBACK, PUBCOMP; QoS 0: it was written). The message may be done by then; one that waits
   * for nothing else is to be finished next.
   */
  confirm(message: Outgoing, now: number): void {
    if (message.qos > 0) this.#unconfirmed -= 1;
    message.confirmed = true;
    if (message.state !== 'sent' || message.ids.length === 0) return;
    message.state = 'arrived';
    message.since = now;
    this.sent.remove(message);
    this.arrived.add(message);
  }

  /** @returns false when it was done before */
  finish(message: Outgoing): boolean {
    if (message.state === 'done') return false;
    if (message.state === 'waiting') this.#waitingCount -= 1;
    else this.#listOf(message).remove(message);
    message.state = 'done';
    return true;
  }

  /** The connection is gone: whether what was sent arrived is not known, so it is sent again. */
  connectionLost(): void {
    this.#unconfirmed = 0;
    this.#sendAgain([...this.sent]);
  }

  /**
   * The broker does not know the session any more: acknowledgements for what had arrived cannot come, because
   * the subscription is gone with it. QoS 0 is never sent twice.
   */
  sessionLost(): void {
    this.#sendAgain([...this.arrived].filter((message) => message.qos > 0));
  }

  /** Everything that is not done, as it was given. */
  all(): Outgoing[] {
    const waiting = [...this.#again.drain(), ...this.#waiting.drain()].filter(
      ({ state }) => state === 'waiting',
    );
    for (const message of waiting) this.#waiting.push(message);
    return [...this.sent, ...this.arrived, ...waiting].toSorted(byOrder);
  }

  #listOf({ state }: Outgoing): MessageList {
    return state === 'sent' ? this.sent : this.arrived;
  }

  #sendAgain(messages: readonly Outgoing[]): void {
    for (const message of messages) {
      this.#listOf(message).remove(message);
      message.state = 'waiting';
    }
    this.#waitingCount += messages.length;
    const again = [...this.#again.drain(), ...messages].toSorted(byOrder);
    for (const message of again) this.#again.push(message);
  }
}

/** Messages that were done while they waited (cancelled) are passed over. */
function takeWaiting(queue: Fifo<Outgoing>): Outgoing | undefined {
  for (;;) {
    const message = queue.shift();
    if (message === undefined || message.state === 'waiting') return message;
  }
}

function byOrder(a: Outgoing, b: Outgoing): number {
  return a.order - b.order;
}
