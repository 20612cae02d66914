/** Where the window starts, and how far it may grow. Some brokers take no more than 100 unconfirmed messages. */
const startSize = 100;
const largestSize = 1000;
/** Below this a round trip is the broker's work, not the distance to it: more messages at a time would not help. */
const longRoundTrip = 5;
/** A larger window has to be this much faster, or it is no gain. */
const worthwhile = 1.15;
/** One measurement may be bad luck. */
const tries = 3;
/** The way there may become longer, or the broker faster: after this long it is worth trying again. */
const lookAgainAfter = 10_000;

/**
 * How many messages may be under way. Where the round trip is long only window / round trip counts, so the
 * window doubles for as long as messages get through faster, and stays where that ends. One message at a time is
 * watched on its way there and back. Times are in milliseconds.
 */
export class SendWindow {
  #size: number;
  #smaller: number;
  #bestRate = 0;
  #settled: boolean;
  #settledAt = 0;
  readonly #fixed: boolean;
  #disappointments = 0;
  /** How far the window has opened since the connection was lost. */
  #opening = Number.POSITIVE_INFINITY;
  #watched: object | undefined;
  #since = 0;
  #done = 0;
  /** More could have been sent since, had the window been larger. */
  #exhausted = false;

  /** @param fixed a size that never changes */
  constructor(fixed?: number) {
    this.#size = fixed ?? startSize;
    this.#smaller = this.#size;
    this.#fixed = fixed !== undefined;
    this.#settled = this.#fixed;
  }

  get size(): number {
    return Math.min(this.#size, this.#opening);
  }

  /** @param message the last of those that were sent together: until it is done, all before it are */
  sent(message: object, now: number): void {
    if (this.#watched !== undefined || !this.#isCurious(now)) return;
    this.#watched = message;
    this.#since = now;
    this.#done = 0;
    this.#exhausted = false;
  }

  /** There are messages that would have been sent, had the window been larger. */
  exhausted(): void {
    this.#exhausted = true;
  }

  done(message: object, now: number): void {
    if (this.#settled) return;
    this.#done += 1;
    if (message !== this.#watched) return;
    this.#watched = undefined;
    const duration = now - this.#since;
    if (this.#exhausted && duration >= longRoundTrip) this.#compare(this.#done / duration, now);
  }

  confirmed(): void {
    if (this.#opening < this.#size) this.#opening += 1;
  }

  /**
   * What was under way is sent again, though it may have arrived. Should the next connection be lost too, there
   * shall be less of it: a new connection begins with a quarter and takes one more with each confirmation.
   */
  connectionLost(): void {
    this.#watched = undefined;
    this.#opening = Math.max(Math.floor(Math.min(this.#opening, this.#size) / 4), 1);
  }

  /** The broker fell silent: it may have been too much for it. */
  shrink(): void {
    this.#size = Math.min(this.#size, startSize);
    this.#settled = true;
    this.#settledAt = Number.POSITIVE_INFINITY;
  }

  #isCurious(now: number): boolean {
    if (this.#fixed) return false;
    if (this.#settled && now - this.#settledAt > lookAgainAfter) {
      this.#settled = false;
      this.#bestRate = 0;
    }
    return !this.#settled;
  }

  #compare(rate: number, now: number): void {
    if (rate >= this.#bestRate * worthwhile) {
      this.#bestRate = rate;
      this.#smaller = this.#size;
      this.#size = Math.min(this.#size * 2, largestSize);
      this.#disappointments = 0;
      if (this.#size > this.#smaller) return;
    } else {
      this.#disappointments += 1;
      if (this.#disappointments < tries) return;
      this.#size = this.#smaller;
    }
    this.#disappointments = 0;
    this.#settled = true;
    this.#settledAt = now;
  }
}
