import { SapcertError } from '../errors.js';
import { interruption, orAborted } from './abort.js';
import { encode, type Message, type Sendable } from './encode.js';
import type { MakeId } from './measures.js';
import { Outgoing } from './outgoing.js';
import type { Sender } from './sender.js';
import type { Acknowledgement, Qos, SendResult, SendSummary } from './types.js';
import { Waiters } from './waiters.js';

/** Items one by one, or many at a time, which is cheaper. */
export type SendSource<Item> = AsyncIterable<Item | readonly Item[]> | Iterable<Item | readonly Item[]>;

export interface SendRunOptions<Item> {
  readonly topic: string;
  readonly qos: Qos;
  /** Absent: no acknowledgement of the gateway is waited for. */
  readonly makeId: MakeId | undefined;
  readonly onResult: ((result: SendResult<Item>) => void) | undefined;
  readonly signal: AbortSignal;
}

/** One `sendAll`: takes from the source no faster than the messages leave, and says what became of each item. */
export class SendRun<Item extends Sendable> {
  readonly #sender: Sender;
  readonly #options: SendRunOptions<Item>;
  readonly #finished = new Waiters();
  readonly #count = { acknowledged: 0, refused: 0, unanswered: 0, invalid: 0 };
  #open = 0;
  #cancelled = false;
  /** What `onResult` threw. */
  #failure: { readonly error: unknown } | undefined;

  constructor(sender: Sender, options: SendRunOptions<Item>) {
    this.#sender = sender;
    this.#options = options;
  }

  /** @throws what the source, `onResult` or the signal throws */
  async run(source: SendSource<Item>): Promise<SendSummary> {
    try {
      await this.#takeAll(source);
      while (this.#open > 0) await orAborted(this.#finished.wait(), this.#options.signal);
      this.#throwFailure();
    } catch (error) {
      this.#cancel();
      throw error;
    }
    return this.#count;
  }

  async #takeAll(source: SendSource<Item>): Promise<void> {
    const { signal } = this.#options;
    const iterator = iteratorOf(source);
    try {
      for (;;) {
        const { done, value } = await orAborted(Promise.resolve(iterator.next()), signal);
        if (done === true) return;
        if (isList(value)) for (const item of value) await this.#take(item);
        else await this.#take(value);
      }
    } catch (error) {
      // Not awaited: a generator that is waiting for its input does not return before that comes.
      Promise.resolve(iterator.return?.()).catch(() => undefined);
      throw error;
    }
  }

  /** Awaits only where it has to: most items find room. */
  #take(item: Item): Promise<void> | undefined {
    this.#throwFailure();
    this.#submit(item);
    return this.#sender.hasPlenty ? orAborted(this.#sender.room(), this.#options.signal) : undefined;
  }

  #submit(item: Item): void {
    const { topic, qos, makeId } = this.#options;
    const message = encode(item, makeId);
    if (message instanceof SapcertError) {
      this.#report({ outcome: 'invalid', item, error: message });
      return;
    }
    this.#open += 1;
    this.#sender.add(new ItemMessage(this, item, topic, message, qos));
  }

  /** For its messages to call. */
  settled(item: Item, acknowledgement: Acknowledgement | undefined, error: SapcertError | undefined): void {
    this.#open -= 1;
    if (this.#cancelled) return;
    this.#report(resultOf(item, acknowledgement, error));
    if (this.#open === 0) this.#finished.release();
  }

  #report(result: SendResult<Item>): void {
    this.#count[result.outcome] += 1;
    try {
      this.#options.onResult?.(result);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #cancel(): void {
    this.#cancelled = true;
    const isMine = (message: Outgoing): boolean => message instanceof ItemMessage && message.run === this;
    this.#sender.cancelAll(isMine, interruption());
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

class ItemMessage<Item extends Sendable> extends Outgoing {
  constructor(
    readonly run: SendRun<Item>,
    readonly item: Item,
    topic: string,
    { payload, ids }: Message,
    qos: Qos,
  ) {
    super(topic, payload, qos, ids);
  }

  override settle(acknowledgement: Acknowledgement | undefined, error: SapcertError | undefined): void {
    this.run.settled(this.item, acknowledgement, error);
  }
}

const refusals: ReadonlySet<string> = new Set([
  'ack.refused',
  'mqtt.publish-refused',
  'mqtt.packet-too-large',
  'mqtt.qos-refused',
]);

function resultOf<Item>(
  item: Item,
  acknowledgement: Acknowledgement | undefined,
  error: SapcertError | undefined,
): SendResult<Item> {
  if (error !== undefined) {
    const outcome = refusals.has(error.code) ? 'refused' : 'unanswered';
    return { outcome, item, error, acknowledgement };
  }
  if (acknowledgement === undefined) throw new TypeError('a message ended without an outcome');
  return { outcome: 'acknowledged', item, acknowledgement };
}

function iteratorOf<T>(source: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}

function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}
