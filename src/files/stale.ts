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

/** Milliseconds: long past the time that writing one file takes, also for a process of another machine. */
const surelyWritten = 2000;
/** The number of a process may be that of another one by now, or of another machine or container. */
const surelyAbandoned = 60 * 60 * 1000;

/**
 * Removes the temporary files that killed processes left in a folder: they hold keys. Looks into each folder
 * once a process.
 */
export function sweepStale(folder: string): void {
  if (swept.has(folder)) return;
  swept.add(folder);
  for (const name of namesIn(folder)) {
    const pid = temporaryPattern.exec(name)?.[1];
    if (pid !== undefined) removeIfAbandoned(join(folder, name), Number(pid));
  }
}

/** In a container every run may have the number 1: what is older than this process is not its own. */
function ageOfAbandoned(pid: number): number {
  if (pid === process.pid) return Math.max(surelyWritten, process.uptime() * 1000);
  return isRunning(pid) ? surelyAbandoned : surelyWritten;
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

function removeIfAbandoned(path: string, pid: number): void {
  try {
    if (Date.now() - statSync(path).mtimeMs > ageOfAbandoned(pid)) unlinkSync(path);
  } catch {
    // Somebody else removed it, or may not: nothing depends on it.
  }
}
