import { describe, expect, test } from '@jest/globals';
import {
  decodeWire,
  ladderRows,
  renderLadder,
  type LadderRow,
  type WireEvent,
} from '../../src/wire/index.js';
import { displayWidth, truncate, wrap } from '../../src/wire/ladder/text.js';
import { fromHex, recorded } from './recorded.js';
import { clientRandom, records, secrets } from './rfc8448.js';

const keylog = Object.entries(secrets).map(([label, secret]) => `${label} ${clientRandom} ${secret}`);

const handshake = recorded([
  ['client', fromHex(records.clientHello)],
  ['server', fromHex(records.serverHello, records.serverFlight)],
  ['client', fromHex(records.clientFinished)],
  ['server', fromHex(records.newSessionTicket, records.serverData)],
  ['client', fromHex(records.clientData, records.clientAlert)],
]);

/** Of an event only what a row is made of. */
function rowOf(event: object): LadderRow {
  const seen = { at: 1, from: 'server', bytes: 0, ...event } as unknown as WireEvent;
  return ladderRows([seen]).at(-1)!;
}

describe('the ladder', () => {
  test('of a flood has its beginning, its end, and how much is between them', () => {
    const puback = { type: 'puback', messageId: 1 };
    const flood = Array.from({ length: 20_000 }, (_, at) => ({
      kind: 'mqtt',
      at,
      from: 'server',
      packet: puback,
    }));
    const rows = ladderRows(flood as unknown as readonly WireEvent[]);
    expect(rows.length).toBe(201);
    expect([rows[0]?.at, rows.at(-1)?.at]).toEqual([0, 19_999]);
    expect(rows[150]).toMatchObject({ title: '19800 more steps, not shown', arrow: 'none', at: 150 });
  });

  test('of the handshake in RFC 8448, as it is printed', () => {
    const text = renderLadder(ladderRows(decodeWire(handshake, keylog).events));
    expect(text.split('\n')).toEqual([
      '        ms client                                                         server',
      '       0.0 │── SYN ───────────────────────────────────────────────────────────▶│',
      '       0.0 │◀────────────────────────────────────────────────────── SYN, ACK ──│',
      '       1.0 │── ClientHello ───────────────────────────────────────────────────▶│',
      '           │     TLSv1.3                                                       │',
      '           │     server name server                                            │',
      '       2.0 │◀─────────────────────────────────────────────────── ServerHello ──│',
      '           │     TLSv1.3, TLS_AES_128_GCM_SHA256, x25519                       │',
      '       2.0 │◀═══════════════════════════════════════════ EncryptedExtensions ══│',
      '       2.0 │◀═══════════════════════════════════════════════ Certificate (1) ══│',
      '           │     1 CN=rsa, issued by itself                                    │',
      '       2.0 │◀═════════════════════════════════════════════ CertificateVerify ══│',
      '           │     rsa_pss_rsae_sha256                                           │',
      '       2.0 │◀══════════════════════════════════════════════════════ Finished ══│',
      '       3.0 │══ Finished ══════════════════════════════════════════════════════▶│',
      '       4.0 │◀══════════════════════════════════════════════ NewSessionTicket ══│',
      '       4.0 │◀══════════════════════════════════════════════ application data ══│',
      '           │     50 bytes                                                      │',
      '       5.0 │══ application data ══════════════════════════════════════════════▶│',
      '           │     50 bytes                                                      │',
      '       5.0 │══ alert 0 close_notify ══════════════════════════════════════════▶│',
      '           │     an orderly end                                                │',
      '           ══ encrypted',
    ]);
  });

  test('in ASCII, and narrower, nothing is wider than asked', () => {
    const rows = ladderRows(decodeWire(handshake, keylog).events);
    const text = renderLadder(rows, 60, { ascii: true, client: 'sapcert', server: 'gateway.example:8883' });
    // eslint-disable-next-line no-control-regex
    expect(text).toMatch(/^[\u0020-\u007e\n]*$/);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBe(60);
    expect(text.split('\n')[0]).toMatch(/ms sapcert +gateway\.example:8883$/);
  });

  const tls = { encrypted: false };
  const certificate = { ...tls, kind: 'certificate', from: 'client', certificates: [], ocspStapled: false };

  test.each<[string, object, Partial<LadderRow>]>([
    [
      'a fatal alert',
      { ...tls, kind: 'alert', level: 'fatal', number: 48, name: 'unknown_ca' },
      { title: 'alert 48 unknown_ca', tone: 'bad', arrow: 'left' },
    ],
    [
      'an alert that cannot be read',
      { kind: 'alert', encrypted: true },
      { title: 'alert, encrypted', tone: 'note', encrypted: true },
    ],
    [
      'no certificate',
      { ...certificate, empty: true },
      { title: 'Certificate: empty', tone: 'bad', arrow: 'right' },
    ],
    [
      'not a certificate',
      { ...certificate, certificates: ['AAAA'] },
      { details: ['1 not readable as a certificate'] },
    ],
    [
      'a request that names its CAs',
      {
        ...tls,
        kind: 'certificateRequest',
        authorities: Array.from({ length: 14 }, () => ({ name: 'CN=A', der: '' })),
        signatureAlgorithms: ['ed25519', 'rsa_pkcs1_sha256', 'rsa_pss_rsae_sha256'],
      },
      {
        details: [
          'wants a certificate of',
          ...Array.from({ length: 12 }, () => '- CN=A'),
          '- and of 2 more',
          'keys: RSA, Ed25519',
        ],
      },
    ],
    [
      'a retry',
      { ...tls, kind: 'serverHello', helloRetryRequest: true, group: 'secp384r1' },
      { title: 'HelloRetryRequest', details: ['wants secp384r1'] },
    ],
    [
      'no SNI',
      {
        ...tls,
        kind: 'clientHello',
        from: 'client',
        versions: ['TLSv1.2'],
        alpn: ['mqtt'],
        resumption: false,
      },
      { details: ['TLSv1.2', 'no server name (SNI)', 'ALPN mqtt'] },
    ],
    [
      'HTTP where TLS should be',
      { kind: 'plaintext', protocol: 'http', sample: 'HTTP/1.1 400 Bad Request', bytes: 90 },
      { title: 'HTTP, not TLS', details: ['"HTTP/1.1 400 Bad Request"'], tone: 'bad' },
    ],
    [
      'silence',
      { kind: 'partialRecord', have: 10, need: 1400, recordType: 'handshake', silentFor: 5000 },
      { details: ['10 of 1400 bytes, then nothing for 5.0 s'], tone: 'bad' },
    ],
    [
      'a refusal of TCP',
      { kind: 'tcpError', code: 'ECONNREFUSED' },
      { title: 'ECONNREFUSED', arrow: 'none', tone: 'bad' },
    ],
    ['a reset', { kind: 'rst', code: 'ECONNRESET' }, { title: 'RST', arrow: 'left', tone: 'bad' }],
    [
      'the end by us',
      { kind: 'close', from: 'client' },
      { title: 'closed: we ended it first', arrow: 'none' },
    ],
    [
      'a CONNACK that refuses',
      {
        kind: 'mqtt',
        packet: { type: 'connack', version: 4, code: 3, name: 'server unavailable', sessionPresent: false },
      },
      { title: 'CONNACK 3: server unavailable', tone: 'bad' },
    ],
    [
      'a SUBACK that refuses',
      { kind: 'mqtt', packet: { type: 'suback', messageId: 1, codes: [0, 128] } },
      { title: 'SUBACK 0, 128', tone: 'bad' },
    ],
    [
      'a DISCONNECT with a reason',
      {
        kind: 'mqtt',
        packet: { type: 'disconnect', code: 0x8e, name: 'session taken over', reason: 'by another' },
      },
      { title: 'DISCONNECT 142: session taken over', details: ['by another'], tone: 'bad' },
    ],
  ])('%s', (_, event, expected) => {
    expect(rowOf(event)).toMatchObject(expected);
  });

  test.each<[object, string, readonly string[]]>([
    [
      {
        type: 'connect',
        protocol: 'MQTT',
        version: 5,
        clientId: '',
        clean: false,
        keepalive: 0,
        username: true,
        password: false,
        will: { topic: 'gone', qos: 0, retain: false, payloadBytes: 1 },
      },
      'CONNECT',
      ['MQTT 5, keep alive 0 s, lasting session', 'no client id', 'with a user name', 'will on gone'],
    ],
    [
      { type: 'connack', version: 5, code: 0, name: 'success', sessionPresent: true },
      'CONNACK 0: success',
      ['session present'],
    ],
    [
      { type: 'publish', topic: 't', qos: 1, retain: true, dup: true, payloadBytes: 1 },
      'PUBLISH',
      ['t', '1 byte, QoS 1, retained, sent again'],
    ],
    [
      { type: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a/#', qos: 2 }] },
      'SUBSCRIBE',
      ['a/#, QoS 2'],
    ],
    [{ type: 'unsubscribe', messageId: 1, topics: ['a', 'b'] }, 'UNSUBSCRIBE', ['a', 'b']],
    [{ type: 'unsuback', messageId: 1, codes: [] }, 'UNSUBACK', []],
    [{ type: 'puback', messageId: 1 }, 'PUBACK', []],
    [
      { type: 'pubrec', messageId: 1, code: 0x97, name: 'quota exceeded', reason: 'later' },
      'PUBREC 151: quota exceeded',
      ['later'],
    ],
    [{ type: 'pingresp' }, 'PINGRESP', []],
  ])('MQTT: %j', (packet, title, details) => {
    expect(rowOf({ kind: 'mqtt', packet })).toMatchObject({ title, details });
  });

  test('words for alerts and MQTT codes come from where they are kept', () => {
    const alert = {
      kind: 'alert',
      at: 1,
      from: 'server',
      bytes: 2,
      encrypted: true,
      level: 'fatal',
      number: 48,
      name: 'unknown_ca',
    } as const;
    const packet = {
      type: 'connack',
      version: 4,
      code: 5,
      name: 'not authorized',
      sessionPresent: false,
    } as const;
    const rows = ladderRows([alert, { kind: 'mqtt', at: 2, from: 'server', bytes: 4, packet }], {
      explainAlert: (number) => `meaning of ${number}`,
      explainMqtt: (view) => `meaning of ${view.type}`,
    });
    expect(rows.map(({ details }) => details)).toEqual([['meaning of 48'], ['meaning of connack']]);
  });

  test('runs of tickets and pings are one row each; what MQTT says is not shown as bytes too', () => {
    const ticket = {
      kind: 'newSessionTicket',
      at: 1,
      from: 'server',
      bytes: 9,
      encrypted: true,
      lifetimeSeconds: 1,
    } as const;
    const data = { kind: 'applicationData', at: 2, from: 'client', bytes: 2, encrypted: true } as const;
    const ping = { kind: 'mqtt', at: 2, from: 'client', bytes: 2, packet: { type: 'pingreq' } } as const;
    const titles = ladderRows([ticket, ticket, data, ping, data, ping, ping, ticket]).map(
      ({ title }) => title,
    );
    expect(titles).toEqual(['NewSessionTicket, 2 times', 'PINGREQ, 3 times', 'NewSessionTicket']);
  });
});

describe('text in columns', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['😀', 2],
    ['', 0],
  ])('%j is %i columns wide', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('is broken between words, and words that are too long anywhere', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrap('日本語日本語', 5)).toEqual(['日本', '語日', '本語']);
    expect(truncate('abcdefgh', 5, '…')).toBe('abcd…');
    expect(truncate('abc', 3, '…')).toBe('abc');
  });
});
