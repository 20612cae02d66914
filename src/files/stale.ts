import { randomBytes } from 'node:crypto';
import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Drawn once a thread: randomness for each of many files costs more than their writing. */
const thread = randomBytes(6).toString('hex');
let names = 0;

/** A new name in a folder for what is on its way to its place; it tells which process wrote it. */
export function temporaryName(folder: string): string {
  names++;
  return join(folder, `.sapcert-${process.pid}-${thread}${names.toString(16)}.tmp`);
}

const temporaryPattern = /^\.sapcert-(\d+)-[0-9a-f]{12,}\.tmp$/;
const swept = new Set<string>();

/** Long past the time that writing one file takes, also for a process of another machine on a shared folder. */
const surelyAbandoned = 2000;

/**
 * Removes the temporary files that killed processes left in a folder: they hold keys. Looks into each folder
 * once a process.
 */
export function sweepStale(folder: string): void {
  if (swept.has(folder)) return;
  swept.add(folder);
  for (const name of namesIn(folder)) {
    const pid = temporaryPattern.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) removeIfOld(join(folder, name));
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function removeIfOld(path: string): void {
  try {
    if (Date.now() - statSync(path).mtimeMs > surelyAbandoned) unlinkSync(path);
  } catch {
    // Somebody else removed it, or may not: nothing depends on it.
  }
}
