import type { Place } from '../../errors.js';
import type { Warning } from '../types.js';
import type { OpenedKey } from './unknown-key.js';

/** A KeyObject has no place for what was mended when it was made. */
const notes = new WeakMap<OpenedKey, readonly Omit<Warning, 'place'>[]>();

export function noteOn(key: OpenedKey, code: Warning['code'], message: string): void {
  notes.set(key, [...(notes.get(key) ?? []), { code, message }]);
}

/** The warnings that belong to a key that was opened. */
export function keyNotes(key: OpenedKey, place: Place): readonly Warning[] {
  return (notes.get(key) ?? []).map((note) => ({ ...note, place }));
}

export function noteTrailing(key: OpenedKey, bytes: number): void {
  if (bytes > 0) noteOn(key, 'repaired.trailing-bytes', trailingMessage(bytes, 'the key'));
}

export function trailingMessage(bytes: number, what: string): string {
  return `${bytes === 1 ? '1 byte follows' : `${bytes} bytes follow`} the end of ${what} and ${bytes === 1 ? 'is' : 'are'} left out`;
}
