import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { formatName, parseName, selfSigned, type NamePart } from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { openssl } from './support.js';

describe('names as text', () => {
  test('the parts in the order of the text', () => {
    expect(parseName(String.raw`C=DE, O=SAP Trust Community, CN=pump\, north=1`)).toEqual([
      ['C', 'DE'],
      ['O', 'SAP Trust Community'],
      ['CN', 'pump, north=1'],
    ]);
  });

  test('what is written is read again', () => {
    const parts = fc.array(fc.tuple(fc.constantFrom('C', 'O', 'CN'), fc.string({ unit: 'grapheme' })), {
      minLength: 1,
    });
    fc.assert(
      fc.property(parts, (name: readonly NamePart[]) => {
        expect(parseName(formatName(name))).toEqual(name);
      }),
    );
  });

  test.each(['no equals sign', '=value', 'C=DE, nonsense'])('refuses %j', (name) => {
    expect(() => parseName(name)).toThrow('not a part of a name');
  });

  test('refuses an unknown type', async () => {
    await expect(selfSigned({ subject: 'XYZ=1', keyKind: 'ed25519' })).rejects.toThrow(
      'unknown part of a name: XYZ',
    );
  });
});

describeWithPeer('openssl', 'names as openssl reads them', () => {
  test('string types follow the characters, and odd values come through whole', async () => {
    const subject: readonly NamePart[] = [
      ['C', 'DE'],
      ['O', 'Müller, "Söhne" + Co\\'],
      ['CN', 'deviceAlternateId:a|gatewayId:2'],
      ['emailAddress', 'a@example.com'],
    ];
    const { pem, certificate } = await selfSigned({ subject, keyKind: 'ed25519' });
    const types = [...openssl(['asn1parse'], pem).matchAll(/prim: ([A-Z0-9]+STRING) *:/g)].map(
      ([, type]) => type,
    );
    expect(types.slice(0, 4)).toEqual(['PRINTABLESTRING', 'UTF8STRING', 'UTF8STRING', 'IA5STRING']);
    expect(certificate.toLegacyObject().subject).toMatchObject({
      O: 'Müller, "Söhne" + Co\\',
      CN: 'deviceAlternateId:a|gatewayId:2',
    });
  });
});
