import type { parser as createParser, Packet } from 'mqtt-packet';
import { packetDefect } from '../../mqtt-packet-defect.js';
import type { PlaintextChunk } from '../event-log.js';
import type { MqttEvent, UndecodableEvent } from '../events.js';
import { classifyPlaintext } from '../plaintext.js';
import type { Side } from '../recording.js';
import { FrameReader, type MqttFrame } from './frames.js';
import type { MqttVersion } from './packets.js';
import { viewPacket } from './view.js';

type ParserFactory = typeof createParser;

/** As many packets as a ladder can use; a flood of two-byte packets must not become a flood of events. */
const MAX_EVENTS = 20_000;

/**
 * The MQTT packets in what both sides said, without secrets. Loads mqtt-packet only where the client speaks
 * MQTT. A side that says something else has no events.
 */
export async function decodeMqtt(
  plaintext: readonly PlaintextChunk[],
): Promise<readonly (MqttEvent | UndecodableEvent)[]> {
  if (!speaksMqtt('client', plaintext)) return [];
  const sides = new Set<Side>(speaksMqtt('server', plaintext) ? ['client', 'server'] : ['client']);
  const { default: mqttPacket } = await import('mqtt-packet');
  const conversation = new Conversation(mqttPacket.parser);
  const events: (MqttEvent | UndecodableEvent)[] = [];
  for (const { at, from, bytes } of plaintext) {
    if (!sides.has(from)) continue;
    for (const event of conversation.receive(from, at, bytes)) {
      events.push(event);
      if (events.length === MAX_EVENTS) return events;
    }
  }
  return events;
}

function speaksMqtt(side: Side, plaintext: readonly PlaintextChunk[]): boolean {
  const head: number[] = [];
  for (const { from, bytes } of plaintext) {
    if (from === side) head.push(...bytes.subarray(0, 64));
    if (head.length >= 64) break;
  }
  return classifyPlaintext(Uint8Array.from(head)) === 'mqtt';
}

const CONNACK = 0x20;

class Conversation {
  readonly #createParser: ParserFactory;
  readonly #frames: Record<Side, FrameReader> = { client: new FrameReader(), server: new FrameReader() };
  #version: MqttVersion = 4;

  constructor(createParser: ParserFactory) {
    this.#createParser = createParser;
  }

  *receive(from: Side, at: number, bytes: Uint8Array): Generator<MqttEvent | UndecodableEvent> {
    for (const frame of this.#frames[from].push(bytes)) {
      if (frame === 'malformed') {
        yield {
          kind: 'undecodable',
          at,
          from,
          bytes: 0,
          why: 'an MQTT packet with a length of more than four bytes',
        };
        return;
      }
      yield this.#event(frame, from, at);
    }
  }

  #event(frame: MqttFrame, from: Side, at: number): MqttEvent | UndecodableEvent {
    const bytes = frame.bytes.length;
    const version = this.#versionOf(frame);
    const packet = this.#parse(frame, version);
    if (typeof packet === 'string') {
      return { kind: 'undecodable', at, from, bytes, why: `an MQTT packet is malformed: ${packet}` };
    }
    if (packet.cmd === 'connect') this.#version = packet.protocolVersion ?? 4;
    return { kind: 'mqtt', at, from, bytes, packet: viewPacket(packet, version) };
  }

  /** A broker that does not know version 5 refuses it with a CONNACK of 3.1.1, which has two bytes only. */
  #versionOf(frame: MqttFrame): MqttVersion {
    return frame.first === CONNACK && frame.length === 2 ? 4 : this.#version;
  }

  /** The packet, or what is wrong with it. */
  #parse(frame: MqttFrame, protocolVersion: MqttVersion): Packet | string {
    const parser = this.#createParser({ protocolVersion });
    let result: Packet | string = 'it ends too early';
    parser.on('packet', (packet) => {
      result = packetDefect(packet) ?? packet;
    });
    parser.on('error', (error: Error) => {
      result = error.message;
    });
    try {
      parser.parse(Buffer.from(frame.bytes));
    } catch (error) {
      result = error instanceof Error ? error.message : 'it ends too early';
    }
    return result;
  }
}
