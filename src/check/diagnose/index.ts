import type { Evidence } from '../evidence.js';
import type { Certainty, CheckWarning, Diagnosis } from '../report.js';
import { operatorLines } from './operator.js';
import type { Finding } from './rule.js';
import { rules } from './rules/index.js';
import { type View, viewOf } from './view.js';
import { warningsOf } from './warnings.js';

export interface Conclusion {
  /** The first is the answer. Empty: nothing is wrong. */
  readonly diagnoses: readonly Diagnosis[];
  readonly warnings: readonly CheckWarning[];
}

/** What cannot be told apart is listed, but a long list helps nobody. */
const mostCandidates = 4;

const order: Readonly<Record<Certainty, number>> = { proven: 0, likely: 1, possible: 2 };

/** From evidence to causes. Pure: the same evidence gives the same diagnoses, today and on another machine. */
export function diagnose(evidence: Evidence): Conclusion {
  const view = viewOf(evidence);
  const diagnoses = conclude(findAll(view)).map((finding) => toDiagnosis(finding, view));
  return { diagnoses, warnings: warningsOf(view, diagnoses) };
}

function findAll(view: View): readonly Finding[] {
  return rules.flatMap(({ find }) => {
    const found = find(view);
    return found === undefined ? [] : 'code' in found ? [found] : found;
  });
}

/** A proven cause rules out what was only thought likely or possible. */
function conclude(findings: readonly Finding[]): readonly Finding[] {
  const causes = strongest(findings.filter(({ aside }) => aside !== true));
  const proven = causes.filter(({ certainty }) => certainty === 'proven');
  const kept = proven.length > 0 ? proven : causes.slice(0, mostCandidates);
  const known = new Set(kept.map(({ code }) => code));
  return [...kept, ...strongest(findings.filter(({ aside, code }) => aside === true && !known.has(code)))];
}

/** By certainty, then in the order of the rules; each code once. */
function strongest(findings: readonly Finding[]): readonly Finding[] {
  const sorted = findings.toSorted((a, b) => order[a.certainty] - order[b.certainty]);
  return sorted.filter(({ code }, index) => sorted.findIndex((other) => other.code === code) === index);
}

function toDiagnosis(finding: Finding, view: View): Diagnosis {
  const { code, certainty, because, remedy, brokerSide } = finding;
  const operator = brokerSide === true ? { operator: operatorLines(view) } : {};
  return { code, certainty, because, remedy: [...new Set(remedy)], ...operator };
}
