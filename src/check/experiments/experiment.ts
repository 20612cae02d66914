import type { X509Certificate } from 'node:crypto';
import type { DiagnosisCode } from '../../codes.js';
import type { View } from '../diagnose/view.js';
import type { ExperimentEvidence, ExperimentFacts, ExperimentId, StageEvidence } from '../evidence.js';
import type { CheckContext, Variation } from '../pass.js';
import type { Connection } from '../probes/connection.js';
import type { Deadline } from '../probes/deadline.js';

/** What an experiment works with. */
export interface Bench {
  readonly context: CheckContext;
  readonly view: View;
  /** The certificates that the server sent in the first pass. */
  readonly serverCertificates: readonly X509Certificate[];
  /** How long each stage of an experiment may take. */
  readonly stageMs: number;
  readonly deadline: Deadline;
  /** A fresh connection to the address of the first pass, or to another; `undefined`: it could not be made. */
  readonly connect: (id: ExperimentId, address?: string) => Promise<Connection | undefined>;
}

/** What came of it, before it has a name and a duration. */
export type Result = Pick<ExperimentEvidence, 'outcome' | 'summary'> & {
  readonly stages?: readonly StageEvidence[];
  readonly facts?: ExperimentFacts;
};

/**
 * One thing tried otherwise than in the first pass. It is run when the cause is still open and it could decide
 * between the causes that are left (`separates`), or when it shows the way out of a cause that is certain
 * (`confirms`). No experiment publishes, subscribes, or sends anything to a server that did not pass.
 */
export interface Experiment {
  readonly id: ExperimentId;
  readonly title: string;
  readonly separates: readonly DiagnosisCode[];
  readonly confirms?: readonly DiagnosisCode[];
  /** Whether it makes sense with this evidence; then how to do it. */
  readonly prepare: (bench: Bench) => (() => Promise<Result>) | undefined;
}

/** An experiment that is a pass with one thing varied. */
export interface Varied {
  readonly variation: Variation;
  readonly facts?: ExperimentFacts;
}
