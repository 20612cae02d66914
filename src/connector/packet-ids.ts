/**
 * Hands out packet identifiers that are free. MQTT.js's own provider counts on and, after 65,535 messages, gives
 * out one again whose PUBACK is still missing.
 */
export class PacketIds {
  readonly #used = new Uint8Array(0x1_0000);
  /** Where counting goes on: over reconnects too, so that new messages stay clear of those sent again. */
  #counter = 0;
  #latest = 0;
  #demanded = 0;

  /** The next identifier handed out is this one: a message that is sent again keeps its own [MQTT-4.4.0-1]. */
  demand(id: number): void {
    this.#demanded = id;
  }

  allocate(): number | null {
    if (this.#demanded > 0 && this.#used[this.#demanded] === 0) return this.#take(this.#demanded);
    for (let tries = 0; tries < 0xffff; tries += 1) {
      const id = (this.#counter % 0xffff) + 1;
      this.#counter = id;
      if (this.#used[id] === 0) return this.#take(id);
    }
    return null;
  }

  getLastAllocated(): number {
    return this.#latest;
  }

  register(id: number): boolean {
    const free = this.#used[id] === 0;
    this.#used[id] = 1;
    return free;
  }

  deallocate(id: number): void {
    this.#used[id] = 0;
  }

  clear(): void {
    this.#used.fill(0);
  }

  #take(id: number): number {
    this.#demanded = 0;
    this.#used[id] = 1;
    this.#latest = id;
    return id;
  }
}
