import type { TLSSocket } from 'node:tls';
import { SapcertError } from '../errors.js';
import { packetDefect } from '../mqtt-packet-defect.js';
import { interruption, onAbort } from './abort.js';
import { BatchedStream } from './batched-stream.js';
import { type BrokerLimits, objectionTo } from './broker-limits.js';
import {
  createMqttClient,
  loadMqtt,
  type IConnackPacket,
  type LinkOptions,
  type MqttClient,
  type Packet,
} from './mqtt-client.js';
import { clientError, connackError, disconnectError, publishError } from './mqtt-errors.js';
import { closedError, errorCode, networkError, seconds } from './network-errors.js';
import type { Outgoing } from './outgoing.js';
import { largestPacket } from './puback-filter.js';
import type { Qos } from './types.js';

export type MessageListener = (topic: string, payload: Buffer) => void;

const pingRequest = Buffer.from([0xc0, 0x00]);
const disconnectPacket = Buffer.from([0xe0, 0x00]);

/**
 * One MQTT connection over one socket, from CONNECT to its end; connecting anew makes a new one. What is sent
 * again, and when, is decided outside.
 */
export class MqttLink {
  readonly #client: MqttClient;
  readonly #stream: BatchedStream;
  readonly #options: LinkOptions;
  #connack: IConnackPacket | undefined;
  #limits: BrokerLimits = { maximumQos: 2, maximumPacketSize: Number.POSITIVE_INFINITY };
  #reason: SapcertError | undefined;
  /** Resolves with why the connection ended; never rejects. */
  readonly ended: Promise<SapcertError>;
  #listener: MessageListener | undefined;
  /** A broker that kept the session sends what it has right behind the CONNACK. */
  #early: Parameters<MessageListener>[] = [];
  onDrain: () => void = () => undefined;
  /** The broker has confirmed a message, or refused it; with QoS 0 it was written. */
  onConfirmation: (message: Outgoing, error: SapcertError | undefined) => void = () => undefined;
  #topic = { text: '', bytes: Buffer.alloc(0) };
  /** QoS 1, by packet identifier. */
  readonly #published = Array.from<Outgoing | undefined>({ length: 0x1_0000 });

  /**
   * Sends CONNECT and waits for the CONNACK.
   *
   * @param socket with TLS completed; it is destroyed when this fails
   * @throws SapcertError `mqtt.*`, `tls.client-certificate-*` (TLS 1.3 refuses late), `tcp.*`, `interrupted`
   */
  static async open(socket: TLSSocket, options: LinkOptions): Promise<MqttLink> {
    const mqtt = await loadMqtt();
    const link = new MqttLink(socket, options, (stream) => createMqttClient(mqtt, stream, options));
    await link.#connected();
    return link;
  }

  private constructor(
    socket: TLSSocket,
    options: LinkOptions,
    create: (stream: BatchedStream) => MqttClient,
  ) {
    this.#options = options;
    if (socket.errored !== null) this.#reason = networkError(socket.errored, 'mqtt', options.endpoint);
    this.ended = new Promise((resolve) => {
      const onClose = (): void => resolve(this.#reason ?? this.#closedError());
      socket.on('error', (cause) => this.fail(networkError(cause, 'mqtt', options.endpoint)));
      socket.on('close', onClose);
      if (socket.closed) onClose();
    });
    this.#stream = new BatchedStream(socket, this.#onPuback, this.#onOversized);
    this.#stream.on('error', () => undefined);
    this.#stream.on('drain', () => this.onDrain());
    this.#client = create(this.#stream);
    this.#client.on('packetreceive', this.#refuseMalformed);
    this.#client.on('packetreceive', this.#watchConnack);
    this.#client.on('error', (cause) => this.fail(clientError(cause, options)));
    this.#client.on('message', (topic, payload) => {
      if (this.#listener === undefined) this.#early.push([topic, payload]);
      else this.#listener(topic, payload);
    });
    this.#client.on('disconnect', ({ reasonCode, properties }) => {
      this.fail(disconnectError(reasonCode ?? 0, properties?.reasonString, options.endpoint));
    });
    this.#wakeTickets(socket);
    if (socket.destroyed) this.#stream.destroy();
  }

  get sessionPresent(): boolean {
    return this.#connack?.sessionPresent ?? false;
  }

  /** How many messages the broker takes without having confirmed them; there are not more identifiers. */
  get receiveMaximum(): number {
    return this.#connack?.properties?.receiveMaximum ?? 0xfff0;
  }

  /** The socket takes no more for now; `onDrain` follows. */
  get congested(): boolean {
    return this.#stream.congested;
  }

  get alive(): boolean {
    return this.#reason === undefined && !this.#stream.destroyed;
  }

  /** Why the broker would not take it, if that is known beforehand. */
  objection(message: Outgoing): SapcertError | undefined {
    return objectionTo(message, this.#topicBytes(message.topic).length, this.#limits);
  }

  /** Where messages go from now on, those included that have come already. */
  listen(listener: MessageListener): void {
    this.#listener = listener;
    for (const [topic, payload] of this.#early) listener(topic, payload);
    this.#early = [];
  }

  /** `onConfirmation` follows, unless the link ends before. */
  publish(message: Outgoing): void {
    const { packetIds, mqttVersion } = this.#options;
    const { topic, payload, payloadLength, qos } = message;
    if (qos === 0) {
      this.#client.publish(topic, payload, { qos });
      this.onConfirmation(message, undefined);
      return;
    }
    const duplicate = message.sends > 1 && !message.confirmed;
    if (duplicate && this.sessionPresent) packetIds.demand(message.packetId);
    if (qos === 2) {
      this.#client.publish(topic, payload, { qos, dup: duplicate }, (cause) =>
        this.#onPubcomp(message, cause),
      );
      message.packetId = packetIds.getLastAllocated();
      return;
    }
    const packetId = packetIds.allocate() ?? 0;
    message.packetId = packetId;
    this.#published[packetId] = message;
    const withProperties = mqttVersion === '5';
    this.#stream.publish({
      topic: this.#topicBytes(topic),
      payload,
      payloadLength,
      packetId,
      duplicate,
      withProperties,
    });
  }

  /** @throws SapcertError `mqtt.subscribe-refused`, or why the connection ended meanwhile */
  async subscribe(topic: string, qos: Qos): Promise<void> {
    const { timeout, endpoint } = this.#options;
    const refused = (why: string): SapcertError =>
      new SapcertError(
        'mqtt.subscribe-refused',
        `${endpoint}: the subscription to ${topic} was refused${why}`,
      );
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<SapcertError | undefined>((resolve) => {
      timer = setTimeout(() => resolve(refused(`: no SUBACK within ${seconds(timeout)}`)), timeout);
      this.#client.subscribe(topic, { qos }, (cause) => {
        if (cause === null || cause === undefined) resolve(undefined);
        else if (this.alive) resolve(refused(` (${cause.message})`));
      });
    });
    try {
      const error = await Promise.race([answer, this.ended]);
      if (error !== undefined) throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  unsubscribe(topic: string): void {
    if (this.alive) this.#client.unsubscribe(topic);
  }

  /** Ends the connection; the first reason given is the one that counts. */
  fail(reason: SapcertError): void {
    this.#reason ??= reason;
    this.#stream.destroy();
  }

  /** Says goodbye with a DISCONNECT, so that the broker does not take it for a loss. */
  async close(): Promise<void> {
    this.#stream.write(disconnectPacket);
    this.#stream.end();
    const timer = setTimeout(() => this.#stream.destroy(), 1000);
    await this.ended;
    clearTimeout(timer);
  }

  /** MQTT.js answers a packet identifier that is none with an exception that nobody can catch. */
  readonly #refuseMalformed = (packet: Packet): void => {
    const defect = packetDefect(packet);
    if (defect === undefined) return;
    const message = `${this.#options.endpoint}: the ${packet.cmd.toUpperCase()} is malformed: ${defect}`;
    this.fail(new SapcertError('mqtt.malformed-reply', message));
    // What it does not know, it leaves alone.
    Object.assign(packet, { cmd: 'malformed' });
  };

  /** The error that MQTT.js makes of a refusal has lost the broker's own words. */
  readonly #watchConnack = (packet: Packet): void => {
    if (packet.cmd !== 'connack') return;
    this.#client.off('packetreceive', this.#watchConnack);
    const code = packet.reasonCode ?? packet.returnCode ?? 0;
    if (code !== 0) this.fail(connackError(code, packet.properties?.reasonString, this.#options.endpoint));
  };

  readonly #onPuback = (packetId: number, reasonCode: number): void => {
    const message = this.#published[packetId];
    if (message === undefined || !this.alive) return;
    this.#published[packetId] = undefined;
    this.#options.packetIds.deallocate(packetId);
    this.onConfirmation(message, reasonCode < 0x80 ? undefined : publishError(reasonCode, message.topic));
  };

  readonly #onOversized = (length: number): void => {
    const message = `${this.#options.endpoint}: the broker announces a packet of ${length} bytes`;
    this.fail(
      new SapcertError('mqtt.malformed-reply', message, {
        hint: `acknowledgements and commands are far smaller; ${largestPacket} bytes are the most that is taken`,
      }),
    );
  };

  #onPubcomp(message: Outgoing, cause: Error | null | undefined): void {
    if (!this.alive) return;
    const refused = cause !== null && cause !== undefined;
    this.onConfirmation(message, refused ? publishError(errorCode(cause), message.topic, cause) : undefined);
  }

  /** Nearly all messages have the same topic. */
  #topicBytes(topic: string): Buffer {
    if (topic !== this.#topic.text) this.#topic = { text: topic, bytes: Buffer.from(topic) };
    return this.#topic.bytes;
  }

  async #connected(): Promise<void> {
    const forget = onAbort(this.#options.signal, () => this.fail(interruption()));
    const accepted = new Promise<undefined>((resolve) => {
      this.#client.once('connect', (connack) => {
        this.#connack = connack;
        this.#limits = limitsOf(connack, this.#options);
        resolve(undefined);
      });
    });
    try {
      const error = await Promise.race([accepted, this.ended]);
      if (error !== undefined) throw error;
    } finally {
      forget();
    }
  }

  /**
   * Some brokers write a second TLS 1.3 session ticket, which Nagle's algorithm holds back, and the CONNACK with
   * it, until we acknowledge the first: 40 ms. Anything we send carries that acknowledgement. Not inside the
   * event itself: OpenSSL is still reading there.
   */
  #wakeTickets(socket: TLSSocket): void {
    if (socket.getProtocol() !== 'TLSv1.3') return;
    socket.once('session', () => {
      setImmediate(() => {
        if (this.#connack !== undefined || !this.alive) return;
        this.#stream.write(pingRequest);
        this.#stream.flush();
      });
    });
  }

  #closedError(): SapcertError {
    const { endpoint } = this.#options;
    if (this.#connack === undefined) return closedError('mqtt', endpoint);
    return new SapcertError('tcp.closed', `${endpoint}: the broker closed the connection`, {
      hint: 'if that repeats, another client may be using the same client id: only one at a time can',
    });
  }
}

function limitsOf(
  { properties = {} }: IConnackPacket,
  { maximumPacketSize: own }: LinkOptions,
): BrokerLimits {
  const { maximumQoS = 2, maximumPacketSize = Number.POSITIVE_INFINITY } = properties;
  return { maximumQos: maximumQoS, maximumPacketSize: Math.min(maximumPacketSize, own ?? maximumPacketSize) };
}
