import { type Row, closed, connack, ended, refusedBy, row } from './codes.js';
import { certificate, failing, tried } from './evidence.js';

const refusal = (number: number | undefined, name?: string) => refusedBy(number, name);

const noNames = { authorities: [], signatureAlgorithms: ['rsa_pss_rsae_sha256'], certificateTypes: [] };

const clientRows: readonly Row[] = [
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

const connectRows: readonly Row[] = [
  row(
    'CONNACK 1',
    'mqtt.protocol-version-refused',
    'proven',
    failing('mqtt', { mqtt: connack(1, 'unacceptable protocol version') }),
  ),
  row(
    'MQTT 5 is closed on, 3.1.1 accepted',
    'mqtt.protocol-version-refused',
    'proven',
    failing('mqtt', {
      target: { mqttVersion: '5' },
      mqtt: { ...ended, protocolVersion: '5' },
      experiments: [tried('mqtt-3.1.1', 'accepted', { tls: {}, mqtt: {} }), tried('repeat', 'refused')],
    }),
    { never: ['mqtt.closed-before-connack'] },
  ),
  row(
    'CONNACK 2',
    'mqtt.client-id-refused',
    'proven',
    failing('mqtt', { mqtt: connack(2, 'identifier rejected') }),
  ),
  row(
    "the CN's id is accepted",
    'mqtt.client-id-refused',
    'proven',
    failing('mqtt', {
      target: { clientId: 'x' },
      mqtt: { ...connack(3, 'Server unavailable'), clientId: 'x' },
      experiments: [
        tried('own-client-id', 'accepted', { tls: {}, mqtt: {}, facts: { clientId: 'device-1' } }),
        tried('repeat', 'refused'),
      ],
    }),
  ),
  row(
    'another id, and nothing tried',
    'certificate.device-id-mismatch',
    'likely',
    failing('mqtt', { target: { clientId: 'x' }, mqtt: { ...ended, clientId: 'x' } }),
    { also: ['mqtt.closed-before-connack'] },
  ),
  row(
    'CONNACK 3 to a certificate whose issuer was asked for',
    'mqtt.server-unavailable',
    'likely',
    failing('mqtt', {
      tls: {
        request: { authorities: ['x'], signatureAlgorithms: [], certificateTypes: [], namesOurIssuer: true },
      },
      mqtt: connack(3, 'Server unavailable'),
    }),
  ),
  row(
    'CONNACK 4 to a user name',
    'mqtt.bad-credentials',
    'proven',
    failing('mqtt', {
      target: { username: true },
      mqtt: { ...connack(4, 'bad user name or password'), username: true },
    }),
  ),
  row(
    'CONNACK 5',
    'mqtt.not-authorized',
    'likely',
    failing('mqtt', {
      tls: {
        request: { authorities: ['x'], signatureAlgorithms: [], certificateTypes: [], namesOurIssuer: true },
      },
      mqtt: connack(5, 'not authorized'),
    }),
  ),
  row(
    '0x97',
    'mqtt.refused',
    'proven',
    failing('mqtt', { mqtt: connack(0x97, 'Quota exceeded', { reasonString: 'ten a day' }) }),
  ),
  row(
    '0x95',
    'mqtt.packet-too-large',
    'proven',
    failing('mqtt', { mqtt: connack(0x95, 'Packet too large') }),
  ),
  row('0x9B', 'mqtt.qos-refused', 'proven', failing('mqtt', { mqtt: connack(0x9b, 'QoS not supported') })),
  row(
    'closed on CONNECT',
    'mqtt.closed-before-connack',
    'likely',
    failing('mqtt', { file: { missingIssuer: undefined }, mqtt: ended }),
  ),
  row(
    'silence on CONNECT',
    'mqtt.no-connack',
    'likely',
    failing('mqtt', {
      mqtt: { reach: 'connect-sent', connack: undefined, during: 'connack', timedOut: true },
    }),
  ),
];

const sessionRows: readonly Row[] = [
  row(
    'DISCONNECT 0x8E',
    'mqtt.session-taken-over',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connected',
        during: 'watching',
        disconnect: { code: 0x8e, name: 'Session taken over' },
      },
    }),
  ),
  row(
    'DISCONNECT 0x9B',
    'mqtt.qos-refused',
    'proven',
    failing('mqtt', {
      mqtt: {
        reach: 'connected',
        during: 'watching',
        disconnect: { code: 0x9b, name: 'QoS not supported' },
      },
    }),
  ),
  row(
    'only a fresh id stays',
    'mqtt.session-taken-over',
    'likely',
    failing('mqtt', {
      mqtt: { reach: 'connected', during: 'watching', end: closed, stayedMs: 300 },
      experiments: [
        tried('fresh-client-id', 'accepted', { tls: {}, mqtt: {}, facts: { clientId: 'fresh' } }),
        tried('repeat', 'refused'),
      ],
    }),
  ),
  row(
    'closed after CONNACK 0',
    'mqtt.closed-after-connack',
    'likely',
    failing('mqtt', { mqtt: { reach: 'connected', during: 'pingresp', end: closed, stayedMs: 3 } }),
    { also: ['mqtt.session-taken-over'] },
  ),
  row(
    'no PINGRESP',
    'mqtt.keepalive-lost',
    'proven',
    failing('mqtt', { mqtt: { reach: 'connected', during: 'pingresp', timedOut: true } }),
  ),
  row(
    'SUBACK 0x80',
    'mqtt.subscribe-refused',
    'proven',
    failing('mqtt', {
      mqtt: { subscriptions: [{ topic: 'a', granted: false, code: 0x80, name: 'Failure' }] },
    }),
  ),
  row(
    'SUBACK never comes for the acknowledgements',
    'mqtt.subscribe-refused',
    'likely',
    failing('ack', { ack: { acks: [], publish: undefined, during: 'suback', timedOut: true } }),
  ),
  row(
    'DISCONNECT 0x87 when it got SUBSCRIBE for the acknowledgements',
    'mqtt.subscribe-refused',
    'proven',
    failing('ack', {
      ack: {
        acks: [],
        publish: undefined,
        during: 'suback',
        disconnect: { code: 0x87, name: 'Not authorized' },
      },
    }),
  ),
  row(
    'DISCONNECT 0x8E when it got PUBLISH',
    'mqtt.session-taken-over',
    'proven',
    failing('ack', {
      ack: { acks: [], during: 'puback', disconnect: { code: 0x8e, name: 'Session taken over' } },
    }),
    { never: ['mqtt.publish-refused'] },
  ),
  row(
    'PUBACK 0x87',
    'mqtt.publish-refused',
    'proven',
    failing('ack', {
      ack: {
        acks: [],
        publish: { topic: 'a', qos: 1, bytes: 9, acknowledged: { code: 0x87, name: 'Not authorized' } },
      },
    }),
  ),
  row(
    'closed on PUBLISH',
    'mqtt.publish-refused',
    'likely',
    failing('ack', {
      ack: { acks: [], publish: { topic: 'a', qos: 1, bytes: 9 }, during: 'puback', end: closed },
    }),
  ),
  row(
    'closed on a large PUBLISH',
    'mqtt.packet-too-large',
    'likely',
    failing('ack', {
      ack: { acks: [], publish: { topic: 'a', qos: 1, bytes: 200_000 }, during: 'puback', end: closed },
    }),
    { also: ['mqtt.publish-refused'] },
  ),
  row(
    'no PUBACK',
    'mqtt.no-puback',
    'proven',
    failing('ack', {
      ack: { acks: [], publish: { topic: 'a', qos: 1, bytes: 9 }, during: 'puback', timedOut: true },
    }),
  ),
  row(
    'no acknowledgement for a device that the certificate does not name',
    'certificate.device-id-mismatch',
    'likely',
    failing('ack', {
      target: { deviceId: 'device-2' },
      ack: { acks: [], during: 'ack', timedOut: true },
    }),
    { also: ['ack.none'] },
  ),
  row(
    'no acknowledgement',
    'ack.none',
    'proven',
    failing('ack', { ack: { acks: [], during: 'ack', timedOut: true } }),
  ),
  row(
    'a refused measure',
    'ack.refused',
    'proven',
    failing('ack', { ack: { acks: [{ code: 404, messages: ['no such sensor'] }] } }),
  ),
];

export const laterRows: readonly Row[] = [...clientRows, ...connectRows, ...sessionRows];
