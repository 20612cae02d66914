import { EventEmitter } from 'node:events';
import { SapcertError } from '../errors.js';
import type { Profile } from '../profiles.js';
import { interruption, onAbort, orAborted, throwIfAborted } from './abort.js';
import { encode, type Sendable } from './encode.js';
import { idMaker, type MakeId } from './measures.js';
import { allOrFirstError } from './all-or-first-error.js';
import { AwaitedMessage } from './outgoing.js';
import { SendRun, type SendSource } from './send-all.js';
import { type OpenLink, Session } from './session.js';
import { checkTopic, invalid, type Settings } from './settings.js';
import type {
  Acknowledgement,
  ConnectionEvents,
  ConnectionState,
  DeviceCommand,
  Measure,
  Qos,
  SendResult,
  SendSummary,
} from './types.js';

export interface PublishOptions {
  /** 1 by default. */
  readonly qos?: Qos | undefined;
  /** Ends the waiting. What was sent already may arrive all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface SendOptions extends PublishOptions {
  /** By default the profile's topic for measures. */
  readonly topic?: string | undefined;
}

export interface SendAllOptions<Item> extends SendOptions {
  /** Called once for each item, mostly in the order of the items. What it throws ends `sendAll`. */
  readonly onResult?: ((result: SendResult<Item>) => void) | undefined;
}

/**
 * A device's connection to its gateway. It reconnects on its own; what was given to it and is not confirmed is
 * sent again then (QoS 1: at least once. QoS 0: never twice. QoS 2: exactly once over one connection).
 */
export class DeviceConnection extends EventEmitter<ConnectionEvents> {
  readonly #settings: Settings;
  readonly #session: Session;
  readonly #makeId: MakeId | undefined;
  #closing = false;

  /** Use `connectDevice`. */
  constructor(settings: Settings, open: OpenLink) {
    super();
    this.#settings = settings;
    this.#makeId = settings.ack ? idMaker() : undefined;
    this.#session = new Session(settings, open, (name, ...args) => {
      // TypeScript cannot follow that name and args belong together.
      (this as EventEmitter).emit(name, ...args);
    });
  }

  get state(): ConnectionState {
    return this.#session.state;
  }

  get profile(): Profile {
    return this.#settings.profile;
  }

  get host(): string {
    return this.#settings.host;
  }

  get port(): number {
    return this.#settings.port;
  }

  get deviceId(): string | undefined {
    return this.#settings.deviceId;
  }

  get clientId(): string {
    return this.#settings.clientId;
  }

  /** Messages that were given and are not done. */
  get pending(): number {
    return this.#session.sender.pending;
  }

  /** For `connectDevice` to call, once. @throws SapcertError why the first connection did not come about */
  async start(signal: AbortSignal | undefined): Promise<this> {
    await this.#session.start(signal);
    return this;
  }

  /**
   * Sends a measure, or several, each as a message of its own, and waits for the acknowledgement: the gateway's,
   * or the broker's PUBACK where the profile has no other or `ack` is false.
   *
   * @throws SapcertError `ack.refused` (its `cause` is the acknowledgement), `ack.none`, `mqtt.no-puback`,
   *   `mqtt.publish-refused`, `mqtt.packet-too-large`, `queue.full`, `interrupted`, or why the connection ended.
   *   Of several measures all are waited for; the first failure is thrown, with the others among its defects
   */
  send(measure: Measure, options?: SendOptions): Promise<Acknowledgement>;
  send(measures: readonly Measure[], options?: SendOptions): Promise<Acknowledgement[]>;
  async send(
    given: Measure | readonly Measure[],
    options: SendOptions = {},
  ): Promise<Acknowledgement | Acknowledgement[]> {
    const topic = this.#topicOf(options);
    if (!isList(given)) return this.#submit(given, topic, this.#makeId, options);
    return allOrFirstError(given.map((measure) => this.#submit(measure, topic, this.#makeId, options)));
  }

  /**
   * Sends everything that the source brings, over a bounded queue: the source is read no faster than messages
   * leave, however long it is.
   *
   * @returns how many there were of each outcome, when all are done
   * @throws SapcertError `interrupted`, or why the connection ended for good; what the source and `onResult` throw
   */
  async sendAll<Item extends Sendable>(
    source: SendSource<Item>,
    options: SendAllOptions<Item> = {},
  ): Promise<SendSummary> {
    const { onResult, signal, qos = 1 } = options;
    const topic = this.#topicOf(options);
    this.#requireOpen();
    const { stopped, sender } = this.#session;
    const both = signal === undefined ? stopped : AbortSignal.any([signal, stopped]);
    return new SendRun<Item>(sender, { topic, qos, makeId: this.#makeId, onResult, signal: both }).run(
      source,
    );
  }

  /** Publishes to any topic; the broker's PUBACK is enough. @throws SapcertError as `send` */
  async publish(
    topic: string,
    payload: string | Uint8Array,
    options: PublishOptions = {},
  ): Promise<Acknowledgement> {
    return this.#submit(payload, checkTopic(topic), undefined, options);
  }

  /**
   * Calls back for each command. A subscription that is refused is reported as `warning`.
   *
   * @returns ends it
   * @throws SapcertError `usage.invalid` when no topic for commands is known
   */
  onCommand(listener: (command: DeviceCommand) => void): () => void {
    const { commands } = this.#settings.topics;
    if (commands === undefined)
      throw invalid('no topic for commands is known', 'give one with topics.commands');
    return this.#session.listen(listener, commands);
  }

  /** Resolves when `send` has room. @throws SapcertError `interrupted`, or why the connection ended */
  async ready(signal?: AbortSignal): Promise<void> {
    this.#requireOpen();
    const { sender, stopped } = this.#session;
    if (!sender.hasRoom) await orAborted(orAborted(sender.room(), stopped), signal);
  }

  /**
   * Takes nothing more, waits until everything given is done, but no longer than `timeout` (milliseconds; 5 s by
   * default, 0: not at all), and disconnects. What is not done then ends with `interrupted`.
   */
  async close({ timeout = 5000 }: { readonly timeout?: number | undefined } = {}): Promise<void> {
    this.#closing = true;
    const { sender, stopped } = this.#session;
    if (timeout > 0 && sender.pending > 0) {
      const enough = AbortSignal.any([AbortSignal.timeout(timeout), stopped]);
      // What is left by then is told by its own promises.
      await orAborted(sender.empty(), enough).catch(() => undefined);
    }
    await this.#session.stop(closed());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #submit(
    item: Sendable,
    topic: string,
    makeId: MakeId | undefined,
    { qos = 1, signal }: PublishOptions,
  ): Promise<Acknowledgement> {
    this.#requireOpen();
    throwIfAborted(signal);
    const { sender } = this.#session;
    if (!sender.hasRoom) throw queueFull(this.#settings.queueLimit);
    const message = encode(item, makeId);
    if (message instanceof SapcertError) throw message;
    const outgoing = new AwaitedMessage(topic, message.payload, qos, message.ids);
    sender.add(outgoing);
    const forget = onAbort(signal, () => sender.cancel(outgoing, interruption()));
    try {
      return await outgoing.settled;
    } finally {
      forget();
    }
  }

  #topicOf({ topic = this.#settings.topics.publish }: SendOptions): string {
    if (topic === undefined) throw invalid('no topic is known', 'give one with topic (--topic)');
    return checkTopic(topic);
  }

  #requireOpen(): void {
    if (this.#closing) throw closed();
    throwIfAborted(this.#session.stopped);
  }
}

function closed(): SapcertError {
  return new SapcertError('interrupted', 'the connection was closed');
}

function queueFull(limit: number): SapcertError {
  return new SapcertError('queue.full', `${limit} messages are waiting to be sent already`, {
    hint: 'wait for ready(), or give them to sendAll, which waits by itself',
  });
}

function isList(value: Measure | readonly Measure[]): value is readonly Measure[] {
  return Array.isArray(value);
}
