import type { ApplicationDataEvent, WireEvent } from './events.js';
import type { Side } from './recording.js';

/** What one side said in the clear, or encrypted and now opened. May hold passwords: never print or keep it. */
export interface PlaintextChunk {
  readonly at: number;
  readonly from: Side;
  readonly bytes: Uint8Array;
}

/** Hostile bytes can make an event of every two bytes; more than this helps nobody. */
const MAX_EVENTS = 20_000;

/** Collects the events of one connection, in order and bounded. */
export class EventLog {
  readonly #events: WireEvent[] = [];
  readonly plaintext: PlaintextChunk[] = [];

  get full(): boolean {
    return this.#events.length >= MAX_EVENTS;
  }

  add(event: WireEvent): void {
    if (this.full) return;
    this.#events.push(event);
    if (this.full) this.#events.push({ kind: 'recordingCut', at: event.at, from: event.from, bytes: 0 });
  }

  /** Records of application data that came in one chunk are one event. */
  addApplicationData(event: ApplicationDataEvent, content: Uint8Array): void {
    this.plaintext.push({ at: event.at, from: event.from, bytes: content });
    const last = this.#events.at(-1);
    const joins = last?.kind === 'applicationData' && last.from === event.from && last.at === event.at;
    if (!joins) this.add(event);
    else this.#events[this.#events.length - 1] = { ...last, bytes: last.bytes + event.bytes };
  }

  /** By time; what happened at the same moment stays in the order in which it was added. */
  sorted(): WireEvent[] {
    return this.#events.toSorted((a, b) => a.at - b.at);
  }
}
