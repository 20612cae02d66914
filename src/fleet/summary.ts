import type { DiagnosisCode } from '../codes.js';
import type { CheckedDevice } from './check-many.js';

/** How a fleet stands, by cause. */
export interface FleetSummary {
  readonly total: number;
  readonly fine: number;
  /** Fine now, but a certificate of theirs expires soon. */
  readonly expiring: number;
  /** The most frequent first; each device under its first diagnosis. */
  readonly causes: readonly CauseCount[];
}

export interface CauseCount {
  readonly code: DiagnosisCode;
  readonly count: number;
  /** A few of the inputs. */
  readonly examples: readonly string[];
}

const fewExamples = 3;

/** Counts results as they come; memory does not grow with the fleet. */
export class FleetCounter {
  readonly #causes = new Map<DiagnosisCode, { count: number; examples: string[] }>();
  #total = 0;
  #fine = 0;
  #expiring = 0;

  count({ input, report }: CheckedDevice): void {
    this.#total += 1;
    const [answer] = report.diagnoses;
    if (answer === undefined) {
      this.#fine += 1;
      if (report.warnings.some(({ code }) => code === 'certificate.expires-soon')) this.#expiring += 1;
      return;
    }
    const cause = this.#causes.get(answer.code) ?? { count: 0, examples: [] };
    cause.count += 1;
    if (cause.examples.length < fewExamples) cause.examples.push(input);
    this.#causes.set(answer.code, cause);
  }

  get summary(): FleetSummary {
    const causes = [...this.#causes]
      .map(([code, { count, examples }]) => ({ code, count, examples }))
      .toSorted((a, b) => b.count - a.count);
    return { total: this.#total, fine: this.#fine, expiring: this.#expiring, causes };
  }
}
