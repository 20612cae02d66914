import { type InspectedCertificate, type InspectedChain, distance, nameOf } from '../bundle/inspect/index.js';
import { field, onOneLine } from './layout.js';
import { type InspectReport, type Page, keyWords, placeWords } from './render-inspect-page.js';

const roles: Readonly<Record<InspectedCertificate['role'], string>> = {
  leaf: 'leaf',
  intermediate: 'intermediate authority',
  root: 'root',
};

/** One certificate, a field a line. */
export function renderCertificate(
  certificate: InspectedCertificate,
  report: Pick<InspectReport, 'input' | 'leaf'>,
  page: Page,
): string[] {
  const { device, key, from, place, number } = certificate;
  const role = number === report.leaf ? "the device's own" : roles[certificate.role];
  const rows: readonly (readonly [string, string | undefined])[] = [
    [
      'stands in',
      from === undefined ? placeWords(place, report.input) || undefined : `no input: it came from ${from}`,
    ],
    ['name in file', certificate.friendlyName],
    ['subject', certificate.subject === '' ? '(empty)' : certificate.subject],
    ['device', device?.deviceId],
    ['gateway', device?.gatewayId],
    ['tenant', device?.tenantId],
    ['instance', device?.instanceId],
    ['issuer', certificate.issuer === '' ? '(empty)' : certificate.issuer],
    ['serial', certificate.serial],
    ['key', keyWords(key.type, key.size)],
    ['signature', certificate.signatureAlgorithm],
    ['authority', authority(certificate)],
    ['key usage', list(certificate.keyUsage)],
    ['purpose', list(certificate.extendedKeyUsage) ?? 'not restricted'],
    ['names', list(certificate.alternativeNames)],
    ['issuer at', list(certificate.caIssuers)],
    ['OCSP', list(certificate.ocsp)],
    ['CRL', list(certificate.crl)],
    ['critical', list(certificate.otherCritical)],
    ['SHA-256', inHalves(certificate.fingerprint)],
  ];
  const fields = rows.map(([label, value]) =>
    value === undefined ? [] : field(label, onOneLine(value), page.width),
  );
  const [before, after] = [fields.slice(0, 8), fields.slice(8)];
  return [
    page.paint('bold', `certificate ${number}`) + `, ${role}`,
    ...before.flat(),
    ...validity(certificate, page),
    ...after.flat(),
  ];
}

function list(values: readonly string[] | undefined): string | undefined {
  return values === undefined || values.length === 0 ? undefined : values.join(', ');
}

/** 32 bytes take two lines: a space where the first should end. */
function inHalves(fingerprint: string): string {
  return `${fingerprint.slice(0, 48)} ${fingerprint.slice(48)}`;
}

function authority({ isCa, pathLength }: InspectedCertificate): string {
  if (!isCa) return 'no';
  if (pathLength === 0) return 'yes, but none below it may be';
  return pathLength === undefined ? 'yes' : `yes, with at most ${pathLength} more below it`;
}

function validity(certificate: InspectedCertificate, { width, paint, now }: Page): string[] {
  const { notBefore, notAfter } = certificate;
  const [first = '', ...rest] = field('valid', `${showTime(notBefore)} to ${showTime(notAfter)} UTC`, width);
  const [line = ''] = field('', verdict(certificate, now), width);
  const style = certificate.validity === 'valid' ? (certificate.daysLeft < 30 ? 'yellow' : 'green') : 'red';
  return [first, ...rest, paint(style, line)];
}

function showTime(time: string): string {
  return time.replace('T', ' ').replace(/(?:\.\d+)?Z$/, '');
}

function verdict({ validity, notBefore, notAfter, daysLeft }: InspectedCertificate, now: Date): string {
  switch (validity) {
    case 'expired':
      return `expired ${distance(notAfter, now)}`;
    case 'not-yet-valid':
      return `not valid yet: begins ${distance(notBefore, now)}`;
    case 'valid':
      return notAfter === '9999-12-31T23:59:59Z'
        ? 'no end (RFC 5280 section 4.1.2.5)'
        : left(daysLeft, notAfter, now);
  }
}

function left(daysLeft: number, notAfter: string, now: Date): string {
  if (daysLeft < 2) return `ends ${distance(notAfter, now)}`;
  return `${daysLeft} days left`;
}

/** How the certificates hang together, and what is missing. Lone roots are not worth a chain. */
export function renderChains(
  { chains, certificates, leaf, fetched = [] }: InspectReport,
  page: Page,
): string[] {
  const byNumber = new Map(certificates.map((certificate) => [certificate.number, certificate]));
  const shown = chains.filter(
    ({ certificates, missing }) => certificates.length > 1 || missing !== undefined,
  );
  const sections = shown.map((chain) => {
    const own = leaf !== undefined && chain.certificates.includes(leaf);
    const title =
      own || chains.length === 1 ? 'chain' : `chain of certificate ${chain.certificates[0] ?? ''}`;
    return [page.paint('bold', title), ...chainLines(chain, byNumber, page)];
  });
  const attempts = fetched.flatMap(({ url, outcome, reason, subject }) => {
    const what =
      outcome === 'used' ? `${url}: ${subject ?? ''}, verified` : `${url}: not used, ${reason ?? ''}`;
    return field('fetched', onOneLine(what), page.width);
  });
  return [...sections.flatMap((section, index) => (index === 0 ? section : ['', ...section])), ...attempts];
}

function chainLines(
  { certificates, missing }: InspectedChain,
  byNumber: ReadonlyMap<number, InspectedCertificate>,
  page: Page,
): string[] {
  const found = certificates.flatMap((number) => {
    const certificate = byNumber.get(number);
    if (certificate === undefined) return [];
    const what =
      certificate.role === 'leaf'
        ? nameOf(certificate)
        : `${nameOf(certificate)}, ${roles[certificate.role]}`;
    return field(`certificate ${number}`, onOneLine(what), page.width);
  });
  if (missing === undefined) {
    return [
      ...found,
      ...field(
        '',
        certificates.length === 1 ? 'it signed itself' : 'complete: it ends in a root',
        page.width,
      ),
    ];
  }
  const text = `the certificate of ${missing.name} is missing; it is needed because ${missing.because}`;
  const [place] = missing.urls;
  return [
    ...found,
    ...field('missing', onOneLine(text), page.width),
    ...(missing.keyIdentifier === undefined ? [] : field('its key id', missing.keyIdentifier, page.width)),
    ...(place === undefined
      ? []
      : field('to be had at', onOneLine(`${place} (fetched only with --fetch-chain)`), page.width)),
  ];
}
