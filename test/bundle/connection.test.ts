import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { combineBundle, readBundle, stripBundle } from '../../src/bundle/index.js';
import { fixtures } from '../support/run.js';

/** What a download says about the connection that it is meant for. */

const bundle = readFileSync(join(fixtures, 'device.pem'), 'utf8');
const secret = readFileSync(join(fixtures, 'device.secret'), 'utf8').trim();
const plainCertificate = bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE'));

async function connectionOf(json: object) {
  const { connection } = await readBundle(JSON.stringify(json));
  return connection;
}

describe('an onboarding response of agrirouter', () => {
  const response = (criteria: unknown) => ({
    deviceAlternateId: 'device-7',
    authentication: { type: 'PEM', secret, certificate: bundle },
    connectionCriteria: criteria,
  });

  test('names host, port, client id, device and topics', async () => {
    const criteria = { host: 'gw.example', port: '8883', clientId: 'c-1', measures: 'm/1', commands: 'c/1' };
    expect(await connectionOf(response(criteria))).toEqual({
      host: 'gw.example',
      port: 8883,
      clientId: 'c-1',
      deviceId: 'device-7',
      measuresTopic: 'm/1',
      commandsTopic: 'c/1',
    });
  });

  test.each([
    ['8883', 8883],
    [8883, 8883],
    [1, 1],
    [65_535, 65_535],
    [0, undefined],
    [65_536, undefined],
    [-1, undefined],
    [88.5, undefined],
    ['x8883', undefined],
    ['8883x', undefined],
    ['', undefined],
    [null, undefined],
    [true, undefined],
    [['8883'], undefined],
  ])('the port %j', async (port, expected) => {
    expect((await connectionOf(response({ port }))).port).toBe(expected);
  });

  test.each([
    ['ssl://gw.example:8883/path', 'gw.example'],
    ['gw.example:8883', 'gw.example'],
    ['MQTTS://gw.example', 'gw.example'],
    ['', undefined],
    [7, undefined],
  ])('the host %j', async (host, expected) => {
    expect((await connectionOf(response({ host }))).host).toBe(expected);
  });

  test('without criteria', async () => {
    for (const criteria of [undefined, null, 'x', []]) {
      expect((await connectionOf(response(criteria))).host).toBeUndefined();
    }
  });
});

describe('a service key', () => {
  const key = (certurl: string) => ({ clientid: 'sb-1', certificate: plainCertificate, certurl });

  test.each([
    ['https://x.authentication.cert.example', 'x.authentication.cert.example', 443],
    ['https://x.example:8443/oauth', 'x.example', 8443],
    ['no address', undefined, undefined],
  ])('whose certurl is %s', async (certurl, host, port) => {
    for (const json of [
      key(certurl),
      { credentials: key(certurl) },
      { credentials: { uaa: key(certurl) } },
    ]) {
      const connection = await connectionOf(json);
      expect([connection.host, connection.port, connection.clientId]).toEqual([host, port, 'sb-1']);
    }
  });
});

describe('a download of the device management API', () => {
  const p12 = async () => {
    const input = { key: bundle, certificate: bundle };
    const { combined } = await combineBundle(input, {
      passphrase: secret,
      format: 'pkcs12',
      outputPassphrase: secret,
    });
    return Buffer.from(combined).toString('base64');
  };

  test('with its bundle as PEM, as PKCS#12, or as both', async () => {
    const store = await p12();
    const { combined } = await stripBundle(bundle, { passphrase: secret });
    for (const json of [{ pem: bundle }, { p12: store }, { pem: bundle, p12: store }]) {
      expect((await stripBundle(JSON.stringify({ secret, ...json }))).combined).toBe(combined);
    }
    expect((await readBundle(JSON.stringify({ secret, pem: bundle, p12: store }))).keys).toHaveLength(1);
  });

  test('a secret that is given goes before the one that it brings', async () => {
    const download = JSON.stringify({ secret: 'of another device', pem: bundle });
    await expect(stripBundle(download)).rejects.toMatchObject({ code: 'key.passphrase-wrong' });
    expect((await stripBundle(download, { passphrase: secret })).leaf.subject).toContain('CN=');
  });

  test.each([[{ secret }], [{ secret, pem: '' }], [{ secret, pem: 7 }], [[]], [null], ['text']])(
    '%j holds none',
    async (json) => {
      await expect(readBundle(JSON.stringify(json))).rejects.toMatchObject({ code: 'file.unrecognised' });
    },
  );
});
