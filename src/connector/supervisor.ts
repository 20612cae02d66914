import { SapcertError } from '../errors.js';
import { delay } from './abort.js';
import { backoffDelay, type BackoffLimits } from './backoff.js';
import type { MqttLink } from './mqtt-link.js';
import type { ReconnectingInfo } from './types.js';

export interface ReconnectPolicy extends BackoffLimits {
  /** Milliseconds without a connection. */
  readonly giveUpAfter: number;
  /** Refusals in a row. */
  readonly maximumRefusals: number;
  /** The first connection is tried for as long as later ones. */
  readonly first: boolean;
}

export interface SupervisorHooks {
  /** Opens a link that is ready to be used: subscriptions included. */
  readonly open: (signal: AbortSignal) => Promise<MqttLink>;
  readonly up: (link: MqttLink, reconnects: number) => void;
  /** @returns whether the connection had been of use, so that one need not hold back with the next */
  readonly down: () => boolean;
  readonly retry: (info: ReconnectingInfo) => void;
}

/** A connection that lasted this long was one. */
const stableAfter = 5000;

/** Keeps a link open: connects, waits for its end, and connects anew for as long as the policy allows. */
export class Supervisor {
  readonly #hooks: SupervisorHooks;
  readonly #policy: ReconnectPolicy | undefined;
  readonly #signal: AbortSignal;

  /** @param signal stops everything */
  constructor(hooks: SupervisorHooks, policy: ReconnectPolicy | undefined, signal: AbortSignal) {
    this.#hooks = hooks;
    this.#policy = policy;
    this.#signal = signal;
  }

  /** @returns why it ended, when it did; never rejects */
  async run(): Promise<SapcertError> {
    const series = new Series();
    for (let reconnects = 0; ;) {
      let reason: SapcertError;
      try {
        const link = await this.#hooks.open(this.#signal);
        reason = await this.#use(link, reconnects, series);
        reconnects += 1;
      } catch (error) {
        reason = asSapcertError(error);
        series.failed(reason);
      }
      const wait = this.#nextDelay(reason, reconnects, series);
      if (wait === undefined) return reason;
      this.#hooks.retry({ reason, attempt: series.attempts, delay: wait });
      try {
        await delay(wait, this.#signal);
      } catch (error) {
        return asSapcertError(error);
      }
    }
  }

  async #use(link: MqttLink, reconnects: number, series: Series): Promise<SapcertError> {
    const since = performance.now();
    this.#hooks.up(link, reconnects);
    const reason = await link.ended;
    const useful = this.#hooks.down();
    series.lost(useful || performance.now() - since > stableAfter);
    return reason;
  }

  /** @returns milliseconds to wait, or `undefined`: one gives up */
  #nextDelay(reason: SapcertError, connections: number, series: Series): number | undefined {
    const policy = this.#policy;
    if (policy === undefined || this.#signal.aborted || isFinal(reason)) return undefined;
    if (connections === 0 && !policy.first) return undefined;
    if (series.refusals >= policy.maximumRefusals) return undefined;
    series.attempts += 1;
    const wait = backoffDelay(series.attempts, policy);
    return performance.now() + wait - series.since > policy.giveUpAfter ? undefined : wait;
  }
}

/** Attempts since there last was a connection worth the name. */
class Series {
  attempts = 0;
  refusals = 0;
  since = performance.now();

  failed(reason: SapcertError): void {
    this.refusals = isRefusal(reason) ? this.refusals + 1 : 0;
  }

  lost(useful: boolean): void {
    this.since = performance.now();
    this.refusals = 0;
    if (useful) this.attempts = 0;
  }
}

/** Trying again would do harm (two clients taking the session from each other), or was not asked for. */
function isFinal({ code }: SapcertError): boolean {
  return code === 'mqtt.session-taken-over' || code === 'interrupted' || code === 'usage.invalid';
}

/** What another attempt will hardly change, though a broker that starts up may refuse what it takes later. */
function isRefusal({ code }: SapcertError): boolean {
  return code.startsWith('tls.') || refusals.has(code);
}

const refusals: ReadonlySet<string> = new Set([
  'mqtt.protocol-version-refused',
  'mqtt.client-id-refused',
  'mqtt.bad-credentials',
  'mqtt.not-authorized',
  'mqtt.refused',
  'mqtt.subscribe-refused',
]);

function asSapcertError(error: unknown): SapcertError {
  if (error instanceof SapcertError) return error;
  return new SapcertError('internal', 'connecting failed in an unexpected way', { cause: error });
}
