import type { Place } from '../../errors.js';
import { type Kdf, refuseCostly } from '../keys/encryption/index.js';

/** Adds up the key derivations of a file: many cheap ones cost as much as one that is too costly. */
export class Budget {
  private readonly spent: Kdf[] = [];

  constructor(
    private readonly allowSlowKdf: boolean,
    private readonly place: Place,
  ) {}

  /**
   * @param parts what derives keys; that of the unsupported is never run
   * @throws SapcertError `key.kdf-too-costly`
   */
  spend(
    parts: readonly ({ readonly supported: true; readonly kdf: Kdf } | { readonly supported: false })[],
  ): void {
    for (const part of parts) {
      if (part.supported) this.spent.push(part.kdf);
    }
    refuseCostly(this.spent, this.allowSlowKdf, this.place);
  }
}
