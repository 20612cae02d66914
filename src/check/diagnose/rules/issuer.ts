import { relatedNames } from '../../certificate.js';
import type { CertificateFacts } from '../../facts/index.js';
import { fatalAlert } from '../failure.js';
import { type Refused, refused } from '../refusal.js';
import { type Finding, type Rule, brokerFinding, finding, saw, sawIn } from '../rule.js';
import { type View, mqttOf, tlsOf } from '../view.js';
import { checkCommand, nameOf } from '../words.js';

/**
 * Which of the two it is, when a certificate is refused that is sound in itself: the server does not know its
 * issuer, or it was not shown the way to it. One alert stands for both on every stack, so what decides is the
 * names that the server asked for, and what came of a retry with the chain completed.
 */
const issuer: Rule = {
  codes: [
    'chain.self-signed',
    'tls.client-certificate-issuer-not-accepted',
    'tls.client-certificate-chain-incomplete',
  ],
  find: (view) => {
    const { leaf, tls } = view;
    const no = refused(view);
    if (no === undefined || leaf === undefined || (tls?.sent?.certificates ?? 0) === 0) return undefined;
    if (!speaksOfIssuer(no) || view.experiment('chain-added')?.outcome === 'accepted') return undefined;
    if (foundIssuer(view, no) !== undefined) return undefined;
    if (leaf.selfIssued) {
      const because = [
        saw('file', `the certificate of ${nameOf(leaf)} was issued by itself, not by an authority`),
        ...no.because,
      ];
      return finding('chain.self-signed', 'likely', because);
    }
    const named = tls?.request?.namesOurIssuer;
    if (named === true) return no.number === undefined ? undefined : acceptedByName(no, view);
    return named === false ? notAmongNames(no, view) : withoutNames(no, view);
  },
};

function speaksOfIssuer({ number, inTls }: Refused): boolean {
  return inTls === undefined || number === undefined || [40, 42, 46, 48, 49, 51].includes(number);
}

/** The leaf alone gets "unknown ca", and with its issuers another answer: they led where the server wanted. */
export function foundIssuer(view: View, { number }: Refused): Finding['because'][number] | undefined {
  const bare = view.experiment('leaf-only');
  const alone = fatalAlert({ alerts: [...(tlsOf(bare)?.alerts ?? []), ...(mqttOf(bare)?.alerts ?? [])] });
  if (bare === undefined || alone?.number !== 48 || !aboutTheLeaf.has(number ?? 0)) return undefined;
  const words = `with the device's own certificate alone: ${bare.summary}; so with its issuers the server found the way`;
  return sawIn('leaf-only', words);
}

/** Alerts for a certificate that was looked at. 51 may as well mean an authority of the same name with another key. */
const aboutTheLeaf: ReadonlySet<number> = new Set([42, 43, 44, 45, 46]);

function acceptedByName({ number, because, inTls }: Refused, view: View): Finding | undefined {
  if (inTls === undefined || number === 40 || number === 42 || number === 49) return undefined;
  const text = saw(
    'tls',
    `the server accepts an authority of the name ${view.leaf?.issuer ?? ''}, and yet the chain did not verify`,
  );
  const advice = ["The broker's copy of that authority has another key, or its own issuer is missing there."];
  const certainty = number === 48 ? 'likely' : 'possible';
  return brokerFinding('tls.client-certificate-issuer-not-accepted', certainty, [...because, text], advice);
}

function notAmongNames(no: Refused, view: View): readonly Finding[] {
  const authorities = view.tls?.request?.authorities ?? [];
  const top = view.file?.missingIssuer ?? view.leaf?.issuer ?? '';
  const text = saw('tls', `the server accepts certificates of ${listed(authorities)}; ours leads to ${top}`);
  const because = [...no.because, text];
  if (isComplete(view)) {
    return [stranger(no.number === 48 ? 'proven' : 'likely', because)];
  }
  if (no.inTls === undefined) return [incomplete(view, 'possible', because), stranger('possible', because)];
  const related = authorities.some((name) => relatedNames(name, top));
  return related
    ? [incomplete(view, 'likely', because), stranger('possible', because)]
    : [stranger('likely', because), incomplete(view, 'possible', because)];
}

function withoutNames(no: Refused, view: View): readonly Finding[] {
  if (isComplete(view)) {
    // OpenSSL says 42 for other faults than the issuer, and who names no authorities is not Go.
    if (no.inTls === undefined || no.number === 42 || no.number === 49) return [];
    const because = [
      ...no.because,
      saw('file', `the chain is complete; it ends at ${rootOf(view)}`),
      ...noAuthority(view),
      ...retried(view),
    ];
    return [stranger(no.number === 48 ? 'likely' : 'possible', because)];
  }
  const text = saw(
    'file',
    `the file does not hold the certificate of the issuer, ${view.file?.missingIssuer ?? ''}`,
  );
  const because = [...no.because, text, ...retried(view)];
  if (view.experiment('chain-added') !== undefined)
    return [stranger(no.inTls === undefined ? 'possible' : 'likely', because)];
  const gap = gapBelow(view);
  if (gap !== undefined) {
    const hole = saw('file', `the file holds ${gap.subject}, and nothing between it and the device`);
    return [incomplete(view, 'likely', [...because, hole]), stranger('possible', because)];
  }
  // Who finds that the signature does not fit has the certificate of an issuer, under the name that ours names.
  if (no.number === 51) return [stranger('likely', [...no.because, namesake(view)])];
  if (no.inTls === undefined) return hides(view) ? [incomplete(view, 'possible', because)] : [];
  const both = [incomplete(view, 'possible', because), stranger('possible', because)];
  return callsItselfRoot(view) ? both.toReversed() : both;
}

function namesake({ leaf }: View): Finding['because'][number] {
  const words = `alert 51 says that a signature does not fit: most often the server knows an authority of the name ${leaf?.issuer ?? ''}, or of one above it, with another key`;
  return saw('tls', words);
}

/** Between a device and what bears this word there is seldom anything. No proof. */
function callsItselfRoot({ file }: View): boolean {
  return /\broot\b/i.test(file?.missingIssuer ?? '');
}

/** A chain fault behind an MQTT answer; SAP's own devices send their leaf alone, and that is right. */
function hides({ file, mqtt }: View): boolean {
  const code = mqtt?.connack?.code;
  const suspicious = code === undefined || [3, 5, 0x80, 0x87, 0x88].includes(code);
  return suspicious && !/SAP (?:IoT )?Trust Community/i.test(file?.missingIssuer ?? '');
}

/** Nothing but a root is missing: an intermediate was sent, or the issuer is known to be a root. */
export function isComplete({ file, tls }: View): boolean {
  const missing = file?.missingIssuer;
  if (missing === undefined || (file?.chain.length ?? 0) > 0) return true;
  const known = [...(file?.trust.certificates ?? []), ...(tls?.serverChain ?? [])];
  return known.some(({ selfIssued, subject }) => selfIssued && subject === missing);
}

function noAuthority({ file }: View): Finding['because'] {
  const odd = file?.chain.find(({ isCa }) => !isCa);
  return odd === undefined
    ? []
    : [
        saw(
          'file',
          `the certificate of ${nameOf(odd)}, which stands above the device's own, is not that of an authority`,
        ),
      ];
}

function rootOf({ file }: View): string {
  return file?.missingIssuer ?? file?.chain.at(-1)?.subject ?? file?.leaf?.issuer ?? '';
}

/** Whoever put a root beside the leaf meant the chain to be whole. */
function gapBelow({ file }: View): CertificateFacts | undefined {
  return file?.missingIssuer === undefined ? undefined : file.others?.find(({ selfIssued }) => selfIssued);
}

function retried(view: View): Finding['because'] {
  const experiment = view.experiment('chain-added');
  return experiment === undefined
    ? []
    : [sawIn('chain-added', `with the missing certificate added: ${experiment.summary}`)];
}

function listed(authorities: readonly string[]): string {
  const shown = authorities.slice(0, 3).join('; ');
  return authorities.length > 3 ? `${shown} and ${authorities.length - 3} more` : shown;
}

function stranger(certainty: Finding['certainty'], because: Finding['because']): Finding {
  return brokerFinding('tls.client-certificate-issuer-not-accepted', certainty, because);
}

function incomplete(view: View, certainty: Finding['certainty'], because: Finding['because']): Finding {
  const [url] = (view.file?.chain.at(-1) ?? view.leaf)?.issuerUrls ?? [];
  const where = url === undefined ? [] : [`The certificate of the issuer can be had at ${url}.`];
  const advice = [
    ...where,
    'Try with the certificate of the issuer added:',
    checkCommand(view, '--chain intermediate.pem'),
  ];
  return finding('tls.client-certificate-chain-incomplete', certainty, because, advice);
}

/** Whoever ends it without a word, and asked for the issuer by name, has most likely another reason: this comes last. */
export const wordlessIssuer: Rule = {
  codes: ['tls.client-certificate-issuer-not-accepted'],
  find: (view) => {
    const no = refused(view);
    const { leaf, tls } = view;
    if (no === undefined || no.number !== undefined || leaf === undefined || leaf.selfIssued)
      return undefined;
    const open = tls?.request?.namesOurIssuer === true && (tls.sent?.certificates ?? 0) > 0;
    const mended = view.experiment('chain-added')?.outcome === 'accepted';
    return open && !mended ? acceptedByName(no, view) : undefined;
  },
};

export const issuerRules: readonly Rule[] = [issuer];
