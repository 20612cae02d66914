import { SapcertError } from '../errors.js';
import { brokerAcknowledgement, isAccepted, type ReceivedAcknowledgement } from './acknowledgements.js';
import { Correlator } from './correlator.js';
import { foreignText } from './foreign-text.js';
import type { MqttLink } from './mqtt-link.js';
import { Outbox } from './outbox.js';
import type { Outgoing } from './outgoing.js';
import { SendWindow } from './send-window.js';
import { lateAcknowledgements, missingConfirmations, noAcknowledgement, noConfirmation } from './silence.js';
import { Suspicion } from './suspicion.js';
import type { Acknowledgement } from './types.js';
import { Waiters } from './waiters.js';

export interface SenderOptions {
  /** Milliseconds. */
  readonly ackTimeout: number;
  readonly pubackTimeout: number;
  /** `undefined`: it adapts. */
  readonly window: number | undefined;
  readonly queueLimit: number;
}

/** A message that the broker kept silent about this often, each time for the whole timeout, is given up. */
const maximumSilences = 3;

/**
 * Keeps messages flowing over whatever link is attached: fills the window, matches what comes back, watches
 * deadlines, and holds everything that is not done while there is no link.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #outbox = new Outbox();
  readonly #correlator = new Correlator();
  readonly #window: SendWindow;
  readonly #room = new Waiters();
  readonly #empty = new Waiters();
  #link: MqttLink | undefined;
  #pumpScheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #confirmedUpTo = 0;
  #lastConfirmation = 0;
  #progress = false;
  readonly #suspicion = new Suspicion();
  /** An acknowledgement that no message is waiting for. */
  onUnmatched: (acknowledgement: Acknowledgement) => void = () => undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#window = new SendWindow(options.window);
  }

  get hasRoom(): boolean {
    return this.#outbox.waiting < this.#options.queueLimit;
  }

  /** More would only wait longer: what is taken from a source ahead of time costs memory and gains nothing. */
  get hasPlenty(): boolean {
    return this.#outbox.waiting >= this.#plenty;
  }

  /** Messages that are not done. */
  get pending(): number {
    return this.#outbox.size;
  }

  /** Something was confirmed over the link that is attached, or was last. */
  get progress(): boolean {
    return this.#progress;
  }

  /** Resolves when there is room for more than a few. */
  room(): Promise<void> {
    return this.#room.wait();
  }

  /** Resolves when everything is done. */
  empty(): Promise<void> {
    return this.pending === 0 ? Promise.resolve() : this.#empty.wait();
  }

  add(message: Outgoing): void {
    this.#outbox.add(message);
    this.#correlator.expect(message);
    this.#schedulePump();
  }

  /** @returns how many messages are sent again */
  attach(link: MqttLink): number {
    const now = performance.now();
    if (!link.sessionPresent) this.#outbox.sessionLost();
    for (const message of this.#outbox.arrived) message.since = now;
    this.#confirmedUpTo = 0;
    this.#progress = false;
    this.#link = link;
    link.onDrain = () => this.#schedulePump();
    link.onConfirmation = this.#confirmed;
    this.#watch();
    this.#schedulePump();
    return this.#outbox.repeats;
  }

  /** The link is gone: what the broker had not confirmed goes back to the front of the queue. */
  detach(): void {
    this.#link = undefined;
    clearInterval(this.#timer);
    this.#blame();
    this.#window.connectionLost();
    this.#outbox.connectionLost();
  }

  /** What came on the topic for acknowledgements. */
  acknowledge(received: ReceivedAcknowledgement): void {
    const { sensor: _sensor, ...acknowledgement } = received;
    const message = this.#correlator.match(received, this.#outbox);
    if (message === undefined) {
      this.onUnmatched(acknowledgement);
      return;
    }
    this.#progress = true;
    message.awaited -= 1;
    if (!isAccepted(received)) message.refusal ??= acknowledgement;
    if (message.awaited > 0) return;
    const { refusal } = message;
    if (refusal === undefined) this.#finish(message, acknowledgement);
    else this.#finish(message, refusal, refused(refusal));
  }

  /** Takes a message back; one that was sent may have arrived all the same. */
  cancel(message: Outgoing, error: SapcertError): void {
    this.#finish(message, undefined, error);
  }

  /** As {@link cancel}, with all that the predicate holds for. */
  cancelAll(isMeant: (message: Outgoing) => boolean, error: SapcertError): void {
    for (const message of this.#outbox.all().filter(isMeant)) this.cancel(message, error);
  }

  /** Nothing will be sent any more: everything that is not done ends with this. */
  failAll(error: SapcertError): void {
    this.cancelAll(() => true, error);
    this.#room.release();
  }

  /** Once for each turn of the event loop: one chunk from the broker confirms many messages. */
  #schedulePump(): void {
    if (this.#pumpScheduled) return;
    this.#pumpScheduled = true;
    setImmediate(this.#pump);
  }

  readonly #pump = (): void => {
    this.#pumpScheduled = false;
    const link = this.#link;
    if (link?.alive === true) this.#fill(link);
    if (this.#outbox.waiting * 2 <= this.#plenty) this.#room.release();
  };

  get #plenty(): number {
    return Math.min(this.#options.queueLimit, this.#window.size * 2);
  }

  #fill(link: MqttLink): void {
    const now = performance.now();
    const receiveMaximum = this.#suspicion.isOpen ? 1 : link.receiveMaximum;
    const limits = { window: this.#window.size, receiveMaximum };
    if (this.#outbox.sent.size === 0) this.#lastConfirmation = now;
    let last: Outgoing | undefined;
    while (!link.congested) {
      const message = this.#outbox.next(limits, now);
      if (message === undefined) break;
      const objection = link.objection(message);
      if (objection === undefined) {
        link.publish(message);
        last = message;
      } else {
        this.#outbox.confirm(message, now);
        this.#finish(message, undefined, objection);
      }
    }
    if (last !== undefined) this.#window.sent(last, now);
    if (this.#outbox.waiting > 0) this.#window.exhausted();
  }

  readonly #confirmed = (message: Outgoing, error: SapcertError | undefined): void => {
    const now = performance.now();
    this.#progress = true;
    this.#lastConfirmation = now;
    if (message.sequence > this.#confirmedUpTo) this.#confirmedUpTo = message.sequence;
    this.#window.confirmed();
    this.#suspicion.clear(message);
    this.#outbox.confirm(message, now);
    if (error !== undefined) this.#finish(message, undefined, error);
    else if (message.ids.length === 0) this.#finish(message, brokerAcknowledgement);
    this.#schedulePump();
  };

  #finish(message: Outgoing, acknowledgement: Acknowledgement | undefined, error?: SapcertError): void {
    if (!this.#outbox.finish(message)) return;
    if (message.ids.length > 0) this.#correlator.forget(message);
    this.#suspicion.clear(message);
    this.#window.done(message, performance.now());
    message.settle(acknowledgement, error);
    if (this.#outbox.size === 0) this.#empty.release();
    this.#schedulePump();
  }

  #watch(): void {
    const { ackTimeout, pubackTimeout } = this.#options;
    const interval = Math.min(Math.max(Math.min(ackTimeout, pubackTimeout) / 8, 10), 500);
    this.#timer = setInterval(() => this.#checkDeadlines(), interval);
  }

  #checkDeadlines(): void {
    const { ackTimeout, pubackTimeout } = this.#options;
    const now = performance.now();
    for (const message of lateAcknowledgements(this.#outbox.arrived, now, ackTimeout)) {
      this.#finish(message, undefined, noAcknowledgement(message, ackTimeout));
    }
    const confirmations = { upTo: this.#confirmedUpTo, last: this.#lastConfirmation };
    const missing = missingConfirmations(this.#outbox.sent, confirmations, now, pubackTimeout);
    if (missing.length > 0) this.#startOver(missing);
  }

  /** MQTT allows to send again only over a new connection (MQTT 5 section 4.4). */
  #startOver(missing: readonly Outgoing[]): void {
    const { pubackTimeout } = this.#options;
    for (const message of missing) {
      message.silences += 1;
      if (message.silences < maximumSilences) continue;
      this.#finish(message, undefined, noConfirmation(pubackTimeout, message.sends));
    }
    this.#window.shrink();
    this.#link?.fail(noConfirmation(pubackTimeout, 1));
  }

  #blame(): void {
    const { first, size } = this.#outbox.sent;
    if (first === undefined || this.#progress || first.silences > 0) return;
    const error = this.#suspicion.connectionLost(first, size === 1);
    if (error !== undefined) this.#finish(first, undefined, error);
  }
}

function refused(acknowledgement: Acknowledgement): SapcertError {
  const { id, code, messages } = acknowledgement;
  const name = id === undefined ? 'the measure' : `measure ${id}`;
  const words = messages.length === 0 ? '' : `: ${foreignText(messages.join('; '))}`;
  const text = `the gateway refused ${name} with code ${code ?? 'unknown'}${words}`;
  return new SapcertError('ack.refused', text, { cause: acknowledgement });
}
