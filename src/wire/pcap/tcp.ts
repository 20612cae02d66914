import type { Endpoint, Side, WireEntry, WireRecording } from '../recording.js';
import { Flag, ipPacket, maximumSegment } from './packet.js';

export interface SynthesisedPacket {
  /** Milliseconds since the recording began. */
  readonly at: number;
  readonly from: Side;
  readonly bytes: Uint8Array;
  readonly comment?: string | undefined;
}

const nothing = new Uint8Array();

/**
 * The packets that could have carried what was recorded: the bytes, their times and who closed are real, all
 * else of IP and TCP is made up.
 */
export function synthesiseTcp(
  recording: WireRecording,
  endpoints: Readonly<Record<Side, Endpoint>>,
): readonly SynthesisedPacket[] {
  const stream = new TcpStream(endpoints);
  stream.syn();
  for (const entry of recording.entries) stream.enter(entry);
  return stream.packets;
}

function other(side: Side): Side {
  return side === 'client' ? 'server' : 'client';
}

class TcpStream {
  readonly packets: SynthesisedPacket[] = [];
  readonly #endpoints: Readonly<Record<Side, Endpoint>>;
  /** The next sequence number of each side. */
  readonly #next: Record<Side, number> = { client: 0x1000_0000, server: 0x2000_0000 };
  readonly #finished: Record<Side, boolean> = { client: false, server: false };
  #state: 'connecting' | 'open' | 'over' = 'connecting';
  /** The side whose bytes the other has not acknowledged yet. */
  #unacknowledged: Side | undefined;

  constructor(endpoints: Readonly<Record<Side, Endpoint>>) {
    this.#endpoints = endpoints;
  }

  syn(): void {
    this.#send('client', 0, Flag.syn);
    this.#next.client += 1;
  }

  enter(entry: WireEntry): void {
    if (this.#state === 'over') return;
    switch (entry.kind) {
      case 'connect':
        this.#open(entry.at);
        return;
      case 'data':
        this.#data(entry.at, entry.from, entry.bytes);
        return;
      case 'fin':
        this.#fin(entry.at, entry.from);
        return;
      case 'error':
        this.#failed(entry.at, entry.code);
        return;
      case 'close':
        this.#closed(entry.at);
    }
  }

  #open(at: number): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#send('server', at, Flag.syn | Flag.ack);
    this.#next.server += 1;
    this.#send('client', at, Flag.ack);
  }

  #data(at: number, from: Side, bytes: Uint8Array): void {
    this.#open(at);
    if (this.#unacknowledged === from) this.#acknowledge(at);
    const size = maximumSegment(this.#endpoints[from].family);
    for (let start = 0; start < bytes.length; start += size) {
      const payload = bytes.subarray(start, start + size);
      const last = start + size >= bytes.length;
      this.#send(from, at, last ? Flag.ack | Flag.psh : Flag.ack, payload);
      this.#next[from] += payload.length;
    }
    this.#unacknowledged = from;
  }

  #fin(at: number, from: Side, comment?: string): void {
    if (this.#state !== 'open' || this.#finished[from]) return;
    if (this.#unacknowledged === from) this.#acknowledge(at);
    this.#finished[from] = true;
    this.#send(from, at, Flag.fin | Flag.ack, nothing, comment);
    this.#next[from] += 1;
    this.#unacknowledged = from;
    this.#acknowledge(at);
  }

  #failed(at: number, code: string): void {
    const resets = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ECONNABORTED'];
    if (resets.includes(code)) this.#send('server', at, Flag.rst | Flag.ack, nothing, code);
    this.#state = 'over';
  }

  #closed(at: number): void {
    this.#fin(at, 'client', 'we closed the connection; if bytes were left unread, this was a RST');
    this.#state = 'over';
  }

  #acknowledge(at: number): void {
    const sender = this.#unacknowledged;
    if (sender !== undefined) this.#send(other(sender), at, Flag.ack);
  }

  #send(from: Side, at: number, flags: number, payload: Uint8Array = nothing, comment?: string): void {
    const bytes = ipPacket({
      source: this.#endpoints[from],
      destination: this.#endpoints[other(from)],
      sequence: this.#next[from],
      acknowledgment: (flags & Flag.ack) === 0 ? 0 : this.#next[other(from)],
      flags,
      payload,
      identification: this.packets.length,
    });
    this.packets.push({ at, from, bytes, comment });
    if ((flags & Flag.ack) !== 0) this.#unacknowledged = undefined;
  }
}
