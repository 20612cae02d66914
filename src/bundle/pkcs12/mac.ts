import { timingSafeEqual } from 'node:crypto';
import { type Element, Tag } from '../asn1/index.js';
import {
  deriveKey,
  derivePkcs12,
  type Hash,
  hashByHmacOid,
  hashByOid,
  hmacOf,
  type Kdf,
  longestSalt,
  passwordCandidates,
  readKdf,
} from '../keys/encryption/index.js';
import { oid } from './oids.js';

/** How a PKCS#12 file protects its integrity, known without a passphrase. */
export interface MacFacts {
  /** `PKCS#12` (RFC 7292 appendix B) or `PBMAC1` (RFC 9579). */
  readonly scheme: 'PKCS#12' | 'PBMAC1';
  /** For example `hmac-sha256`. */
  readonly algorithm: string;
  /** For example `pkcs12-sha256`, `pbkdf2-sha256`, `scrypt`. */
  readonly kdf: string;
  readonly iterations?: number | undefined;
}

export type Mac =
  | {
      readonly supported: true;
      readonly facts: MacFacts;
      readonly kdf: Kdf;
      readonly hash: Hash;
      readonly keyBytes: number;
      /** Of what is derived, as many bytes at its end are the key; absent: all. */
      readonly lastBytes?: number | undefined;
      readonly value: Uint8Array;
    }
  | { readonly supported: false; readonly facts: MacFacts };

/** Keys longer than this no program derives. */
const longestKey = 1024;

export function readMac(element: Element): Mac {
  const fields = element.sequence('the MAC');
  const digestInfo = fields.next('the digest').sequence('the digest');
  const algorithm = digestInfo.next('the MAC algorithm').sequence('the MAC algorithm');
  const value = digestInfo.next('the MAC value').octets('the MAC value');
  const salt = fields.next('the salt').octets('the salt of the MAC');
  if (salt.length > longestSalt) throw fields.refuse(`a MAC salt of ${salt.length} bytes`);
  const iterations = fields.optional(Tag.integer)?.count('the iteration count of the MAC') ?? 1;
  fields.end();
  if (iterations < 1) throw fields.refuse('the iteration count of the MAC is 0');
  const type = algorithm.next('its identifier').oid('the identifier of the MAC');
  if (type === oid.pbmac1) return readPbmac1(algorithm.next('the PBMAC1 parameters'), value);
  const hash = hashByOid(type);
  const name = hash?.name ?? type;
  const hmacName = `hmac-${name}`;
  if (hash !== undefined && isGost(hash)) {
    const facts = { scheme: 'PKCS#12', algorithm: hmacName, kdf: `pbkdf2-${name}`, iterations } as const;
    const kdf = { kind: 'pbkdf2', hash, salt, iterations } as const;
    return { supported: true, facts, kdf, hash, keyBytes: 96, lastBytes: 32, value };
  }
  const facts = { scheme: 'PKCS#12', algorithm: hmacName, kdf: `pkcs12-${name}`, iterations } as const;
  if (hash === undefined || !hasHmac(hash)) return { supported: false, facts };
  const kdf = { kind: 'pkcs12', hash, salt, iterations } as const;
  return { supported: true, facts, kdf, hash, keyBytes: hash.digestBytes, value };
}

/** With these the key is the end of 96 bytes of PBKDF2 (RFC 9548 section 3), not of PKCS#12's own derivation. */
function isGost({ name }: Hash): boolean {
  return /^(?:gost|streebog)/.test(name);
}

/** No program opens what NSS writes with MD2 here, not even NSS. */
function hasHmac({ hmacOids }: Hash): boolean {
  return hmacOids.length > 0;
}

/** PBMAC1-params (RFC 8018 appendix A.5): salt and iterations stand in the derivation, not in MacData. */
function readPbmac1(parameters: Element, value: Uint8Array): Mac {
  const fields = parameters.sequence('the PBMAC1 parameters');
  const kdf = readKdf(fields.next('the key derivation'));
  const scheme = fields.next('the MAC scheme').sequence('the MAC scheme');
  fields.end();
  const type = scheme.next('its identifier').oid('the identifier of the MAC scheme');
  const hash = hashByHmacOid(type);
  const iterations = kdf.supported && 'iterations' in kdf.kdf ? kdf.kdf.iterations : undefined;
  const facts = {
    scheme: 'PBMAC1',
    algorithm: `hmac-${hash?.name ?? type}`,
    kdf: kdf.name,
    iterations,
  } as const;
  if (!kdf.supported || hash === undefined || !hasHmac(hash)) return { supported: false, facts };
  const { keyBytes } = kdf;
  if (keyBytes === undefined || keyBytes < 1 || keyBytes > longestKey) {
    throw fields.refuse('PBMAC1 without a possible key length (RFC 9579 section 5)');
  }
  return { supported: true, facts, kdf: kdf.kdf, hash, keyBytes, value };
}

/** Whether any byte form of the passphrase makes the MAC of the content; the cost must have been checked. */
export async function macFits(
  mac: Extract<Mac, { supported: true }>,
  content: Uint8Array,
  passphrase: string | Uint8Array,
): Promise<boolean> {
  const form = mac.kdf.kind === 'pkcs12' ? 'bmp-string' : 'octets-or-bmp-string';
  for (const password of passwordCandidates(form, passphrase)) {
    const key = await macKey(mac, password);
    const own = (await hmacOf(mac.hash, key))(content);
    if (own.length === mac.value.length && timingSafeEqual(own, mac.value)) return true;
  }
  return false;
}

async function macKey(
  { kdf, keyBytes, lastBytes = keyBytes }: Extract<Mac, { supported: true }>,
  password: Uint8Array,
): Promise<Uint8Array> {
  if (kdf.kind === 'pkcs12') return derivePkcs12(kdf.hash, kdf, 'mac', password, keyBytes);
  return (await deriveKey(kdf, password, keyBytes, 0)).key.subarray(-lastBytes);
}
