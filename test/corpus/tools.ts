import { createPrivateKey, createPublicKey, type KeyObject, type PrivateKeyInput } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import forge from 'node-forge';
import { isPkcs12 } from '../../src/bundle/pkcs12/index.js';
import { type OpenedKey, UnknownKey } from '../../src/bundle/keys/index.js';
import { isPem, openAny } from './open-file.js';
import { legacyProvider, openssl } from './openssl.js';

/** A file to be opened, as every program gets it. */
export interface Sample {
  readonly path: string;
  readonly bytes: Buffer;
  readonly passphrase: string | undefined;
  /** Where it is known: what opens must be this key. */
  readonly publicKey: string | undefined;
}

/** A program that may open a private key. */
export interface Tool {
  readonly name: string;
  /** Whether it opens the file and the right key comes out. Errors mean that it does not. */
  readonly opens: (sample: Sample) => Promise<boolean>;
}

export const tools: readonly Tool[] = [
  {
    name: 'sapcert',
    opens: async (sample) => {
      const keys = await openAny(sample.bytes, { passphrase: sample.passphrase, allowSlowKdf: false });
      return keys.length > 0 && keys.every((key) => isExpected(key, sample));
    },
  },
  { name: 'openssl', opens: (sample) => opensslOpens(sample, []) },
  { name: 'openssl, legacy provider', opens: (sample) => opensslOpens(sample, legacyProvider) },
  { name: 'node:crypto', opens: async (sample) => nodeOpens(sample) },
  { name: 'node-forge', opens: async (sample) => forgeOpens(sample) },
];

function isExpected(key: OpenedKey, { publicKey }: Sample): boolean {
  if (publicKey === undefined) return true;
  return !(key instanceof UnknownKey) && createPublicKey(key).equals(createPublicKey(publicKey));
}

async function opensslOpens(sample: Sample, provider: readonly string[]): Promise<boolean> {
  const program = isPkcs12(sample.bytes) ? ['pkcs12', '-nodes', '-nocerts'] : ['pkey'];
  const args = [...program, ...provider, '-in', sample.path, '-passin', 'env:PASSPHRASE'];
  const printed = (await openssl(args, { passphrase: sample.passphrase })).toString();
  const pem = /-----BEGIN[^-]*PRIVATE KEY-----[^-]*-----END[^-]*PRIVATE KEY-----/.exec(printed)?.[0];
  return pem !== undefined && isExpected(privateKey({ key: pem }), sample);
}

function nodeOpens(sample: Sample): boolean {
  const { bytes, passphrase } = sample;
  if (isPkcs12(bytes)) {
    createSecureContext({ pfx: bytes, passphrase });
    return true;
  }
  if (isPem(bytes)) return isExpected(privateKey({ key: bytes, passphrase }), sample);
  return (['pkcs8', 'pkcs1', 'sec1'] as const).some((type) => {
    try {
      return isExpected(privateKey({ key: bytes, format: 'der', type, passphrase }), sample);
    } catch {
      return false;
    }
  });
}

/** A second try, because Node blames a key for errors that earlier calls of this process left in OpenSSL. */
function privateKey(input: PrivateKeyInput & { readonly passphrase?: string | undefined }): KeyObject {
  try {
    return createPrivateKey(input);
  } catch {
    return createPrivateKey(input);
  }
}

function forgeOpens(sample: Sample): boolean {
  const passphrase = forge.util.encodeUtf8(sample.passphrase ?? '');
  const block = isPem(sample.bytes) ? forge.pem.decode(sample.bytes.toString('latin1'))[0] : undefined;
  if (block?.procType !== undefined && block.procType !== null) {
    const key = forge.pki.decryptRsaPrivateKey(sample.bytes.toString('latin1'), passphrase);
    return isExpected(privateKey({ key: forge.pki.privateKeyToPem(key) }), sample);
  }
  const asn1 = forge.asn1.fromDer(block?.body ?? sample.bytes.toString('latin1'));
  if (!isPkcs12(sample.bytes)) {
    return forgeKeyIsExpected(
      sample.passphrase === undefined ? asn1 : forge.pki.decryptPrivateKeyInfo(asn1, passphrase),
      sample,
    );
  }
  const file = forge.pkcs12.pkcs12FromAsn1(asn1, false, passphrase);
  const types = [forge.pki.oids['pkcs8ShroudedKeyBag'] ?? '', forge.pki.oids['keyBag'] ?? ''];
  const bags = types.flatMap((bagType) => file.getBags({ bagType })[bagType] ?? []);
  return bags.length > 0 && bags.every(({ asn1: key }) => forgeKeyIsExpected(key, sample));
}

/** What forge decrypted counts, whatever kind of key it is: it has no objects for most. */
function forgeKeyIsExpected(asn1: forge.asn1.Asn1, sample: Sample): boolean {
  const key = Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1');
  return nodeOpens({ ...sample, bytes: key, passphrase: undefined });
}
