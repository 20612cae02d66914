import type { Ran } from '../evidence.js';
import type { MqttFacts } from '../facts/index.js';
import type { Channel } from './channel.js';
import { type Connection, gone } from './connection.js';
import { Conversation, isPacket, isSubackOf } from './conversation.js';
import { type Deadline, since } from './deadline.js';
import { MqttSession } from './mqtt-session.js';
import { connackFacts, subackFacts } from './reasons.js';
import { alertFacts, endFacts, look, round } from './wire-view.js';

export interface MqttOptions {
  readonly version: '3.1.1' | '5';
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | Uint8Array | undefined;
  readonly subscribe: readonly string[];
  /** How long to stay and see what ends the connection. */
  readonly watchMs: number;
  /** Each step's own time. */
  readonly timeoutMs: number;
}

export interface MqttProbe {
  readonly evidence: Ran<'mqtt'>;
  /** Connected and alive; whoever takes it closes it. */
  readonly session?: MqttSession;
}

/** Seconds. Short enough that watching for half a minute sees a keepalive fail. */
const keepalive = 10;

/** Speaks MQTT over a verified connection: CONNECT, SUBSCRIBE, PINGREQ. Publishes nothing. */
export async function probeMqtt(
  connection: Connection,
  channel: Channel,
  options: MqttOptions,
  deadline: Deadline,
): Promise<MqttProbe> {
  const start = performance.now();
  const before = connection.recording.elapsed;
  const talk = new Talk(new MqttSession(channel, options.version === '5' ? 5 : 4), deadline, options);
  const fine = await talk.run();
  if (channel.ended) await gone(connection, deadline);
  const wire = look(connection);
  const end = endFacts(wire);
  const facts: MqttFacts = {
    protocolVersion: options.version,
    clientId: options.clientId,
    username: options.username !== undefined,
    password: options.password !== undefined,
    keepalive,
    ...talk.facts(),
    ...(talk.session.partialBytes > 0 ? { partialBytes: talk.session.partialBytes } : {}),
    alerts: alertFacts(wire).filter(({ at }) => at >= before),
    ...(end === undefined ? {} : { end }),
  };
  const evidence: Ran<'mqtt'> = { stage: 'mqtt', outcome: fine ? 'ok' : 'failed', ms: since(start), facts };
  if (fine) return { evidence, session: talk.session };
  channel.close();
  return { evidence };
}

type Seen = Pick<MqttFacts, 'reach' | 'subscriptions'> &
  Partial<Pick<MqttFacts, 'connack' | 'connackMs' | 'pingMs' | 'otherPacketId'>>;

class Talk {
  readonly #conversation: Conversation;
  #seen: Seen = { reach: 'nothing', subscriptions: [] };
  #connectedAt: number | undefined;

  constructor(
    readonly session: MqttSession,
    deadline: Deadline,
    private readonly options: MqttOptions,
  ) {
    this.#conversation = new Conversation(session, deadline);
  }

  /** @returns whether all went well */
  async run(): Promise<boolean> {
    const { timeoutMs, subscribe, watchMs } = this.options;
    const talk = this.#conversation;
    if (!(await talk.step('connack', timeoutMs, () => this.#connect()))) return false;
    for (const [index, topic] of subscribe.entries()) {
      if (!(await talk.step('suback', timeoutMs, () => this.#subscribe(topic, index + 1)))) return false;
    }
    if (!(await talk.step('pingresp', timeoutMs, () => this.#ping()))) return false;
    if (watchMs > 0 && !(await this.#watch(watchMs, timeoutMs))) return false;
    this.#seen = { ...this.#seen, reach: 'stayed' };
    return this.#seen.subscriptions.every(({ granted }) => granted);
  }

  facts(): Seen & Conversation['ending'] & { readonly stayedMs?: number } {
    const stayed = this.#connectedAt === undefined ? {} : { stayedMs: since(this.#connectedAt) };
    return { ...this.#seen, ...this.#conversation.ending, ...stayed };
  }

  async #connect(): Promise<boolean> {
    const { clientId, username, password } = this.options;
    const start = performance.now();
    await this.#conversation.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: this.session.level,
      clean: true,
      keepalive,
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password: Buffer.from(password) }),
    });
    this.#seen = { ...this.#seen, reach: 'connect-sent' };
    const packet = await this.#conversation.expect(isPacket('connack'));
    if (packet === undefined) return false;
    const connack = connackFacts(packet, this.session.level);
    this.#seen = { ...this.#seen, connack, connackMs: round(performance.now() - start) };
    if (connack.code !== 0) return false;
    this.#seen = { ...this.#seen, reach: 'connected' };
    this.#connectedAt = performance.now();
    return true;
  }

  async #subscribe(topic: string, messageId: number): Promise<boolean> {
    await this.#conversation.send({ cmd: 'subscribe', messageId, subscriptions: [{ topic, qos: 1 }] });
    const note = (otherPacketId: number): void => {
      this.#seen = { ...this.#seen, otherPacketId };
    };
    const packet = await this.#conversation.expect(isSubackOf(messageId, note));
    if (packet === undefined) return false;
    const suback = subackFacts(packet, this.session.level);
    const subscription = { topic, granted: suback.code < 0x80, ...suback };
    this.#seen = { ...this.#seen, subscriptions: [...this.#seen.subscriptions, subscription] };
    return true;
  }

  async #ping(): Promise<boolean> {
    const start = performance.now();
    await this.#conversation.send({ cmd: 'pingreq' });
    if ((await this.#conversation.expect(isPacket('pingresp'))) === undefined) return false;
    this.#seen = { ...this.#seen, pingMs: round(performance.now() - start) };
    return true;
  }

  /** Seconds. What the server says in its CONNACK counts (MQTT-3.2.2-21). */
  #keepalive(): number {
    const theirs = this.#seen.connack?.properties['serverKeepAlive'];
    return typeof theirs === 'number' && theirs > 0 ? Math.min(theirs, keepalive) : keepalive;
  }

  /** Stays connected, with a PINGREQ now and then, until the time is over or something ends it. */
  async #watch(watchMs: number, timeoutMs: number): Promise<boolean> {
    const end = performance.now() + watchMs;
    const talk = this.#conversation;
    for (let left = watchMs; left > 0; left = end - performance.now()) {
      const pause = Math.min(left, this.#keepalive() * 500);
      if (!(await talk.step('watching', pause + 1000, () => talk.listen(pause)))) return false;
      if (!(await talk.step('pingresp', timeoutMs, () => this.#ping()))) return false;
    }
    return true;
  }
}
