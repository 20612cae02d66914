import { inspectBundle, readBundle } from '../../../src/bundle/index.js';
import { readPem } from '../../../src/bundle/pem.js';
import { certificatesIn } from '../../../src/net/certificates.js';
import { certificateNames, classifyPlaintext, nameToString } from '../../../src/wire/index.js';
import { mutateBytes } from '../mutate/bytes.js';
import { mutateDer } from '../mutate/der.js';
import { mutateJson } from '../mutate/json.js';
import { mutatePem } from '../mutate/text.js';
import type { Reader } from '../reader.js';
import { blocksOf, fixture, keySeeds } from './material.js';

const bundles = (): Buffer[] =>
  ['device.pem', 'device-2018.pem', 'device-chain.pem', 'sap-ca.crt'].map(fixture);

/** What people's tools make of PEM on its way. */
function disfigured(): Buffer[] {
  const text = fixture('device-chain.pem').toString();
  return [
    Buffer.from(`\ufeff${text}`),
    Buffer.from(text, 'utf16le'),
    Buffer.from(text.replaceAll('\n', '\r\n')),
    Buffer.from(text.replaceAll('\n', '\r')),
    Buffer.from(text.replaceAll('\n', String.raw`\n`)),
    Buffer.from(text.replaceAll(/^/gm, '    ')),
    Buffer.from(`subject=/C=DE\nissuer=/O=SAP\n${text}`),
  ];
}

export const pem: Reader = {
  name: 'pem',
  seeds: () => [
    ...bundles(),
    ...disfigured(),
    ...keySeeds()
      .map(({ bytes }) => bytes)
      .slice(0, 40),
  ],
  mutate: [mutatePem, mutatePem, mutateBytes],
  refuses: undefined,
  read: (input) => {
    const { blocks, defects } = readPem(input, 'fuzz');
    const lines = Buffer.from(input)
      .toString('latin1')
      .split(/\r\n|[\r\n]|\\n/).length;
    for (const { place } of blocks) {
      const { line, lastLine } = place;
      if (line < 1 || lastLine < line || lastLine > lines + 1) throw new Error('a block outside the text');
    }
    return defects[0]?.code ?? (blocks.length > 0 ? 'blocks' : 'no blocks');
  },
};

/** A bundle of any kind; keys stay locked. */
export const bundle: Reader = {
  name: 'bundle',
  share: 0.3,
  seeds: () => [
    ...bundles(),
    ...disfigured(),
    ...blocksOf(fixture('device-chain.pem')),
    fixture('download.json'),
  ],
  mutate: [mutatePem, mutatePem, mutateBytes],
  refuses: /^(?:file|key)\./,
  read: (input) => readBundle(input, { file: 'fuzz' }),
};

/** All that `inspect` says of it, as certificates are described, put into chains and judged. */
export const inspect: Reader = {
  name: 'inspect',
  share: 0.3,
  seeds: () => [...bundles(), ...blocksOf(fixture('device-chain.pem')), ...blocksOf(fixture('sap-ca.crt'))],
  mutate: [mutatePem, mutateDer, mutatePem, mutateBytes],
  refuses: /^(?:file|key)\./,
  read: async (input) => {
    const { problems, ...inspection } = await inspectBundle(input, { file: 'fuzz', now: new Date(0) });
    // It is printed as JSON.
    JSON.stringify(inspection);
    return problems[0]?.code;
  },
};

function downloads(): Buffer[] {
  const device = fixture('device.pem').toString();
  const [key = '', certificate = ''] = device.split(/(?=-----BEGIN CERTIFICATE)/);
  const p12 = keySeeds()
    .find(({ container }) => container === 'PKCS#12')
    ?.bytes.toString('base64');
  const binding = { certificate, key, certurl: 'https://a.example:444', clientid: 'sb-1' };
  const documents: readonly unknown[] = [
    { secret: 'jJ3fF7dD0rR2rR3wW0eE2tT', pem: device },
    { secret: 'grün', p12 },
    {
      deviceAlternateId: 'd-1',
      authentication: { type: 'PEM', secret: 'jJ3fF7dD0rR2rR3wW0eE2tT', certificate: device },
      connectionCriteria: {
        host: 'h.example',
        port: '8883',
        clientId: 'c',
        measures: 'm/1',
        commands: 'c/1',
      },
    },
    { authentication: { type: 'P12', secret: 'grün', certificate: p12 }, connectionCriteria: { port: 8883 } },
    binding,
    { credentials: { ...binding, uaa: binding } },
    { uaa: binding },
  ];
  return [fixture('download.json'), ...documents.map((document) => Buffer.from(JSON.stringify(document)))];
}

export const wrapped: Reader = {
  name: 'json-download',
  seeds: downloads,
  mutate: [mutateJson, mutateJson, mutateBytes],
  refuses: /^(?:file|key)\./,
  read: async (input) => {
    const { connection, secret } = await readBundle(input, { file: 'fuzz' });
    for (const [name, value] of Object.entries({ ...connection, secret })) {
      const kind = name === 'port' ? 'number' : 'string';
      if (value !== undefined && typeof value !== kind) throw new Error(`${name} is no ${kind}`);
    }
  },
};

/** What a caIssuers address answers. */
export const issuerDownload: Reader = {
  name: 'issuer-download',
  seeds: () => [
    ...blocksOf(fixture('device-chain.pem')).slice(1),
    fixture('sap-ca.crt'),
    certsOnly(...blocksOf(fixture('device-chain.pem')).slice(1)),
  ],
  mutate: [mutateDer, mutateBytes, mutatePem],
  refuses: undefined,
  read: (input) => certificatesIn(input).kind,
};

/** A certs-only message (RFC 5652 section 5.1). */
function certsOnly(...certificates: readonly Buffer[]): Buffer {
  const tlv = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.of(tag, 0x82, content.length >> 8, content.length & 0xff), content]);
  };
  const data = Buffer.from('06092a864886f70d010701', 'hex');
  const signed = [
    Buffer.from('020101', 'hex'),
    tlv(0x31),
    tlv(0x30, data),
    tlv(0xa0, ...certificates),
    tlv(0x31),
  ];
  return tlv(0x30, Buffer.from('06092a864886f70d010702', 'hex'), tlv(0xa0, tlv(0x30, ...signed)));
}

/** Names and first bytes, as the wire has them. */
export const names: Reader = {
  name: 'names',
  seeds: () => [
    ...blocksOf(fixture('device-chain.pem')).slice(1),
    ...blocksOf(fixture('sap-ca.crt')),
    Buffer.from('301c310b3009060355040613024445310d300b06035504030c04c3a4c3b6', 'hex'),
    Buffer.from('HTTP/1.1 400 Bad Request\r\nServer: x\r\n'),
    Buffer.from('20020005', 'hex'),
  ],
  mutate: [mutateDer, mutateBytes],
  refuses: undefined,
  read: (input) => {
    const found = certificateNames(input);
    const texts = [nameToString(input), found?.subject ?? '', found?.issuer ?? ''];
    if (texts.some((text) => /[\p{Cc}\u202a-\u202e]/u.test(text)))
      throw new Error('a control character in a name');
    return classifyPlaintext(input);
  },
};
