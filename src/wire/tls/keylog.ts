/** Secrets of connections by label and client random. */
export type Keylog = ReadonlyMap<string, Buffer>;

/** The labels of NSS's key log format that are used here. */
export type SecretLabel =
  | 'CLIENT_RANDOM'
  | 'CLIENT_EARLY_TRAFFIC_SECRET'
  | 'CLIENT_HANDSHAKE_TRAFFIC_SECRET'
  | 'SERVER_HANDSHAKE_TRAFFIC_SECRET'
  | 'CLIENT_TRAFFIC_SECRET_0'
  | 'SERVER_TRAFFIC_SECRET_0';

/** Lines as of the `keylog` event: `LABEL <client random> <secret>`, both in hex. Other lines are left out. */
export function parseKeylog(lines: readonly string[]): Keylog {
  const secrets = new Map<string, Buffer>();
  for (const line of lines.flatMap((text) => text.split('\n'))) {
    const [, label, random, secret] = /^(\w+) ([\da-f]{64}) ((?:[\da-f]{2}){1,64})\s*$/i.exec(line) ?? [];
    if (label === undefined || random === undefined || secret === undefined) continue;
    secrets.set(`${label} ${random.toLowerCase()}`, Buffer.from(secret, 'hex'));
  }
  return secrets;
}

/** `clientRandom` in lower-case hex. */
export function findSecret(keylog: Keylog, label: SecretLabel, clientRandom: string): Buffer | undefined {
  return keylog.get(`${label} ${clientRandom}`);
}
