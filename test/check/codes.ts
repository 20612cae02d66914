import type { AlertFacts, Certainty, Evidence } from '../../src/check/index.js';
import type { DiagnosisCode } from '../../src/codes.js';
import { certificate, failing, healthy, nothing, serverLeaf, serverRoot, tried } from './evidence.js';

/** A piece of recorded evidence and what must be the first answer to it. */
export interface Row {
  readonly what: string;
  readonly evidence: Evidence;
  readonly first: DiagnosisCode;
  readonly certainty: Certainty;
  /** Further codes that must stand among the diagnoses. */
  readonly also?: readonly DiagnosisCode[];
  /** Codes that must not. */
  readonly never?: readonly DiagnosisCode[];
}

function row(
  what: string,
  first: DiagnosisCode,
  certainty: Certainty,
  evidence: Evidence,
  more: Pick<Row, 'also' | 'never'> = {},
): Row {
  return { what, evidence, first, certainty, ...more };
}

function serverAlert(number: number, name: string): AlertFacts {
  return { from: 'server', level: 'fatal', number, name, at: 30 };
}

const closed = { by: 'server', how: 'fin', at: 40 } as const;
const reset = { by: 'server', how: 'rst', at: 40 } as const;

/** The server ended the handshake once it had seen our certificate. */
function refusedBy(number: number | undefined, name = '') {
  const alerts = number === undefined ? [] : [serverAlert(number, name)];
  return { reach: 'secured', alerts, end: closed, tickets: 0 } as const;
}

/** The server's certificate did not pass. */
function distrusted(error: string, verdict: object = {}, chain = [serverLeaf]) {
  return {
    reach: 'client-flight',
    serverChain: chain,
    verdict: {
      trusted: false,
      error,
      nameMatches: true,
      certificateNames: ['gateway.example'],
      anchored: true,
      completedByBundle: false,
      sameNameOtherKey: false,
      outOfOrder: false,
      leafIsInCaFile: false,
      issuerOfSameOrganisation: false,
      ...verdict,
    },
  } as const;
}

const unanchored = { anchored: false, missingIssuer: 'O=Example, CN=Issuing CA' };

function connack(code: number, name: string, more: object = {}) {
  return {
    reach: 'connect-sent',
    connack: { code, name, sessionPresent: false, properties: {}, ...more },
  } as const;
}

const ended = { reach: 'connect-sent', connack: undefined, end: closed, during: 'connack' } as const;

const fileRows: readonly Row[] = (
  [
    'file.not-found',
    'file.unreadable',
    'file.empty',
    'file.too-large',
    'file.unrecognised',
    'file.malformed',
    'file.truncated',
    'file.no-private-key',
    'file.no-certificate',
    'file.several-keys',
    'file.not-a-certificate',
    'key.passphrase-missing',
    'key.passphrase-wrong',
    'key.unsupported-encryption',
    'key.unsupported-type',
    'key.kdf-too-costly',
    'key.damaged',
    'key.certificate-mismatch',
    'key.not-private',
    'ca-file.unusable',
  ] as const
).map((code) =>
  row(
    `the input: ${code}`,
    code,
    'proven',
    failing('file', { file: { leaf: undefined, defects: [{ code, message: 'what is wrong' }] } }),
  ),
);

const networkRows: readonly Row[] = [
  row(
    'no such name',
    'dns.not-found',
    'proven',
    failing('dns', { dns: { addresses: [], error: { code: 'ENOTFOUND', message: '' } } }),
  ),
  row('a name without an address', 'dns.not-found', 'proven', failing('dns', { dns: { addresses: [] } })),
  row(
    'no DNS server',
    'dns.failed',
    'proven',
    failing('dns', { dns: { addresses: [], error: { code: 'EAI_AGAIN', message: '' } } }),
  ),
  row(
    'a DNS server that is silent',
    'dns.failed',
    'proven',
    failing('dns', { dns: { addresses: [], timedOut: true } }),
  ),
  ...(
    [
      ['refused', 'tcp.refused'],
      ['timeout', 'tcp.timeout'],
      ['unreachable', 'tcp.unreachable'],
      ['reset', 'tcp.reset'],
    ] as const
  ).map(([outcome, code]) =>
    row(
      `TCP: ${outcome}`,
      code,
      'proven',
      failing('tcp', {
        tcp: { used: undefined, attempts: [{ address: '192.0.2.1', family: 4, outcome, ms: 9 }] },
      }),
    ),
  ),
  row(
    'refused over IPv4, and no IPv6 here',
    'tcp.refused',
    'proven',
    failing('tcp', {
      tcp: {
        used: undefined,
        attempts: [
          { address: '2001:db8::1', family: 6, outcome: 'unreachable', code: 'ENETUNREACH', ms: 0 },
          { address: '192.0.2.1', family: 4, outcome: 'refused', code: 'ECONNREFUSED', ms: 9 },
        ],
      },
    }),
    { never: ['tcp.unreachable'] },
  ),
  row(
    'IPv6 addresses only, and no IPv6 here',
    'tcp.wrong-address-family',
    'proven',
    failing('tcp', {
      tcp: {
        used: undefined,
        attempts: [{ address: '2001:db8::1', family: 6, outcome: 'unreachable', ms: 0 }],
      },
    }),
  ),
  row(
    'the other loopback address works',
    'tcp.wrong-address-family',
    'proven',
    failing('tcp', {
      target: { host: '127.0.0.1' },
      tcp: { used: undefined, attempts: [{ address: '127.0.0.1', family: 4, outcome: 'refused', ms: 0 }] },
      experiments: [tried('other-family', 'accepted', { facts: { address: '::1' } })],
    }),
  ),
  row(
    'an expired certificate behind a closed port',
    'tcp.refused',
    'proven',
    failing('tcp', {
      file: { leaf: certificate({ notAfter: '2026-05-01T00:00:00Z' }) },
      tcp: { used: undefined, attempts: [{ address: '192.0.2.1', family: 4, outcome: 'refused', ms: 9 }] },
    }),
    { also: ['certificate.expired'] },
  ),
  ...(
    [
      ['certificate.expired', { notAfter: '2026-05-01T00:00:00Z' }],
      ['certificate.not-yet-valid', { notBefore: '2026-07-01T00:00:00Z' }],
      ['certificate.wrong-purpose', { extendedKeyUsage: ['serverAuth'] }],
    ] as const
  ).map(([code, changes]) => {
    const { stages, ...rest } = healthy({ file: { leaf: certificate(changes) } });
    const short = stages.map((one) =>
      ['file', 'dns', 'tcp'].includes(one.stage)
        ? one
        : { ...one, outcome: 'skipped', ms: 0, facts: { reason: 'not asked for' } },
    );
    return row(`up to TCP: ${code}`, code, 'proven', { ...rest, stages: short as Evidence['stages'] });
  }),
];

const allPlainTried = [tried('plain-mqtt', 'refused'), tried('plain-http', 'refused')];
const allTried = [
  ...allPlainTried,
  tried('alpn', 'refused'),
  tried('without-sni', 'refused'),
  tried('tls-1.2', 'refused'),
];

const portRows: readonly Row[] = [
  row(
    'HTTP answers',
    'tls.http-port',
    'proven',
    failing('tls', { tls: { ...nothing, notTls: { protocol: 'http', sample: 'HTTP/1.1 400 Bad Request' } } }),
  ),
  row(
    'HTTP answers inside TLS',
    'tls.http-port',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connect-sent',
        connack: undefined,
        malformed: { why: 'not MQTT', protocol: 'http', sample: 'HTTP/1.1 400' },
      },
    }),
  ),
  row(
    'HTTP answers inside TLS, and MQTT with ALPN',
    'tls.alpn-required',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connect-sent',
        connack: undefined,
        malformed: { why: 'not MQTT', protocol: 'http', sample: 'HTTP/1.1 400' },
      },
      experiments: [
        tried('alpn', 'accepted', { tls: { alpn: 'mqtt' }, mqtt: {} }),
        tried('repeat', 'refused'),
      ],
    }),
    { never: ['tls.http-port'] },
  ),
  row(
    'WebSocket',
    'tls.wss-port',
    'proven',
    failing('mqtt', {
      mqtt: { ...ended },
      experiments: [tried('https', 'accepted', { facts: { webSocketPath: '/mqtt' } })],
    }),
  ),
  row(
    'plain MQTT answers the probe',
    'tls.plain-mqtt-port',
    'proven',
    failing('tls', {
      tls: { ...nothing, end: reset },
      experiments: [tried('plain-mqtt', 'accepted', { facts: { connackCode: 5 } })],
    }),
    { never: ['tcp.reset'] },
  ),
  row(
    'MQTT answers TLS',
    'tls.plain-mqtt-port',
    'proven',
    failing('tls', { tls: { ...nothing, notTls: { protocol: 'mqtt', sample: '' } } }),
  ),
  row(
    'SSH',
    'tls.not-tls',
    'proven',
    failing('tls', { tls: { ...nothing, notTls: { protocol: 'ssh', sample: 'SSH-2.0-OpenSSH_9.2' } } }),
  ),
  row(
    'silence',
    'tls.silent',
    'proven',
    failing('tls', { tls: { ...nothing, timedOut: true }, experiments: allTried }),
  ),
  row(
    'silence, and a protocol name not tried',
    'tls.silent',
    'likely',
    failing('tls', { tls: { ...nothing, timedOut: true }, experiments: allPlainTried }),
  ),
  row(
    'silence, and an answer without a server name',
    'tls.sni-rejected',
    'proven',
    failing('tls', {
      tls: { ...nothing, timedOut: true },
      experiments: [...allPlainTried, tried('without-sni', 'accepted', { tls: {} })],
    }),
    { never: ['tls.silent'] },
  ),
  row(
    'the end in the middle of a ServerHello',
    'tcp.closed',
    'likely',
    failing('tls', {
      tls: {
        ...nothing,
        bytes: { client: 500, server: 60 },
        partial: { have: 60, need: 127, what: 'handshake record' },
        end: closed,
      },
      experiments: allTried,
    }),
    { never: ['tls.handshake-failed'] },
  ),
  row(
    'the end in the middle of the handshake, and as far with ALPN',
    'tcp.closed',
    'likely',
    failing('tls', {
      tls: { reach: 'server-hello', request: undefined, sent: undefined, verdict: undefined, end: closed },
      experiments: [tried('alpn', 'refused', { tls: {} })],
    }),
    { never: ['tls.handshake-failed'] },
  ),
  row(
    'silence, and nothing else tried',
    'tls.silent',
    'likely',
    failing('tls', { tls: { ...nothing, timedOut: true } }),
  ),
  row(
    'half a record',
    'tls.partial-then-silent',
    'proven',
    failing('tls', {
      tls: {
        ...nothing,
        timedOut: true,
        bytes: { client: 500, server: 1300 },
        partial: { have: 1300, need: 3000, what: 'handshake record' },
      },
    }),
  ),
  row(
    'closed at once',
    'tcp.closed',
    'proven',
    failing('tls', { tls: { ...nothing, end: closed }, experiments: allTried }),
  ),
  row(
    'reset at once',
    'tcp.reset',
    'proven',
    failing('tls', { tls: { ...nothing, end: reset }, experiments: allTried }),
  ),
  row(
    'reset once, and never again',
    'tcp.reset',
    'likely',
    failing('tls', {
      tls: { ...nothing, end: reset },
      experiments: [tried('tls-1.2', 'accepted', { tls: {} }), tried('repeat', 'accepted', { tls: {} })],
    }),
    { never: ['tls.version-mismatch'] },
  ),
  row(
    'another protocol inside TLS',
    'mqtt.malformed-reply',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connect-sent',
        connack: undefined,
        malformed: { why: 'not MQTT', protocol: 'amqp', sample: 'AMQP' },
      },
    }),
  ),
];

const handshakeRows: readonly Row[] = [
  row(
    'alert 70',
    'tls.version-mismatch',
    'proven',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(70, 'protocol_version')] } }),
  ),
  row(
    'TLS 1.2 alone gets through',
    'tls.version-mismatch',
    'proven',
    failing('tls', {
      tls: { ...nothing, end: reset },
      experiments: [tried('tls-1.2', 'accepted', { tls: { version: 'TLSv1.2' } })],
    }),
    { never: ['tcp.reset'] },
  ),
  row(
    'alert 40',
    'tls.no-common-cipher',
    'likely',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(40, 'handshake_failure')] } }),
  ),
  row(
    'a cipher that nobody offered',
    'tls.no-common-cipher',
    'proven',
    failing('tls', {
      tls: { ...nothing, alerts: [serverAlert(40, 'handshake_failure')] },
      experiments: [
        tried('any-cipher', 'accepted', {
          tls: { version: 'TLSv1.2', cipher: 'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA' },
        }),
      ],
    }),
  ),
  row(
    'alert 112',
    'tls.sni-rejected',
    'proven',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(112, 'unrecognized_name')] } }),
  ),
  row(
    'closed, and not with a protocol name, of which the server chooses none',
    'tls.alpn-required',
    'proven',
    failing('tls', {
      tls: { ...nothing, end: closed },
      experiments: [tried('alpn', 'accepted', { tls: { alpn: undefined } }), tried('repeat', 'refused')],
    }),
    { never: ['tcp.closed', 'tls.handshake-failed'] },
  ),
  row(
    'closed with our certificate in hand, and not with a protocol name',
    'tls.alpn-required',
    'proven',
    failing('tls', {
      tls: refusedBy(undefined),
      experiments: [tried('alpn', 'accepted', { tls: { alpn: 'mqtt' } }), tried('repeat', 'refused')],
    }),
    { never: ['tls.client-certificate-refused'] },
  ),
  row(
    'alert 120',
    'tls.alpn-required',
    'proven',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(120, 'no_application_protocol')] } }),
  ),
  row(
    'a Diffie-Hellman group that the TLS library finds too small',
    'tls.server-weak-key',
    'proven',
    failing('tls', {
      tls: {
        ...nothing,
        reach: 'server-hello',
        version: 'TLSv1.2',
        cipher: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
        error: { code: 'ERR_SSL_DH_KEY_TOO_SMALL', message: 'dh key too small' },
        end: { by: 'client', how: 'fin', at: 40 },
        bytes: { client: 500, server: 2000 },
      },
    }),
    { never: ['tls.handshake-failed'] },
  ),
  row(
    'alert 80',
    'tls.handshake-failed',
    'likely',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(80, 'internal_error')] } }),
  ),
];

const serverRows: readonly Row[] = [
  row(
    'expired',
    'tls.server-expired',
    'proven',
    failing('tls', {
      tls: distrusted('CERT_HAS_EXPIRED', {}, [{ ...serverLeaf, notAfter: '2026-05-01T00:00:00Z' }]),
    }),
  ),
  row(
    'not yet valid',
    'tls.server-not-yet-valid',
    'proven',
    failing('tls', {
      tls: distrusted('CERT_NOT_YET_VALID', {}, [{ ...serverLeaf, notBefore: '2026-07-01T00:00:00Z' }]),
    }),
  ),
  row(
    'both sides not yet valid',
    'clock.wrong',
    'likely',
    failing('tls', {
      file: { leaf: certificate({ notBefore: '2026-07-01T00:00:00Z' }) },
      tls: distrusted('CERT_NOT_YET_VALID', {}, [{ ...serverLeaf, notBefore: '2026-07-02T00:00:00Z' }]),
    }),
  ),
  row(
    'a clock of before sapcert',
    'clock.wrong',
    'proven',
    failing('tls', { checkedAt: '1970-01-01T00:10:00.000Z', tls: distrusted('CERT_NOT_YET_VALID') }),
  ),
  row(
    'another host',
    'tls.server-wrong-host',
    'proven',
    failing('tls', {
      tls: distrusted('ERR_TLS_CERT_ALTNAME_INVALID', {
        nameMatches: false,
        certificateNames: ['other.example'],
      }),
    }),
  ),
  row(
    'a default certificate',
    'tls.wrong-virtual-host',
    'likely',
    failing('tls', {
      tls: distrusted('DEPTH_ZERO_SELF_SIGNED_CERT', { ...unanchored, nameMatches: false }, [
        { ...serverLeaf, subject: 'CN=TRAEFIK DEFAULT CERT', issuer: 'CN=TRAEFIK DEFAULT CERT' },
      ]),
    }),
  ),
  row(
    'self-signed',
    'tls.server-self-signed',
    'proven',
    failing('tls', {
      tls: distrusted('DEPTH_ZERO_SELF_SIGNED_CERT', { anchored: false }, [
        { ...serverLeaf, issuer: serverLeaf.subject, selfIssued: true },
      ]),
    }),
  ),
  row(
    'its root is sent, and is not trusted',
    'tls.server-untrusted',
    'proven',
    failing('tls', {
      file: { trust: { source: 'default', count: 140 } },
      tls: distrusted('SELF_SIGNED_CERT_IN_CHAIN', { anchored: false }, [serverLeaf, serverRoot]),
    }),
  ),
  row(
    'another CA file',
    'ca-file.not-the-issuer',
    'proven',
    failing('tls', {
      tls: distrusted('SELF_SIGNED_CERT_IN_CHAIN', { anchored: false }, [serverLeaf, serverRoot]),
    }),
  ),
  row(
    'the missing link is in the bundle',
    'tls.server-chain-incomplete',
    'proven',
    failing('tls', {
      tls: distrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', { ...unanchored, completedByBundle: true }),
    }),
  ),
  row(
    'a leaf of nobody that is known',
    'ca-file.not-the-issuer',
    'possible',
    failing('tls', { tls: distrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', unanchored) }),
    { also: ['tls.server-chain-incomplete'] },
  ),
  row(
    'not for servers',
    'tls.server-wrong-purpose',
    'proven',
    failing('tls', { tls: distrusted('INVALID_PURPOSE') }),
  ),
  row(
    'the authority in the CA file is none',
    'ca-file.unusable',
    'proven',
    failing('tls', {
      file: {
        trust: {
          source: 'ca-file',
          name: 'ca.pem',
          count: 1,
          certificates: [{ ...serverRoot, isCa: false }],
        },
      },
      tls: distrusted('INVALID_CA', { anchor: serverRoot.subject }),
    }),
    { never: ['tls.server-wrong-purpose'] },
  ),
  row('too weak', 'tls.server-weak-key', 'proven', failing('tls', { tls: distrusted('EE_KEY_TOO_SMALL') })),
  row(
    'an inspecting proxy',
    'tls.intercepted',
    'likely',
    failing('tls', {
      tls: distrusted('SELF_SIGNED_CERT_IN_CHAIN', unanchored, [
        { ...serverLeaf, issuer: 'O=Zscaler Inc., CN=Zscaler Intermediate Root CA' },
      ]),
    }),
    { never: ['tls.server-chain-incomplete'] },
  ),
  row(
    "SAP's gateway by its name, which neither is known nor asks for a certificate",
    'tls.intercepted',
    'possible',
    failing('tls', {
      target: { profile: 'sap-iot' },
      tls: {
        ...distrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', unanchored),
        request: undefined,
        sent: undefined,
      },
    }),
    { also: ['ca-file.not-the-issuer', 'tls.server-chain-incomplete'] },
  ),
];

export { ended, closed, connack, distrusted, refusedBy, row };
export const earlyRows: readonly Row[] = [
  ...fileRows,
  ...networkRows,
  ...portRows,
  ...handshakeRows,
  ...serverRows,
];
