import { fstatSync } from 'node:fs';
import type * as Tty from 'node:tty';

/** node:tty brings node:net and the streams along, which take a millisecond: loaded where there is a terminal. */
export const tty = (): typeof Tty => process.getBuiltinModule('node:tty');

export function isTerminal(descriptor: number): boolean {
  return isCharacterDevice(descriptor) && tty().isatty(descriptor);
}

function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false; // closed by who started us
  }
}
