import { type Refuse, der, parseAsn1 } from '../../asn1/index.js';
import { unsupportedType } from '../create.js';
import { createDsaKey } from '../dsa.js';
import { createEcKey } from '../ec.js';
import { createPkcs8Key, readPkcs8 } from '../pkcs8.js';
import type { OpenedKey } from '../unknown-key.js';
import { createRsaKey } from '../rsa.js';

type FieldsOfKey = Readonly<Record<string, Uint8Array | undefined>>;

/** A kind of key: its fields in the private part, those of them that its public half has, and what they make. */
export interface KeyKind {
  readonly fields: readonly string[];
  readonly publicFields: readonly string[];
  /** @throws SapcertError `key.damaged`, `key.unsupported-type` */
  readonly create: (fields: FieldsOfKey, refuse: Refuse) => OpenedKey;
}

const rsa: KeyKind = {
  fields: ['n', 'e', 'd', 'iqmp', 'p', 'q'],
  publicFields: ['e', 'n'],
  create: (fields, refuse) => {
    const [n, e, d, p, q, coefficient] = ['n', 'e', 'd', 'p', 'q', 'iqmp'].map((name) =>
      number(fields, name, refuse),
    );
    if (d === undefined || p === undefined || q === undefined || p < 2n || q < 2n) {
      throw refuse('the numbers of the RSA key are not ones that RSA uses');
    }
    const numbers = [0n, n, e, d, p, q, d % (p - 1n), d % (q - 1n), coefficient];
    return createRsaKey(parseAsn1(sequenceOf(numbers), refuse));
  },
};

const dsa: KeyKind = {
  fields: ['p', 'q', 'g', 'y', 'x'],
  publicFields: ['p', 'q', 'g', 'y'],
  create: (fields, refuse) => {
    const numbers = ['p', 'q', 'g', 'y', 'x'].map((name) => number(fields, name, refuse));
    return createDsaKey(parseAsn1(sequenceOf([0n, ...numbers]), refuse).sequence('the DSA key'));
  },
};

/** RFC 5656 section 6.1: `ecdsa-sha2-` and the curve, by the name that three have or by its identifier. */
function ecdsa(curveName: string, curve: string): KeyKind {
  return {
    fields: ['curve', 'point', 'd'],
    publicFields: ['curve', 'point'],
    create: (fields, refuse) => {
      if (Buffer.from(fields['curve'] ?? []).toString('latin1') !== curveName) {
        throw refuse('the kind of the EC key and its curve contradict each other');
      }
      const key = der.sequence(
        der.integer(1),
        der.octets(withoutSign(fields['d'] ?? Buffer.of())),
        der.explicit(0, der.oid(curve)),
        der.explicit(1, der.bits(fields['point'] ?? Buffer.of())),
      );
      return createEcKey(parseAsn1(key, refuse).sequence('the EC key'), undefined);
    },
  };
}

/** The private field is the seed, and the public key once more. */
function edwards(oid: string, length: number): KeyKind {
  return {
    fields: ['public', 'private'],
    publicFields: ['public'],
    create: (fields, refuse) => {
      const { public: publicKey = Buffer.of(), private: pair = Buffer.of() } = fields;
      const again = pair.subarray(length);
      if (publicKey.length !== length || Buffer.compare(again, publicKey) !== 0) {
        throw refuse('the public key beside the private key is another key');
      }
      const info = der.sequence(
        der.integer(1),
        der.sequence(der.oid(oid)),
        der.octets(der.octets(pair.subarray(0, length))),
        der.implicitOctets(1, Buffer.concat([Buffer.of(0), publicKey])),
      );
      return createPkcs8Key(readPkcs8(parseAsn1(info, refuse).sequence('the key')));
    },
  };
}

const kinds: Readonly<Partial<Record<string, KeyKind>>> = {
  'ssh-rsa': rsa,
  'ssh-dss': dsa,
  'ecdsa-sha2-nistp256': ecdsa('nistp256', '1.2.840.10045.3.1.7'),
  'ecdsa-sha2-nistp384': ecdsa('nistp384', '1.3.132.0.34'),
  'ecdsa-sha2-nistp521': ecdsa('nistp521', '1.3.132.0.35'),
  'ssh-ed25519': edwards('1.3.101.112', 32),
  'ssh-ed448': edwards('1.3.101.113', 57),
};

export function kindNamed(name: string): KeyKind | undefined {
  const curve = /^ecdsa-sha2-([0-2](?:\.\d{1,9}){2,12})$/.exec(name)?.[1];
  return curve === undefined ? kinds[name] : ecdsa(curve, curve);
}

export function unknownKind(name: string, refuse: Refuse): Error {
  return name.startsWith('sk-')
    ? unsupportedType('the private key lies in a security key (FIDO), and the file only says where', refuse)
    : unsupportedType(`the key is ${JSON.stringify(name)}`, refuse);
}

/** An mpint (RFC 4251 section 5), which in a key is never negative. */
function number(fields: FieldsOfKey, name: string, refuse: Refuse): bigint {
  const bytes = fields[name] ?? Buffer.of();
  if ((bytes[0] ?? 0) >= 0x80) throw refuse(`the number ${name} of the key is negative`);
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function withoutSign(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0 ? bytes.subarray(1) : bytes;
}

function sequenceOf(numbers: readonly (bigint | undefined)[]): Uint8Array {
  return der.sequence(...numbers.map((value) => der.integer(value ?? 0n)));
}
