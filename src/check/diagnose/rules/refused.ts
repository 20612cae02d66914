import { clientRefusal } from '../failure.js';
import { type Refused, refused } from '../refusal.js';
import { type Finding, type Rule, brokerFinding, finding, saw, sawIn } from '../rule.js';
import { type View, isExpired, isNotYetValid, suitsClient } from '../view.js';
import { endWords } from '../words.js';
import { foundIssuer, isComplete, wordlessIssuer } from './issuer.js';

/** Refused, and nothing above says why: the reason is the broker's. */
const withoutReason: Rule = {
  codes: ['tls.client-certificate-refused'],
  find: (view) => {
    const no = refused(view);
    if (no === undefined || (view.tls?.sent?.certificates ?? 0) === 0) return undefined;
    const bare = view.experiment('leaf-only');
    if (bare?.outcome === 'accepted') {
      const because = [
        ...no.because,
        sawIn('leaf-only', `with the device's own certificate alone: ${bare.summary}`),
      ];
      const advice = ['Send the leaf alone:', '$ sapcert strip device.pem --certificates leaf'];
      return finding('tls.client-certificate-refused', 'proven', because, advice);
    }
    const without = view.experiment('without-certificate');
    const bared =
      without === undefined
        ? []
        : [sawIn('without-certificate', `without a certificate: ${without.summary}`)];
    if (no.inTls !== undefined) {
      const found = foundIssuer(view, no);
      const because = [
        ...no.because,
        ...(found === undefined ? [] : [found]),
        ...bared,
        ...disputed(view, no),
      ];
      return brokerFinding(
        'tls.client-certificate-refused',
        certaintyOf(view, no),
        because,
        clockAdvice(view, no),
      );
    }
    if (without?.outcome !== 'accepted') return undefined;
    return brokerFinding('tls.client-certificate-refused', 'likely', [...no.because, ...bared]);
  },
};

/** OpenSSL says 42 for a certificate that is not valid yet or too weak, never for an issuer that it does not know. */
function certaintyOf(view: View, no: Refused): Finding['certainty'] {
  const { number } = no;
  const known = foundIssuer(view, no) !== undefined || view.tls?.request?.namesOurIssuer;
  // 51: a signature does not fit, and an authority of the same name with another key is the usual reason.
  if (number === 48 || number === 51) return 'possible';
  if (number === 49 && known !== true && !isComplete(view)) return 'possible';
  if (number === 42 || number === 46)
    return known === true || (known === undefined && number === 42 && isComplete(view))
      ? 'likely'
      : 'possible';
  if (number === undefined && mayLackBroker(view)) return 'possible';
  return number !== undefined || known === true ? 'likely' : 'possible';
}

/** The server says expired, or bad, and by our clock it is neither. */
function isDisputed({ leaf, now }: View, { number }: Refused): boolean {
  const doubted = number === 45 || number === 42;
  return doubted && leaf !== undefined && !isExpired(leaf, now) && !isNotYetValid(leaf, now);
}

function disputed(view: View, no: Refused): Finding['because'] {
  const { leaf, now } = view;
  if (leaf === undefined || !isDisputed(view, no)) return [];
  const text = `by this machine's clock (${now.toISOString()}) the certificate is valid from ${leaf.notBefore} to ${leaf.notAfter}`;
  return [saw('file', text)];
}

function clockAdvice(view: View, no: Refused): readonly string[] {
  if (!isDisputed(view, no)) return [];
  return [
    no.number === 45
      ? 'The server calls a certificate expired that is valid here: compare the clocks of the two, and let the operator look whether its revocation list or an authority has expired.'
      : 'Compare the clock of the server with this one: if it is behind, a new certificate is not valid yet there.',
  ];
}

/** A balancer that takes the certificate and finds no broker behind it looks like one that refuses the certificate. */
const missingBroker: Rule = {
  codes: ['mqtt.closed-before-connack'],
  find: (view) => {
    if (!mayLackBroker(view)) return undefined;
    const text = saw(
      'tls',
      `the server ${endWords(view.tls?.end)} after the handshake without an alert, and it knows the issuer: a balancer whose broker is down does the same`,
    );
    return brokerFinding('mqtt.closed-before-connack', 'possible', [text]);
  },
};

function mayLackBroker(view: View): boolean {
  const { failed, tls, leaf, now } = view;
  if (failed !== 'tls' || tls?.reach !== 'secured' || leaf === undefined) return false;
  const refusal = clientRefusal(view);
  const wordless = refusal !== undefined && refusal.alert === undefined && !refusal.empty;
  const sound = !isExpired(leaf, now) && !isNotYetValid(leaf, now) && suitsClient(leaf);
  return wordless && sound && tls.request?.namesOurIssuer === true;
}

export const refusedRules: readonly Rule[] = [withoutReason, missingBroker, wordlessIssuer];
