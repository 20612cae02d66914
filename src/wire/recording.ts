/** Who sent or did something. The client is always our side, the server the peer. */
export type Side = 'client' | 'server';

export interface Endpoint {
  /** Without brackets or zone: `192.0.2.1`, `2001:db8::1`. */
  readonly address: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** One thing that happened on the connection. `at` is in milliseconds since the recording began. */
export type WireEntry =
  | { readonly kind: 'data'; readonly at: number; readonly from: Side; readonly bytes: Uint8Array }
  | { readonly kind: 'connect'; readonly at: number }
  | { readonly kind: 'fin'; readonly at: number; readonly from: Side }
  /** `code` is Node's: ECONNREFUSED, ECONNRESET, EPIPE, ETIMEDOUT ... */
  | { readonly kind: 'error'; readonly at: number; readonly code: string }
  /** `by` is the side that ended the connection first. */
  | { readonly kind: 'close'; readonly at: number; readonly by: Side };

/** What went over one TCP connection. While the connection lives, so does this: it grows. */
export interface WireRecording {
  /** The moment that all `at` count from, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds from the start until now, or until the connection was closed. */
  readonly elapsed: number;
  readonly entries: readonly WireEntry[];
  /** The limit was reached: later bytes were counted in `seen`, but not kept. */
  readonly cut: boolean;
  /** Bytes that each side has sent, kept or not. */
  readonly seen: Readonly<Record<Side, number>>;
  readonly local: Endpoint | undefined;
  readonly remote: Endpoint | undefined;
}

export interface RecorderOptions {
  /** A monotonic clock in milliseconds. */
  readonly clock?: (() => number) | undefined;
  /** The time of day in milliseconds since 1970. */
  readonly wallClock?: (() => number) | undefined;
  /** How many bytes are kept, both directions together. */
  readonly limit?: number | undefined;
}

const DEFAULT_LIMIT = 4 * 1024 * 1024;

/** What an entry costs besides its bytes, so that a flood of tiny chunks is bounded as well. */
const ENTRY_COST = 64;

/** Writes a {@link WireRecording}. What it is given is copied. */
export class Recorder implements WireRecording {
  readonly startedAt: number;
  readonly entries: WireEntry[] = [];
  readonly seen: Record<Side, number> = { client: 0, server: 0 };
  cut = false;
  local: Endpoint | undefined;
  remote: Endpoint | undefined;

  readonly #clock: () => number;
  readonly #origin: number;
  readonly #limit: number;
  #kept = 0;
  #endedFirst: Side | undefined;
  #closedAt: number | undefined;

  constructor(options: RecorderOptions = {}) {
    this.#clock = options.clock ?? (() => performance.now());
    this.#origin = this.#clock();
    this.#limit = options.limit ?? DEFAULT_LIMIT;
    this.startedAt = (options.wallClock ?? Date.now)();
  }

  get elapsed(): number {
    // Whole microseconds: the clock has no more, and what is printed stays readable.
    return this.#closedAt ?? Math.round((this.#clock() - this.#origin) * 1000) / 1000;
  }

  connected(local: Endpoint | undefined, remote: Endpoint | undefined): void {
    this.local = local;
    this.remote = remote;
    this.entries.push({ kind: 'connect', at: this.elapsed });
  }

  data(from: Side, bytes: Uint8Array): void {
    this.seen[from] += bytes.length;
    const cost = bytes.length + ENTRY_COST;
    this.cut ||= this.#kept + cost > this.#limit;
    if (this.cut) return;
    this.#kept += cost;
    this.entries.push({ kind: 'data', at: this.elapsed, from, bytes: new Uint8Array(bytes) });
  }

  fin(from: Side): void {
    this.#endedFirst ??= from;
    this.entries.push({ kind: 'fin', at: this.elapsed, from });
  }

  /** An error of the socket: always the network's or the peer's doing, never ours. */
  failed(code: string): void {
    this.#endedFirst ??= 'server';
    this.entries.push({ kind: 'error', at: this.elapsed, code });
  }

  /** We give the connection up, whatever the peer wants. */
  abandoned(): void {
    this.#endedFirst ??= 'client';
  }

  closed(): void {
    if (this.#closedAt !== undefined) return;
    this.#closedAt = this.elapsed;
    this.entries.push({ kind: 'close', at: this.#closedAt, by: this.#endedFirst ?? 'client' });
  }
}
