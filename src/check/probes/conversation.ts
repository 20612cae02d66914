import type { ISubackPacket, Packet } from 'mqtt-packet';
import type { MqttFacts, MqttStep, ReasonFacts } from '../facts/index.js';
import { type Deadline, Ended } from './deadline.js';
import type { Malformed, MqttSession } from './mqtt-session.js';
import { disconnectFacts } from './reasons.js';
import { present } from './tls-facts.js';

/** What a conversation learned about its own end. */
export type Ending = Partial<Pick<MqttFacts, 'disconnect' | 'malformed' | 'during'>> & {
  readonly timedOut: boolean;
};

/**
 * An exchange of MQTT packets, step by step, each under its own deadline. It stops at the first step that does
 * not get its answer, and knows why.
 */
export class Conversation {
  ending: Ending = { timedOut: false };
  #step: MqttStep = 'connack';
  /** Packets that no server may send, or not again: as long as what is waited for still comes, nobody minds. */
  readonly #outOfPlace: Packet['cmd'][] = [];
  #connected = false;
  #limit: Deadline;

  constructor(
    readonly session: MqttSession,
    private readonly deadline: Deadline,
  ) {
    this.#limit = deadline;
  }

  /** @returns whether the conversation goes on */
  async step(name: MqttStep, ms: number, act: () => Promise<boolean>): Promise<boolean> {
    this.#step = name;
    this.#limit = this.deadline.within(ms);
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Ended)) throw error;
      const timedOut = error.why === 'timeout';
      const malformed = timedOut ? this.#violation() : undefined;
      this.ending = { ...this.ending, ...present('malformed', malformed), during: name, timedOut };
      return false;
    }
  }

  send(packet: Packet): Promise<void> {
    return this.session.send(packet);
  }

  /**
   * The next packet that `wanted` takes; others are passed over. `undefined`: the conversation is over.
   *
   * @throws Ended when the time of the step is over
   */
  async expect<P extends Packet>(wanted: (packet: Packet) => packet is P): Promise<P | undefined> {
    for (;;) {
      const received = await this.session.receive(this.#limit);
      if (received.kind === 'ended') return this.#over({});
      if (received.kind === 'malformed') return this.#over({ malformed: received.malformed });
      const { cmd } = received.packet;
      const again = cmd === 'connack' && this.#connected;
      this.#connected ||= cmd === 'connack';
      if (wanted(received.packet)) return received.packet;
      if (again || clientOnly.has(cmd)) this.#outOfPlace.push(cmd);
      if (this.#outOfPlace.length >= flood) return this.#over(present('malformed', this.#violation()));
      if (cmd === 'auth') {
        const why = 'it is AUTH, a step of an authentication for which nobody asked (MQTT 5 section 4.12)';
        return this.#over({ malformed: { why, sample: 'AUTH' } });
      }
      if (received.packet.cmd === 'disconnect')
        return this.#over({ disconnect: disconnectFacts(received.packet) });
    }
  }

  /** Reads and leaves alone whatever comes. @returns whether the connection outlived it */
  async listen(ms: number): Promise<boolean> {
    const step = this.#limit;
    this.#limit = step.within(ms);
    try {
      await this.expect(none);
      return false;
    } catch (error) {
      if (error instanceof Ended && error.why === 'timeout') return true;
      throw error;
    } finally {
      this.#limit = step;
    }
  }

  #violation(): Malformed | undefined {
    const [first] = this.#outOfPlace;
    if (first === undefined) return undefined;
    const name = first.toUpperCase();
    const many = this.#outOfPlace.length;
    const why =
      first === 'connack'
        ? `${many === 1 ? 'a second CONNACK' : `${many} more CONNACKs`} on the same connection, of which there may be one (MQTT-3.2.0-2)`
        : `${many === 1 ? name : `${many} times ${name} and the like`}, which only a client may send`;
    return { why, sample: name };
  }

  #over(seen: { readonly malformed?: Malformed; readonly disconnect?: ReasonFacts }): undefined {
    this.ending = { ...seen, during: this.#step, timedOut: false };
    return undefined;
  }
}

/** MQTT 5 section 2.1.2, table 2-1. */
const clientOnly: ReadonlySet<Packet['cmd']> = new Set([
  'connect',
  'subscribe',
  'unsubscribe',
  'pingreq',
] as const);

/** So many of them, and nothing good will come any more. */
const flood = 100;

function none(_packet: Packet): _packet is never {
  return false;
}

/** A test for packets of one kind. */
export function isPacket<Cmd extends Packet['cmd']>(
  cmd: Cmd,
): (packet: Packet) => packet is Packet & { cmd: Cmd } {
  return (packet): packet is Packet & { cmd: Cmd } => packet.cmd === cmd;
}

/** A test for the SUBACK of our SUBSCRIBE; one for another is no answer, and worth a word when none comes (section 3.9.2). */
export function isSubackOf(
  messageId: number,
  onOther: (messageId: number) => void,
): (packet: Packet) => packet is ISubackPacket {
  return (packet): packet is ISubackPacket => {
    if (packet.cmd !== 'suback') return false;
    const { messageId: theirs = 0 } = packet;
    if (theirs !== messageId) onOther(theirs);
    return theirs === messageId;
  };
}
