import type { Packet } from 'mqtt-packet';
import type { MqttFacts, MqttStep, ReasonFacts } from '../facts.js';
import { type Deadline, Ended } from './deadline.js';
import type { Malformed, MqttSession } from './mqtt-session.js';
import { disconnectFacts } from './reasons.js';

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
      this.ending = { ...this.ending, during: name, timedOut: error.why === 'timeout' };
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
      if (wanted(received.packet)) return received.packet;
      if (received.packet.cmd === 'auth') {
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

  #over(seen: { readonly malformed?: Malformed; readonly disconnect?: ReasonFacts }): undefined {
    this.ending = { ...seen, during: this.#step, timedOut: false };
    return undefined;
  }
}

function none(_packet: Packet): _packet is never {
  return false;
}

/** A test for packets of one kind. */
export function isPacket<Cmd extends Packet['cmd']>(
  cmd: Cmd,
): (packet: Packet) => packet is Packet & { cmd: Cmd } {
  return (packet): packet is Packet & { cmd: Cmd } => packet.cmd === cmd;
}
