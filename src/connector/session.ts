import { SapcertError } from '../errors.js';
import { interruption, onAbort, reasonOf, throwIfAborted } from './abort.js';
import { parseAcknowledgements } from './acknowledgements.js';
import { parseCommand } from './commands.js';
import type { MqttLink } from './mqtt-link.js';
import { Sender } from './sender.js';
import type { Settings } from './settings.js';
import { Supervisor } from './supervisor.js';
import type { ConnectionEvents, ConnectionState, DeviceCommand } from './types.js';
import { Waiters } from './waiters.js';

/** Opens a link on which nothing is subscribed yet. */
export type OpenLink = (signal: AbortSignal) => Promise<MqttLink>;

export type Emit = <Name extends keyof ConnectionEvents>(name: Name, ...args: ConnectionEvents[Name]) => void;

/**
 * What lives on while links come and go: the messages that are not done, the subscriptions, and the state that
 * the owner sees.
 */
export class Session {
  readonly sender: Sender;
  readonly #settings: Settings;
  readonly #emit: Emit;
  readonly #supervisor: Supervisor;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<(command: DeviceCommand) => void>();
  readonly #firstLink = new Waiters();
  #link: MqttLink | undefined;
  #state: ConnectionState = 'connecting';
  #stopRequested = false;
  #ended: Promise<void> = Promise.resolve();

  constructor(settings: Settings, open: OpenLink, emit: Emit) {
    this.#settings = settings;
    this.#emit = emit;
    this.sender = new Sender(settings);
    this.sender.onUnmatched = (acknowledgement) => emit('acknowledgement', acknowledgement);
    const hooks = {
      open: async (signal: AbortSignal) => this.#prepare(await open(signal)),
      up: (link: MqttLink, reconnects: number) => this.#up(link, reconnects),
      down: () => this.#down(),
      retry: (info: ConnectionEvents['reconnecting'][0]) => {
        if (this.#state === 'connected') this.#state = 'reconnecting';
        emit('reconnecting', info);
      },
    };
    this.#supervisor = new Supervisor(hooks, settings.reconnect, this.#stop.signal);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Fires when the session ends, whatever the cause, which is its reason. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  /**
   * Connects.
   *
   * @param signal ends the session, also later
   * @throws SapcertError why the first connection did not come about
   */
  async start(signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    const forget = onAbort(signal, () => this.#break(interruption()));
    const connected = this.#firstLink.wait();
    const ended = this.#supervisor.run();
    this.#ended = this.#endAfter(ended, forget);
    const failure = await Promise.race([connected, ended]);
    if (failure !== undefined) throw failure;
  }

  /**
   * Ends it, with a DISCONNECT where there is a connection.
   *
   * @param reason what everything that is not done ends with
   */
  async stop(reason: SapcertError): Promise<void> {
    const link = this.#link;
    this.#stopRequested = true;
    this.#stop.abort(reason);
    await link?.close();
    await this.#ended;
  }

  /**
   * @param topic of the commands
   * @returns ends it
   */
  listen(listener: (command: DeviceCommand) => void, topic: string): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) void this.#subscribeCommands(topic);
    return () => {
      if (this.#listeners.delete(listener) && this.#listeners.size === 0) this.#link?.unsubscribe(topic);
    };
  }

  /** Acknowledgements have to find us before the first measure leaves. */
  async #prepare(link: MqttLink): Promise<MqttLink> {
    const { ack, topics } = this.#settings;
    link.listen((topic, payload) => this.#receive(topic, payload));
    if (!ack || topics.acknowledgements === undefined) return link;
    try {
      await link.subscribe(topics.acknowledgements, 1);
    } catch (error) {
      await link.close();
      throw error;
    }
    return link;
  }

  #up(link: MqttLink, reconnects: number): void {
    if (this.#stop.signal.aborted) {
      link.fail(reasonOf(this.#stop.signal));
      return;
    }
    this.#link = link;
    this.#state = 'connected';
    const resending = this.sender.attach(link);
    const { commands } = this.#settings.topics;
    if (this.#listeners.size > 0 && commands !== undefined) void this.#subscribeCommands(commands);
    this.#firstLink.release();
    this.#emit('connected', { reconnects, sessionPresent: link.sessionPresent, resending });
  }

  #down(): boolean {
    this.#link = undefined;
    this.sender.detach();
    return this.sender.progress;
  }

  async #endAfter(ended: Promise<SapcertError>, cleanUp: () => void): Promise<void> {
    const reason = await ended;
    cleanUp();
    this.#state = 'disconnected';
    if (!this.#stop.signal.aborted) this.#stop.abort(reason);
    this.sender.failAll(reasonOf(this.#stop.signal));
    this.#emit('disconnected', this.#stopRequested ? undefined : reason);
  }

  #break(reason: SapcertError): void {
    this.#stop.abort(reason);
    this.#link?.fail(reason);
  }

  async #subscribeCommands(topic: string): Promise<void> {
    const link = this.#link;
    if (link === undefined) return;
    try {
      await link.subscribe(topic, 1);
    } catch (error) {
      if (link.alive && error instanceof SapcertError) this.#emit('warning', error);
    }
  }

  #receive(topic: string, payload: Buffer): void {
    if (topic === this.#settings.topics.acknowledgements) {
      for (const acknowledgement of parseAcknowledgements(payload)) this.sender.acknowledge(acknowledgement);
      return;
    }
    const command = parseCommand(topic, payload);
    for (const listener of this.#listeners) listener(command);
  }
}
