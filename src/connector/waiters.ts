/** Those who wait for the same thing to happen. */
export class Waiters {
  #resolvers: (() => void)[] = [];

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolvers.push(resolve);
    });
  }

  release(): void {
    if (this.#resolvers.length === 0) return;
    const resolvers = this.#resolvers;
    this.#resolvers = [];
    for (const resolve of resolvers) resolve();
  }
}
