import { expect } from '@jest/globals';

/** A conversation of `openssl s_client` and `openssl s_server`. */
export interface Row {
  readonly name: string;
  readonly server: readonly string[];
  readonly client?: readonly string[];
  /** `> x` is typed at the client, `< x` at the server. */
  readonly steps?: readonly string[];
  /** What s_client must have seen, so that the row is what its name says. */
  readonly seen?: readonly RegExp[];
  /** Facts that must come out. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

const ask = ['-CAfile', 'ca.crt', '-Verify', '2', '-verify_return_error'];
const own = ['-cert', 'client.crt', '-cert_chain', 'client.chain.crt', '-key', 'client.key'];
const stranger = ['-cert', 'stranger.crt', '-key', 'stranger.key'];
const expired = ['-cert', 'expired.crt', '-cert_chain', 'expired.chain.crt', '-key', 'expired.key'];

const suites13 = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_CCM_8_SHA256',
];

const suites12 = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-CCM',
  'ECDHE-ECDSA-AES256-CCM8',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-ECDSA-AES128-SHA256',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-ECDSA-CAMELLIA128-SHA256',
  'ECDHE-ECDSA-ARIA256-GCM-SHA384',
];

const refusals: readonly Row[] = [
  {
    name: 'TLS 1.3 without the certificate asked for',
    server: ['-tls1_3', ...ask],
    seen: [/^client Certificate 8$/, /^server Alert fatal certificate_required/],
    facts: { clientCertificates: [], clientProvedKey: false },
  },
  {
    name: 'TLS 1.2 without the certificate asked for',
    server: ['-tls1_2', ...ask],
    seen: [/^client Certificate 7$/, /^server Alert fatal handshake_failure/],
    facts: { clientCertificates: [], clientProvedKey: false },
  },
  {
    name: 'TLS 1.3, certificate of another CA',
    server: ['-tls1_3', ...ask],
    client: stranger,
    seen: [/^server Alert fatal unknown_ca/],
    facts: {
      clientProvedKey: true,
      tickets: 0,
      alerts: [expect.objectContaining({ number: 48, encrypted: true })],
    },
  },
  {
    name: 'TLS 1.2, certificate of another CA',
    server: ['-tls1_2', ...ask],
    client: stranger,
    seen: [/^server Alert fatal unknown_ca/],
    facts: { alerts: [expect.objectContaining({ number: 48, encrypted: false, from: 'server' })] },
  },
  {
    name: 'TLS 1.3, expired certificate',
    server: ['-tls1_3', ...ask],
    client: expired,
    seen: [/^server Alert fatal certificate_expired/],
    facts: { alerts: [expect.objectContaining({ number: 45, level: 'fatal' })] },
  },
  {
    name: 'TLS 1.2, leaf without its intermediate',
    server: ['-tls1_2', ...ask],
    client: ['-cert', 'client.crt', '-key', 'client.key'],
    seen: [/^server Alert fatal unknown_ca/],
  },
  {
    name: 'ALPN that does not fit',
    server: ['-tls1_2', '-alpn', 'mqtt'],
    client: ['-alpn', 'h2'],
    seen: [/^server Alert fatal/],
    facts: { serverHello: undefined, alerts: [expect.objectContaining({ number: 120 })] },
  },
  {
    name: 'a server name that is not known',
    server: [
      '-tls1_3',
      '-servername',
      'a.example',
      '-cert2',
      'server.crt',
      '-key2',
      'server.key',
      '-servername_fatal',
    ],
    client: ['-servername', 'wrong.example'],
    seen: [/^server Alert fatal unrecognized_name/],
    facts: { clientHello: expect.objectContaining({ serverName: 'wrong.example' }) },
  },
  {
    name: 'no version in common',
    server: ['-tls1_3'],
    client: ['-tls1_2'],
    seen: [/^server Alert fatal protocol_version/],
    facts: { serverHello: undefined },
  },
  {
    name: 'no cipher suite in common',
    server: ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
    client: ['-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    seen: [/^server Alert fatal handshake_failure/],
  },
];

const later: readonly Row[] = [
  {
    name: 'new keys in TLS 1.3, asked for by both',
    server: ['-tls1_3'],
    steps: ['> before', '> K', '> between', '< K', '> after', '< answer'],
    seen: [/^client KeyUpdate 5/, /^server KeyUpdate 5/],
  },
  {
    name: 'a certificate asked for after the handshake',
    server: ['-tls1_3', '-CAfile', 'ca.crt', '-verify', '2'],
    client: [...own, '-enable_pha'],
    steps: ['> text', '< c', '> more'],
    seen: [/^client Certificate \d{3}/],
    facts: { certificateRequest: expect.objectContaining({ postHandshake: true }), clientProvedKey: true },
  },
  {
    name: 'a new handshake inside TLS 1.2',
    server: ['-tls1_2', '-CAfile', 'ca.crt', '-verify', '2', '-legacy_renegotiation'],
    client: own,
    steps: ['> text', '< R', '> more'],
    seen: [/^server HelloRequest/],
    facts: { clientProvedKey: true, clientHello: expect.objectContaining({ encrypted: true }) },
  },
];

export const rows: readonly Row[] = [
  {
    name: 'TLS 1.3, no certificate asked for',
    server: ['-tls1_3'],
    facts: { certificateRequest: undefined, clientCertificates: undefined, tickets: 2 },
  },
  {
    name: 'TLS 1.2, no certificate asked for',
    server: ['-tls1_2'],
    facts: { certificateRequest: undefined, clientCertificates: undefined, tickets: 1 },
  },
  ...suites13.map((suite) => ({
    name: `TLS 1.3 with ${suite}`,
    server: ['-tls1_3', '-ciphersuites', suite],
    client: ['-ciphersuites', suite],
    steps: ['> some text'],
    facts: { serverHello: expect.objectContaining({ cipherSuite: suite, version: 'TLSv1.3' }) },
  })),
  ...suites12.map((suite) => ({
    name: `TLS 1.2 with ${suite}`,
    server: ['-tls1_2', '-cipher', suite],
    client: ['-cipher', suite],
    steps: ['> some text'],
    facts: { serverHello: expect.objectContaining({ version: 'TLSv1.2' }) },
  })),
  {
    name: 'TLS 1.2 with RSA key exchange',
    server: ['-tls1_2', '-cert', 'rsa-server.crt', '-key', 'rsa-server.key', '-cipher', 'AES128-GCM-SHA256'],
    steps: ['> some text'],
    facts: { serverHello: expect.objectContaining({ cipherSuite: 'TLS_RSA_WITH_AES_128_GCM_SHA256' }) },
  },
  {
    name: 'TLS 1.3 with a client certificate',
    server: ['-tls1_3', ...ask],
    client: own,
    facts: { clientProvedKey: true, clientFinished: true, serverFinished: true, tickets: 2 },
  },
  {
    name: 'TLS 1.2 with a client certificate',
    server: ['-tls1_2', ...ask],
    client: own,
    facts: { clientProvedKey: true, clientFinished: true, serverFinished: true },
  },
  {
    name: 'HelloRetryRequest for P-384',
    server: ['-tls1_3', '-groups', 'P-384'],
    seen: [/^client ClientHello/, /^server ServerHello 88/],
    facts: {
      helloRetryRequest: true,
      serverHello: expect.objectContaining({ group: 'secp384r1' }),
      clientHello: expect.objectContaining({ afterRetry: true, keyShares: ['secp384r1'] }),
    },
  },
  {
    name: 'HelloRetryRequest for P-521, with a client certificate',
    server: ['-tls1_3', '-groups', 'P-521', ...ask],
    client: own,
    facts: { helloRetryRequest: true, clientProvedKey: true },
  },
  {
    name: 'ALPN that fits, TLS 1.2',
    server: ['-tls1_2', '-alpn', 'mqtt'],
    client: ['-alpn', 'http/1.1,mqtt'],
    facts: {
      clientHello: expect.objectContaining({ alpn: ['http/1.1', 'mqtt'] }),
      serverHello: expect.objectContaining({ alpn: 'mqtt' }),
    },
  },
  ...refusals,
  ...later,
];
