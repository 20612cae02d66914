import { type ExperimentEvidence, type ExperimentId, ran } from '../evidence.js';
import type { Bench, Experiment, Result } from './experiment.js';
import { longerThanFirst, tryAgain } from './varied.js';

/**
 * Run after a variation got through: the same as at first, with nothing changed. Only against this does the
 * success of a variation prove anything; what fails once and then works was a passing failure. It is tried twice:
 * of several servers that take turns behind one address, the one at fault may come once more.
 */
export const control: Experiment = {
  id: 'repeat',
  title: 'tried again, with nothing changed',
  separates: [],
  prepare: (bench) => {
    const stayMs = longerThanFirst(bench);
    return stayMs === undefined ? undefined : () => twice(bench, stayMs);
  },
};

async function twice(bench: Bench, stayMs: number): Promise<Result> {
  const first = await tryAgain('repeat', { variation: { stayMs } }, bench);
  if (first.outcome === 'accepted' || bench.deadline.over) return first;
  const second = await tryAgain('repeat', { variation: { stayMs } }, bench);
  return second.outcome === 'accepted' ? second : first;
}

/** A variation got through or further, and nobody knows yet whether the same as before would have. */
export function needsControl({ view }: Bench, done: readonly ExperimentEvidence[]): boolean {
  return (
    !done.some(({ id }) => id === 'repeat') &&
    done.some(
      (experiment) =>
        (gotFurther(experiment, view) || experiment.facts?.unsteady === true) &&
        !selfEvident.has(experiment.id),
    )
  );
}

/** It was accepted, or at least got an answer in TLS where there had been none. */
export function gotFurther({ outcome, stages = [] }: Result, view: Bench['view']): boolean {
  const answered = ran(stages, 'tls')?.facts.version !== undefined;
  return outcome === 'accepted' || (answered && view.failed === 'tls' && view.tls?.version === undefined);
}

/** Whether what it shows may be the doing of another server behind the same address. */
export function needsSecond(id: ExperimentId): boolean {
  return id !== 'repeat' && id !== 'other-family' && !selfEvident.has(id);
}

/** What these show, they show by themselves: the answer of another protocol, or a quiet handshake. */
const selfEvident: ReadonlySet<ExperimentId> = new Set(['plain-mqtt', 'plain-http', 'https', 'hold']);
