import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import {
  sapBundle,
  sapDevice,
  sapIssuer,
  sapSecret,
  type SapDeviceOptions,
  type SapSecretForm,
} from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { openssl, withFolder } from './support.js';

describe('secrets', () => {
  test.each<[SapSecretForm, RegExp]>([
    ['groups', /^(?:[a-z][A-Z]\d){7}[a-z][A-Z]$/],
    ['signs', /^[A-Za-z0-9!#?]{36}$/],
  ])('%s', (form, shape) => {
    const secrets = Array.from({ length: 200 }, () => sapSecret(form));
    for (const secret of secrets) expect(secret).toMatch(shape);
    expect(new Set(secrets).size).toBe(secrets.length);
    expect(new Set(secrets.join('')).size).toBe(form === 'groups' ? 62 : 65);
  });

  test('the letters of a group are the same', () => {
    for (const [group] of sapSecret().matchAll(/[a-z][A-Z]/g)) {
      expect(group[0]?.toUpperCase()).toBe(group[1]);
    }
  });
});

describeWithPeer('openssl', 'device bundles as openssl reads them', () => {
  const forms: [SapDeviceOptions, string][] = [
    [
      { deviceId: 'pump 7', gatewayId: '2', tenantId: '42', instanceId: 'acme' },
      'deviceAlternateId:pump 7|gatewayId:2|tenantId:42|instanceId:acme',
    ],
    [
      { deviceId: 'a1b2', form: '2018', instanceId: 'acme', secretForm: 'signs' },
      'clientid:a1b2|instanceid:acme',
    ],
  ];

  test.each(forms)('%j', async (options, commonName) => {
    const issuer = await sapIssuer();
    const device = await sapDevice(issuer, options);
    const bundle = await sapBundle(device);
    expect(bundle.match(/-----BEGIN [A-Z ]+-----/g)).toEqual([
      '-----BEGIN ENCRYPTED PRIVATE KEY-----',
      '-----BEGIN CERTIFICATE-----',
    ]);
    expect(bundle).toMatch(/^(?:[^\r\n]{1,64}\n)+$/);
    const name = ['-noout', '-nameopt', 'sep_comma_plus_space,sname'];
    const certificate = bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE-----'));
    expect(openssl(['x509', ...name, '-subject', '-issuer'], certificate)).toBe(
      `subject=C=DE, O=SAP Trust Community, OU=IoT Services, CN=${commonName}\n` +
        'issuer=C=DE, O=SAP IoT Trust Community II, CN=SAP Internet of Things CA\n',
    );
    const { validFrom, validTo, publicKey } = device.certificate;
    expect(Date.parse(validTo) - Date.parse(validFrom)).toBe(365 * 86_400_000);
    expect(publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    await withFolder(async (write) => {
      const [file, secret] = [write('bundle.pem', bundle), write('secret', `${device.secret}\n`)];
      const opened = openssl(['rsa', '-in', file, '-passin', `file:${secret}`]);
      expect(createPrivateKey(opened).equals(device.key)).toBe(true);
      expect(openssl(['asn1parse', '-in', file])).toMatch(
        /pbeWithSHA1And3-KeyTripleDES-CBC[^]*OCTET STRING\s+\[HEX DUMP\]:[0-9A-F]{16}\n[^]*INTEGER\s+:020000\n/,
      );
      expect(
        openssl([
          'verify',
          '-purpose',
          'sslclient',
          '-CAfile',
          write('ca', issuer.pem),
          write('leaf', certificate),
        ]),
      ).toContain('OK');
    });
  });
});
