import { diagnosisEntry } from '../../catalogue/index.js';
import type { DiagnosisCode } from '../../codes.js';
import type { ExperimentId, StageName } from '../evidence.js';
import type { Certainty, EvidenceRef } from '../report.js';
import type { View } from './view.js';

/** What a rule found: a diagnosis before it is put in order. */
export interface Finding {
  readonly code: DiagnosisCode;
  readonly certainty: Certainty;
  readonly because: readonly EvidenceRef[];
  readonly remedy: readonly string[];
  /** The cause lies, or may lie, at the broker's side: its operator gets what is needed to look into it. */
  readonly brokerSide?: boolean;
  /** True, but not the cause of what failed: it comes last and rules nothing out. */
  readonly aside?: boolean;
}

/** One row of the table of rules. */
export interface Rule {
  /** What it can find. */
  readonly codes: readonly DiagnosisCode[];
  readonly find: (view: View) => Finding | readonly Finding[] | undefined;
}

/** A finding with the catalogue's remedy, after advice that fits this case in particular. */
export function finding(
  code: DiagnosisCode,
  certainty: Certainty,
  because: readonly EvidenceRef[],
  advice: readonly string[] = [],
): Finding {
  return { code, certainty, because, remedy: [...advice, ...diagnosisEntry(code).remedy] };
}

/** The same, where the operator of the broker has to look into it. */
export function brokerFinding(...args: Parameters<typeof finding>): Finding {
  return { ...finding(...args), brokerSide: true };
}

export function saw(source: StageName, text: string): EvidenceRef {
  return { source, saw: text };
}

export function sawIn(id: ExperimentId, text: string): EvidenceRef {
  return { source: `experiment:${id}`, saw: text };
}
