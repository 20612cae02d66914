import { diagnosisEntry, isDiagnosisCode } from '../../../catalogue/index.js';
import type { CertificateFacts } from '../../facts/index.js';
import { type Finding, type Rule, saw } from '../rule.js';
import { type View, isExpired, isNotYetValid, suitsClient } from '../view.js';
import { day, nameOf } from '../words.js';

/** What is wrong with the input: all of it, and nothing was contacted. */
const defects: Rule = {
  codes: [
    'file.not-found',
    'file.unreadable',
    'file.empty',
    'file.too-large',
    'file.unrecognised',
    'file.malformed',
    'file.truncated',
    'file.no-private-key',
    'file.no-certificate',
    'file.several-keys',
    'file.not-a-certificate',
    'key.passphrase-missing',
    'key.passphrase-wrong',
    'key.unsupported-encryption',
    'key.unsupported-type',
    'key.kdf-too-costly',
    'key.damaged',
    'key.certificate-mismatch',
    'key.not-private',
    'ca-file.unusable',
  ],
  find: ({ file }) =>
    (file?.defects ?? []).flatMap(({ code, message, hint }): readonly Finding[] => {
      if (!isDiagnosisCode(code)) return [];
      const { remedy } = diagnosisEntry(code);
      return [
        {
          code,
          certainty: 'proven',
          because: [saw('file', message)],
          remedy: hint === undefined ? remedy : [sentence(hint)],
        },
      ];
    }),
};

/** A hint as the other remedies are written; what begins with a command stays as it is. */
function sentence(hint: string): string {
  const first = hint.startsWith('sapcert ') ? hint.charAt(0) : hint.charAt(0).toUpperCase();
  return `${first}${hint.slice(1)}${/[.?!/]$/.test(hint) ? '' : '.'}`;
}

/**
 * The device certificate as a file shows it. Where the server has judged it, that is another rule's; here it was
 * not even shown, and would fail once the first cause is mended.
 */
const certificate: Rule = {
  codes: ['certificate.expired', 'certificate.not-yet-valid', 'certificate.wrong-purpose'],
  find: (view) => {
    const { leaf, now, file } = view;
    if (leaf === undefined || file === undefined || file.defects.length > 0 || wasJudged(view))
      return undefined;
    const aside = { certainty: 'proven', aside: true } as const;
    const found: Finding[] = [];
    if (isExpired(leaf, now)) {
      found.push({
        code: 'certificate.expired',
        ...aside,
        because: [expiredWords(leaf)],
        remedy: diagnosisEntry('certificate.expired').remedy,
      });
    }
    if (isNotYetValid(leaf, now)) {
      const because = [saw('file', `the certificate of ${nameOf(leaf)} is valid from ${leaf.notBefore} on`)];
      found.push({
        code: 'certificate.not-yet-valid',
        ...aside,
        because,
        remedy: diagnosisEntry('certificate.not-yet-valid').remedy,
      });
    }
    if (!suitsClient(leaf)) {
      const because = [saw('file', purposeWords(leaf))];
      found.push({
        code: 'certificate.wrong-purpose',
        ...aside,
        because,
        remedy: diagnosisEntry('certificate.wrong-purpose').remedy,
      });
    }
    return found;
  },
};

/** The server has seen the certificate and said yes or no to it. */
function wasJudged({ tls }: View): boolean {
  return (tls?.sent?.certificates ?? 0) > 0 && tls?.verdict?.trusted !== false;
}

export function expiredWords(leaf: CertificateFacts): Finding['because'][number] {
  return saw('file', `the certificate of ${nameOf(leaf)} expired on ${day(leaf.notAfter)}`);
}

export function purposeWords({ extendedKeyUsage, keyUsage }: CertificateFacts): string {
  if (extendedKeyUsage !== undefined && !extendedKeyUsage.includes('clientAuth')) {
    return `the certificate is issued for ${extendedKeyUsage.join(', ')}, not for clientAuth`;
  }
  return `the certificate may be used for ${(keyUsage ?? []).join(', ')}, not for signing a handshake (digitalSignature)`;
}

export const fileRules: readonly Rule[] = [defects, certificate];
