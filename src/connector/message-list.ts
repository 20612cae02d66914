import type { Outgoing } from './outgoing.js';

/**
 * Messages in the order in which they were added, to be taken out anywhere. A `Set` would do the same, but each
 * table that it outgrows keeps the garbage collector from freeing the messages that were in it.
 */
export class MessageList implements Iterable<Outgoing> {
  #first: Outgoing | undefined;
  #last: Outgoing | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Outgoing | undefined {
    return this.#first;
  }

  /** @param message must be in no list */
  add(message: Outgoing): void {
    message.previous = this.#last;
    if (this.#last === undefined) this.#first = message;
    else this.#last.next = message;
    this.#last = message;
    this.#size += 1;
  }

  /** @param message must be in this list */
  remove(message: Outgoing): void {
    const { previous, next } = message;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    message.previous = undefined;
    message.next = undefined;
    this.#size -= 1;
  }

  /** A message that was just handed out may be removed meanwhile. */
  *[Symbol.iterator](): Iterator<Outgoing> {
    for (let message = this.#first; message !== undefined;) {
      const { next } = message;
      yield message;
      message = next;
    }
  }
}
