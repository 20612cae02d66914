import type { Element, Fields } from '../../asn1/index.js';
import type { KeyEncryption } from '../../types.js';
import { readCipherParameters } from './cipher-parameters.js';
import { type Cipher, cipherByName, cipherByOid } from './ciphers.js';
import type { CipherParameters } from './decrypt.js';
import type { Encryption, SupportedEncryption } from './encryption.js';
import { readKdf, type ReadKdf } from './kdf-parameters.js';
import type { PasswordForm } from './passwords.js';

export const pbes2 = '1.2.840.113549.1.5.13';

/** PBES2 (RFC 8018 section 6.2): any derivation with any cipher. */
export function readPbes2(parameters: Element, passwordForm: PasswordForm): Encryption {
  const fields = parameters.sequence('the PBES2 parameters');
  const kdf = readKdf(fields.next('the key derivation'));
  const scheme = fields.next('the encryption scheme').sequence('the encryption scheme');
  fields.end();
  const oid = scheme.next('its identifier').oid('the identifier of the encryption scheme');
  const cipher = namedCipher(oid, kdf.supported ? kdf.keyBytes : undefined);
  if (!kdf.supported) {
    const facts = describe(kdf, cipher?.name ?? oid, oid);
    return { supported: false, facts, algorithm: `PBES2 and ${kdf.name}`, openedBy: kdf.openedBy };
  }
  if (cipher === undefined || cipher.engine.kind === 'unsupported') {
    const openedBy =
      cipher?.engine.kind === 'unsupported' ? cipher.engine.openedBy : 'only what wrote the file';
    const algorithm = cipher === undefined ? `the cipher ${oid}` : `${cipher.name} (${oid})`;
    return { supported: false, facts: describe(kdf, cipher?.name ?? oid, oid), algorithm, openedBy };
  }
  const read = readCipherParameters(cipher, scheme);
  const supported: SupportedEncryption = {
    supported: true,
    facts: describe(kdf, nameWithKeyLength(cipher, read), oid),
    kdf: kdf.kdf,
    cipher,
    keyBytes: keyLength(cipher, kdf.keyBytes, read, fields),
    derivedIvBytes: 0,
    parameters: read,
    passwordForm,
  };
  const named = cipherByOid(oid);
  if (named === undefined || named === cipher) return supported;
  // pyca/cryptography believes the identifier, not the length.
  return { ...supported, otherwise: { ...supported, cipher: named, keyBytes: named.keyBytes } };
}

/**
 * The cipher that an identifier names. NSS before 3.30 named AES-128 whatever the key length was: where the
 * length that stands in the file is that of another AES, it is the other AES.
 */
function namedCipher(oid: string, keyBytes: number | undefined): Cipher | undefined {
  const named = cipherByOid(oid);
  if (named === undefined || keyBytes === undefined || named.engine.kind !== 'node') return named;
  if (!named.name.startsWith('aes-')) return named;
  return cipherByName(`aes-${8 * keyBytes}-${named.mode}`) ?? named;
}

function describe(kdf: ReadKdf, cipher: string, oid: string): KeyEncryption {
  const facts = { scheme: 'PBES2', cipher, kdf: kdf.name, oid } as const;
  if (!kdf.supported) return { ...facts, iterations: kdf.iterations };
  if (kdf.kdf.kind === 'scrypt') {
    const { N, r, p } = kdf.kdf;
    return { ...facts, scrypt: { N, r, p } };
  }
  return 'iterations' in kdf.kdf ? { ...facts, iterations: kdf.kdf.iterations } : facts;
}

function nameWithKeyLength({ name }: Cipher, { effectiveBits }: CipherParameters): string {
  return effectiveBits === undefined || effectiveBits === 128 ? name : `rc2-${effectiveBits}-cbc`;
}

function keyLength(
  cipher: Cipher,
  written: number | undefined,
  parameters: CipherParameters,
  { refuse }: Fields,
): number {
  const { engine, keyBytes, name } = cipher;
  const { effectiveBits } = parameters;
  const explicit = written ?? parameters.keyBytes;
  const lengths = engine.kind === 'block' ? engine.keyLengths : undefined;
  if (lengths === undefined) {
    if (explicit === undefined || explicit === keyBytes) return keyBytes;
    throw refuse(`${name} cannot have a key of ${explicit} bytes`);
  }
  const length = explicit ?? (effectiveBits === undefined ? keyBytes : Math.ceil(effectiveBits / 8));
  const [shortest, longest] = lengths;
  if (length < shortest || length > longest) {
    throw refuse(`a key of ${length} bytes is not one that any program writes for ${name}`);
  }
  return length;
}
