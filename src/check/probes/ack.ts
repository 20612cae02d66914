import type { IPublishPacket, Packet } from 'mqtt-packet';
// Not through the connector's door: that one loads the whole MQTT client.
import {
  isAccepted,
  parseAcknowledgements,
  type ReceivedAcknowledgement,
} from '../../connector/acknowledgements.js';
import type { Ran } from '../evidence.js';
import type { AckFacts, ConnackFacts } from '../facts/index.js';
import { printable } from '../printable.js';
import { type Connection, gone } from './connection.js';
import { Conversation, isPacket, isSubackOf } from './conversation.js';
import { type Deadline, since } from './deadline.js';
import type { MqttSession } from './mqtt-session.js';
import { confirmationFacts, subackFacts } from './reasons.js';
import { endFacts, look, round } from './wire-view.js';

/** What the user told the check to publish. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  /** The topic on which the application says what became of it. */
  readonly ackTopic?: string | undefined;
  /** The ids that come back in the acknowledgements, where the message carries any. */
  readonly ids: readonly string[];
}

export interface AckOptions {
  readonly message: Message;
  readonly connack: ConnackFacts;
  readonly timeoutMs: number;
}

/** Publishes one message, because it was asked to, and waits for who acknowledges it: the broker, the application. */
export async function probeAck(
  connection: Connection,
  session: MqttSession,
  options: AckOptions,
  deadline: Deadline,
): Promise<Ran<'ack'>> {
  const start = performance.now();
  const talk = new Publishing(session, deadline, options);
  const fine = await talk.run();
  if (session.channel.ended) await gone(connection, deadline);
  const end = session.channel.ended ? endFacts(look(connection)) : undefined;
  const facts: AckFacts = { ...talk.facts(), ...(end === undefined ? {} : { end }) };
  return { stage: 'ack', outcome: fine ? 'ok' : 'failed', ms: since(start), facts };
}

/** The packet identifier of our message (MQTT section 2.3.1). */
const messageId = 102;

class Publishing {
  readonly #conversation: Conversation;
  #seen: Partial<AckFacts> = {};
  #acks: readonly ReceivedAcknowledgement[] = [];
  /** Acknowledgements of other messages than ours. */
  #others = 0;

  constructor(
    private readonly session: MqttSession,
    deadline: Deadline,
    private readonly options: AckOptions,
  ) {
    this.#conversation = new Conversation(session, deadline);
  }

  facts(): AckFacts {
    const { disconnect, malformed, during, timedOut } = this.#conversation.ending;
    const { ackTopic } = this.options.message;
    return {
      ...this.#seen,
      ...(ackTopic === undefined ? {} : { ackTopic }),
      acks: this.#acks.slice(0, 50).map(({ id, code, messages }) => ({
        code,
        messages: messages.slice(0, 10).map((message) => printable(message)),
        ...(id === undefined ? {} : { id: printable(id) }),
      })),
      ...(this.#others === 0 ? {} : { otherAcks: this.#others }),
      ...(disconnect === undefined ? {} : { disconnect }),
      ...(malformed === undefined ? {} : { malformed }),
      ...(during === undefined ? {} : { during }),
      timedOut,
    };
  }

  async run(): Promise<boolean> {
    const { message, connack, timeoutMs } = this.options;
    const withheld = limitOf(message, connack);
    if (withheld !== undefined) {
      this.#seen = { withheld };
      return false;
    }
    const { ackTopic } = message;
    const talk = this.#conversation;
    if (ackTopic !== undefined && !(await talk.step('suback', timeoutMs, () => this.#subscribe(ackTopic))))
      return false;
    if (!(await talk.step('puback', timeoutMs, () => this.#publish(message)))) return false;
    if (ackTopic !== undefined && this.#acks.length === 0) {
      if (!(await talk.step('ack', timeoutMs, () => this.#acknowledged()))) return false;
    }
    return this.#acks.every(isAccepted);
  }

  async #subscribe(topic: string): Promise<boolean> {
    await this.#conversation.send({ cmd: 'subscribe', messageId: 101, subscriptions: [{ topic, qos: 1 }] });
    const note = (otherPacketId: number): void => {
      this.#seen = { ...this.#seen, otherPacketId };
    };
    const packet = await this.#conversation.expect(isSubackOf(101, note));
    if (packet === undefined) return false;
    const suback = subackFacts(packet, this.session.level);
    const granted = suback.code < 0x80;
    this.#seen = { ...this.#seen, subscription: { topic, granted, ...suback } };
    return granted;
  }

  async #publish({ topic, payload, qos }: Message): Promise<boolean> {
    const start = performance.now();
    const publish = { topic, qos, bytes: payload.length };
    this.#seen = { ...this.#seen, publish };
    const base = {
      cmd: 'publish',
      topic,
      payload: Buffer.from(payload),
      qos,
      dup: false,
      retain: false,
    } as const;
    await this.#conversation.send(qos === 0 ? base : { ...base, messageId });
    if (qos === 0) return this.#alive();
    const answer = await this.#conversation.expect(
      this.#unlessAck(this.#unlessOther(isPacket(qos === 1 ? 'puback' : 'pubrec'))),
    );
    if (answer === undefined) return false;
    const acknowledged = confirmationFacts(answer);
    this.#seen = {
      ...this.#seen,
      publish: { ...publish, acknowledged, ms: round(performance.now() - start) },
    };
    if (acknowledged.code >= 0x80) return false;
    if (qos === 1) return true;
    await this.#conversation.send({ cmd: 'pubrel', messageId });
    return (await this.#conversation.expect(this.#unlessAck(isPacket('pubcomp')))) !== undefined;
  }

  /** QoS 0 has no answer: a broker that minds the message shows it by closing. */
  async #alive(): Promise<boolean> {
    await this.#conversation.send({ cmd: 'pingreq' });
    return (await this.#conversation.expect(this.#unlessAck(isPacket('pingresp')))) !== undefined;
  }

  async #acknowledged(): Promise<boolean> {
    const found = await this.#conversation.expect(
      (packet): packet is IPublishPacket => packet.cmd === 'publish' && this.#take(packet),
    );
    return found !== undefined;
  }

  /** Notes an application acknowledgement that comes while something else is waited for. */
  #unlessAck<P extends Packet>(wanted: (packet: Packet) => packet is P): (packet: Packet) => packet is P {
    return (packet): packet is P => {
      if (packet.cmd === 'publish') this.#take(packet);
      return wanted(packet);
    };
  }

  /** A PUBACK of another packet than ours is no answer, and worth a word when none comes. */
  #unlessOther<P extends Packet>(wanted: (packet: Packet) => packet is P): (packet: Packet) => packet is P {
    return (packet): packet is P => {
      if (!wanted(packet) || packet.messageId === messageId) return wanted(packet);
      const { publish } = this.#seen;
      const other = packet.messageId;
      if (publish !== undefined && other !== undefined)
        this.#seen = { ...this.#seen, publish: { ...publish, otherPacketId: other } };
      return false;
    };
  }

  /** @returns whether it answers our message */
  #take(packet: IPublishPacket): boolean {
    if (packet.qos === 1 && packet.messageId !== undefined) {
      void this.session.send({ cmd: 'puback', messageId: packet.messageId });
    }
    const { message } = this.options;
    if (packet.topic !== message.ackTopic) return false;
    const all = parseAcknowledgements(Buffer.from(packet.payload));
    const ours = all.filter(
      ({ id }) => id === undefined || message.ids.length === 0 || message.ids.includes(id),
    );
    this.#others += all.length - ours.length;
    this.#acks = [...this.#acks, ...ours];
    return ours.length > 0;
  }
}

/** What the broker said in its CONNACK (MQTT 5 sections 3.2.2.3.4 and 3.2.2.3.6) is not tried against its will. */
function limitOf({ qos, payload, topic }: Message, { properties }: ConnackFacts): AckFacts['withheld'] {
  const { maximumQoS, maximumPacketSize } = properties;
  if (typeof maximumQoS === 'number' && qos > maximumQoS) return { why: 'qos', limit: maximumQoS };
  const size = payload.length + Buffer.byteLength(topic) + 12;
  if (typeof maximumPacketSize === 'number' && size > maximumPacketSize)
    return { why: 'size', limit: maximumPacketSize };
  return undefined;
}
