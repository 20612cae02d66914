import type * as Codec from 'mqtt-packet';
import type { Packet } from 'mqtt-packet';
import { packetDefect } from '../../mqtt-packet-defect.js';
import { classifyPlaintext } from '../../wire/index.js';
import { printable } from '../printable.js';
import type { Channel } from './channel.js';
import { type Deadline, Ended } from './deadline.js';

/** MQTT protocol levels: 4 is 3.1.1. */
export type ProtocolLevel = 4 | 5;

/** No answer to a check comes near this; what is announced beyond it is not waited for. */
const largestPacket = 256 * 1024;

export interface Malformed {
  readonly why: string;
  readonly protocol?: string;
  readonly sample: string;
}

export type Received =
  | { readonly kind: 'packet'; readonly packet: Packet }
  | { readonly kind: 'malformed'; readonly malformed: Malformed }
  | { readonly kind: 'ended' };

/**
 * MQTT over a channel, one packet at a time. mqtt-packet reads and writes the packets; the framing is done here,
 * so that a packet is never larger than a probe needs and never half read.
 */
export class MqttSession {
  #buffer: Buffer = Buffer.alloc(0);
  #codec: typeof Codec | undefined;
  #packets = 0;

  constructor(
    readonly channel: Channel,
    readonly level: ProtocolLevel,
  ) {}

  /** Bytes of a packet whose rest has not come. */
  get partialBytes(): number {
    return this.#buffer.length;
  }

  async send(packet: Packet): Promise<void> {
    const { generate } = await this.#mqttPacket();
    this.channel.write(generate(packet, { protocolVersion: this.level }));
  }

  /**
   * The next packet, or why there is none.
   *
   * @throws Ended when nothing whole comes in time
   */
  async receive(deadline: Deadline): Promise<Received> {
    for (;;) {
      // A flood of packets must not outlast the deadline.
      if (deadline.over) throw new Ended(deadline.signal?.aborted === true ? 'interrupted' : 'timeout');
      const frame = this.#frame();
      if (frame !== undefined)
        return 'why' in frame ? { kind: 'malformed', malformed: frame } : this.#parse(frame);
      await this.channel.readable(deadline);
      const more = this.channel.take();
      if (more.length === 0 && this.channel.ended) return { kind: 'ended' };
      this.#buffer = Buffer.concat([this.#buffer, more]);
    }
  }

  /** One whole packet (MQTT section 2.2: type and flags, remaining length in up to four bytes, the rest). */
  #frame(): Buffer | Malformed | undefined {
    const [type] = this.#buffer;
    if (type === undefined) return undefined;
    if (this.#packets === 0 && !answers.has(type))
      return this.#malformed('it does not begin as an MQTT answer does');
    if (type >> 4 === 0) return this.#malformed('it begins with a type of packet that MQTT does not have');
    let length = 0;
    for (let index = 1; index <= 4; index += 1) {
      const byte = this.#buffer[index];
      if (byte === undefined) return undefined;
      length += (byte & 0x7f) * 128 ** (index - 1);
      if (byte < 0x80) return this.#cut(index + 1, length);
    }
    return this.#malformed('its length is not one that MQTT allows');
  }

  #cut(header: number, length: number): Buffer | Malformed | undefined {
    if (length > largestPacket) return this.#malformed(`it announces a packet of ${length} bytes`);
    if (this.#buffer.length < header + length) return undefined;
    const frame = this.#buffer.subarray(0, header + length);
    this.#buffer = this.#buffer.subarray(header + length);
    return frame;
  }

  async #parse(frame: Buffer): Promise<Received> {
    this.#packets += 1;
    if ((frame[0] ?? 0) >> 4 === 2 && frame.length < 4)
      return this.#refused(frame, 'its CONNACK is too short');
    const bare = bareConnack(frame, this.level);
    if (bare !== undefined) return { kind: 'packet', packet: bare };
    const { parser } = await this.#mqttPacket();
    const reader = parser({ protocolVersion: this.level });
    let result: Received | undefined;
    reader.on('packet', (packet: Packet) => {
      const defect = packetDefect(packet);
      result ??= defect === undefined ? { kind: 'packet', packet } : this.#refused(frame, new Error(defect));
    });
    reader.on('error', (error: unknown) => (result ??= this.#refused(frame, error)));
    try {
      reader.parse(frame);
    } catch (error) {
      result ??= this.#refused(frame, error);
    }
    return result ?? this.#refused(frame, 'it is not a whole packet');
  }

  #refused(frame: Buffer, error: unknown): Received {
    const why = printable(error instanceof Error ? error.message : String(error));
    return { kind: 'malformed', malformed: { why, sample: sampleOf(frame) } };
  }

  #malformed(why: string): Malformed {
    const protocol = classifyPlaintext(this.#buffer);
    const other = protocol === undefined || protocol === 'mqtt' ? {} : { protocol };
    return { why, ...other, sample: sampleOf(this.#buffer) };
  }

  async #mqttPacket(): Promise<typeof Codec> {
    this.#codec ??= await import('mqtt-packet');
    return this.#codec;
  }
}

/** CONNACK; and what an MQTT 5 broker may send before or instead of it: DISCONNECT, AUTH. Their flags are 0. */
const answers = new Set([0x20, 0xe0, 0xf0]);

/** A CONNACK without properties, as 3.1.1 brokers also send it to an MQTT 5 client. */
function bareConnack(frame: Buffer, level: ProtocolLevel): Packet | undefined {
  const [type, length, flags = 0, code = 0] = frame;
  if (type !== 0x20 || length !== 2 || flags > 1) return undefined;
  const answer = level === 5 ? { reasonCode: code } : { returnCode: code };
  return { cmd: 'connack', sessionPresent: flags === 1, ...answer };
}

/** The first line where it is text, else the first bytes in hexadecimal. */
export function sampleOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 120));
  const [line = ''] = head.toString('latin1').split(/\r?\n/, 1);
  if (/^[\x20-\x7e]{3,}$/.test(line)) return printable(line);
  return (head.subarray(0, 24).toString('hex').match(/../g) ?? []).join(' ');
}
