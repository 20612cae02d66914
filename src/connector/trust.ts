import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';
import { SapcertError } from '../errors.js';

/** Where systems keep what they trust: Debian, Red Hat, SUSE, Alpine and macOS. */
const systemFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

const pemCertificate = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]+-----END (?:TRUSTED )?CERTIFICATE-----/g;

/**
 * The certificates that the user trusts, as PEM. OpenSSL passes over what it cannot read without a word.
 *
 * @param ca PEM, or one certificate in DER
 * @throws SapcertError `ca-file.unusable` if a part holds no certificate, or one that is broken
 */
export function readRoots(ca: string | Uint8Array | readonly (string | Uint8Array)[]): readonly string[] {
  const parts = typeof ca === 'string' || ca instanceof Uint8Array ? [ca] : ca;
  if (parts.length === 0) throw unusable('there is no certificate in it');
  return parts.flatMap((part) => {
    const text = typeof part === 'string' ? part : Buffer.from(part).toString('latin1');
    const found: readonly (string | Uint8Array)[] =
      text.match(pemCertificate) ?? (part.length > 0 ? [part] : []);
    if (found.length === 0) throw unusable('there is no certificate in it');
    return found.map(readRoot);
  });
}

function readRoot(certificate: string | Uint8Array): string {
  try {
    return new X509Certificate(certificate).toString();
  } catch (cause) {
    throw unusable('it holds no certificate that can be read', cause);
  }
}

function unusable(message: string, cause?: unknown): SapcertError {
  return new SapcertError('ca-file.unusable', `the CA that is to be trusted: ${message}`, {
    hint: 'give the certificate of the CA in PEM, not the key and not the bundle of the device',
    cause,
  });
}

/**
 * The system's and Node's roots together, each once, as PEM.
 *
 * @returns `undefined` when they are no more than what Node takes anyway, which is cheaper to take unasked
 */
export function defaultRoots(): readonly string[] | undefined {
  const own = new Map(tls.rootCertificates.map((pem) => [bodyOf(pem), pem]));
  const extra = systemRoots().filter((pem) => !own.has(bodyOf(pem)));
  if (extra.length === 0) return undefined;
  return [...new Map([...own, ...extra.map((pem) => [bodyOf(pem), pem] as const)]).values()];
}

function systemRoots(): readonly string[] {
  const asked = nodesOwnAnswer();
  if (asked !== undefined) return asked;
  const { SSL_CERT_FILE: chosen, NODE_EXTRA_CA_CERTS: added } = process.env;
  const system =
    [...(chosen === undefined ? [] : [chosen]), ...systemFiles].map(certificatesIn).find(isSome) ?? [];
  // What is added this way Node leaves out as soon as it is given roots.
  return system.length > 0 && added !== undefined ? [...system, ...certificatesIn(added)] : system;
}

/** `tls.getCACertificates`, since Node 22.15. */
function nodesOwnAnswer(): readonly string[] | undefined {
  const ask: unknown = Reflect.get(tls, 'getCACertificates');
  if (typeof ask !== 'function') return undefined;
  const answers: readonly unknown[] = ['system', 'extra'].map((type): unknown => ask(type));
  return answers.flat().filter((pem) => typeof pem === 'string');
}

function certificatesIn(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').match(pemCertificate) ?? [];
  } catch {
    return [];
  }
}

function isSome(list: readonly string[]): boolean {
  return list.length > 0;
}

/** The same certificate may be wrapped differently. */
function bodyOf(pem: string): string {
  return pem.replace(/-----[^-]+-----|\s/g, '');
}
