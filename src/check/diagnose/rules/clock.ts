import { diagnosisEntry } from '../../../catalogue/index.js';
import { clientRefusal } from '../failure.js';
import { type Finding, type Rule, saw } from '../rule.js';
import { type View, isExpired, isNotYetValid } from '../view.js';

/** This program did not exist before. */
const firstRelease = Date.parse('2026-01-01T00:00:00Z');

/**
 * The local clock, blamed only on evidence: it is before sapcert itself, or certificates of two sides that have
 * nothing to do with each other are all too new, or all too old.
 */
const clock: Rule = {
  codes: ['clock.wrong'],
  find: (view) => {
    const { tls, failed } = view;
    const failing =
      failed === 'tls' && (tls?.verdict?.trusted === false || clientRefusal(view) !== undefined);
    return failing ? suspicion(view) : undefined;
  },
};

/** Whether the local clock is more to be doubted than the dates in the certificates. */
export function suspectsClock(view: View): boolean {
  return suspicion(view) !== undefined;
}

function suspicion(view: View): Finding | undefined {
  const { now, tls } = view;
  const time = now.toISOString();
  if (now.getTime() < firstRelease)
    return finding('proven', [`this machine's clock says ${time}, before sapcert was made`]);
  const [server] = tls?.serverChain ?? [];
  const rest = others(view);
  if (server === undefined || rest.length === 0) return undefined;
  if (isNotYetValid(server, now) && rest.some((certificate) => isNotYetValid(certificate, now))) {
    return finding('likely', [
      `by this machine's clock (${time}) several certificates of different origin are all not valid yet`,
    ]);
  }
  if (isExpired(server, now) && rest.every((certificate) => isExpired(certificate, now))) {
    return finding('likely', [
      `by this machine's clock (${time}) the certificates of both sides have expired`,
    ]);
  }
  return undefined;
}

/** The device's own, and what the CA file holds. */
function others({ leaf, file, tls }: View) {
  const trusted = (file?.trust.certificates ?? []).filter(({ subject }) => subject === tls?.verdict?.anchor);
  return leaf === undefined ? trusted : [leaf];
}

function finding(certainty: Finding['certainty'], because: readonly string[]): Finding {
  const { remedy } = diagnosisEntry('clock.wrong');
  return { code: 'clock.wrong', certainty, because: because.map((text) => saw('tls', text)), remedy };
}

export const clockRules: readonly Rule[] = [clock];
