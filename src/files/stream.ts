import * as fs from 'node:fs';
import { normalize } from 'node:path';
import { SapcertError } from '../errors.js';
import { systemCode } from './errors.js';

const namedDescriptors: Readonly<Record<string, number>> = { '/dev/stdout': 1, '/dev/stderr': 2 };

/** The open descriptor of this process that a name such as `/dev/stdout` or `/dev/fd/63` stands for. */
export function descriptorOf(path: string): number | undefined {
  if (!path.startsWith('/') || !/\/(?:dev|proc)\b/.test(path)) return undefined;
  const name = normalize(path);
  const number = /^\/(?:dev|proc\/self)\/fd\/(\d{1,6})$/.exec(name)?.[1];
  return number === undefined ? namedDescriptors[name] : Number(number);
}

/** Whether an output is a device, a pipe or a socket. Links in `/dev` and `/proc` are made by the system. */
export function isStream(path: string, stats: fs.Stats): boolean {
  const madeBySystem = stats.isSymbolicLink() && /^\/(?:dev|proc)\//.test(path);
  return isStreamItself(madeBySystem ? targetOf(path, stats) : stats);
}

function targetOf(link: string, stats: fs.Stats): fs.Stats {
  try {
    return fs.statSync(link);
  } catch {
    return stats;
  }
}

function isStreamItself(stats: fs.Stats): boolean {
  return stats.isCharacterDevice() || stats.isFIFO() || stats.isSocket() || stats.isBlockDevice();
}

/**
 * Writes into a stream. A descriptor of this process is written to as it is: opened again it would begin at the
 * start of its file. What is opened is neither created nor cut.
 *
 * @throws SapcertError `output.failed` when nobody reads a pipe
 */
export function writeStream(path: string, data: string | Uint8Array): void {
  const own = descriptorOf(path);
  const descriptor = own ?? openWithReader(path);
  try {
    writeAll(descriptor, typeof data === 'string' ? Buffer.from(data) : data, path);
  } finally {
    if (own === undefined) fs.closeSync(descriptor);
  }
}

/** Without O_NONBLOCK, opening a pipe that nobody reads would wait for ever, and no signal could end it. */
function openWithReader(path: string): number {
  const isPipe = fs.statSync(path).isFIFO();
  const flags = fs.constants.O_WRONLY | (isPipe ? fs.constants.O_NONBLOCK : 0);
  return untilReady('ENXIO', isPipe, path, () => fs.openSync(path, flags));
}

function writeAll(descriptor: number, data: Uint8Array, path: string): void {
  for (let rest = data; rest.length > 0;) {
    const chunk = rest;
    rest = rest.subarray(untilReady('EAGAIN', true, path, () => fs.writeSync(descriptor, chunk)));
  }
}

const pause = 10;
/** Milliseconds: for a reader that was started at the same time, in a script. */
const patience = 10_000;

function untilReady<Result>(notReady: string, mayWait: boolean, path: string, attempt: () => Result): Result {
  for (let waited = 0; ; waited += pause) {
    try {
      return attempt();
    } catch (error) {
      if (!mayWait || systemCode(error) !== notReady) throw error;
      if (waited >= patience) throw nobodyReads(path);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
  }
}

function nobodyReads(path: string): SapcertError {
  return new SapcertError('output.failed', `nobody reads the pipe ${path}`, {
    hint: 'start its reader first',
  });
}
