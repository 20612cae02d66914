import type { WarningCode } from '../bundle/index.js';
import type { DiagnosisCode } from '../codes.js';
import type { Evidence, ExperimentId, StageName } from './evidence.js';

/**
 * How sure a diagnosis is. `proven`: the evidence leaves no other cause. `likely`: it fits better than any
 * other. `possible`: others fit as well.
 */
export type Certainty = 'proven' | 'likely' | 'possible';

/** One thing that was seen and that a diagnosis rests on. */
export interface EvidenceRef {
  readonly source: StageName | `experiment:${ExperimentId}`;
  /** A sentence in lower case without a full stop. */
  readonly saw: string;
}

export interface Diagnosis {
  readonly code: DiagnosisCode;
  readonly certainty: Certainty;
  readonly because: readonly EvidenceRef[];
  /** What to do, most useful first; commands stand on lines of their own and begin with `$ `. */
  readonly remedy: readonly string[];
  /** What the broker's operator needs to look into it, one `name: value` a line. No secret. */
  readonly operator?: readonly string[];
}

export interface CheckWarning {
  readonly code: DiagnosisCode | WarningCode;
  /** Lower case, no full stop. */
  readonly message: string;
}

export interface CheckEnvironment {
  readonly node: string;
  readonly openssl: string;
  readonly platform: string;
}

/** What `checkConnection` returns and `check --json` prints. */
export interface CheckReport extends Evidence {
  readonly schemaVersion: 1;
  readonly ms: number;
  /** It was ended by the caller before it was done: what is known stands here all the same. */
  readonly interrupted: boolean;
  readonly environment: CheckEnvironment;
  /** The first is the answer. Empty: nothing is wrong. */
  readonly diagnoses: readonly Diagnosis[];
  readonly warnings: readonly CheckWarning[];
}
