import { distance, endsWithin } from './expiry.js';
import type { Finding, InspectedCertificate, InspectedChain, Inspection } from './types.js';
import type { InspectedStore } from './store.js';
import { keyWeakness, purposeFault, signatureWeakness } from './weakness.js';

/** What the findings about certificates are made from. */
export interface Situation {
  readonly certificates: readonly InspectedCertificate[];
  readonly leaf: number | undefined;
  readonly chains: readonly InspectedChain[];
  readonly duplicates: ReadonlyMap<number, number>;
  readonly now: Date;
  readonly expiresWithin: number | undefined;
}

/** The certificates that count: those on the way from a leaf to its root, or all where there is no leaf. */
export function relevantCertificates({
  certificates,
  chains,
  leaf,
}: Pick<Situation, 'certificates' | 'chains' | 'leaf'>): readonly InspectedCertificate[] {
  const isLeaf = ({ number, role }: InspectedCertificate): boolean => role === 'leaf' || number === leaf;
  const leaves = new Set(certificates.filter(isLeaf).map(({ number }) => number));
  if (leaves.size === 0) return certificates;
  const own = chains.filter((chain) => chain.certificates.some((number) => leaves.has(number)));
  const numbers = new Set(own.flatMap((chain) => chain.certificates));
  return certificates.filter(({ number }) => numbers.has(number));
}

/**
 * An authority among many may have ended without harm to anybody: where there is no leaf, that is a problem only
 * to who asked.
 */
export function certificateFindings(situation: Situation): Pick<Inspection, 'problems' | 'warnings'> {
  const relevant = relevantCertificates(situation);
  const asked = situation.expiresWithin !== undefined;
  const isProblem = ({ code }: Finding): boolean =>
    asked || (situation.leaf !== undefined && code !== 'certificate.expires-soon');
  const ending = relevant.flatMap((certificate) => validityFindings(certificate, situation));
  return {
    problems: ending.filter(isProblem),
    warnings: [
      ...ending.filter((finding) => !isProblem(finding)),
      ...relevant.flatMap((certificate) => weaknesses(certificate, situation.leaf)),
      ...chainWarnings(situation),
      ...leftOver(situation, relevant),
    ],
  };
}

function validityFindings(
  certificate: InspectedCertificate,
  { now, expiresWithin, leaf }: Situation,
): Finding[] {
  const { number, validity, notBefore, notAfter, role } = certificate;
  const say = (code: Finding['code'], what: string): Finding[] => [about(certificate, code, what)];
  if (validity === 'expired') {
    const own = role === 'leaf' || number === leaf || leaf === undefined;
    const code = own ? 'certificate.expired' : 'chain.intermediate-expired';
    return say(code, `expired ${distance(notAfter, now)}, on ${day(notAfter)}`);
  }
  if (validity === 'not-yet-valid') {
    return say(
      'certificate.not-yet-valid',
      `is not valid yet: it begins ${distance(notBefore, now)}, on ${day(notBefore)}`,
    );
  }
  if (!endsWithin(certificate, now, expiresWithin)) return [];
  return say('certificate.expires-soon', `expires ${distance(notAfter, now)}, on ${day(notAfter)}`);
}

function weaknesses(certificate: InspectedCertificate, leaf: number | undefined): Finding[] {
  const rows: readonly (readonly [Finding['code'], string | undefined])[] = [
    ['certificate.weak-key', keyWeakness(certificate)],
    ['certificate.weak-signature', signatureWeakness(certificate)],
    ['certificate.wrong-purpose', certificate.number === leaf ? purposeFault(certificate) : undefined],
  ];
  return rows.flatMap(([code, fault]) =>
    fault === undefined ? [] : [about(certificate, code, `: ${fault}`)],
  );
}

function chainWarnings({ chains, leaf, certificates }: Situation): Finding[] {
  const chain = chains.find(({ certificates }) => leaf !== undefined && certificates.includes(leaf));
  const own = certificates.find(({ number }) => number === leaf);
  if (chain === undefined || own === undefined) return [];
  const found: Finding[] = [];
  if (chain.missing === undefined && chain.certificates.length === 1) {
    const what =
      ': it signed itself, so that a server accepts it only where it was told this very certificate';
    found.push(about(own, 'chain.self-signed', what));
  }
  const order = chain.certificates.filter((number) => certificates[number - 1]?.from === undefined);
  if (order.some((number, index) => index > 0 && number < (order[index - 1] ?? 0))) {
    const message = `the certificates do not stand in the order of the chain, which is ${order.join(', ')} (RFC 5246 section 7.4.2)`;
    found.push({
      code: 'chain.wrong-order',
      message,
      hint: 'sapcert strip writes them in order',
      place: own.place,
    });
  }
  if (chain.missing !== undefined && certificates.some(({ subject }) => subject === chain.missing?.subject)) {
    const { name, because } = chain.missing;
    found.push({
      code: 'chain.incomplete',
      message: `the certificate of ${name} is missing: ${because}`,
      place: own.place,
    });
  }
  return found;
}

function leftOver(
  { certificates, leaf, duplicates }: Situation,
  relevant: readonly InspectedCertificate[],
): Finding[] {
  return certificates.flatMap((certificate): Finding[] => {
    const original = duplicates.get(certificate.number);
    if (original !== undefined) {
      return [about(certificate, 'bundle.duplicate-certificate', `is the same as certificate ${original}`)];
    }
    if (leaf === undefined || relevant.includes(certificate)) return [];
    return [
      about(
        certificate,
        'bundle.unrelated-certificate',
        "does not lead from the device's certificate to its root",
      ),
    ];
  });
}

/** Certificates are no secret; but what is encrypted too weakly is what new programs refuse to open. */
export function storeWarnings(stores: readonly InspectedStore[]): Finding[] {
  return stores.flatMap(({ contents, place }) => {
    const weak = contents.find(({ encryption }) => encryption?.cipher.startsWith('rc2-40'))?.encryption;
    if (weak === undefined) return [];
    const message = `a part of the PKCS#12 file is encrypted with ${weak.cipher}, which OpenSSL 3 and Node refuse to open`;
    return [{ code: 'key.weak-encryption' as const, message, hint: 'sapcert strip opens it', place }];
  });
}

function about(certificate: InspectedCertificate, code: Finding['code'], what: string): Finding {
  const { number, place } = certificate;
  const space = what.startsWith(':') ? '' : ' ';
  return {
    code,
    message: `certificate ${number} (${nameOf(certificate)})${space}${what}`,
    place,
    certificate: number,
  };
}

/** What people call it: the device's id, else the CN, else the subject. */
export function nameOf({ device, commonName, subject, serial }: InspectedCertificate): string {
  return device?.deviceId ?? commonName ?? (subject === '' ? `serial ${serial}` : subject);
}

function day(time: string): string {
  return time.slice(0, 10);
}
