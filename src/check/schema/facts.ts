import { flag, isoTime, list, number, object, oneOf, text, texts } from './words.js';

/** The facts of each stage, as `facts.ts` has them. */

const key = object({ type: text }, { bits: number, curve: text });

export const certificate = object(
  {
    subject: text,
    issuer: text,
    serial: text,
    notBefore: isoTime,
    notAfter: isoTime,
    sha256: text,
    key,
    signature: text,
    isCa: flag,
    selfIssued: flag,
  },
  { extendedKeyUsage: texts, keyUsage: texts, names: texts, issuerUrls: texts },
);

const place = object({}, { file: text, block: number, line: number, lastLine: number });

const encryption = object(
  { scheme: text, cipher: text, kdf: text },
  {
    iterations: number,
    scrypt: object({ N: number, r: number, p: number }),
    argon2: object({ memory: number, passes: number, parallelism: number }),
    oid: text,
  },
);

const file = object(
  {
    given: flag,
    chain: list({ $ref: '#/$defs/certificate' }),
    defects: list(object({ code: text, message: text }, { hint: text, place })),
    notes: list(object({ code: text, message: text })),
    trust: object(
      { source: oneOf('ca-file', 'default'), count: number },
      { name: text, certificates: list({ $ref: '#/$defs/certificate' }) },
    ),
  },
  {
    name: text,
    format: text,
    key: object({ type: text }, { bits: number, curve: text, encryption }),
    leaf: { $ref: '#/$defs/certificate' },
    others: list({ $ref: '#/$defs/certificate' }),
    inOrder: flag,
    missingIssuer: text,
    device: object({ deviceId: text, form: text }),
  },
);

const family = oneOf(4, 6);
const address = object({ address: text, family });

const dns = object(
  { name: text, literal: flag, addresses: list(address), timedOut: flag },
  { error: object({ code: text, message: text }) },
);

const tcp = object(
  {
    port: number,
    attempts: list(
      object(
        {
          address: text,
          family,
          outcome: oneOf('connected', 'refused', 'timeout', 'unreachable', 'reset', 'failed'),
          ms: number,
        },
        { code: text },
      ),
    ),
    local: object({ ipv4: flag, ipv6: flag }),
  },
  { used: address },
);

const side = oneOf('server', 'client');
const end = object({ by: side, how: oneOf('fin', 'rst', 'error', 'close'), at: number });
const alert = object({ from: side, at: number }, { level: oneOf('warning', 'fatal'), number, name: text });

const verdict = object(
  {
    certificateNames: texts,
    anchored: flag,
    completedByBundle: flag,
    sameNameOtherKey: flag,
    outOfOrder: flag,
    leafIsInCaFile: flag,
    issuerOfSameOrganisation: flag,
  },
  {
    trusted: flag,
    error: text,
    nameMatches: flag,
    anchor: text,
    anchorSha256: text,
    missingIssuer: text,
    defaultRootsAccept: flag,
  },
);

const tls = object(
  {
    address: text,
    offered: object(
      { minVersion: text, maxVersion: text, alpn: texts, certificates: number, loweredSecurity: flag },
      { serverName: text, cipherSuites: texts },
    ),
    reach: oneOf('nothing', 'server-hello', 'client-flight', 'secured', 'settled'),
    serverChain: list({ $ref: '#/$defs/certificate' }),
    alerts: list(alert),
    tickets: number,
    timedOut: flag,
    bytes: object({ client: number, server: number }),
  },
  {
    version: text,
    cipher: text,
    alpn: text,
    request: object(
      { authorities: texts, signatureAlgorithms: texts, certificateTypes: texts },
      { namesOurIssuer: flag },
    ),
    sent: object({ certificates: number, sha256: texts, provedKey: flag }),
    verdict,
    end,
    notTls: object({ protocol: text, sample: text }),
    partial: object({ have: number, need: number, what: text }),
    quiet: number,
    pause: number,
    error: object({ code: text, message: text }),
    roundTrip: number,
    waited: number,
    diffieHellmanBits: number,
  },
);

const step = oneOf('connack', 'suback', 'puback', 'ack', 'pingresp', 'watching');
const reasonFields = { code: number, name: text };
const reason = object(reasonFields, { reasonString: text });
const subscription = object({ ...reasonFields, topic: text, granted: flag }, { reasonString: text });

const malformed = object({ why: text, sample: text }, { protocol: text });

const mqtt = object(
  {
    protocolVersion: oneOf('3.1.1', '5'),
    clientId: text,
    username: flag,
    password: flag,
    keepalive: number,
    reach: oneOf('nothing', 'connect-sent', 'connected', 'stayed'),
    subscriptions: list(subscription),
    alerts: list(alert),
    timedOut: flag,
  },
  {
    connack: object(
      {
        ...reasonFields,
        sessionPresent: flag,
        properties: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
      },
      { reasonString: text },
    ),
    disconnect: object(reasonFields, { reasonString: text, serverReference: text }),
    otherPacketId: number,
    connackMs: number,
    pingMs: number,
    end,
    during: step,
    partialBytes: number,
    malformed,
    stayedMs: number,
  },
);

const ack = object(
  { acks: list(object({ code: { type: 'number' }, messages: texts }, { id: text })), timedOut: flag },
  {
    publish: object(
      { topic: text, qos: oneOf(0, 1, 2), bytes: number },
      { acknowledged: reason, ms: number, otherPacketId: number },
    ),
    subscription,
    withheld: object({ why: oneOf('qos', 'size', 'retain'), limit: number }),
    otherPacketId: number,
    ackTopic: text,
    otherAcks: number,
    malformed,
    disconnect: object(reasonFields, { reasonString: text, serverReference: text }),
    end,
    during: step,
  },
);

export const stageFacts = { file, dns, tcp, tls, mqtt, ack } as const;
