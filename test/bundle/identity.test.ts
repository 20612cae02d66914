import { beforeAll, describe, expect, test } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { combineBundle, stripBundle } from '../../src/bundle/index.js';
import { type Authority, type Credentials, createAuthority } from '../../src/pki/index.js';

/** Which of the certificates and keys of an input is the device, and what goes into the output. */
describe('whose bundle it is', () => {
  let root: Authority;
  let sub: Authority;
  let device: Credentials;
  let renewed: Credentials;
  let other: Credentials;
  let keyPem: string;

  beforeAll(async () => {
    root = await createAuthority({ subject: 'CN=Root', keyKind: 'ec-p256' });
    sub = await createAuthority({ subject: 'CN=Sub', keyKind: 'ec-p256', parent: root });
    device = await sub.issue({ subject: 'CN=device', keyKind: 'ec-p256', days: 10 });
    renewed = await sub.issue({ subject: 'CN=device', key: device.key, days: 20 });
    other = await sub.issue({ subject: 'CN=other', keyKind: 'ec-p256' });
    keyPem = pemOf(device);
  });

  const pemOf = ({ key }: Credentials) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

  test('of two certificates of one key the one that is valid longer is the device, wherever it stands', async () => {
    for (const order of [device.pem + renewed.pem, renewed.pem + device.pem]) {
      const { leaf } = await stripBundle(keyPem + order);
      expect(leaf.fingerprint).toBe(renewed.certificate.fingerprint256);
    }
  });

  test('two devices in one input are refused by their names', async () => {
    await expect(stripBundle(keyPem + pemOf(other) + device.pem + other.pem)).rejects.toMatchObject({
      code: 'file.several-keys',
      message: expect.stringMatching(/device, other$/),
    });
  });

  test('the chain is put in order, and what does not belong to it is left out', async () => {
    const { certificate, warnings } = await stripBundle(keyPem + root.pem + other.pem + sub.pem + device.pem);
    expect(certificate).toBe(device.pem + sub.pem + root.pem);
    expect(warnings).toMatchObject([
      { code: 'bundle.leaf-not-first', place: { block: 5 } },
      {
        code: 'bundle.unrelated-certificate',
        place: { block: 3 },
        message: expect.stringContaining('CN=other'),
      },
    ]);
    expect((await stripBundle(keyPem + device.pem + sub.pem)).warnings).toEqual([]);
  });

  test.each(['leaf', 'all', undefined] as const)('certificates: %s', async (certificates) => {
    const options = { certificates, outputPassphrase: 'out' };
    const whole = device.pem + sub.pem;
    const expected = certificates === 'leaf' ? device.pem : whole;
    expect((await stripBundle(keyPem + whole, options)).certificate).toBe(expected);
    const pem = await combineBundle(
      { key: keyPem, certificate: whole },
      { ...options, format: 'encrypted-pem' },
    );
    expect(certificatesIn(String(pem.combined))).toEqual(certificatesIn(expected));
    const store = await combineBundle({ key: keyPem, certificate: whole }, { ...options, format: 'pkcs12' });
    const back = await stripBundle(store.combined, { passphrase: 'out' });
    expect(back.certificate).toBe(expected);
  });

  const certificatesIn = (pem: string) =>
    (pem.match(/-----BEGIN CERTIFICATE[^]*?-----END CERTIFICATE-----/g) ?? []).map(
      (text) => new X509Certificate(text).fingerprint256,
    );

  test.each(['encrypted-pem', 'pkcs12'] as const)('%s without a passphrase of its own', async (format) => {
    for (const outputPassphrase of [undefined, '']) {
      await expect(
        combineBundle({ key: keyPem, certificate: device.pem }, { format, outputPassphrase }),
      ).rejects.toMatchObject({ code: 'usage.invalid', hint: expect.stringContaining('--passout') });
    }
  });

  test('a chain in an input of its own is part of the output', async () => {
    const input = { key: keyPem, certificate: device.pem, chain: root.pem + sub.pem };
    expect((await combineBundle(input)).combined).toBe(keyPem + device.pem + sub.pem + root.pem);
  });

  test('the key of the output opens with the passphrase of the output', async () => {
    const options = { format: 'encrypted-pem', outputPassphrase: 'out' } as const;
    const { combined } = await combineBundle({ key: keyPem, certificate: device.pem }, options);
    expect((await stripBundle(combined, { passphrase: 'out' })).privateKey).toBe(keyPem);
  });
});
