import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { describeCertificate } from '../../src/bundle/inspect/index.js';
import {
  createAuthority,
  type IssueOptions,
  sapIssuer,
  sapSubject,
  selfSigned,
} from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { byOpenssl, type Fields } from './by-openssl.js';
import { openssl, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);

function bySapcert(pem: string): Fields {
  const {
    pem: _pem,
    device: _device,
    selfIssued: _self,
    version: _version,
    otherCritical: _other,
    ...rest
  } = describeCertificate(new X509Certificate(pem));
  return rest;
}

/** A certificate that openssl makes of a configuration. */
function byRequest(options: {
  readonly key?: string[];
  readonly args?: string[];
  readonly config?: string;
}): string {
  const config = write(
    'req.cnf',
    `[req]\ndistinguished_name = dn\nprompt = no\nutf8 = yes\n${options.config ?? '[dn]\nCN = x\n'}`,
  );
  const key = options.key ?? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const files = ['-keyout', join(folder, 'req.key'), '-config', config, '-days', '9'];
  return openssl(['req', '-x509', '-newkey', ...key, '-nodes', ...files, ...(options.args ?? [])]);
}

describeWithPeer('openssl', 'every field of a certificate as openssl prints it', () => {
  const issued: readonly (readonly [string, Partial<IssueOptions>])[] = [
    ['the form that SAP issues', { subject: sapSubject({ deviceId: 'pump-1' }) }],
    ['the form of 2018', { subject: sapSubject({ deviceId: 'pump-1', form: '2018' }) }],
    ['EC P-256', { keyKind: 'ec-p256' }],
    ['EC P-384', { keyKind: 'ec-p384' }],
    ['EC P-521', { keyKind: 'ec-p521' }],
    ['EC secp256k1', { keyKind: 'ec-secp256k1' }],
    ['EC brainpool', { keyKind: 'ec-brainpool-p256' }],
    ['Ed25519', { keyKind: 'ed25519' }],
    ['Ed448', { keyKind: 'ed448' }],
    ['RSA 3072', { keyKind: 'rsa-3072' }],
    ['RSA 1024', { keyKind: 'rsa-1024' }],
    ['RSA-PSS key', { keyKind: 'rsa-pss-2048' }],
    ['DSA', { keyKind: 'dsa-2048' }],
    ['signed with SHA-1', { signatureHash: 'SHA-1' }],
    ['signed with SHA-512', { signatureHash: 'SHA-512' }],
    ['server and client', { usage: 'client-server' }],
    ['no purpose', { usage: 'unrestricted' }],
    ['an authority', { isCa: true, usage: 'unrestricted', pathLength: 0 }],
    [
      'names',
      {
        altNames: ['gw.example.com', '*.example.com', '192.0.2.7', 'urn:uuid:1-2', 'https://x.example/a?b=c'],
      },
    ],
    ['addresses', { caIssuersUrl: 'http://ca.example.com/ca.crt', crlUrl: 'http://ca.example.com/ca.crl' }],
    ['a serial with the highest bit', { serial: 'ff00000000000001' }],
    ['a short serial', { serial: '01' }],
    ['far in the future', { notBefore: new Date('2049-12-31T23:00:00Z'), days: 3650 }],
    ['long ago', { notBefore: new Date('1969-06-01T00:00:00Z'), days: 365 }],
    ['commas, plus signs, quotes', { subject: [['CN', String.raw`a, b+"c" = <d>; \e #f`]] }],
    [
      'a leading hash and spaces',
      {
        subject: [
          ['O', ' o '],
          ['OU', '#ou'],
          ['CN', '# '],
        ],
      },
    ],
    [
      'UTF-8',
      {
        subject: [
          ['O', 'Größe & Söhne'],
          ['CN', '水泵 №5 – насос 🚰'],
        ],
      },
    ],
    ['control characters', { subject: [['CN', 'a\u0000b\u0007c\u001b[31md\u007fe']] }],
    ['an empty subject', { subject: [] }],
    [
      'every kind of attribute',
      {
        subject: [
          ['C', 'DE'],
          ['ST', 'BW'],
          ['L', 'Walldorf'],
          ['O', 'o'],
          ['OU', 'a'],
          ['OU', 'b'],
          ['serialNumber', '7'],
          ['UID', 'u'],
          ['DC', 'com'],
          ['emailAddress', 'a@b.c'],
          ['CN', 'first'],
          ['CN', 'last'],
        ],
      },
    ],
  ];

  test.each(issued)('issued here: %s', async (_, options) => {
    const issuer = await sapIssuer({ keyKind: 'ec-p256' });
    const { pem } = await issuer.issue({ subject: 'CN=device', keyKind: 'ec-p256', ...options });
    expect(bySapcert(pem)).toEqual(byOpenssl(pem));
  });

  test.each(['rsa-2048', 'ec-p384', 'ec-p521', 'ed25519'] as const)(
    'signed by a key of %s',
    async (keyKind) => {
      const issuer = await createAuthority({ subject: 'CN=ca', keyKind });
      for (const { pem } of [issuer, await issuer.issue({ subject: 'CN=x', keyKind: 'ec-p256' })]) {
        expect(bySapcert(pem)).toEqual(byOpenssl(pem));
      }
    },
  );

  const requests: readonly (readonly [string, Parameters<typeof byRequest>[0]])[] = [
    ['multi-valued names', { args: ['-subj', '/C=DE/O=x+OU=y/CN=a+UID=b'] }],
    ['BMPString', { config: 'string_mask = MASK:0x800\n[dn]\nO = Größe\nCN = 水泵\n' }],
    ['TeletexString', { config: 'string_mask = MASK:0x4\n[dn]\nO = Größe ÄÖÜ\nCN = t61\n' }],
    ['UniversalString', { config: 'string_mask = MASK:0x100\n[dn]\nO = 🚰 水\nCN = wide\n' }],
    ['UTF8String', { config: 'string_mask = utf8only\n[dn]\nO = Größe\nCN = a\n' }],
    [
      'unusual attributes',
      {
        config:
          '[dn]\nSN = s\nGN = g\ntitle = t\npseudonym = p\ndnQualifier = d\nstreet = s 1\npostalCode = 69190\n' +
          'organizationIdentifier = i\njurisdictionC = DE\nbusinessCategory = b\nunstructuredName = n\ninitials = i\n' +
          'generationQualifier = III\ndescription = d\nCN = c\n',
      },
    ],
    ['an attribute without a short name', { config: '[dn]\n0.1.3.6.1.4.1.99999.2 = v\nCN = c\n' }],
    ['RSASSA-PSS', { key: ['rsa:2048'], args: ['-sigopt', 'rsa_padding_mode:pss', '-sha384'] }],
    [
      'all usages',
      {
        args: [
          '-addext',
          'keyUsage=digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyAgreement,keyCertSign,cRLSign,encipherOnly,decipherOnly',
        ],
      },
    ],
    [
      'all purposes',
      {
        args: [
          '-addext',
          'extendedKeyUsage=serverAuth,clientAuth,codeSigning,emailProtection,timeStamping,OCSPSigning,anyExtendedKeyUsage,1.2.3.4',
        ],
      },
    ],
    ['names', { args: ['-addext', 'subjectAltName=DNS:a.example,email:a@b.c,URI:coap://x,IP:10.0.0.1'] }],
    [
      'access',
      {
        args: [
          '-addext',
          'authorityInfoAccess=OCSP;URI:http://o.example/,caIssuers;URI:http://a.example/1,caIssuers;URI:ldap://b.example/2',
        ],
      },
    ],
    [
      'several lists',
      { args: ['-addext', 'crlDistributionPoints=URI:http://a.example/1.crl,URI:http://b.example/2.crl'] },
    ],
    ['DSA', { key: ['dsa:' + join(folder, 'dsa.pem')] }],
  ];

  test.each(requests)('made by openssl: %s', (title, request) => {
    if (title === 'DSA') openssl(['dsaparam', '-out', join(folder, 'dsa.pem'), '2048']);
    const pem = byRequest(request);
    expect(bySapcert(pem)).toEqual(byOpenssl(pem));
  });

  test('IPv6 addresses are written in the short form', () => {
    const pem = byRequest({ args: ['-addext', 'subjectAltName=IP:2001:db8:0:0:0:0:0:1,IP:::'] });
    expect(bySapcert(pem).alternativeNames).toEqual(['IP:2001:db8::1', 'IP:::']);
  });

  test('directory names, other names, registered ids', () => {
    const config =
      'x509_extensions = v3\n[dn]\nCN = x\n[v3]\nsubjectAltName = @alt\n[alt]\ndirName = other\notherName = 1.2.3.4;UTF8:mine\nRID = 1.2.3\n[other]\nO = o\nCN = a, b\n';
    const pem = byRequest({ config });
    expect(bySapcert(pem).alternativeNames).toEqual([
      String.raw`dirName:O=o, CN=a\, b`,
      'otherName:1.2.3.4',
      'RID:#2a03',
    ]);
  });
});

describe('what openssl has no line for', () => {
  test('the parts of the CN of SAP', async () => {
    const { pem } = await selfSigned({
      subject: sapSubject({ deviceId: 'pump:7', gatewayId: '3', tenantId: '42', instanceId: 'i' }),
      keyKind: 'ec-p256',
    });
    const { device, selfIssued, version } = describeCertificate(new X509Certificate(pem));
    expect({ device, selfIssued, version }).toEqual({
      device: {
        form: 'deviceAlternateId',
        deviceId: 'pump:7',
        gatewayId: '3',
        tenantId: '42',
        instanceId: 'i',
      },
      selfIssued: true,
      version: 3,
    });
  });

  test('bidirectional marks and line ends of a name become hexadecimal pairs', async () => {
    const { pem } = await selfSigned({ subject: [['CN', 'a\u202eb\u0085c\u2028d\ne']], keyKind: 'ec-p256' });
    const { subject, commonName } = describeCertificate(new X509Certificate(pem));
    expect(subject).toBe(String.raw`CN=a\E2\80\AEb\C2\85c\E2\80\A8d\0Ae`);
    expect(commonName).toBe('a\u202eb\u0085c\u2028d\ne');
  });
});
