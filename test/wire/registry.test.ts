import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  alertName,
  certificateNames,
  cipherSuiteName,
  groupName,
  nameToString,
  signatureSchemeName,
  writePcapng,
} from '../../src/wire/index.js';
import { recordCipher } from '../../src/wire/registry/cipher-suites.js';
import { describeWithPeer, peerEnv } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { fromHex, recorded } from './recorded.js';

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, {
    env: peerEnv(),
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1e8,
  }).toString();
}

describeWithPeer('openssl', 'names and numbers, as OpenSSL has them', () => {
  interface Suite {
    readonly code: number;
    readonly name: string;
    readonly encryption: string;
    readonly mac: string;
  }

  const suites: Suite[] = run('openssl', [
    'ciphers',
    '-V',
    '-stdname',
    'ALL:COMPLEMENTOFALL:eNULL:@SECLEVEL=0',
  ])
    .split('\n')
    .flatMap((line) => {
      const [, high, low, name, encryption, mac] =
        /0x(..),0x(..) - (\S+) .*Enc=(\S+)\s+Mac=(\S+)/.exec(line) ?? [];
      if (name === undefined || encryption === undefined || mac === undefined) return [];
      return [{ code: Number.parseInt(`${high}${low}`, 16), name, encryption, mac }];
    });

  test('cipher suites', () => {
    expect(suites.length).toBeGreaterThan(100);
    expect(suites.map(({ code }) => cipherSuiteName(code))).toEqual(suites.map(({ name }) => name));
    expect(cipherSuiteName(0xfafa)).toBe('0xfafa');
  });

  test('how each suite encrypts', () => {
    const modes: Readonly<Record<string, string>> = { gcm: 'GCM', ccm: 'CCM', chacha20: '', cbc: '' };
    for (const { code, encryption, mac } of suites.filter((suite) => suite.encryption !== 'None')) {
      const cipher = recordCipher(code)!;
      const family = cipher.cipher.split(/[-\d]/)[0]!.toUpperCase();
      const name = cipher.mode === 'chacha20' ? 'CHACHA20/POLY1305' : `${family}${modes[cipher.mode]}`;
      const bits =
        cipher.mode === 'ccm' && cipher.tagBytes === 8
          ? `8(${cipher.keyBytes * 8})`
          : `(${cipher.keyBytes * 8})`;
      expect(`${name}${bits}`).toBe(encryption.replace('Camellia', 'CAMELLIA'));
      expect(cipher.mode === 'cbc' ? cipher.mac.toUpperCase() : 'AEAD').toBe(mac);
    }
    expect(recordCipher(0x0005)).toBeUndefined();
    expect(recordCipher(0xfafa)).toBeUndefined();
  });

  test('alerts', () => {
    const named = Array.from({ length: 256 }, (_, number) => number).filter((number) => {
      // The error that OpenSSL makes of an alert is the alert's number and 1000, in its library 20 (SSL).
      const code = (0x0a000000 + 1000 + number).toString(16);
      const reason = run('openssl', ['errstr', code]).split(':').at(-1)?.trim() ?? '';
      const [, words] =
        /^(?:sslv3|tlsv1|tlsv13) alert (.*)$/.exec(reason) ?? /^(?:tlsv1) (.*)$/.exec(reason) ?? [];
      if (words !== undefined)
        expect(alertName(number).replaceAll('_', ' ')).toBe(words.replace('user cancelled', 'user canceled'));
      return words !== undefined;
    });
    expect(named.length).toBeGreaterThan(25);
    expect(alertName(199)).toBe('alert 199');
  });

  const folder = temporaryFolder();

  test.each([
    '/C=DE/O=SAP IoT Trust Community II/CN=SAP Internet of Things CA',
    '/C=DE/O=SAP Trust Community/OU=IoT Services/CN=deviceAlternateId:x|gatewayId:1|tenantId:2|instanceId:y',
    '/O=Comma, Inc./OU=a\\+b/CN="quoted" <x> back\\\\slash; semicolon',
    '/CN= leading and trailing ',
    '/CN=#hash',
    '/DC=example/DC=com/UID=u1/emailAddress=a@example.com/serialNumber=42',
    '/O=Müller & Söhne/CN=日本語 😀',
    '/O=Example+OU=Unit+CN=joined',
    '/CN=old/1.2.3.4.5=custom',
    '/GN=Ada/SN=Lovelace/initials=A/title=Dr/L=London/ST=Greater London',
  ])('the name %s', (subject) => {
    const certificate = makeCertificate(subject);
    const said = run('openssl', [
      'x509',
      '-in',
      certificate,
      '-noout',
      '-subject',
      '-nameopt',
      'RFC2253,-esc_msb',
    ]);
    const der = new X509Certificate(run('openssl', ['x509', '-in', certificate])).raw;
    const names = certificateNames(der);
    // Hex may be written in capitals or not.
    const expected = said
      .replace(/^subject=/, '')
      .replace(/\n$/, '')
      .replaceAll(/#[\dA-F]+/g, (hex) => hex.toLowerCase());
    expect(names).toEqual({ subject: expected, issuer: expected });
  });

  function makeCertificate(subject: string): string {
    const file = join(folder, 'name.crt');
    const key = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      join(folder, 'name.key'),
    ];
    run('openssl', ['req', '-x509', ...key, '-utf8', '-subj', subject, '-days', '1', '-out', file]);
    return file;
  }
});

describeWithPeer('tshark', 'names and numbers, as Wireshark has them', () => {
  const folder = temporaryFolder();

  test('groups and signature algorithms', () => {
    const every = Array.from({ length: 0x12_00 }, (_, code) => code);
    const groups = every.filter((code) => !groupName(code).startsWith('0x'));
    const schemes = every.filter((code) => !signatureSchemeName(code).startsWith('0x'));
    const said = hello(vector(10, groups), vector(13, schemes));
    for (const [label, codes, name] of [
      ['Supported Group', groups, groupName],
      ['Signature Algorithm', schemes, signatureSchemeName],
    ] as const) {
      const named = new Map(
        [...said.matchAll(new RegExp(`${label}: (\\S+) \\(0x(\\w{4})\\)`, 'g'))].map(([, text, code]) => [
          Number.parseInt(code!, 16),
          text!,
        ]),
      );
      const known = codes.filter((code) => !isDraft(code) && /^[a-z]\w+$/.test(named.get(code) ?? ''));
      expect(known.length).toBeGreaterThanOrEqual(15);
      expect(known.map(name)).toEqual(known.map((code) => named.get(code)));
    }
  });

  /** Where older versions of Wireshark have the names of post-quantum drafts. */
  function isDraft(code: number): boolean {
    return (code >= 0x0200 && code < 0x0203) || code > 0x0900;
  }

  function vector(type: number, codes: readonly number[]): string {
    const list = codes.map((code) => hex(code, 2)).join('');
    return `${hex(type, 2)}${hex(list.length / 2 + 2, 2)}${hex(list.length / 2, 2)}${list}`;
  }

  /** What tshark says of a ClientHello with these extensions. */
  function hello(...extensions: readonly string[]): string {
    const all = extensions.join('');
    const body = `0303${'00'.repeat(32)}00000213010100${hex(all.length / 2, 2)}${all}`;
    const message = `01${hex(body.length / 2, 3)}${body}`;
    const bytes = fromHex(`160301${hex(message.length / 2, 2)}${message}`);
    const file = join(folder, 'hello.pcapng');
    writeFileSync(file, writePcapng([{ recording: recorded([['client', bytes]]), serverPort: 443 }]));
    return run('tshark', ['-r', file, '-V', '-Y', 'tls']);
  }

  function hex(value: number, bytes: number): string {
    return value.toString(16).padStart(bytes * 2, '0');
  }
});

test('what is not a name comes back as hex, whatever it is', () => {
  for (const bytes of ['', '30', '3005', '30800000', '300531030c0141', '0500', '3000ff']) {
    expect(nameToString(fromHex(bytes))).toMatch(/^(#[\da-f]*|)$/);
  }
  expect(certificateNames(fromHex('3003020101'))).toBeUndefined();
});

test.each([
  ['BMPString', '1e 06 0041 00e4 65e5', 'Aä日'],
  ['BMPString of odd length', '1e 03 004100', '#1e03004100'],
  ['UniversalString', '1c 08 00000041 0001f600', 'A😀'],
  ['UniversalString beyond Unicode', '1c 04 00110000', '#1c0400110000'],
  ['TeletexString', '14 02 41e4', 'Aä'],
  ['NumericString', '12 02 3432', '42'],
  ['BIT STRING', '03 02 0041', '#03020041'],
])('a name whose value is a %s', (_, value, text) => {
  const bytes = fromHex(value);
  const attribute = Buffer.concat([fromHex('0603550403'), bytes]);
  const set = Buffer.concat([Buffer.of(0x31, attribute.length + 2, 0x30, attribute.length), attribute]);
  expect(nameToString(Buffer.concat([Buffer.of(0x30, set.length), set]))).toBe(`CN=${text}`);
});

test('control characters and turned writing do not come through a name', () => {
  const value = Buffer.from('a\u001b[31mb\u202ec\n');
  const attribute = Buffer.concat([fromHex('0603550403'), Buffer.of(0x0c, value.length), value]);
  const set = Buffer.concat([Buffer.of(0x31, attribute.length + 2, 0x30, attribute.length), attribute]);
  expect(nameToString(Buffer.concat([Buffer.of(0x30, set.length), set]))).toBe(
    'CN=a\u{fffd}[31mb\u{fffd}c\u{fffd}',
  );
});
