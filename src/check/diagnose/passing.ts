import type { ExperimentEvidence } from '../evidence.js';
import { type Finding, sawIn } from './rule.js';

/**
 * Findings about a failure that did not come again: nothing of what the device holds or how it speaks can be the
 * cause, for the same was accepted the second time. What is left is what was seen, and is no longer certain.
 */
export function passing(findings: readonly Finding[], again: ExperimentEvidence): readonly Finding[] {
  return findings
    .filter(({ aside, code }) => aside === true || !lasting.test(code))
    .map((finding) => (finding.aside === true ? finding : onceOnly(finding, again)));
}

function onceOnly(finding: Finding, { summary }: ExperimentEvidence): Finding {
  return {
    ...finding,
    certainty: finding.certainty === 'proven' ? 'likely' : finding.certainty,
    because: [...finding.because, sawIn('repeat', `the same again, with nothing changed: ${summary}`)],
    remedy: ['Try again: the same attempt worked the second time.', ...finding.remedy],
  };
}

/** Causes that do not go away by themselves. */
const lasting =
  /^(?:file|key|certificate|chain|clock|ca-file|dns)\.|^tls\.(?:client-certificate-|server-|version-mismatch|no-common-cipher|sni-rejected|wrong-virtual-host|alpn-required|intercepted|[a-z-]+-port)|^mqtt\.protocol-version-refused$/;
