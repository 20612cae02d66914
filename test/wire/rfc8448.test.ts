import { describe, expect, test } from '@jest/globals';
import { decodeWire, type Side, type WireEvent } from '../../src/wire/index.js';
import { expandLabel } from '../../src/wire/tls/tls13.js';
import { fromHex, recorded } from './recorded.js';
import { certificate, clientRandom, records, secrets } from './rfc8448.js';

const keylog = Object.entries(secrets).map(([label, secret]) => `${label} ${clientRandom} ${secret}`);

const chunks: readonly (readonly [Side, Buffer])[] = [
  ['client', fromHex(records.clientHello)],
  ['server', fromHex(records.serverHello, records.serverFlight)],
  ['client', fromHex(records.clientFinished)],
  ['server', fromHex(records.newSessionTicket)],
  ['client', fromHex(records.clientData)],
  ['server', fromHex(records.serverData)],
  ['client', fromHex(records.clientAlert)],
  ['server', fromHex(records.serverAlert)],
];

function told(events: readonly WireEvent[]): string[] {
  return events.map(({ from, kind, bytes }) => `${from} ${kind} ${bytes}`);
}

const whole = [
  'client tcpConnect 0',
  'client clientHello 196',
  'server serverHello 90',
  'server encryptedExtensions 40',
  'server certificate 445',
  'server certificateVerify 136',
  'server finished 36',
  'client finished 36',
  'server newSessionTicket 205',
  'client applicationData 50',
  'server applicationData 50',
  'client alert 2',
  'server alert 2',
];

describe('RFC 8448 section 3, a TLS 1.3 handshake', () => {
  const { events, plaintext } = decodeWire(recorded(chunks), keylog);

  test('every message is found', () => {
    expect(told(events)).toEqual(whole);
  });

  test('what they say is what the RFC says', () => {
    const of = (kind: string, from: Side) =>
      events.find((event) => event.kind === kind && event.from === from);
    expect(of('clientHello', 'client')).toMatchObject({
      versions: ['TLSv1.3'],
      serverName: 'server',
      cipherSuites: ['TLS_AES_128_GCM_SHA256', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_256_GCM_SHA384'],
      groups: [
        'x25519',
        'secp256r1',
        'secp384r1',
        'secp521r1',
        'ffdhe2048',
        'ffdhe3072',
        'ffdhe4096',
        'ffdhe6144',
        'ffdhe8192',
      ],
      keyShares: ['x25519'],
      alpn: [],
      resumption: false,
      afterRetry: false,
    });
    expect(of('serverHello', 'server')).toMatchObject({
      version: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      group: 'x25519',
      helloRetryRequest: false,
      resumed: false,
    });
    expect(of('encryptedExtensions', 'server')).toMatchObject({ serverNameAccepted: true, encrypted: true });
    expect(of('certificate', 'server')).toMatchObject({
      certificates: [fromHex(certificate).toString('base64')],
    });
    expect(of('certificateVerify', 'server')).toMatchObject({ signatureAlgorithm: 'rsa_pss_rsae_sha256' });
    expect(of('newSessionTicket', 'server')).toMatchObject({ lifetimeSeconds: 30 });
    expect(of('alert', 'client')).toMatchObject({
      level: 'warning',
      number: 0,
      name: 'close_notify',
      encrypted: true,
    });
    const payload = Buffer.from(Array.from({ length: 50 }, (_, index) => index));
    expect(plaintext.map(({ bytes }) => Buffer.from(bytes))).toEqual([payload, payload]);
  });

  test('however the bytes arrive, the messages are the same', () => {
    const torn = chunks.flatMap(([from, bytes]) =>
      Array.from(bytes, (byte): [Side, Buffer] => [from, Buffer.of(byte)]),
    );
    expect(told(decodeWire(recorded(torn), keylog).events)).toEqual(whole);
  });

  test('as far as it has come, at every moment', () => {
    for (let count = 0; count <= chunks.length; count += 1) {
      const sofar = told(decodeWire(recorded(chunks.slice(0, count)), keylog).events);
      expect(sofar).toEqual(whole.slice(0, sofar.length));
    }
  });

  test('the keys and IVs are those of the RFC', () => {
    const of = (secret: string, label: string, length: number): string =>
      expandLabel('sha256', fromHex(secret), label, length).toString('hex');
    expect(of(secrets.SERVER_HANDSHAKE_TRAFFIC_SECRET, 'key', 16)).toBe('3fce516009c21727d0f2e4e86ee403bc');
    expect(of(secrets.SERVER_HANDSHAKE_TRAFFIC_SECRET, 'iv', 12)).toBe('5d313eb2671276ee13000b30');
    expect(of(secrets.CLIENT_TRAFFIC_SECRET_0, 'key', 16)).toBe('17422dda596ed5d9acd890e3c63f5051');
    expect(of(secrets.CLIENT_TRAFFIC_SECRET_0, 'iv', 12)).toBe('5b78923dee08579033e523d9');
  });

  test('without secrets it says so, and shows what is in the clear', () => {
    const { events, plaintext } = decodeWire(recorded(chunks));
    expect(told(events).slice(0, 3)).toEqual(whole.slice(0, 3));
    expect(events.slice(3)).toMatchObject(
      Array.from({ length: 7 }, () => ({
        kind: 'encryptedRecord',
        why: 'no-secret',
        recordType: 'applicationData',
      })),
    );
    expect(plaintext).toEqual([]);
  });

  test('with a wrong secret it says so once for each side, and goes on', () => {
    const wrong = keylog.map((line) => line.replace(/..$/, '00'));
    const kinds = decodeWire(recorded(chunks), wrong).events.map(({ from, kind }) => `${from} ${kind}`);
    expect(kinds.slice(3)).toEqual([
      'server undecodable',
      'client undecodable',
      'server encryptedRecord',
      'client encryptedRecord',
      'server encryptedRecord',
      'client encryptedRecord',
      'server encryptedRecord',
    ]);
  });

  test('secrets of other connections do not matter, and neither do broken lines', () => {
    const noise = [
      '',
      '# comment',
      'CLIENT_RANDOM zz 00',
      `SERVER_TRAFFIC_SECRET_0 ${'ab'.repeat(32)} ${'cd'.repeat(32)}`,
    ];
    expect(told(decodeWire(recorded(chunks), [...noise, keylog.join('\n'), ...noise]).events)).toEqual(whole);
  });
});
