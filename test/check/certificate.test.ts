import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { certificateFacts, issuerName, relatedNames } from '../../src/check/certificate.js';
import { printable } from '../../src/check/printable.js';
import { certificateCn } from '../../src/check/probes/file.js';
import { gravestWeakness, weakness } from '../../src/check/strength.js';
import { judgeServer } from '../../src/check/trust.js';
import { createAuthority, selfSigned, type Authority, type Credentials } from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { peerEnv } from '../support/programs.js';
import { temporaryFolder } from '../support/temp.js';

let root: Authority;
let issuer: Authority;
let server: Credentials;

beforeAll(async () => {
  root = await createAuthority({ subject: 'O=Acme, CN=Acme Root', keyKind: 'ec-p256' });
  issuer = await createAuthority({ subject: 'O=Acme, CN=Acme Issuing CA', parent: root, keyKind: 'ec-p256' });
  server = await issuer.issue({
    subject: 'CN=gateway.example',
    keyKind: 'ec-p256',
    usage: 'server',
    altNames: ['gateway.example', '192.0.2.7'],
    caIssuersUrl: 'http://pki.example/issuing.crt',
  });
});

describeWithPeer('openssl', 'the facts of a certificate are those that openssl reads', () => {
  test('key usage, extended key usage, names, signature, addresses', () => {
    const text = execFileSync('openssl', ['x509', '-noout', '-text'], {
      input: server.pem,
      env: peerEnv(),
      encoding: 'utf8',
    });
    const facts = certificateFacts(server.certificate);
    expect(text).toContain('TLS Web Server Authentication');
    expect(facts.extendedKeyUsage).toEqual(['serverAuth']);
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature/);
    expect(facts.keyUsage).toContain('digitalSignature');
    expect(text).toContain('ecdsa-with-SHA256');
    expect(facts.signature).toBe('ecdsa-with-SHA256');
    expect(text).toContain('CA Issuers - URI:http://pki.example/issuing.crt');
    expect(facts.issuerUrls).toEqual(['http://pki.example/issuing.crt']);
    expect(facts.names).toEqual(['DNS:gateway.example', 'IP:192.0.2.7']);
  });
});

describeWithPeer('openssl', 'a root from before version 3, without basic constraints', () => {
  const folder = temporaryFolder();

  test('is an authority for openssl, and so for us; a leaf of version 1 is none', () => {
    const openssl = (...args: readonly string[]): string =>
      execFileSync('openssl', args, { env: peerEnv(), encoding: 'utf8', cwd: folder });
    const key = (name: string) => [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      `${name}.key`,
    ];
    for (const name of ['root', 'leaf']) {
      openssl('req', '-new', ...key(name), '-subj', `/CN=${name}`, '-out', `${name}.csr`);
    }
    openssl('x509', '-req', '-in', 'root.csr', '-signkey', 'root.key', '-out', 'root.crt');
    const signing = ['-CA', 'root.crt', '-CAkey', 'root.key', '-CAcreateserial'];
    openssl('x509', '-req', '-in', 'leaf.csr', ...signing, '-out', 'leaf.crt');
    expect(openssl('x509', '-in', 'root.crt', '-noout', '-text')).toContain('Version: 1');
    expect(openssl('verify', '-CAfile', 'root.crt', 'leaf.crt')).toContain('OK');
    const isCa = (name: string) =>
      certificateFacts(new X509Certificate(readFileSync(join(folder, name)))).isCa;
    expect([isCa('root.crt'), isCa('leaf.crt')]).toEqual([true, false]);
    expect(certificateFacts(server.certificate).isCa).toBe(false);
  });
});

test('the issuer’s name is the DER of the issuer’s subject', () => {
  const own = Buffer.from(issuerName(server.certificate), 'base64');
  expect(issuer.certificate.raw.includes(own)).toBe(true);
  expect(root.certificate.raw.includes(own)).toBe(false);
});

describe('a server’s chain', () => {
  const judge = (
    chain: readonly Credentials[],
    trusted: readonly Credentials[],
    bundle: readonly Credentials[] = [],
  ) =>
    judgeServer({
      chain: chain.map(({ certificate }) => certificate),
      trusted: trusted.map(({ certificate }) => certificate),
      bundle: bundle.map(({ certificate }) => certificate),
      name: 'gateway.example',
      fromCaFile: true,
    });

  test('leads to its root', () => {
    expect(judge([server, issuer], [root])).toMatchObject({
      anchored: true,
      nameMatches: true,
      outOfOrder: false,
    });
  });

  test('that lacks its issuer says whose certificate is missing', () => {
    const verdict = judge([server], [root]);
    expect(verdict).toMatchObject({
      anchored: false,
      missingIssuer: 'O=Acme, CN=Acme Issuing CA',
      issuerOfSameOrganisation: true,
    });
    expect(judge([server], [root], [issuer])?.completedByBundle).toBe(true);
  });

  test('out of order is still one, and is said to be out of order', () => {
    expect(judge([server, root, issuer], [root])).toMatchObject({ anchored: true, outOfOrder: true });
  });

  test('below a twin of the root is not anchored: the name is right and the key is not', async () => {
    const twin = await createAuthority({ subject: root.subject, keyKind: 'ec-p256' });
    expect(judge([server, issuer], [twin])).toMatchObject({ anchored: false, sameNameOtherKey: true });
  });

  test('whose own certificate is the CA file is found out', () => {
    expect(judge([server, issuer], [server])?.leafIsInCaFile).toBe(true);
  });

  test('a hundred certificates long is looked at no longer than it must be', async () => {
    const stranger = await selfSigned({ subject: 'CN=stranger', keyKind: 'ec-p256' });
    const chain = [server, ...Array.from({ length: 100 }, () => stranger)];
    expect(judge(chain, [root])?.anchored).toBe(false);
  });

  test('for another name does not match, by the rules of RFC 9525', () => {
    const verdict = judgeServer({
      chain: [server.certificate],
      trusted: [],
      bundle: [],
      name: 'a.gateway.example',
      fromCaFile: false,
    });
    expect(verdict).toMatchObject({ nameMatches: false, certificateNames: ['gateway.example', '192.0.2.7'] });
  });
});

test.each([
  ['O=Acme, CN=Root CA', 'O=Acme, CN=Issuing CA 2', true],
  ['O=Acme, CN=Root CA', 'O=Other, CN=Root CA', false],
  ['CN=Lab Root', 'CN=Lab Intermediate', true],
  ['CN=Lab Root CA', 'CN=Foreign Root CA', false],
  ['CN=Root CA', 'CN=Intermediate CA', false],
])('%s and %s: of one house? %s', (a, b, related) => {
  expect(relatedNames(a, b)).toBe(related);
});

test.each([
  ['rsa-1024', true, false],
  ['rsa-2048', false, false],
  ['ec-p256', false, false],
  ['ed25519', false, false],
] as const)('%s is weak: %s, gravely: %s', async (keyKind, weak, grave) => {
  const facts = certificateFacts((await selfSigned({ subject: 'CN=x', keyKind })).certificate);
  expect(weakness(facts) !== undefined).toBe(weak);
  expect(gravestWeakness(facts) !== undefined).toBe(grave);
});

test('what a peer writes into a certificate cannot steer a terminal', async () => {
  const { certificate } = await selfSigned({
    subject: [['CN', 'a\u001b[31mred\u202etxt\u0007']],
    keyKind: 'ec-p256',
  });
  const { subject } = certificateFacts(new X509Certificate(certificate.raw));
  // oxlint-disable-next-line no-control-regex
  expect(subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test.each([
  ['plain text', 'plain text'],
  ['tab\tand\nline', String.raw`tab\x09and\x0aline`],
  ['\u202eright to left', String.raw`\u202eright to left`],
  ['half a pair \ud83d', String.raw`half a pair \ud83d`],
  ['whole \ud83d\ude80', 'whole \ud83d\ude80'],
])('%j is shown as %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test('control characters of a CN are read as what they are, not as what they are written as', async () => {
  const cn = 'pump\u001b[31m,7\u0007 ü';
  const { certificate } = await selfSigned({ subject: [['CN', cn]], keyKind: 'ec-p256' });
  expect(certificateCn(certificate)).toBe(cn);
  expect(certificateFacts(certificate).subject).toBe(String.raw`CN=pump\1B[31m\,7\07 ü`);
});
