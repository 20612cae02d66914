import { X509Certificate } from 'node:crypto';
import { type Defect, type Place, SapcertError } from '../errors.js';
import { trailingBytes } from './der-end.js';
import { isPrivateKeyLabel, readDerKey, readKey } from './keys/index.js';
import { type PemText, readPem } from './pem.js';
import { bareBase64, isBlank, isDer, looksLikeJson, textOf, unrecognised } from './recognise.js';
import type { FoundCertificate, LockedKey, OpenKeyOptions, PemBlock, Warning } from './types.js';
import { type ConnectionHints, type WrappedFormat, readWrapped } from './wrapped.js';

/** How an input is written. It is told by its content, never by its name. */
export type InputFormat = 'pem' | 'der' | 'pkcs12' | WrappedFormat;

/** Everything that one input holds, before any of it is put together. */
export interface Material {
  readonly format: InputFormat;
  readonly keys: readonly LockedKey[];
  readonly certificates: readonly FoundCertificate[];
  /** The PEM blocks of the input, also those that are neither key nor certificate. */
  readonly blocks: readonly Omit<PemBlock, 'der'>[];
  readonly connection: ConnectionHints;
  /** The secret that the input itself brings (JSON downloads). */
  readonly secret: string | undefined;
  readonly warnings: readonly Warning[];
}

export interface ReadOptions extends OpenKeyOptions {
  /** The name of the input in places and messages: usually its path. */
  readonly file?: string | undefined;
}

interface MaterialOptions extends ReadOptions {
  /** Certificates, and whatever is wrong beside a key, are passed over. */
  readonly keysOnly?: boolean | undefined;
}

/** No bundle comes near this; what does is no bundle. */
export const maximumInputSize = 16 * 1024 * 1024;

/**
 * Reads an input of any kind that sapcert knows: PEM, DER, PKCS#12, or a JSON download around one of them.
 * Keys stay locked. A PKCS#12 file is opened here, because its certificates are encrypted too.
 *
 * @throws SapcertError `file.*` with all defects of the input at once; for PKCS#12 also `key.*`
 */
export async function readMaterial(
  input: string | Uint8Array,
  options: MaterialOptions = {},
): Promise<Material> {
  if (isBlank(input)) {
    const message = input.length === 0 ? 'the input is empty' : 'the input holds only blank lines';
    throw new SapcertError('file.empty', message, {
      place: { file: options.file },
      hint: 'download the bundle again; SAP shows a secret once, but issues a new certificate each time',
    });
  }
  if (input.length > maximumInputSize) {
    throw new SapcertError(
      'file.too-large',
      `the input has ${input.length} bytes; a bundle has a few thousand`,
      {
        place: { file: options.file },
      },
    );
  }
  if (looksLikeJson(input)) return readJson(textOf(input), options);
  if (typeof input !== 'string' && isDer(input)) return readDer(input, options);
  return readText(input, options);
}

function readText(input: string | Uint8Array, options: MaterialOptions): Promise<Material> | Material {
  const pem = readPem(input, options.file);
  if (pem.blocks.length === 0 && pem.defects.length === 0) {
    const der = bareBase64(input);
    if (der !== undefined) {
      const message = 'base64 without its BEGIN and END lines';
      return withWarning(readDer(der, options), { code: 'repaired.missing-boundaries', message });
    }
    throw unrecognised(input, options.file);
  }
  return collect(pem, options.keysOnly === true);
}

/** Sorts blocks into keys and certificates, and throws all that is broken in them at once. */
function collect(pem: PemText, keysOnly: boolean): Material {
  const defects = [...pem.defects];
  const keys: LockedKey[] = [];
  const certificates: FoundCertificate[] = [];
  const warnings = [...pem.warnings];
  for (const block of pem.blocks) {
    try {
      checkEnd(block);
      if (isPrivateKeyLabel(block.label)) keys.push(readKey(block));
      else if (keysOnly) continue;
      else if (certificateLabels.has(block.label)) certificates.push(readCertificate(block.der, block.place));
      else warnings.push(skipped(block));
    } catch (error) {
      if (!(error instanceof SapcertError)) throw error;
      defects.push(...error.defects);
    }
  }
  const [first, ...rest] = defects.toSorted(byLine);
  const passedOver = keysOnly && keys.length > 0;
  if (first !== undefined && !passedOver) throw SapcertError.of([first, ...rest], defectHint(first));
  const blocks = pem.blocks.map(({ label, headers, place }) => ({ label, headers, place }));
  return { format: 'pem', keys, certificates, blocks, connection: {}, secret: undefined, warnings };
}

const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/** DER says its own length: what is missing or left over tells a damaged copy. */
function checkEnd(block: PemBlock): void {
  const encrypted = block.headers.length > 0;
  if (encrypted || block.label === 'OPENSSH PRIVATE KEY' || block.label === 'TRUSTED CERTIFICATE') return;
  const extra = trailingBytes(block.der);
  if (extra === undefined || extra === 0) return;
  if (extra < 0) {
    const message = `the ${block.label} is cut: ${-extra} bytes are missing`;
    throw new SapcertError('file.truncated', message, { place: block.place });
  }
  throw new SapcertError('file.malformed', `${extra} bytes follow the end of the ${block.label}`, {
    place: block.place,
  });
}

function readCertificate(der: Uint8Array, place: Place): FoundCertificate {
  try {
    return { x509: new X509Certificate(der), place };
  } catch (cause) {
    throw new SapcertError('file.not-a-certificate', 'what is labelled a certificate is none (RFC 5280)', {
      place,
      cause,
    });
  }
}

function skipped(block: PemBlock): Warning {
  const message = `a ${block.label} is neither a private key nor a certificate and is left out`;
  return { code: 'skipped.block', message, place: block.place };
}

function byLine(a: Defect, b: Defect): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0);
}

function defectHint(first: Defect): string {
  return first.code === 'file.truncated'
    ? 'copy or download the file again, from the first -----BEGIN to the last -----END line'
    : 'copy or download the file again; an editor or a mail program may have changed it';
}

async function readJson(text: string, options: MaterialOptions): Promise<Material> {
  const wrapped = readWrapped(text, options.file);
  const passphrase = options.passphrase ?? wrapped.secret;
  const parts: Material[] = [];
  for (const { path, content } of wrapped.parts) {
    const file = options.file === undefined ? path : `${options.file} (${path})`;
    parts.push(await readMaterial(content, { ...options, passphrase, file }));
  }
  return { ...merge(parts), format: wrapped.format, secret: wrapped.secret, connection: wrapped.connection };
}

async function readDer(der: Uint8Array, options: ReadOptions): Promise<Material> {
  const place = { file: options.file };
  const warnings: Warning[] = /\.pem$/i.test(options.file ?? '')
    ? [{ code: 'repaired.der-named-pem', message: 'the file is DER, though its name says PEM', place }]
    : [];
  const material = { keys: [], certificates: [], blocks: [], connection: {}, secret: undefined, warnings };
  const pkcs12 = await import('./pkcs12/index.js');
  if (pkcs12.isPkcs12(der)) {
    const { keys, certificates } = await pkcs12.readPkcs12(der, options, place);
    return { ...material, format: 'pkcs12', keys, certificates };
  }
  const key = readDerKey(der, place);
  if (key !== undefined) return { ...material, format: 'der', keys: [key] };
  try {
    return { ...material, format: 'der', certificates: [readCertificate(der, place)] };
  } catch {
    throw unrecognised(der, options.file);
  }
}

/** Several inputs as one: the bundle, and a key and a chain that lie in files of their own. */
export function merge(parts: readonly Material[]): Material {
  const [first] = parts;
  return {
    format: first?.format ?? 'pem',
    keys: parts.flatMap((part) => part.keys),
    certificates: parts.flatMap((part) => part.certificates),
    blocks: parts.flatMap((part) => part.blocks),
    connection: parts.map((part) => part.connection).find((hints) => Object.keys(hints).length > 0) ?? {},
    secret: parts.map((part) => part.secret).find((secret) => secret !== undefined),
    warnings: parts.flatMap((part) => part.warnings),
  };
}

async function withWarning(material: Promise<Material>, warning: Warning): Promise<Material> {
  const read = await material;
  return { ...read, warnings: [warning, ...read.warnings] };
}
