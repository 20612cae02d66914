import { type Stats, statSync } from 'node:fs';

/** What is known about a path; `undefined` where there is nothing, or no way to it. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a part of the path is no folder, or is closed
  }
}
