import type { Evidence } from '../evidence.js';
import type { Certainty, CheckWarning, Diagnosis } from '../report.js';
import { operatorLines } from './operator.js';
import { passing } from './passing.js';
import { type Finding, brokerFinding, saw } from './rule.js';
import { rules } from './rules/index.js';
import { type View, viewOf } from './view.js';
import { warningsOf } from './warnings.js';
import { hostPort, shellWord } from './words.js';

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
  const again = evidence.experiments.find(({ id, outcome }) => id === 'repeat' && outcome === 'accepted');
  // What worked the second time with nothing changed is explained by no change that was tried in between.
  const view = viewOf(again === undefined ? evidence : { ...evidence, experiments: [] });
  const found = findAll(view);
  const named = again === undefined ? found : passing(found, again);
  const rest = again === undefined ? unnamed(view) : passing(unnamed(view), again);
  const findings = named.some(({ aside }) => aside !== true) ? named : [...rest, ...named];
  const diagnoses = conclude(findings).map((finding) => toDiagnosis(finding, view));
  return { diagnoses, warnings: warningsOf(view, diagnoses) };
}

function findAll(view: View): readonly Finding[] {
  return rules.flatMap(({ find }) => {
    const found = find(view);
    return found === undefined ? [] : 'code' in found ? [found] : found;
  });
}

/** A stage that failed in a way that no rule knows still gets a name, as vague as it has to be. */
function unnamed(view: View): readonly Finding[] {
  const { failed, mqtt, tls } = view;
  const because = [saw(failed ?? 'tls', 'it failed in a way that sapcert does not know')];
  switch (failed) {
    case 'tls':
      if (tls?.reach === 'secured' && tls.end?.by === 'server') {
        const text = saw('tls', 'the server ended the connection right after the handshake');
        return [brokerFinding('mqtt.closed-before-connack', 'possible', [text])];
      }
      return [brokerFinding('tls.handshake-failed', 'possible', because)];
    case 'mqtt': {
      const code = mqtt?.connack === undefined ? 'mqtt.closed-before-connack' : 'mqtt.closed-after-connack';
      return [brokerFinding(code, 'possible', because)];
    }
    case 'ack':
      return [brokerFinding('mqtt.publish-refused', 'possible', because)];
    case 'file':
    case 'dns':
    case 'tcp':
    case undefined:
      return [];
    default:
      return failed satisfies never;
  }
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
  return { code, certainty, because, remedy: concrete(remedy, view), ...operator };
}

/** The catalogue speaks of `device.pem` and HOST; here both are known. What was just run need not be run again. */
function concrete(remedy: readonly string[], { file, target }: View): readonly string[] {
  const steps = remedy
    .filter((step) => step !== '$ sapcert check device.pem --host HOST')
    .map((step) =>
      step.startsWith('$ ')
        ? step
            // A placeholder stands alone; the path of a file may end the same way.
            .replace(/(?<=\s)device\.pem(?=\s|$)/, () => shellWord(file?.name ?? 'device.pem'))
            .replace(/(?<=\s)HOST(?=\s|$)/, () => hostPort(target))
        : step,
    );
  return [...new Set(steps)];
}
