import { base64, ByteReader, u16List } from '../bytes.js';
import { certificateTypeName, groupName, signatureSchemeName } from '../registry/names.js';
import type { AuthorityName } from '../events.js';
import { nameToString } from '../distinguished-name.js';
import { list16, readExtensions } from './hello.js';

const Extension = { statusRequest: 5, signatureAlgorithms: 13, certificateAuthorities: 47 } as const;

const NAMED_CURVE = 3;

export interface CertificateList {
  readonly certificates: readonly string[];
  readonly empty: boolean;
  readonly ocspStapled: boolean;
}

export interface CertificateQuestion {
  readonly authorities: readonly AuthorityName[];
  readonly signatureAlgorithms: readonly string[];
  readonly certificateTypes: readonly string[];
  readonly postHandshake: boolean;
}

/** Certificate: RFC 5246 section 7.4.2; RFC 8446 section 4.4.2 adds a context and extensions. */
export function decodeCertificate(body: Uint8Array, tls13: boolean): CertificateList | undefined {
  const reader = new ByteReader(body);
  if (tls13) reader.vector(1);
  const list = new ByteReader(reader.vector(3));
  const certificates: string[] = [];
  let ocspStapled = false;
  while (list.more) {
    const der = list.vector(3);
    if (tls13) ocspStapled = readExtensions(list).has(Extension.statusRequest) || ocspStapled;
    if (!list.overrun) certificates.push(base64(der));
  }
  if (reader.overrun || list.overrun) return undefined;
  return { certificates, empty: certificates.length === 0, ocspStapled };
}

/** CertificateRequest: RFC 8446 section 4.3.2, or RFC 5246 section 7.4.4. */
export function decodeCertificateRequest(body: Uint8Array, version: number): CertificateQuestion | undefined {
  return version > 0x0303 ? decodeRequest13(body) : decodeRequest12(body, version);
}

function decodeRequest13(body: Uint8Array): CertificateQuestion | undefined {
  const reader = new ByteReader(body);
  const context = reader.vector(1);
  const extensions = readExtensions(reader);
  if (reader.overrun) return undefined;
  const names = extensions.get(Extension.certificateAuthorities);
  return {
    authorities: names === undefined ? [] : authorityNames(new ByteReader(names).vector(2)),
    signatureAlgorithms: list16(extensions.get(Extension.signatureAlgorithms)).map(signatureSchemeName),
    certificateTypes: [],
    postHandshake: context.length > 0,
  };
}

function decodeRequest12(body: Uint8Array, version: number): CertificateQuestion | undefined {
  const reader = new ByteReader(body);
  const types = reader.vector(1);
  const algorithms = version < 0x0303 ? [] : u16List(reader.vector(2));
  const names = reader.vector(2);
  if (reader.overrun) return undefined;
  return {
    authorities: authorityNames(names),
    signatureAlgorithms: algorithms.map(signatureSchemeName),
    certificateTypes: [...types].map(certificateTypeName),
    postHandshake: false,
  };
}

function authorityNames(bytes: Uint8Array): AuthorityName[] {
  const names: AuthorityName[] = [];
  const reader = new ByteReader(bytes);
  while (reader.more) {
    const der = reader.vector(2);
    if (!reader.overrun) names.push({ name: nameToString(der), der: base64(der) });
  }
  return names;
}

/** CertificateVerify. Before TLS 1.2 the algorithm followed from the key and was not sent. */
export function decodeCertificateVerify(
  body: Uint8Array,
  version: number,
): { readonly signatureAlgorithm: string } | undefined {
  if (version < 0x0303) return { signatureAlgorithm: 'md5_sha1' };
  const reader = new ByteReader(body);
  const scheme = reader.u16();
  return reader.overrun ? undefined : { signatureAlgorithm: signatureSchemeName(scheme) };
}

/** ServerKeyExchange of an ECDHE suite in TLS 1.2 (RFC 8422 section 5.4). Of others nothing is told. */
export function decodeServerKeyExchange(
  body: Uint8Array,
  cipherSuite: string,
): { readonly group?: string; readonly signatureAlgorithm?: string } {
  if (!/^TLS_ECDHE_(RSA|ECDSA)_/.test(cipherSuite)) return {};
  const reader = new ByteReader(body);
  const curveType = reader.u8();
  const group = reader.u16();
  reader.vector(1); // the server's public point
  const scheme = reader.u16();
  if (reader.overrun || curveType !== NAMED_CURVE) return {};
  return { group: groupName(group), signatureAlgorithm: signatureSchemeName(scheme) };
}
