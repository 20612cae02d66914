import { SapcertError } from '../errors.js';
import { readCertificate, type SortedBlocks, sortBlocks, type SortOptions } from './blocks.js';
import { withoutTrailing } from './der-end.js';
import { readDerKey, trailingMessage } from './keys/index.js';
import { type PemText, readPem } from './pem.js';
import { bareBase64, isBlank, isDer, looksLikeJson, looksLikePutty, unrecognised } from './recognise.js';
import { decode } from './text.js';
import type { OpenKeyOptions, PemBlock, Warning } from './types.js';
import { type ConnectionHints, type WrappedFormat, readWrapped } from './wrapped.js';

/** How an input is written. It is told by its content, never by its name. */
export type InputFormat = 'pem' | 'der' | 'pkcs12' | 'ppk' | WrappedFormat;

/** Everything that one input holds, before any of it is put together. */
export interface Material extends SortedBlocks {
  readonly format: InputFormat;
  readonly connection: ConnectionHints;
  /** The secret that the input itself brings (JSON downloads). */
  readonly secret: string | undefined;
}

export interface ReadOptions extends OpenKeyOptions {
  /** The name of the input in places and messages: usually its path. */
  readonly file?: string | undefined;
}

type MaterialOptions = ReadOptions & SortOptions;

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
  refuseOther(input);
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
  if (looksLikeJson(input)) return readJson(input, options);
  if (typeof input !== 'string' && isDer(input)) return readDer(input, options);
  return readText(input, options);
}

/** Whoever calls from JavaScript has no compiler that says it. */
function refuseOther(input: unknown): void {
  if (typeof input === 'string' || input instanceof Uint8Array || ArrayBuffer.isView(input)) return;
  const what =
    input instanceof Promise ? 'a promise: await it first' : input === null ? 'null' : typeof input;
  throw new SapcertError('usage.invalid', `the input has to be text or bytes, and this is ${what}`);
}

function readText(input: string | Uint8Array, options: MaterialOptions): Promise<Material> | Material {
  const pem = readPem(input, options.file);
  if (pem.blocks.length === 0 && pem.defects.length === 0) {
    if (looksLikePutty(input)) return readPutty(input, options.file);
    const der = bareBase64(input);
    if (der !== undefined) {
      const message = 'base64 without its BEGIN and END lines';
      return withWarning(readDer(der, options), { code: 'repaired.missing-boundaries', message });
    }
    throw unrecognised(input, options.file);
  }
  if (pem.blocks.some(isStore)) return readStores(pem, options);
  return sorted(pem, options);
}

async function readPutty(input: string | Uint8Array, file: string | undefined): Promise<Material> {
  const { readPuttyKey } = await import('./keys/putty/index.js');
  const { text, warnings } = decode(input);
  // The MAC covers the comment as it was written, in whatever encoding: one character stands for one byte.
  const asIs = typeof input === 'string' || warnings.length > 0 ? Buffer.from(text) : Buffer.from(input);
  const key = readPuttyKey(asIs.toString('latin1'), { file });
  return {
    format: 'ppk',
    keys: [key],
    certificates: [],
    blocks: [],
    connection: {},
    secret: undefined,
    warnings: warnings.map((warning) => ({ ...warning, place: { file } })),
  };
}

function sorted(pem: PemText, options: MaterialOptions): Material {
  return { ...sortBlocks(pem, options), format: 'pem', connection: {}, secret: undefined };
}

/** certtool of GnuTLS writes PKCS#12 as PEM, where it is not told otherwise. */
const isStore = ({ label }: PemBlock): boolean => /^(?:PKCS ?#?12|PFX)$/.test(label);

async function readStores(pem: PemText, options: MaterialOptions): Promise<Material> {
  const stores = pem.blocks.filter(isStore);
  const others = pem.blocks.filter((block) => !isStore(block));
  const parts: Material[] = [];
  for (const { der } of stores) parts.push(await readDer(der, options));
  const merged = merge([...parts, sorted({ ...pem, blocks: others }, options)]);
  return { ...merged, blocks: pem.blocks.map(({ label, headers, place }) => ({ label, headers, place })) };
}

async function readJson(input: string | Uint8Array, options: MaterialOptions): Promise<Material> {
  const { text, warnings } = decode(input);
  const wrapped = readWrapped(text, options.file);
  const passphrase = options.passphrase ?? wrapped.secret;
  const parts: Material[] = [];
  for (const { path, content } of wrapped.parts) {
    const file = options.file === undefined ? path : `${options.file} (${path})`;
    parts.push(await readMaterial(content, { ...options, passphrase, file }));
  }
  const material = merge(parts);
  return {
    ...material,
    format: wrapped.format,
    secret: wrapped.secret,
    connection: wrapped.connection,
    warnings: [
      ...warnings.map((warning) => ({ ...warning, place: { file: options.file } })),
      ...material.warnings,
    ],
  };
}

async function readDer(bytes: Uint8Array, options: MaterialOptions): Promise<Material> {
  const place = { file: options.file };
  const warnings: Warning[] = /\.pem$/i.test(options.file ?? '')
    ? [{ code: 'repaired.der-named-pem', message: 'the file is DER, though its name says PEM', place }]
    : [];
  const der = withoutTrailing(bytes);
  if (der.length < bytes.length) {
    const message = trailingMessage(bytes.length - der.length, 'the DER');
    warnings.push({ code: 'repaired.trailing-bytes', message, place });
  }
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
