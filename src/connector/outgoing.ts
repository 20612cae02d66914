import type { SapcertError } from '../errors.js';
import type { Acknowledgement, Qos } from './types.js';

/**
 * A message on its way: `waiting` to be sent, `sent` without a PUBACK, `arrived` at the broker without the
 * gateway's acknowledgement, or `done`, whatever became of it.
 */
export type OutgoingState = 'waiting' | 'sent' | 'arrived' | 'done';

/** One message on its way. What becomes of it is for its kind to deal with. */
export abstract class Outgoing {
  state: OutgoingState = 'waiting';
  /** Its place among all messages, which it keeps when it is sent again. */
  order = 0;
  /** Its place among what was sent over the connection that is open. */
  sequence = 0;
  /** When it was last sent, or arrived: deadlines count from here. */
  since = 0;
  /** The packet identifier it was last sent with; 0 before that. */
  packetId = 0;
  sends = 0;
  /** The broker confirmed it once: what is sent again is a new message to it, not a duplicate. */
  confirmed = false;
  /** How often the broker kept silent about it until one connected anew. */
  silences = 0;
  /** How often the connection ended while it was the oldest without a PUBACK. */
  losses = 0;
  /** Acknowledgements of the gateway still to come. */
  awaited: number;
  /** The first acknowledgement that refuses a part of it. */
  refusal: Acknowledgement | undefined = undefined;
  /** Bytes, in UTF-8. */
  readonly payloadLength: number;
  /** Its neighbours in the list that it is in. */
  previous: Outgoing | undefined = undefined;
  next: Outgoing | undefined = undefined;
  /** `capability/sensor`, for acknowledgements that bear no id; read when first needed. */
  sensor: string | undefined = undefined;

  constructor(
    readonly topic: string,
    readonly payload: string | Buffer,
    readonly qos: Qos,
    /** The `measureMessageId`s whose acknowledgements it waits for; none: PUBACK is enough. */
    readonly ids: readonly string[],
  ) {
    this.awaited = ids.length;
    this.payloadLength = typeof payload === 'string' ? Buffer.byteLength(payload) : payload.length;
  }

  /**
   * Called once, when it is done. Exactly one of the two is there, but for a refusal by the gateway, which has
   * both.
   */
  abstract settle(acknowledgement: Acknowledgement | undefined, error: SapcertError | undefined): void;
}

/** A message that somebody awaits. */
export class AwaitedMessage extends Outgoing {
  #resolve: (acknowledgement: Acknowledgement) => void = () => undefined;
  #reject: (error: SapcertError) => void = () => undefined;
  readonly settled = new Promise<Acknowledgement>((resolve, reject) => {
    this.#resolve = resolve;
    this.#reject = reject;
  });

  override settle(acknowledgement: Acknowledgement | undefined, error: SapcertError | undefined): void {
    if (error !== undefined) this.#reject(error);
    else if (acknowledgement !== undefined) this.#resolve(acknowledgement);
  }
}
