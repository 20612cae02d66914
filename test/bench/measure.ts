import { run, type RunOptions } from '../support/run.js';

export interface Measured {
  readonly seconds: number;
  readonly stdout: string;
}

/** Runs a program once and says how long it took; a failure is an error. */
export async function timed(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Measured> {
  const start = performance.now();
  const { status, stdout, stderr } = await run(command, args, options);
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0) throw new Error(`${command} ${args.join(' ').slice(0, 200)}: ${stderr.slice(0, 2000)}`);
  return { seconds, stdout: stdout.toString() };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/**
 * Measures several ways of doing the same in turn, round after round, so that what else the machine does falls on
 * all of them alike.
 */
export async function inTurn<Name extends string>(
  rounds: number,
  ways: Readonly<Record<Name, (round: number) => Promise<number>>>,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(ways) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) values[name].push(await ways[name](round));
  }
  return Object.fromEntries(names.map((name) => [name, median(values[name])])) as Record<Name, number>;
}
