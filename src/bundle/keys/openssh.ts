import { type Place, SapcertError } from '../../errors.js';
import type { KeyEncryption, LockedKey } from '../types.js';

const magic = 'openssh-key-v1\0';

/**
 * An OpenSSH key (PROTOCOL.key of OpenSSH): recognised and described, never opened, because ssh-keygen turns it
 * into what TLS programs read.
 */
export function readOpenSshKey(bytes: Uint8Array, place: Place): LockedKey {
  const refusal = new SapcertError(
    'key.unsupported-type',
    'this is an OpenSSH key, which no TLS program reads',
    {
      place,
      hint: `convert it, then try again: ssh-keygen -p -m PKCS8 -f ${place.file ?? 'FILE'}`,
    },
  );
  return {
    place,
    label: 'OPENSSH PRIVATE KEY',
    encryption: encryptionOf(bytes),
    type: undefined,
    open: async () => {
      throw refusal;
    },
  };
}

function encryptionOf(bytes: Uint8Array): KeyEncryption | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.toString('latin1', 0, magic.length) !== magic) return undefined;
  const cipher = sshString(buffer, magic.length);
  const kdf = cipher && sshString(buffer, cipher.end);
  const options = kdf && sshString(buffer, kdf.end);
  if (cipher === undefined || kdf === undefined || options === undefined || cipher.text === 'none')
    return undefined;
  const { end } = options;
  const iterations = kdf.text === 'bcrypt' && end - 4 > kdf.end ? buffer.readUInt32BE(end - 4) : undefined;
  return { scheme: 'OpenSSH', cipher: cipher.text, kdf: kdf.text, iterations };
}

/** A string of RFC 4251 section 5: its length in four bytes, then its bytes. */
function sshString(
  buffer: Buffer,
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  if (start + 4 > buffer.length) return undefined;
  const end = start + 4 + buffer.readUInt32BE(start);
  return end > buffer.length ? undefined : { text: buffer.toString('latin1', start + 4, end), end };
}
