import * as fs from 'node:fs';
import { SapcertError } from '../errors.js';
import { outputError } from '../files/index.js';
import { onOneLine } from './layout.js';

/** What tells a reason from a message; lines that begin so are left out when the file is sent again. */
export const reasonMark = '#sapcert ';

/**
 * A file that takes the lines that were not accepted, each below its reason, so that sending the file again
 * sends just those. It is opened when there is something to write, and never replaces another.
 */
export class RefusedFile {
  readonly #path: string;
  #descriptor: number | undefined;
  #pending = '';

  /** @throws SapcertError `output.exists` */
  constructor(path: string) {
    this.#path = path;
    if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      throw new SapcertError('output.exists', `${path} exists already; it was left as it is`, {
        hint: 'send it first, or name another file with --refused FILE',
      });
    }
  }

  add(line: Uint8Array | string, reason: string): void {
    const content = typeof line === 'string' ? line : Buffer.from(line).toString();
    this.#pending += `${reasonMark}${onOneLine(reason)}\n${content}\n`;
    if (this.#pending.length > flushAt) this.flush();
  }

  /** @throws SapcertError `output.not-writable`, `output.failed` */
  flush(): void {
    if (this.#pending === '') return;
    try {
      this.#descriptor ??= fs.openSync(this.#path, 'wx', 0o600);
      fs.writeSync(this.#descriptor, this.#pending);
    } catch (cause) {
      throw outputError(this.#path, cause);
    }
    this.#pending = '';
  }

  close(): void {
    this.flush();
    if (this.#descriptor !== undefined) fs.closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}

const flushAt = 64 * 1024;
