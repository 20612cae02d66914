import { type Element, type Refuse, Tag, parseAsn1 } from '../asn1/index.js';
import { type GeneralName, readGeneralName } from './general-name.js';

/** What the extensions of a certificate say (RFC 5280 section 4.2). What is absent is not restricted. */
export interface Extensions {
  readonly isCa: boolean;
  /** How many more authorities may stand below this one. */
  readonly pathLength?: number;
  readonly keyUsage?: readonly string[];
  readonly extendedKeyUsage?: readonly string[];
  readonly alternativeNames?: readonly GeneralName[];
  /** Where the certificate of the issuer can be had. */
  readonly caIssuers?: readonly string[];
  readonly ocsp?: readonly string[];
  readonly crl?: readonly string[];
  readonly subjectKeyIdentifier?: string;
  readonly authorityKeyIdentifier?: string;
  /** Object identifiers of extensions that a verifier must understand and that are not among these. */
  readonly otherCritical?: readonly string[];
}

type Reader = (value: Element) => Partial<Extensions>;

const readers: Readonly<Record<string, Reader>> = {
  '2.5.29.14': (value) => ({ subjectKeyIdentifier: hex(value.octets('the subject key identifier')) }),
  '2.5.29.15': (value) => ({ keyUsage: readKeyUsage(value) }),
  '2.5.29.17': (value) => ({ alternativeNames: generalNames(value.sequenceOf('the alternative names')) }),
  '2.5.29.19': readBasicConstraints,
  '2.5.29.31': (value) => ({ crl: distributionPoints(value) }),
  '2.5.29.35': readAuthorityKeyIdentifier,
  '2.5.29.37': (value) => ({
    extendedKeyUsage: value
      .sequenceOf('the extended key usage')
      .map((purpose) => purposeName(purpose.oid('a purpose'))),
  }),
  '1.3.6.1.5.5.7.1.1': readAuthorityAccess,
};

/** Understood by every verifier, though nothing of them is shown. */
const known: ReadonlySet<string> = new Set([
  '2.5.29.30',
  '2.5.29.32',
  '2.5.29.33',
  '2.5.29.36',
  '2.5.29.54',
  '2.5.29.18',
]);

/**
 * Reads `Extensions`. Throws what `refuse` makes of the reason where one of those that are read here is broken.
 *
 * @param element the content of the `[3]` field; `undefined` for a certificate without extensions
 */
export function readExtensions(element: Element | undefined, refuse: Refuse): Extensions {
  const found: { -readonly [Key in keyof Extensions]: Extensions[Key] } = { isCa: false };
  const otherCritical: string[] = [];
  for (const extension of element?.sequenceOf('the extensions') ?? []) {
    const fields = extension.sequence('an extension');
    const oid = fields.next('its identifier').oid('the identifier of an extension');
    const critical = (fields.optional(Tag.boolean)?.content[0] ?? 0) !== 0;
    const value = fields.next('its value').octets(`the extension ${oid}`);
    const read = readers[oid];
    if (read !== undefined) Object.assign(found, read(parseAsn1(value, refuse)));
    else if (critical && !known.has(oid)) otherCritical.push(oid);
  }
  return otherCritical.length === 0 ? found : { ...found, otherCritical };
}

/** RFC 5280 section 4.2.1.3, in the order of the bits. */
const keyUsages = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

/** The names of the bits that are set in a BIT STRING. */
export function readKeyUsage({ content }: Element): readonly string[] {
  const [, ...bytes] = content;
  return keyUsages.filter((_, bit) => ((bytes[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

const purposes: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
  '1.3.6.1.5.5.7.3.3': 'codeSigning',
  '1.3.6.1.5.5.7.3.4': 'emailProtection',
  '1.3.6.1.5.5.7.3.8': 'timeStamping',
  '1.3.6.1.5.5.7.3.9': 'OCSPSigning',
  '2.5.29.37.0': 'anyExtendedKeyUsage',
};

/** What a certificate may be used for (RFC 5280 section 4.2.1.12); the object identifier where no name is known. */
export function purposeName(oid: string): string {
  return purposes[oid] ?? oid;
}

function readBasicConstraints(value: Element): Partial<Extensions> {
  const fields = value.sequence('the basic constraints');
  const isCa = (fields.optional(Tag.boolean)?.content[0] ?? 0) !== 0;
  const pathLength = fields.optional(Tag.integer)?.count('the path length');
  return pathLength === undefined ? { isCa } : { isCa, pathLength };
}

function readAuthorityKeyIdentifier(value: Element): Partial<Extensions> {
  const identifier = value.sequenceOf('the authority key identifier').find((field) => field.is(0, 'context'));
  return identifier === undefined ? {} : { authorityKeyIdentifier: hex(identifier.content) };
}

const caIssuersOid = '1.3.6.1.5.5.7.48.2';
const ocspOid = '1.3.6.1.5.5.7.48.1';

function readAuthorityAccess(value: Element): Partial<Extensions> {
  const descriptions = value.sequenceOf('the authority information access').map((element) => {
    const fields = element.sequence('an access description');
    return {
      method: fields.next('the method').oid('the access method'),
      location: fields.next('the location'),
    };
  });
  const urls = (wanted: string): string[] =>
    uris(
      generalNames(descriptions.filter(({ method }) => method === wanted).map(({ location }) => location)),
    );
  return { caIssuers: urls(caIssuersOid), ocsp: urls(ocspOid) };
}

/** Of a distribution point its full name; `nameRelativeToCRLIssuer` is used by nobody. */
function distributionPoints(value: Element): string[] {
  return value.sequenceOf('the CRL distribution points').flatMap((point) => {
    const name = point.sequenceOf('a distribution point').find((field) => field.is(0, 'context'));
    const fullName = name?.children?.find((choice) => choice.is(0, 'context'));
    return uris(generalNames(fullName?.children ?? []));
  });
}

function generalNames(elements: readonly Element[]): GeneralName[] {
  return elements.map(readGeneralName).filter((name) => name !== undefined);
}

function uris(names: readonly GeneralName[]): string[] {
  return names.filter(({ kind }) => kind === 'URI').map(({ value }) => value);
}

function hex(bytes: Uint8Array): string {
  return (Buffer.from(bytes).toString('hex').toUpperCase().match(/../g) ?? []).join(':');
}
