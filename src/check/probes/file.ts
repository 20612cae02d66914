import type { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { type Bundle, type Identity, openBundle, readBundle } from '../../bundle/index.js';
import { parseDeviceName } from '../../bundle/device-name.js';
import { SapcertError } from '../../errors.js';
import { isIssuedBy } from '../../bundle/x509/index.js';
import { certificateFacts, printableName } from '../certificate.js';
import type { Ran } from '../evidence.js';
import type { FileDefect, FileFacts, TrustFacts } from '../facts/index.js';
import type { CheckOptions } from '../options.js';
import { since } from './deadline.js';

export interface FileProbe {
  readonly evidence: Ran<'file'>;
  readonly bundle?: Bundle;
  /** What the device presents: there where the input is sound. */
  readonly identity?: Identity;
  readonly trust: Trust;
}

/** The authorities that the server is held against. */
export interface Trust {
  readonly fromCaFile: boolean;
  /** Of the CA file; the default roots are parsed only when needed. */
  readonly certificates: readonly X509Certificate[];
  /** PEM each; `undefined`: Node's own, which it has loaded already. */
  readonly pem: readonly string[] | undefined;
}

/** Reads what was given: the bundle, its key with the secret, the CA file. Contacts nothing. */
export async function probeFile(options: CheckOptions): Promise<FileProbe> {
  const start = performance.now();
  const defects: FileDefect[] = [];
  const trust = await attempt(defects, () => readTrust(options));
  const opened = options.input === undefined ? undefined : await attempt(defects, () => readInput(options));
  const facts: FileFacts = {
    given: options.input !== undefined,
    ...(options.inputName === undefined ? {} : { name: options.inputName }),
    ...(opened === undefined ? { chain: [], notes: [] } : identityFacts(opened.bundle, opened.identity)),
    defects,
    trust: trustFacts(options, trust),
  };
  const outcome = defects.length > 0 ? 'failed' : 'ok';
  return {
    evidence: { stage: 'file', outcome, ms: since(start), facts },
    ...opened,
    trust: trust ?? defaultTrust(options),
  };
}

interface Opened {
  readonly bundle: Bundle;
  readonly identity: Identity;
}

async function readInput(options: CheckOptions): Promise<Opened> {
  const { input, inputName, key, keyName, chain, chainName, passphrase, allowSlowKdf } = options;
  if (input === undefined || input instanceof SapcertError)
    throw input ?? new SapcertError('file.not-found', 'no input');
  const secrets = { passphrase, allowSlowKdf };
  const bundle = await readBundle(input, {
    ...secrets,
    file: inputName,
    key,
    keyFile: keyName,
    chain,
    chainFile: chainName,
  });
  return { bundle, identity: await openBundle(bundle, { ...secrets, file: inputName }) };
}

async function readTrust(options: CheckOptions): Promise<Trust> {
  const { ca, caName = 'the CA file' } = options;
  if (ca === undefined) return defaultTrust(options);
  if (ca instanceof SapcertError) throw unusable(ca.message, ca);
  if (isCertificateCollection(ca))
    throw unusable(
      `${caName} is PKCS#7 (.p7b), which TLS libraries do not take as a CA file`,
      undefined,
      'write the certificates out of it: openssl pkcs7 -print_certs -in FILE -out ca.pem (with -inform der where it is not text)',
    );
  const found = await readBundle(ca, { file: caName }).catch((error: unknown) => {
    throw error instanceof SapcertError ? unusable(error.message, error) : error;
  });
  const certificates = found.certificates.map(({ x509 }) => x509);
  if (certificates.length === 0)
    throw unusable(`${caName} holds ${found.keys.length > 0 ? 'a private key and ' : ''}no certificate`);
  return { fromCaFile: true, certificates, pem: certificates.map((certificate) => certificate.toString()) };
}

function defaultTrust({ roots }: CheckOptions): Trust {
  return { fromCaFile: false, certificates: [], pem: roots };
}

/** What Windows exports as a chain: SignedData with certificates and nothing signed (RFC 5652 section 5.1). */
function isCertificateCollection(ca: string | Uint8Array): boolean {
  const bytes = Buffer.from(ca);
  const type = bytes.subarray(0, 40).indexOf(signedDataType);
  return /-----BEGIN (?:PKCS7|CMS)-----/.test(bytes.toString('latin1')) || (bytes[0] === 0x30 && type > 0);
}

/** OBJECT IDENTIFIER 1.2.840.113549.1.7.2. */
const signedDataType = Buffer.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02);

function unusable(
  message: string,
  cause?: unknown,
  hint = 'give the PEM file with the certificate of the authority that issued the server certificate',
): SapcertError {
  return new SapcertError('ca-file.unusable', message, { hint, cause });
}

/** Everything that is wrong goes into the defects: all of it at once. */
async function attempt<T>(defects: FileDefect[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SapcertError)) throw error;
    const { hint } = error;
    const found =
      error.code === 'ca-file.unusable' ? [{ code: error.code, message: error.message }] : error.defects;
    for (const [index, { code, message, place }] of found.entries()) {
      defects.push({
        code,
        message,
        ...(hint === undefined || index > 0 ? {} : { hint }),
        ...(place === undefined ? {} : { place }),
      });
    }
    return undefined;
  }
}

function identityFacts(
  bundle: Bundle,
  identity: Identity,
): Omit<FileFacts, 'given' | 'name' | 'defects' | 'trust'> {
  const leaf = certificateFacts(identity.leaf.x509);
  const chain = identity.chain.map(({ x509 }) => x509);
  const top = chain.at(-1) ?? identity.leaf.x509;
  const { encryption } = identity.lockedKey;
  const sent = [identity.leaf.x509, ...chain].map(({ fingerprint256 }) => fingerprint256);
  const order = bundle.certificates
    .map(({ x509 }) => x509.fingerprint256)
    .filter((print) => sent.includes(print));
  const others = bundle.certificates.filter(({ x509 }) => x509.ca && !sent.includes(x509.fingerprint256));
  const device = parseDeviceName(certificateCn(identity.leaf.x509));
  return {
    format: bundle.format,
    key: { ...leaf.key, ...(encryption === undefined ? {} : { encryption }) },
    leaf,
    chain: chain.map(certificateFacts),
    ...(others.length === 0 ? {} : { others: others.slice(0, 20).map(({ x509 }) => certificateFacts(x509)) }),
    inOrder: order.join() === sent.join(),
    ...(top.subject === top.issuer || isIssuedBy(top, top)
      ? {}
      : { missingIssuer: printableName(top.issuer) }),
    ...(device === undefined ? {} : { device: { deviceId: device.deviceId, form: device.form } }),
    notes: [...bundle.warnings, ...identity.warnings].map(({ code, message }) => ({ code, message })),
  };
}

/** The CN alone, as it is in the certificate: node:crypto writes a control character as its two hexadecimal digits. */
export function certificateCn(x509: X509Certificate): string {
  const line = /^CN=(.*)$/m.exec(x509.subject)?.[1] ?? '';
  return line.replace(/\\([\dA-F]{2}|.)/g, (_, escaped: string) =>
    escaped.length === 2 ? String.fromCharCode(Number.parseInt(escaped, 16)) : escaped,
  );
}

function trustFacts(options: CheckOptions, trust: Trust | undefined): TrustFacts {
  const { caName } = options;
  if (options.ca === undefined)
    return { source: 'default', count: options.roots?.length ?? rootCertificates.length };
  const certificates = trust?.certificates ?? [];
  return {
    source: 'ca-file',
    ...(caName === undefined ? {} : { name: caName }),
    count: certificates.length,
    certificates: certificates.slice(0, 20).map(certificateFacts),
  };
}
