/** How a scheme turns a passphrase into bytes. */
export type PasswordForm =
  /** PKCS#5 and OpenSSL: the bytes of the text. */
  | 'octets'
  /** PKCS#12 derivation (RFC 7292 appendix B.1): UTF-16 big endian with two zero bytes at the end. */
  | 'bmp-string'
  /** PKCS#5 schemes inside PKCS#12: the bytes of the text by the RFC, a BMPString in files of some NSS releases. */
  | 'octets-or-bmp-string';

/**
 * The byte strings that a passphrase can stand for, the likeliest first, without repetition. Text is UTF-8 and
 * then Latin-1; bytes are taken as they are (as UTF-8 or else Latin-1 text where a BMPString is needed). The
 * empty passphrase has two forms in PKCS#12: an empty BMPString and none at all.
 */
export function passwordCandidates(
  form: PasswordForm,
  passphrase: string | Uint8Array,
): readonly Uint8Array[] {
  switch (form) {
    case 'octets':
      return distinct(octets(passphrase));
    case 'bmp-string':
      return distinct(bmpStrings(passphrase));
    case 'octets-or-bmp-string':
      return distinct([...octets(passphrase), ...bmpStrings(passphrase)]);
    default:
      return form satisfies never;
  }
}

function octets(passphrase: string | Uint8Array): Buffer[] {
  if (typeof passphrase !== 'string') return [Buffer.from(passphrase)];
  // What is beyond Latin-1 loses its high byte here, as it does in Bouncy Castle.
  return [Buffer.from(passphrase, 'utf8'), Buffer.from(passphrase, 'latin1')];
}

function bmpStrings(passphrase: string | Uint8Array): Buffer[] {
  if (passphrase.length === 0) return [Buffer.alloc(2), Buffer.alloc(0)];
  const bytes = Buffer.from(passphrase);
  const text = typeof passphrase === 'string' ? passphrase : utf8Text(passphrase);
  // OpenSSL before 1.1.0 widened each byte of the UTF-8 text.
  const widened = bmpString(bytes.toString('latin1'));
  return text === undefined ? [widened] : [bmpString(text), widened];
}

function bmpString(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le').swap16();
}

function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function distinct(candidates: readonly Buffer[]): readonly Uint8Array[] {
  return candidates.filter(
    (candidate, index) => candidates.findIndex((other) => other.equals(candidate)) === index,
  );
}
