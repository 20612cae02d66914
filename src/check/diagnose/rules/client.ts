import { diagnosisEntry } from '../../../catalogue/index.js';
import type { DiagnosisCode } from '../../../codes.js';
import { keyWeakness, weakness } from '../../strength.js';
import { fatalAlert, tlsFailure } from '../failure.js';
import { refused } from '../refusal.js';
import { type Finding, type Rule, brokerFinding, finding, saw, sawIn } from '../rule.js';
import { type View, isExpired, isNotYetValid, suitsClient, tlsOf } from '../view.js';
import { day, nameOf, shellWord } from '../words.js';
import { suspectsClock } from './clock.js';
import { expiredWords, purposeWords } from './file.js';

/** The server does not want our certificate, or the lack of one: said in TLS, or hidden behind an MQTT answer. */

const missing: Rule = {
  codes: ['tls.client-certificate-missing'],
  find: (view) => {
    const no = refused(view);
    if (no === undefined || view.file?.given === true || view.tls?.sent?.certificates !== 0) return undefined;
    const because = [
      saw('tls', 'the server asked for a client certificate, and there was none to send'),
      ...no.because,
    ];
    const certain = no.inTls?.by === 'alert';
    if (view.target.username && !certain)
      return finding('tls.client-certificate-missing', 'possible', because);
    return finding('tls.client-certificate-missing', certain ? 'proven' : 'likely', because);
  },
};

const unusable: Rule = {
  codes: ['tls.client-certificate-unusable-key-type'],
  find: (view) => {
    const { tls, file, leaf } = view;
    if (tls === undefined || file?.given !== true || leaf === undefined) return undefined;
    const key =
      `the key of the certificate is ${leaf.key.type} ${leaf.key.bits ?? leaf.key.curve ?? ''}`.trim();
    if (view.failed === 'tls' && tlsFailure(tls) === 'not-loaded') {
      const because = [
        saw('tls', `the TLS library cannot load it: ${tls.error?.message ?? ''}`),
        saw('file', key),
      ];
      return finding('tls.client-certificate-unusable-key-type', 'proven', because);
    }
    const no = refused(view);
    if (no === undefined || tls.sent?.certificates !== 0) return undefined;
    const accepted = tls.request?.signatureAlgorithms.join(', ') ?? 'unknown algorithms';
    const because = [
      saw(
        'tls',
        'the server asked for a certificate, and the TLS library sent none although one is configured',
      ),
      saw('file', key),
      saw('tls', `the server accepts signatures by: ${accepted}`),
      ...no.because,
    ];
    return finding('tls.client-certificate-unusable-key-type', 'proven', because);
  },
};

const notRequested: Rule = {
  codes: ['tls.client-certificate-not-requested'],
  find: (view) => {
    const { tls, file, target } = view;
    const no = refused(view);
    if (no === undefined || tls === undefined || tls.request !== undefined || file?.given !== true)
      return undefined;
    if (view.mqtt?.connack?.code === 2 || view.mqtt?.connack?.code === 0x85) return undefined;
    const because = [
      saw('tls', 'the server never asked for a client certificate, so it did not get to see it'),
      ...no.because,
    ];
    // Who closes without a word may as well be a balancer whose broker is down.
    const unclear = target.username || view.mqtt?.connack === undefined;
    return finding('tls.client-certificate-not-requested', unclear ? 'possible' : 'likely', because);
  },
};

/** With the chain completed the server had another complaint, or none in TLS: it was the chain that it minded first. */
function minded(view: View): Finding | undefined {
  const first = refused(view)?.number;
  const experiment = view.experiment('chain-added');
  const tls = tlsOf(experiment);
  if (first !== 48 || experiment === undefined || tls?.version === undefined || tls.timedOut)
    return undefined;
  if (fatalAlert(tls)?.number === first) return undefined;
  const because = [
    ...(refused(view)?.because ?? []),
    sawIn('chain-added', `with the missing certificate added the answer changes: ${experiment.summary}`),
  ];
  return finding('tls.client-certificate-chain-incomplete', 'likely', because);
}

/** The chain was completed and the same server said yes. */
const chainAdded: Rule = {
  codes: ['tls.client-certificate-chain-incomplete'],
  find: (view) => {
    const experiment = view.experiment('chain-added');
    if (experiment?.outcome !== 'accepted') return minded(view);
    const { subjects = [], from } = experiment.facts?.added ?? {};
    const source = from === undefined ? '' : ` (from ${sourceWords[from]})`;
    const because = [
      ...(refused(view)?.because ?? []),
      saw(
        'file',
        `the file holds the certificate of the device without that of its issuer, ${view.file?.missingIssuer ?? ''}`,
      ),
      sawIn('chain-added', `with ${subjects.join(' and ')} added${source}: ${experiment.summary}`),
    ];
    const [append = '', ...rest] = diagnosisEntry('tls.client-certificate-chain-incomplete').remedy;
    const remedy = [append, combineCommand(view, from === 'ca-file'), ...rest];
    return { ...finding('tls.client-certificate-chain-incomplete', 'proven', because), remedy };
  },
};

/** Puts the issuer behind the device's certificate; what else is in the CA file is left out by itself. */
function combineCommand({ file }: View, inCaFile: boolean): string {
  const device = shellWord(file?.name ?? 'device.pem');
  const chain = shellWord((inCaFile ? file?.trust.name : undefined) ?? 'intermediate.pem');
  return `$ sapcert combine --key ${device} --cert ${device} --chain ${chain} -o newcert.pem`;
}

const sourceWords = {
  'ca-file': 'the CA file',
  server: "the server's own chain",
  input: 'the input',
  download: 'the address that the certificate names',
} as const;

/** What the certificate itself shows, once somebody has refused it. */
const itself: Rule = {
  codes: [
    'tls.client-certificate-revoked',
    'tls.client-certificate-expired',
    'tls.client-certificate-not-yet-valid',
    'tls.client-certificate-wrong-purpose',
    'chain.intermediate-expired',
    'tls.client-certificate-weak',
    'certificate.weak-signature',
    'certificate.weak-key',
  ],
  find: (view) => {
    const { leaf, now, tls } = view;
    const no = refused(view);
    if (no === undefined || leaf === undefined || (tls?.sent?.certificates ?? 0) === 0) return undefined;
    const { because, number, inTls } = no;
    const clock = suspectsClock(view);
    // Alert 48 speaks of the issuer: the rest of the certificate has not been looked at then. And whoever closes
    // without a word once the handshake is over may have another reason.
    const open =
      inTls?.alert === undefined && tls?.reach !== 'server-hello' && tls?.reach !== 'client-flight';
    const unlessIssuer = (most: Finding['certainty']) =>
      inTls === undefined || open || number === 48 || clock ? 'likely' : most;
    const found: Finding[] = [];
    if (number === 44) found.push(brokerFinding('tls.client-certificate-revoked', 'proven', because));
    if (isExpired(leaf, now)) {
      found.push(
        finding('tls.client-certificate-expired', unlessIssuer('proven'), [expiredWords(leaf), ...because]),
      );
    }
    if (isNotYetValid(leaf, now)) {
      const early = saw(
        'file',
        `the certificate is valid from ${leaf.notBefore} on; this machine's clock says ${now.toISOString()}`,
      );
      found.push(
        finding('tls.client-certificate-not-yet-valid', unlessIssuer('proven'), [early, ...because]),
      );
    }
    if (!suitsClient(leaf)) {
      const certainty = number === 43 ? 'proven' : unlessIssuer('proven');
      found.push(
        finding('tls.client-certificate-wrong-purpose', certainty, [
          saw('file', purposeWords(leaf)),
          ...because,
        ]),
      );
    }
    const narrow = (view.file?.chain ?? []).find(
      ({ extendedKeyUsage: usages }) =>
        usages !== undefined && !usages.includes('clientAuth') && !usages.includes('anyExtendedKeyUsage'),
    );
    if (narrow !== undefined) {
      const text = saw(
        'file',
        `the authority ${nameOf(narrow)} may issue certificates for ${(narrow.extendedKeyUsage ?? []).join(', ')} only, not for clientAuth`,
      );
      found.push(finding('tls.client-certificate-wrong-purpose', 'likely', [text, ...because]));
    }
    const old = (view.file?.chain ?? []).find((certificate) => isExpired(certificate, now));
    if (old !== undefined) {
      const text = saw('file', `the intermediate ${nameOf(old)} expired on ${day(old.notAfter)}`);
      found.push(
        finding('chain.intermediate-expired', number === 45 ? 'proven' : 'likely', [text, ...because]),
      );
    }
    const weak = weakness(leaf);
    if (weak !== undefined && number !== 48 && inTls !== undefined) {
      const because = [
        saw('file', `the certificate of ${nameOf(leaf)}: ${weak}`),
        ...loweredWords(view),
        ...no.because,
      ];
      found.push(finding(weakCode(view), 'likely', because));
    }
    return found;
  },
};

/** What our own TLS library would not even load is the file's fault before it is the server's opinion. */
function weakCode({ tls, leaf }: View): DiagnosisCode {
  if (tls?.offered.loweredSecurity !== true || leaf === undefined) return 'tls.client-certificate-weak';
  return keyWeakness(leaf) === undefined ? 'certificate.weak-signature' : 'certificate.weak-key';
}

function loweredWords({ tls }: View): Finding['because'] {
  if (tls?.offered.loweredSecurity !== true) return [];
  return [
    saw(
      'tls',
      'the TLS library loads it only at a lowered security level, as it was done here; others refuse to load it',
    ),
  ];
}

export const clientRules: readonly Rule[] = [chainAdded, missing, unusable, notRequested, itself];
