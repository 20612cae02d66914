import { describe, expect, test } from '@jest/globals';
import {
  createAuthority,
  generateKey,
  openAuthority,
  selfSigned,
  type KeyKind,
} from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { openssl, opensslSays, withFolder } from './support.js';

const text = (pem: string): string => openssl(['x509', '-noout', '-text', '-nameopt', 'RFC2253'], pem);

describeWithPeer('openssl', 'certificates that openssl verifies', () => {
  test.each<KeyKind>(['rsa-2048', 'ec-p256', 'ec-p384', 'ec-p521', 'ed25519'])(
    'root, intermediate and leaf with %s keys',
    async (keyKind) => {
      const root = await createAuthority({ subject: 'C=DE, O=Test, CN=Root', keyKind });
      const sub = await createAuthority({ subject: 'CN=Sub', keyKind, parent: root, pathLength: 0 });
      const leaf = await sub.issue({ subject: 'CN=leaf', keyKind });
      await withFolder(async (write) => {
        const files = [write('root', root.pem), write('sub', sub.pem), write('leaf', leaf.pem)] as const;
        const verify = ['verify', '-x509_strict', '-CAfile', files[0]];
        expect(openssl([...verify, '-purpose', 'sslclient', '-untrusted', files[1], files[2]])).toContain(
          'OK',
        );
        expect(opensslSays([...verify, files[2]])).toContain('unable to get local issuer certificate');
        expect(opensslSays([...verify, '-purpose', 'sslserver', '-untrusted', files[1], files[2]])).toContain(
          'unsuitable certificate purpose',
        );
      });
    },
  );

  test.each<KeyKind>(['rsa-1024', 'rsa-pss-2048', 'ec-secp256k1', 'ec-brainpool-p256', 'ed448', 'dsa-2048'])(
    'a leaf with a %s key, whose key and certificate belong together',
    async (keyKind) => {
      const root = await createAuthority({ subject: 'CN=Root', keyKind: 'ec-p256' });
      const leaf = await root.issue({ subject: 'CN=leaf', keyKind });
      expect(leaf.certificate.checkPrivateKey(leaf.key)).toBe(true);
      await withFolder(async (write) => {
        const verify = [
          'verify',
          '-auth_level',
          '0',
          '-CAfile',
          write('root', root.pem),
          write('leaf', leaf.pem),
        ];
        expect(openssl(verify)).toContain('OK');
      });
    },
  );

  test('every field that was asked for', async () => {
    const root = await createAuthority({ subject: 'CN=Root', keyKind: 'ec-p256' });
    const { pem } = await root.issue({
      subject: 'C=DE, O=Acme_1, CN=host',
      usage: 'server',
      serial: '0a0b0c',
      altNames: ['localhost', '127.0.0.1', '::1', 'urn:example:1'],
      caIssuersUrl: 'http://127.0.0.1/root.crt',
      crlUrl: 'http://127.0.0.1/root.crl',
      notBefore: new Date('2049-12-31T00:00:00.500Z'),
      days: 2,
    });
    const shown = text(pem);
    for (const expected of [
      'Serial Number: 658188 (0xa0b0c)',
      'Signature Algorithm: ecdsa-with-SHA256',
      'Issuer: CN=Root',
      'Subject: CN=host,O=Acme_1,C=DE',
      'Not Before: Dec 31 00:00:00 2049 GMT',
      'Not After : Jan  2 00:00:00 2050 GMT',
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, URI:urn:example:1',
      'TLS Web Server Authentication',
      'CA Issuers - URI:http://127.0.0.1/root.crt',
      'URI:http://127.0.0.1/root.crl',
      'Digital Signature, Key Encipherment',
    ]) {
      expect(shown).toContain(expected);
    }
    expect(shown).not.toContain('TLS Web Client Authentication');
    expect(openssl(['asn1parse'], pem)).toMatch(
      /UTCTIME\s+:491231000000Z[^]*GENERALIZEDTIME\s+:20500102000000Z/,
    );
  });

  test('a SHA-1 signature, for tests of weak certificates', async () => {
    const root = await createAuthority({ subject: 'CN=Root' });
    const { pem } = await root.issue({ subject: 'CN=leaf', keyKind: 'ec-p256', signatureHash: 'SHA-1' });
    expect(text(pem)).toContain('Signature Algorithm: sha1WithRSAEncryption');
  });

  test.each<KeyKind>(['rsa-2048', 'ec-p256', 'ed25519'])(
    'a revocation list of a %s authority revokes what it names and nothing else',
    async (keyKind) => {
      const root = await createAuthority({ subject: 'CN=Root', keyKind });
      const bad = await root.issue({ subject: 'CN=bad', keyKind: 'ec-p256' });
      const good = await root.issue({ subject: 'CN=good', keyKind: 'ec-p256' });
      const [empty, crl] = [await root.revoke([]), await root.revoke([bad.certificate], { number: 200 })];
      expect(openssl(['crl', '-noout', '-text'], crl)).toMatch(/CRL Number:\s+200/);
      await withFolder(async (write) => {
        const files = {
          root: write('root', root.pem),
          bad: write('bad', bad.pem),
          good: write('good', good.pem),
        };
        const verify = (list: string, leaf: string): string =>
          opensslSays(['verify', '-crl_check', '-CRLfile', list, '-CAfile', files.root, leaf]);
        expect(verify(write('crl', crl), files.bad)).toContain('certificate revoked');
        expect(verify(write('crl', crl), files.good)).toContain('good: OK');
        expect(verify(write('empty', empty), files.bad)).toContain('bad: OK');
      });
    },
  );

  test('an authority that was kept issues as before', async () => {
    const root = await createAuthority({ subject: 'CN=Root', keyKind: 'ec-p256' });
    const again = openAuthority(
      { pem: root.pem, certificate: root.certificate, key: root.key },
      root.subject,
    );
    const leaf = await again.issue({ subject: 'CN=leaf', keyKind: 'ed25519' });
    await withFolder(async (write) => {
      expect(openssl(['verify', '-CAfile', write('root', root.pem), write('leaf', leaf.pem)])).toContain(
        'OK',
      );
    });
  });
});

describe('authorities', () => {
  test.each<KeyKind>(['ed448', 'dsa-2048', 'rsa-pss-2048', 'ec-secp256k1'])(
    'a %s key cannot be an authority here',
    async (keyKind) => {
      await expect(createAuthority({ subject: 'CN=Root', keyKind })).rejects.toMatchObject({
        code: 'key.unsupported-type',
      });
    },
  );

  test('PEM has LF line ends, 64 columns and one final newline', async () => {
    const { pem } = await selfSigned({ subject: 'CN=self', keyKind: 'ec-p256', usage: 'server' });
    expect(pem).toMatch(
      /^-----BEGIN CERTIFICATE-----\n(?:[\w+/]{64}\n)+[\w+/]+={0,2}\n-----END CERTIFICATE-----\n$/,
    );
  });

  test('a given key is certified, not replaced', async () => {
    const key = await generateKey('ec-p256');
    const { certificate } = await selfSigned({ subject: 'CN=self', key });
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });
});
