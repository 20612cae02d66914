import { createPrivateKey } from 'node:crypto';

/** What must not be seen, with a name for the message of a test that fails. */
interface TellTale {
  readonly what: string;
  /** Looked for as it is, in upper and lower case. */
  readonly texts: readonly string[];
  /** Looked for where white space and punctuation have been taken out: dumps of bytes come in many forms. */
  readonly dense: readonly string[];
}

/** Secret bytes of a private key: every parameter of RFC 8017 or RFC 7517 that is not public. */
const secretParameters = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const;

/**
 * Looks for secrets in whatever a program or a library gives away, in each form that a careless line of code would
 * give them: as they are, JSON, URL, base64 at each alignment, hexadecimal, decimal, UTF-16.
 */
export class TellTales {
  readonly #all: readonly TellTale[];

  constructor(secrets: Readonly<Record<string, string>>, privateKeys: Readonly<Record<string, string>>) {
    this.#all = [
      ...Object.entries(secrets).map(([what, secret]) => ofSecret(what, secret)),
      ...Object.entries(privateKeys).flatMap(([what, pem]) => ofPrivateKey(what, pem)),
    ];
  }

  /** What of all that can be found in here, by name; empty is good. */
  foundIn(given: string | Uint8Array, except: readonly string[] = []): string[] {
    const text = (typeof given === 'string' ? given : Buffer.from(given).toString('latin1')).toLowerCase();
    const dense = text.replaceAll(/[^a-z0-9+/=,]/g, '');
    const denser = dense.replaceAll(',', '');
    return this.#all
      .filter(({ what }) => !except.includes(what))
      .filter(
        ({ texts, dense: forms }) =>
          texts.some((form) => text.includes(form.toLowerCase())) ||
          forms.some((form) => dense.includes(form.toLowerCase()) || denser.includes(form.toLowerCase())),
      )
      .map(({ what }) => what);
  }
}

function ofSecret(what: string, secret: string): TellTale {
  const bytes = Buffer.from(secret);
  const utf16 = Buffer.from(secret, 'utf16le').toString('latin1');
  return {
    what,
    texts: [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      utf16,
      ...unaligned(bytes),
    ],
    dense: dumps(bytes),
  };
}

function ofPrivateKey(what: string, pem: string): TellTale[] {
  const key = createPrivateKey(pem);
  const jwk = key.export({ format: 'jwk' });
  const parameters = secretParameters.flatMap((name) => {
    const value = jwk[name];
    if (typeof value !== 'string') return [];
    const bytes = Buffer.from(value, 'base64url');
    const number = BigInt(`0x${bytes.toString('hex')}`).toString();
    // A dump may be cut at any length: the beginning, the middle and the end each betray it.
    const parts = [0, (bytes.length - 16) >> 1, bytes.length - 16].map((at) => bytes.subarray(at, at + 16));
    return [
      {
        what: `${what}, ${name}`,
        texts: parts.flatMap(unaligned),
        dense: [...parts.flatMap(dumps), number.slice(0, 30), number.slice(-30)],
      },
    ];
  });
  const lines = pem.split('\n').filter((line) => line.length > 40 && !line.startsWith('-----'));
  // The first lines of a PKCS#8 key are algorithm and modulus, which are public; the rest is not.
  const secretLines = lines.slice(Math.ceil(lines.length / 3));
  return [...parameters, { what: `${what}, lines of its PEM`, texts: secretLines, dense: [] }];
}

/** The base64 that stands for these bytes wherever they lie in something larger. */
function unaligned(bytes: Uint8Array): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const inner = encoded.slice(Math.ceil((shift * 4) / 3), -4);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Hexadecimal, and the decimal list that `util.inspect` and JSON give for bytes. */
function dumps(bytes: Uint8Array): string[] {
  return [Buffer.from(bytes).toString('hex'), [...bytes].join(',')];
}
