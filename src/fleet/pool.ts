import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { SapcertError } from '../errors.js';
import { errorData } from './error-data.js';
import { stripOne } from './strip-one.js';
import type { FleetInput, FleetResult, RunningTask } from './types.js';

/** Does portions of work, here or in threads. */
export interface Runner {
  /** How many portions it can have under way. */
  readonly capacity: number;
  /** Never throws: a portion that is lost gives failures. */
  readonly run: (portion: readonly FleetInput[]) => Promise<readonly FleetResult[]>;
  readonly close: () => Promise<void>;
}

/** A thread always has its next portion, so that it never waits for this one. */
const portionsPerThread = 2;

export function localRunner(task: RunningTask): Runner {
  return {
    capacity: portionsPerThread,
    run: (portion) => Promise.all(portion.map((input) => stripOne(input, task))),
    close: () => Promise.resolve(),
  };
}

/**
 * Where the build put the code of a thread: beside this file, or beside what this file was bundled into. There is
 * none when sapcert runs from source, or inside somebody else's bundle.
 */
function findWorkerFile(): URL | undefined {
  try {
    const places = ['./fleet-worker.js', '../fleet/fleet-worker.js'].map(
      (path) => new URL(path, import.meta.url),
    );
    return places.find((place) => place.protocol === 'file:' && existsSync(fileURLToPath(place)));
  } catch {
    return undefined; // a bundle that knows no import.meta
  }
}

/** The young generation of a heap grows to 48 MiB by itself, which work in small portions does not need. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

interface Message {
  readonly id: number;
  readonly results: readonly FleetResult[];
}

type Answer = (results: readonly FleetResult[] | undefined) => void;

/** Who does portions, and how many it has under way. */
interface Member {
  readonly busy: () => number;
  readonly run: Runner['run'];
  readonly close: () => Promise<unknown>;
}

/**
 * Until it has warmed up, a thread costs as much as some hundred bundles of the cheap kinds, and what those wait
 * for (the disk, PBKDF2, scrypt) Node does in threads of its own. So others are started once a bundle was seen
 * whose key derivation is ours alone to do, or once the run is long.
 */
const longRun = 1000;
const costlyIterations = 10_000;

const isCostly = (result: FleetResult): boolean =>
  result.status === 'done' &&
  result.key.encryption?.kdf === 'pkcs12-sha1' &&
  (result.key.encryption.iterations ?? 0) > costlyIterations;

/**
 * Uses this thread, which can begin at once, and so many more, where threads can be had.
 *
 * @param start when the others are started: as soon as there is work for them, or when that pays
 */
export function threadRunner(task: RunningTask, more: number, start: 'at-once' | 'when-it-pays'): Runner {
  const workerFile = findWorkerFile();
  if (workerFile === undefined) return localRunner(task);
  const local = localMember(task);
  const members: Member[] = [local];
  const began = performance.now();
  const pays = (): boolean => start === 'at-once' || local.metCostly() || performance.now() - began > longRun;
  const leave = (member: Member): void => {
    const index = members.indexOf(member);
    if (index >= 0) members.splice(index, 1);
  };
  /** The one with the least to do; another thread as long as all have something, and it pays. */
  const choose = (): Member => {
    const [idlest = local] = members.toSorted((a, b) => a.busy() - b.busy());
    if (idlest.busy() === 0 || members.length > more || !pays()) return idlest;
    const thread = threadMember(workerFile, task, local, leave);
    members.push(thread);
    return thread;
  };
  return {
    capacity: (more + 1) * portionsPerThread,
    run: (portion) => choose().run(portion),
    close: async () => {
      await Promise.all(members.map(({ close }) => close()));
    },
  };
}

function localMember(task: RunningTask): Member & { readonly metCostly: () => boolean } {
  const { run, close } = localRunner(task);
  let busy = 0;
  let metCostly = false;
  return {
    busy: () => busy,
    metCostly: () => metCostly,
    run: async (portion) => {
      busy++;
      const results = await run(portion);
      busy--;
      metCostly ||= results.some(isCostly);
      return results;
    },
    close,
  };
}

function threadMember(
  workerFile: URL,
  task: RunningTask,
  local: Member,
  leave: (member: Member) => void,
): Member {
  // The flags of this process were meant for its own program: some (--input-type) end a thread at once.
  const worker = new Worker(workerFile, { workerData: task, resourceLimits, execArgv: [] });
  const waiting = new Map<number, Answer>();
  let [started, lastId] = [false, 0];
  const member: Member = {
    busy: () => waiting.size,
    run: async (portion) => {
      const results = await new Promise<Parameters<Answer>[0]>((resolve) => {
        lastId++;
        waiting.set(lastId, resolve);
        worker.postMessage({ id: lastId, portion }, []);
      });
      if (results !== undefined) return results;
      return started ? portion.map(({ name }) => threadDied(name)) : local.run(portion);
    },
    close: () => worker.terminate(),
  };
  worker.on('online', () => {
    started = true;
  });
  worker.on('message', ({ id, results }: Message) => {
    waiting.get(id)?.(results);
    waiting.delete(id);
  });
  const lost = (): void => {
    leave(member);
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  worker.on('error', lost);
  worker.on('exit', lost);
  return member;
}

function threadDied(input: string): FleetResult {
  const error = new SapcertError('internal', 'the thread that worked on it ended', {
    hint: 'run the command again; with --resume what is done is skipped',
  });
  return { status: 'failed', input, error: errorData(error) };
}
