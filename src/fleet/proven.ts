import { readFileSync } from 'node:fs';
import { openBundle, readBundle } from '../bundle/bundle.js';
import { maximumInputSize } from '../bundle/material.js';
import { type StrippedBundle, writeIdentity } from '../bundle/strip.js';
import { type OutputFile, statsOf } from '../files/index.js';
import { encryptionOf, type HotBundle, readHot, readPlain, writeHot } from './hot/strip.js';
import { outputFiles } from './output.js';
import type { FleetTask, OutputPaths } from './types.js';

/**
 * Whether a bundle was stripped already, proven by content: with the key that stands in the output and the
 * certificates of the input, exactly the files that are there result. Needs no secret and no record of earlier
 * runs, and sees when either side changed.
 *
 * @returns what the files hold; `undefined` where there is work to do
 */
export async function provenDone(
  input: Uint8Array,
  hot: HotBundle | undefined,
  outputs: OutputPaths,
  task: FleetTask,
): Promise<StrippedBundle | undefined> {
  const combined = readIfPrivate(outputs.combined);
  if (combined === undefined) return undefined;
  const stripped = await expectedFrom(input, hot, combined, task);
  if (stripped === undefined) return undefined;
  return outputFiles(outputs, stripped).every(holds) ? stripped : undefined;
}

async function expectedFrom(
  input: Uint8Array,
  hot: HotBundle | undefined,
  combined: Buffer,
  task: FleetTask,
): Promise<StrippedBundle | undefined> {
  const written = hot && readHot(combined);
  const key = written && readPlain(written.key);
  const quick = hot && key && writeHot(hot, key, task.keyFormat);
  if (hot !== undefined && quick !== undefined)
    return { ...quick, key: { ...quick.key, encryption: encryptionOf(hot.key) } };
  try {
    const before = await readBundle(input, { allowSlowKdf: task.allowSlowKdf });
    const after = await readBundle(combined);
    const identity = await openBundle({ ...before, keys: after.keys }, {});
    const stripped = writeIdentity(before, identity, task);
    return { ...stripped, key: { ...stripped.key, encryption: before.keys[0]?.encryption } };
  } catch {
    return undefined; // whatever it is, stripping again tells
  }
}

/** A key that others can read is not done: writing it again closes it. */
function readIfPrivate(path: string): Buffer | undefined {
  const stats = statsOf(path);
  if (stats?.isFile() !== true || stats.size > maximumInputSize) return undefined;
  return process.platform !== 'win32' && (stats.mode & 0o077) !== 0 ? undefined : readQuietly(path);
}

function holds({ path, data, secret }: OutputFile): boolean {
  const content = secret ? readIfPrivate(path) : readQuietly(path);
  return content?.equals(typeof data === 'string' ? Buffer.from(data) : data) === true;
}

function readQuietly(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
