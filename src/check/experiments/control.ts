import type { ExperimentEvidence, ExperimentId } from '../evidence.js';
import type { Experiment } from './experiment.js';
import { longerThanFirst, varied } from './varied.js';

/**
 * Run after a variation got through: the same as at first, with nothing changed. Only against this does the
 * success of a variation prove anything; what fails once and then works was a passing failure.
 */
export const control: Experiment = varied({
  id: 'repeat',
  title: 'tried again, with nothing changed',
  separates: [],
  vary: (bench) => {
    const stayMs = longerThanFirst(bench);
    return stayMs === undefined ? undefined : { variation: { stayMs } };
  },
});

/** A variation got through, and nobody knows yet whether the same as before would have. */
export function needsControl(done: readonly ExperimentEvidence[]): boolean {
  return (
    !done.some(({ id }) => id === 'repeat') &&
    done.some(({ id, outcome }) => outcome === 'accepted' && !selfEvident.has(id))
  );
}

/** What these show, they show by themselves: the answer of another protocol, or a quiet handshake. */
const selfEvident: ReadonlySet<ExperimentId> = new Set(['plain-mqtt', 'plain-http', 'https', 'hold']);
