import { certificate, failing, tried } from '../evidence.js';
import { type Row, row, refusedBy, connack } from './row.js';

const refusal = (number: number | undefined, name?: string) => refusedBy(number, name);

const noNames = { authorities: [], signatureAlgorithms: ['rsa_pss_rsae_sha256'], certificateTypes: [] };

export const clientRows: readonly Row[] = [
  row(
    'none to send, alert 116',
    'tls.client-certificate-missing',
    'proven',
    failing('tls', {
      file: { given: false, leaf: undefined, missingIssuer: undefined },
      tls: {
        ...refusal(116, 'certificate_required'),
        sent: { certificates: 0, sha256: [], provedKey: false },
      },
    }),
  ),
  row(
    'none to send, CONNACK 3',
    'tls.client-certificate-missing',
    'likely',
    failing('mqtt', {
      file: { given: false, leaf: undefined, missingIssuer: undefined },
      tls: { sent: { certificates: 0, sha256: [], provedKey: false } },
      mqtt: connack(3, 'Server unavailable'),
    }),
  ),
  row(
    'configured, and none sent',
    'tls.client-certificate-unusable-key-type',
    'proven',
    failing('tls', {
      file: { leaf: certificate({ key: { type: 'ec', curve: 'prime256v1' } }) },
      tls: {
        ...refusal(116, 'certificate_required'),
        sent: { certificates: 0, sha256: [], provedKey: false },
      },
    }),
  ),
  row(
    'never asked for, CONNACK 5',
    'tls.client-certificate-not-requested',
    'likely',
    failing('mqtt', { tls: { request: undefined, sent: undefined }, mqtt: connack(5, 'not authorized') }),
  ),
  row(
    'alert 44',
    'tls.client-certificate-revoked',
    'proven',
    failing('tls', { tls: refusal(44, 'certificate_revoked') }),
  ),
  row(
    'alert 46, and "unknown ca" to the leaf alone: it is not the issuer',
    'tls.client-certificate-refused',
    'likely',
    failing('tls', {
      file: { missingIssuer: undefined },
      tls: { ...refusal(46, 'certificate_unknown'), request: noNames },
      experiments: [tried('leaf-only', 'refused', { tls: refusal(48, 'unknown_ca') })],
    }),
    { never: ['tls.client-certificate-issuer-not-accepted', 'tls.client-certificate-chain-incomplete'] },
  ),
  row(
    'alert 51 and "unknown ca" to the leaf alone: an authority of the same name with another key is as likely',
    'tls.client-certificate-issuer-not-accepted',
    'possible',
    failing('tls', {
      file: { missingIssuer: undefined },
      tls: { ...refusal(51, 'decrypt_error'), request: noNames },
      experiments: [tried('leaf-only', 'refused', { tls: refusal(48, 'unknown_ca') })],
    }),
  ),
  row(
    'alert 51 to the leaf alone: an authority of the same name, and no missing intermediate',
    'tls.client-certificate-issuer-not-accepted',
    'likely',
    failing('tls', {
      file: { chain: [] },
      tls: { ...refusal(51, 'decrypt_error'), request: noNames },
    }),
    { never: ['tls.client-certificate-chain-incomplete'] },
  ),
  row(
    'expired, alert 45',
    'tls.client-certificate-expired',
    'proven',
    failing('tls', {
      file: { leaf: certificate({ notAfter: '2026-05-01T00:00:00Z' }) },
      tls: refusal(45, 'certificate_expired'),
    }),
    { never: ['clock.wrong'] },
  ),
  row(
    'expired, and not a word',
    'tls.client-certificate-expired',
    'likely',
    failing('tls', {
      file: { leaf: certificate({ notAfter: '2026-05-01T00:00:00Z' }) },
      tls: refusal(undefined),
    }),
  ),
  row(
    'alert 45 to a certificate that is valid here',
    'tls.client-certificate-refused',
    'likely',
    failing('tls', { tls: refusal(45, 'certificate_expired') }),
    { never: ['tls.client-certificate-expired'] },
  ),
  row(
    'not yet valid',
    'tls.client-certificate-not-yet-valid',
    'proven',
    failing('tls', {
      file: { leaf: certificate({ notBefore: '2026-07-01T00:00:00Z' }) },
      tls: refusal(42, 'bad_certificate'),
    }),
  ),
  row(
    'for servers only, alert 43',
    'tls.client-certificate-wrong-purpose',
    'proven',
    failing('tls', {
      file: { leaf: certificate({ extendedKeyUsage: ['serverAuth'] }) },
      tls: refusal(43, 'unsupported_certificate'),
    }),
  ),
  row(
    'an intermediate expired',
    'chain.intermediate-expired',
    'proven',
    failing('tls', {
      file: {
        chain: [certificate({ subject: 'O=Example, CN=Device CA', notAfter: '2026-05-01T00:00:00Z' })],
      },
      tls: refusal(45, 'certificate_expired'),
    }),
    { never: ['tls.client-certificate-expired'] },
  ),
  row(
    '1024 bits, alert 42',
    'tls.client-certificate-weak',
    'likely',
    failing('tls', {
      file: { leaf: certificate({ key: { type: 'rsa', bits: 1024 } }) },
      tls: refusal(42, 'bad_certificate'),
    }),
  ),
  row(
    'SHA-1, loaded at a lower level only',
    'certificate.weak-signature',
    'likely',
    failing('tls', {
      file: { leaf: certificate({ signature: 'sha1WithRSAEncryption' }) },
      tls: {
        ...refusal(42, 'bad_certificate'),
        offered: {
          minVersion: 'TLSv1.2',
          maxVersion: 'TLSv1.3',
          alpn: [],
          certificates: 1,
          loweredSecurity: true,
        },
      },
    }),
  ),
  row(
    '512 bits, loaded at a lower level only',
    'certificate.weak-key',
    'likely',
    failing('tls', {
      file: { leaf: certificate({ key: { type: 'rsa', bits: 512 } }) },
      tls: {
        ...refusal(42, 'bad_certificate'),
        offered: {
          minVersion: 'TLSv1.2',
          maxVersion: 'TLSv1.3',
          alpn: [],
          certificates: 1,
          loweredSecurity: true,
        },
      },
    }),
  ),
  row(
    'self-signed',
    'chain.self-signed',
    'likely',
    failing('tls', {
      file: {
        leaf: certificate({ issuer: 'O=Example, CN=device-1', selfIssued: true }),
        missingIssuer: undefined,
      },
      tls: refusal(48, 'unknown_ca'),
    }),
  ),
  row(
    'the intermediate added is accepted',
    'tls.client-certificate-chain-incomplete',
    'proven',
    failing('tls', {
      tls: refusal(48, 'unknown_ca'),
      experiments: [
        tried('chain-added', 'accepted', {
          tls: {},
          facts: { added: { subjects: ['CN=Device CA'], from: 'ca-file' } },
        }),
        tried('repeat', 'refused'),
      ],
    }),
    { never: ['tls.client-certificate-issuer-not-accepted'] },
  ),
  row(
    'CONNACK 3, and with the intermediate added 0',
    'tls.client-certificate-chain-incomplete',
    'proven',
    failing('mqtt', {
      mqtt: connack(3, 'Server unavailable'),
      experiments: [
        tried('chain-added', 'accepted', {
          tls: {},
          mqtt: {},
          facts: { added: { subjects: ['CN=Device CA'], from: 'ca-file' } },
        }),
        tried('repeat', 'refused'),
      ],
    }),
    { never: ['mqtt.server-unavailable'] },
  ),
  row(
    'CONNACK 3 once, with or without the intermediate 0',
    'mqtt.server-unavailable',
    'likely',
    failing('mqtt', {
      mqtt: connack(3, 'Server unavailable'),
      experiments: [
        tried('chain-added', 'accepted', { tls: {}, mqtt: {} }),
        tried('repeat', 'accepted', { tls: {}, mqtt: {} }),
      ],
    }),
    { never: ['tls.client-certificate-chain-incomplete'] },
  ),
  row(
    'alert 48, and nobody can tell',
    'tls.client-certificate-chain-incomplete',
    'possible',
    failing('tls', { tls: refusal(48, 'unknown_ca') }),
    { also: ['tls.client-certificate-issuer-not-accepted'] },
  ),
  row(
    'alert 48 with a complete chain, and other names asked for',
    'tls.client-certificate-issuer-not-accepted',
    'proven',
    failing('tls', {
      file: {
        missingIssuer: undefined,
        chain: [
          certificate({
            subject: 'O=Example, CN=Device CA',
            issuer: 'O=Example, CN=Device CA',
            selfIssued: true,
            isCa: true,
          }),
        ],
      },
      tls: {
        ...refusal(48, 'unknown_ca'),
        request: {
          authorities: ['O=Else, CN=Other CA'],
          signatureAlgorithms: [],
          certificateTypes: [],
          namesOurIssuer: false,
        },
      },
    }),
    { never: ['tls.client-certificate-chain-incomplete'] },
  ),
  row(
    'ended without a word, although its issuer was asked for: refused, or no broker is behind',
    'tls.client-certificate-refused',
    'possible',
    failing('tls', {
      tls: {
        ...refusal(undefined),
        request: {
          authorities: ['O=Example, CN=Device CA'],
          signatureAlgorithms: [],
          certificateTypes: [],
          namesOurIssuer: true,
        },
      },
    }),
    {
      also: ['mqtt.closed-before-connack', 'tls.client-certificate-issuer-not-accepted'],
      never: ['tls.client-certificate-chain-incomplete'],
    },
  ),
];
