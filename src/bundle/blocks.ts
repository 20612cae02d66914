import { count } from '../count.js';
import { X509Certificate } from 'node:crypto';
import { type Defect, type Place, SapcertError } from '../errors.js';
import { type CrowdOptions, refuseCostlyKeys, refuseCrowd } from './crowd.js';
import { trailingBytes } from './der-end.js';
import { isPrivateKeyLabel, readKey, trailingMessage } from './keys/index.js';
import type { PemText } from './pem.js';
import type { FoundCertificate, LockedKey, PemBlock, Warning } from './types.js';

/** What the blocks of a PEM text are. */
export interface SortedBlocks {
  readonly keys: readonly LockedKey[];
  readonly certificates: readonly FoundCertificate[];
  /** All of them, also those that are neither key nor certificate. */
  readonly blocks: readonly Omit<PemBlock, 'der'>[];
  readonly warnings: readonly Warning[];
}

export interface SortOptions extends CrowdOptions {
  /** Certificates, and whatever is wrong beside a key, are passed over. */
  readonly keysOnly?: boolean | undefined;
}

/**
 * Sorts blocks into keys and certificates.
 *
 * @throws SapcertError `file.*`, `key.*` with all that is broken in them at once
 */
export function sortBlocks(pem: PemText, options: SortOptions): SortedBlocks {
  const keysOnly = options.keysOnly === true;
  const defects = [...pem.defects];
  const keys: LockedKey[] = [];
  const certificates: FoundCertificate[] = [];
  const warnings = [...pem.warnings];
  refuseCrowd(pem.blocks.filter(isKey).length, pem.blocks.filter(isCertificate).length, options);
  for (const block of pem.blocks) {
    try {
      const extra = checkEnd(block);
      if (extra > 0) warnings.push(trailing(block, extra));
      if (isKey(block)) keys.push(readKey(withoutExtra(block, extra)));
      else if (keysOnly) continue;
      else if (isCertificate(block)) certificates.push(readCertificate(block.der, block.place));
      else warnings.push(skipped(block));
    } catch (error) {
      if (!(error instanceof SapcertError)) throw error;
      defects.push(...error.defects);
    }
  }
  const [first, ...rest] = defects.toSorted(byLine);
  const passedOver = keysOnly && keys.length > 0;
  if (first !== undefined && !passedOver) throw SapcertError.of([first, ...rest], defectHint(first));
  refuseCostlyKeys(keys, options);
  const blocks = pem.blocks.map(({ label, headers, place }) => ({ label, headers, place }));
  return { keys, certificates, blocks, warnings };
}

const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

const isKey = ({ label }: PemBlock): boolean => isPrivateKeyLabel(label);
const isCertificate = ({ label }: PemBlock): boolean => certificateLabels.has(label);

/**
 * DER says its own length: what is missing or left over tells a damaged copy. Other blocks need not be DER.
 *
 * @returns how many bytes follow the end of a key, which harm nothing
 */
function checkEnd(block: PemBlock): number {
  const encrypted = block.headers.length > 0;
  const known = isKey(block) || isCertificate(block);
  if (!known || encrypted || block.label === 'OPENSSH PRIVATE KEY' || block.label === 'TRUSTED CERTIFICATE')
    return 0;
  const extra = trailingBytes(block.der) ?? 0;
  if (extra === 0 || (extra > 0 && isKey(block))) return extra;
  if (extra < 0) {
    const message = `the ${block.label} is cut short by ${count(-extra, 'byte')}`;
    throw new SapcertError('file.truncated', message, { place: block.place });
  }
  throw new SapcertError(
    'file.malformed',
    `the ${block.label} is followed by ${count(extra, 'byte')} too many`,
    {
      place: block.place,
    },
  );
}

function withoutExtra(block: PemBlock, extra: number): PemBlock {
  return extra === 0 ? block : { ...block, der: block.der.subarray(0, -extra) };
}

/** @throws SapcertError `file.not-a-certificate` */
export function readCertificate(der: Uint8Array, place: Place): FoundCertificate {
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
  const message = `the block ${block.label} is neither a private key nor a certificate and is left out`;
  return { code: 'skipped.block', message, place: block.place };
}

function trailing({ label, place }: PemBlock, extra: number): Warning {
  return { code: 'repaired.trailing-bytes', message: trailingMessage(extra, `the ${label}`), place };
}

function byLine(a: Defect, b: Defect): number {
  return (a.place?.line ?? 0) - (b.place?.line ?? 0);
}

function defectHint(first: Defect): string {
  return first.code === 'file.truncated'
    ? 'copy or download the file again, from the first -----BEGIN to the last -----END line'
    : 'copy or download the file again; an editor or a mail program may have changed it';
}
